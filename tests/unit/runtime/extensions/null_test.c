/*
 * What the null modules say beyond their contracts: that they are none.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "runtime/abi/iface_command.h"
#include "runtime/abi/iface_compliance.h"
#include "runtime/abi/iface_gateway.h"
#include "runtime/abi/iface_observability.h"
#include "runtime/abi/iface_pipeline.h"
#include "runtime/abi/iface_risk.h"
#include "tests/lib/fake_host.h"

extern const struct wn_module command_module, compliance_module, gateway_module,
	observability_module, pipeline_module, risk_module;

static const struct wn_question question = { .action = "a", .subject = "b", .resource = "c" };

static struct wn_mod *
bring_up(struct fake_host **h, const struct wn_module *d, const void **vtable_out)
{
	struct wn_mod *m;

	*h = fake_host_new();
	m = fake_host_add(*h, d);
	assert_int_equal(fake_host_start(*h), WN_OK);
	*vtable_out = d->offers[0].vtable;
	return m;
}

static void
compliance_allows_and_says_no_policy_engine(void **state)
{
	struct fake_host *h;
	const void *v;
	struct wn_mod *m = bring_up(&h, &compliance_module, &v);
	struct wn_decision d = { 0 };

	(void)state;
	assert_int_equal(((const struct wn_iface_compliance *)v)
				 ->decider.decide(m, fake_host_ctx(h), &question, &d),
			 WN_OK);
	assert_true(d.allow);
	assert_non_null(strstr(d.reason, "no policy engine"));
	fake_host_free(h);
}

static void
risk_knows_no_score(void **state)
{
	struct fake_host *h;
	const void *v;
	struct wn_mod *m = bring_up(&h, &risk_module, &v);
	struct wn_risk_score s = { .known = true };

	(void)state;
	assert_int_equal(
		((const struct wn_iface_risk *)v)->assess(m, fake_host_ctx(h), &question, &s),
		WN_OK);
	assert_false(s.known);
	fake_host_free(h);
}

static void
gateway_gives_the_own_address(void **state)
{
	struct fake_host *h;
	const void *v;
	struct wn_mod *m = bring_up(&h, &gateway_module, &v);
	struct wn_gateway_address a = { 0 };

	(void)state;
	assert_int_equal(((const struct wn_iface_gateway *)v)
				 ->publish(m, fake_host_ctx(h), WN_STR("w"),
					   WN_STR("http://127.0.0.1:1/"), &a),
			 WN_OK);
	assert_string_equal(a.url, "http://127.0.0.1:1/");
	assert_false(a.gated);
	fake_host_free(h);
}

static void
pipeline_runs_nothing(void **state)
{
	const struct wn_pipeline_stage stage = { .name = "a", .method = "engine.ping" };
	struct fake_host *h;
	const void *v;
	struct wn_mod *m = bring_up(&h, &pipeline_module, &v);
	char id[WN_ULID_MAX];

	(void)state;
	assert_int_equal(((const struct wn_iface_pipeline *)v)
				 ->submit(m, fake_host_ctx(h), WN_STR("w"), &stage, 1, id),
			 WN_E_UNAVAILABLE);
	fake_host_free(h);
}

static void
command_knows_itself_only(void **state)
{
	struct fake_host *h;
	const void *v;
	struct wn_mod *m = bring_up(&h, &command_module, &v);
	const struct wn_command_engine *e;
	size_t n = 0;

	(void)state;
	assert_int_equal(((const struct wn_iface_command *)v)->engines(m, fake_host_ctx(h), &e, &n),
			 WN_OK);
	assert_int_equal(n, 1);
	fake_host_free(h);
}

static void
observability_drops_all_and_says_no_sink(void **state)
{
	struct fake_host *h;
	const void *v;
	struct wn_mod *m = bring_up(&h, &observability_module, &v);
	const struct wn_metric sample = { .name = WN_METRIC_RPC };

	(void)state;
	((const struct wn_iface_observability *)v)->record(m, &sample);
	assert_int_equal(fake_host_call(h, "observability.status", "{}"), WN_OK);
	assert_string_equal(fake_host_result(h),
			    "{\"accepted\":\"1\",\"delivered\":\"0\",\"dropped\":\"1\","
			    "\"reason\":\"no sink configured\"}");
	fake_host_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compliance_allows_and_says_no_policy_engine),
		cmocka_unit_test(risk_knows_no_score),
		cmocka_unit_test(gateway_gives_the_own_address),
		cmocka_unit_test(pipeline_runs_nothing),
		cmocka_unit_test(command_knows_itself_only),
		cmocka_unit_test(observability_drops_all_and_says_no_sink),
	};

	return cmocka_run_group_tests_name("runtime/extensions/null", tests, NULL, NULL);
}
