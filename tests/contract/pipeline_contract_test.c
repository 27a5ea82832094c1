/*
 * What every implementation of the interface "pipeline" must do, whether it can run anything or
 * not.
 */
#include "tests/lib/contract.h"

#include <string.h>

#include "runtime/abi/iface_pipeline.h"

#define WORKSPACE WN_STR("01ARZ3NDEKTSV4RRFFQ69G5FAV")

static const struct wn_iface_pipeline *
iface(const struct contract *c)
{
	return c->vtable;
}

static wn_err
submit(struct contract *c, const struct wn_pipeline_stage *stages, size_t n, char id[WN_ULID_MAX])
{
	return iface(c)->submit(c->mod, fake_host_ctx(c->h), WORKSPACE, stages, n, id);
}

/* A run is known from its submission on; without a runner the refusal has its reason. */
static void
a_good_pipeline_is_taken_or_there_is_no_runner(void **state)
{
	const struct wn_pipeline_stage stages[] = {
		{ .name = "check", .method = "engine.ping" },
		{ .name = "again", .method = "engine.ping", .params = WN_STR("{}") }
	};
	struct contract *c = *state;
	struct wn_pipeline_state s = { 0 };
	char id[WN_ULID_MAX] = "";
	struct wn_ctx *ctx = fake_host_ctx(c->h);
	wn_err err = iface(c)->submit(c->mod, ctx, WORKSPACE, stages, 2, id);

	if (err == WN_E_UNAVAILABLE) {
		assert_int_not_equal(ctx->diag.text[0], '\0');
		assert_string_equal(id, "");
		return;
	}
	assert_int_equal(err, WN_OK);
	assert_true(wn_id_is_ulid(wn_str(id)));
	assert_int_equal(iface(c)->state(c->mod, fake_host_ctx(c->h), wn_str(id), &s), WN_OK);
}

static void
no_or_too_many_stages_are_invalid(void **state)
{
	struct wn_pipeline_stage many[WN_PIPELINE_STAGES_MAX + 1];
	char id[WN_ULID_MAX], names[WN_PIPELINE_STAGES_MAX + 1][4];

	for (int i = 0; i <= WN_PIPELINE_STAGES_MAX; i++) {
		names[i][0] = 's';
		names[i][1] = (char)('a' + i / 26);
		names[i][2] = (char)('a' + i % 26);
		names[i][3] = '\0';
		many[i] = (struct wn_pipeline_stage){ .name = names[i], .method = "engine.ping" };
	}
	assert_int_equal(submit(*state, many, 0, id), WN_E_INVALID);
	assert_int_equal(submit(*state, many, WN_PIPELINE_STAGES_MAX + 1, id), WN_E_INVALID);
}

static void
a_stage_without_name_or_method_is_invalid(void **state)
{
	const struct wn_pipeline_stage no_name = { .name = "", .method = "engine.ping" };
	const struct wn_pipeline_stage no_method = { .name = "a", .method = NULL };
	char id[WN_ULID_MAX];

	assert_int_equal(submit(*state, &no_name, 1, id), WN_E_INVALID);
	assert_int_equal(submit(*state, &no_method, 1, id), WN_E_INVALID);
}

static void
a_name_twice_is_invalid(void **state)
{
	const struct wn_pipeline_stage stages[] = { { .name = "a", .method = "engine.ping" },
						    { .name = "a", .method = "engine.info" } };
	char id[WN_ULID_MAX];

	assert_int_equal(submit(*state, stages, 2, id), WN_E_INVALID);
}

static void
params_that_are_no_object_are_invalid(void **state)
{
	const struct wn_pipeline_stage list = { .name = "a",
						.method = "engine.ping",
						.params = WN_STR("[]") };
	const struct wn_pipeline_stage torn = { .name = "a",
						.method = "engine.ping",
						.params = WN_STR("{") };
	char id[WN_ULID_MAX];

	assert_int_equal(submit(*state, &list, 1, id), WN_E_INVALID);
	assert_int_equal(submit(*state, &torn, 1, id), WN_E_INVALID);
}

static void
an_unknown_run_is_not_found(void **state)
{
	struct contract *c = *state;
	struct wn_pipeline_state s = { 0 };

	assert_int_equal(iface(c)->state(c->mod, fake_host_ctx(c->h), WORKSPACE, &s),
			 WN_E_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONTRACT_TEST(a_good_pipeline_is_taken_or_there_is_no_runner),
		CONTRACT_TEST(no_or_too_many_stages_are_invalid),
		CONTRACT_TEST(a_stage_without_name_or_method_is_invalid),
		CONTRACT_TEST(a_name_twice_is_invalid),
		CONTRACT_TEST(params_that_are_no_object_are_invalid),
		CONTRACT_TEST(an_unknown_run_is_not_found),
	};

	return contract_run("pipeline", tests, sizeof(tests) / sizeof(tests[0]));
}
