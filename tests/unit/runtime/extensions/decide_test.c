/*
 * The policy hook: platform.create, preview.start and snapshot.restore ask compliance and risk
 * before they touch anything, and go on when nobody decides.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "runtime/abi/iface_blueprint.h"
#include "runtime/abi/iface_codegen.h"
#include "runtime/abi/iface_compliance.h"
#include "runtime/abi/iface_risk.h"
#include "runtime/abi/iface_sandbox.h"
#include "runtime/abi/iface_snapshot.h"
#include "runtime/abi/iface_workspace.h"
#include "runtime/base/file.h"
#include "tests/lib/fake_host.h"
#include "tests/lib/fake_store.h"

#define WORKSPACE "01ARZ3NDEKTSV4RRFFQ69G5FAV"
#define SNAPSHOT "01ARZ3NDEKTSV4RRFFQ69G5FAW"

extern const struct wn_module platform_module, preview_module, snapshot_module;

/* A decider of the test: what it says, and what it was asked last. */
struct decider {
	bool allow;
	wn_err err;
	int asked;
	char text[200];
};

static wn_err
decide(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_question *q, struct wn_decision *out)
{
	struct decider *d = m->state;

	(void)ctx;
	d->asked++;
	(void)snprintf(d->text, sizeof(d->text), "%s %s %s %.*s", q->action, q->subject,
		       q->resource, WN_STR_ARG(q->context));
	*out = (struct wn_decision){ .allow = d->allow, .reason = "the test says no" };
	return d->err;
}

static wn_err
get_workspace(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, struct wn_workspace *out)
{
	(void)m;
	*out = (struct wn_workspace){ .id = wn_arena_strndup(ctx->arena, id.p, id.len),
				      .name = "w",
				      .path = m->state };
	return WN_OK;
}

/* Where a step that must not be reached would end. */
static wn_err
check_blueprint(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_json *doc,
		const struct wn_finding **findings_out, size_t *n_out, size_t *errors_out)
{
	(void)m;
	(void)doc;
	(void)findings_out;
	(void)n_out;
	(void)errors_out;
	return WN_FAIL(ctx, WN_E_SCHEMA, "reached");
}

static const struct wn_iface_compliance compliance = { .decider = { .decide = decide } };
static const struct wn_iface_risk risk = { .decider = { .decide = decide } };
static const struct wn_iface_workspace workspace = { .get = get_workspace };
static const struct wn_iface_blueprint blueprint = { .check = check_blueprint };
static const struct wn_iface_codegen codegen;
static const struct wn_iface_snapshot snapshot;
static const struct wn_iface_sandbox sandbox;

struct world {
	struct fake_store *store;
	struct fake_host *h;
	struct wn_mod plain, law, danger;
	struct decider law_says, danger_says;
	char create[300];
};

static struct world w;

static int
setup(void **state)
{
	(void)state;
	w = (struct world){ .store = fake_store_new(), .h = fake_host_new() };
	w.law_says.allow = w.danger_says.allow = true;
	w.law.state = &w.law_says;
	w.danger.state = &w.danger_says;
	w.plain.state = (void *)(uintptr_t)fake_host_host(w.h)->state_dir;
	(void)snprintf(w.create, sizeof(w.create), "{\"path\":\"%s/new\",\"blueprint\":{}}",
		       fake_host_host(w.h)->state_dir);
	fake_host_offer(w.h, "store", &fake_store_iface, fake_store_mod(w.store));
	fake_host_offer(w.h, "workspace", &workspace, &w.plain);
	fake_host_offer(w.h, "blueprint", &blueprint, &w.plain);
	fake_host_offer(w.h, "codegen", &codegen, &w.plain);
	fake_host_offer(w.h, "sandbox", &sandbox, &w.plain);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fake_host_free(w.h);
	fake_store_free(w.store);
	return 0;
}

static void
bring_up(const struct wn_module *m, bool with_deciders)
{
	if (with_deciders) {
		fake_host_offer(w.h, "compliance", &compliance, &w.law);
		fake_host_offer(w.h, "risk", &risk, &w.danger);
	}
	if (m != &snapshot_module)
		fake_host_offer(w.h, "snapshot", &snapshot, &w.plain);
	(void)fake_host_add(w.h, m);
	assert_int_equal(fake_host_start(w.h), WN_OK);
}

static void
create_is_refused_before_anything_is_made(void **state)
{
	char path[300];

	(void)state;
	w.law_says.allow = false;
	bring_up(&platform_module, true);
	assert_int_equal(fake_host_call(w.h, "platform.create", w.create), WN_E_DENIED);
	assert_non_null(strstr(fake_host_diag(w.h)->text, "the test says no"));
	(void)snprintf(path, sizeof(path), "%s/new", fake_host_host(w.h)->state_dir);
	assert_false(wn_file_exists(path));
	assert_int_equal(fake_store_count(w.store), 0);
}

static void
create_says_who_wants_what(void **state)
{
	char want[300];

	(void)state;
	bring_up(&platform_module, true);
	assert_int_equal(fake_host_call(w.h, "platform.create", w.create), WN_E_SCHEMA);
	(void)snprintf(want, sizeof(want), "platform.create user:1000 path:%s/new ",
		       fake_host_host(w.h)->state_dir);
	assert_string_equal(w.law_says.text, want);
	assert_int_equal(w.danger_says.asked, 1);
}

static void
risk_can_refuse_what_compliance_allows(void **state)
{
	(void)state;
	w.danger_says.allow = false;
	bring_up(&platform_module, true);
	assert_int_equal(fake_host_call(w.h, "platform.create", w.create), WN_E_DENIED);
}

static void
a_decider_that_fails_lets_nothing_through(void **state)
{
	(void)state;
	w.law_says.err = WN_E_UNAVAILABLE;
	bring_up(&platform_module, true);
	assert_int_equal(fake_host_call(w.h, "platform.create", w.create), WN_E_UNAVAILABLE);
	assert_int_equal(w.danger_says.asked, 0);
}

static void
without_deciders_it_goes_on(void **state)
{
	(void)state;
	bring_up(&platform_module, false);
	assert_int_equal(fake_host_call(w.h, "platform.create", w.create), WN_E_SCHEMA);
}

static void
start_is_refused(void **state)
{
	(void)state;
	w.law_says.allow = false;
	bring_up(&preview_module, true);
	assert_int_equal(fake_host_call(w.h, "preview.start", "{\"workspace\":\"" WORKSPACE "\"}"),
			 WN_E_DENIED);
	assert_string_equal(w.law_says.text, "preview.start user:1000 workspace/" WORKSPACE " ");
	assert_int_equal(fake_store_count(w.store), 0);
}

static void
restore_is_refused_and_names_the_snapshot(void **state)
{
	(void)state;
	w.law_says.allow = false;
	bring_up(&snapshot_module, true);
	assert_int_equal(fake_host_call(w.h, "snapshot.restore",
					"{\"workspace\":\"" WORKSPACE "\",\"snapshot\":\"" SNAPSHOT
					"\"}"),
			 WN_E_DENIED);
	assert_string_equal(w.law_says.text, "snapshot.restore user:1000 workspace/" WORKSPACE
					     " {\"snapshot\":\"" SNAPSHOT "\"}");
	assert_int_equal(fake_store_count(w.store), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(create_is_refused_before_anything_is_made),
		T(create_says_who_wants_what),
		T(risk_can_refuse_what_compliance_allows),
		T(a_decider_that_fails_lets_nothing_through),
		T(without_deciders_it_goes_on),
		T(start_is_refused),
		T(restore_is_refused_and_names_the_snapshot),
	};

	return cmocka_run_group_tests_name("runtime/extensions/decide", tests, NULL, NULL);
}
