/*
 * The registry: order, binding, and the clear error for each way modules do not fit together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/registry.h"

/* Modules are made on the fly: each writes its letter when it starts, stops, ends. */
struct world {
	struct wn_host host;
	struct wn_log log;
	char story[200];
	struct wn_module mods[4];
	char manifest[4][300];
	const struct wn_module *list[4];
	struct wn_iface_decl needs[4][3], offers[4][2];
	size_t n;
	const char *silent; /* this one never says that it stopped */
	const char *fails;  /* this one fails to start */
	struct wn_diag d;
};

static void
tell(struct wn_mod *m, char what)
{
	struct world *w = m->host->kernel;
	size_t n = strlen(w->story);

	(void)snprintf(w->story + n, sizeof(w->story) - n, "%c%s ", what, m->desc->name);
}

static wn_err
on_init(struct wn_mod *m, const struct wn_host *h)
{
	(void)h;
	tell(m, 'i');
	return WN_OK;
}

static wn_err
on_start(struct wn_mod *m, struct wn_ctx *ctx)
{
	struct world *w = m->host->kernel;

	tell(m, '+');
	if (w->fails != NULL && strcmp(w->fails, m->desc->name) == 0)
		return WN_FAIL(ctx, WN_E_IO, "no disk");
	return WN_OK;
}

static void
on_stop(struct wn_mod *m, wn_done_fn done)
{
	struct world *w = m->host->kernel;

	tell(m, '-');
	if (w->silent == NULL || strcmp(w->silent, m->desc->name) != 0)
		done(m);
}

static void
on_fini(struct wn_mod *m)
{
	tell(m, 'f');
}

static void
quiet(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	(void)arg;
	(void)level;
	(void)line;
	(void)n;
}

static void
world_init(struct world *w)
{
	*w = (struct world){ 0 };
	w->log = (struct wn_log){ WN_LOG_ERROR, 0, wn_clock_real(), quiet, NULL };
	w->host.kernel = w;
	w->host.log = &w->log;
}

/* need and offer are interface names; nullable. */
static struct wn_module *
add(struct world *w, const char *name, const char *need, const char *offer)
{
	size_t i = w->n++;
	struct wn_module *m = &w->mods[i];

	(void)snprintf(
		w->manifest[i], sizeof(w->manifest[i]),
		"{\"name\":\"%s\",\"version\":\"1.0.0\",\"summary\":\"x\",\"emits\":[\"%s.done\"]}",
		name, name);
	*m = (struct wn_module){ .abi = WN_ABI,
				 .size = sizeof(*m),
				 .name = name,
				 .version = "1.0.0",
				 .manifest = w->manifest[i],
				 .init = on_init,
				 .start = on_start,
				 .stop = on_stop,
				 .fini = on_fini };
	if (need != NULL) {
		w->needs[i][0] = (struct wn_iface_decl){ need, 1, 2, NULL, 0 };
		m->needs = w->needs[i];
	}
	if (offer != NULL) {
		w->offers[i][0] = (struct wn_iface_decl){ offer, 1, 2, w, 0 };
		m->offers = w->offers[i];
	}
	w->list[i] = m;
	return m;
}

static wn_err
make(struct world *w, const char *root, struct wn_registry **out)
{
	struct wn_registry_opts o = {
		.modules = w->list, .n = w->n, .root = root, .host = &w->host
	};

	return wn_registry_new(&o, out, &w->d);
}

static void
set_true(void *arg)
{
	*(bool *)arg = true;
}

static bool
is_true(void *arg)
{
	return *(bool *)arg;
}

static void
stop(struct wn_registry *r, int64_t limit_ms)
{
	struct wn_loop *l = wn_loop_new(wn_clock_real());
	bool stopped = false;

	wn_registry_stop(r, l, limit_ms, set_true, &stopped);
	assert_true(wn_loop_until(l, is_true, &stopped, 5000));
	wn_loop_free(l);
}

static void
modules_start_after_what_they_need_and_stop_before_it(void **state)
{
	struct world w;
	struct wn_registry *r = NULL;
	struct wn_ctx ctx = { .tenant = "local" };

	(void)state;
	world_init(&w);
	add(&w, "a", "y", NULL);
	add(&w, "b", "x", "y");
	add(&w, "c", NULL, "x");
	assert_int_equal(make(&w, NULL, &r), WN_OK);
	assert_int_equal(wn_registry_start(r, false, &ctx), WN_OK);
	assert_string_equal(w.story, "ic ib ia +c +b +a ");
	w.story[0] = '\0';
	stop(r, 1000);
	wn_registry_free(r);
	assert_string_equal(w.story, "-a -b -c fa fb fc ");
}

static void
the_root_and_its_needs_come_first(void **state)
{
	struct world w;
	struct wn_registry *r = NULL;

	(void)state;
	world_init(&w);
	add(&w, "other", NULL, NULL);
	add(&w, "root", "x", NULL);
	add(&w, "store", NULL, "x");
	assert_int_equal(make(&w, "root", &r), WN_OK);
	assert_string_equal(wn_registry_at(r, 0)->desc->name, "store");
	assert_string_equal(wn_registry_at(r, 1)->desc->name, "root");
	assert_string_equal(wn_registry_at(r, 2)->desc->name, "other");
	wn_registry_free(r);
}

static void
the_root_can_be_started_alone(void **state)
{
	struct world w;
	struct wn_registry *r = NULL;
	struct wn_ctx ctx = { .tenant = "local" };

	(void)state;
	world_init(&w);
	add(&w, "other", NULL, NULL);
	add(&w, "root", "x", NULL);
	add(&w, "store", NULL, "x");
	assert_int_equal(make(&w, "root", &r), WN_OK);
	assert_int_equal(wn_registry_start(r, true, &ctx), WN_OK);
	assert_string_equal(w.story, "istore iroot iother +store +root ");
	stop(r, 1000);
	wn_registry_free(r);
}

static void
a_need_is_bound_to_the_offer_and_its_module(void **state)
{
	struct world w;
	struct wn_registry *r = NULL;

	(void)state;
	world_init(&w);
	add(&w, "a", "x", NULL);
	add(&w, "b", NULL, "x");
	assert_int_equal(make(&w, NULL, &r), WN_OK);
	assert_ptr_equal(wn_registry_find(r, "a")->bound[0].vtable, &w);
	assert_ptr_equal(wn_registry_find(r, "a")->bound[0].mod, wn_registry_find(r, "b"));
	wn_registry_free(r);
}

static void
expect(struct world *w, wn_err code, const char *text)
{
	struct wn_registry *r = NULL;

	assert_int_equal(make(w, NULL, &r), code);
	assert_string_equal(w->d.text, text);
	assert_null(r);
}

static void
a_missing_need_names_both(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "a", "x", NULL);
	expect(&w, WN_E_NEED, "module a needs x 1.2, and no module offers it");
}

static void
an_older_minor_is_not_enough(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "a", "x", NULL);
	add(&w, "b", NULL, "x");
	w.offers[1][0].minor = 1;
	expect(&w, WN_E_NEED, "module a needs x 1.2, but module b offers 1.1");
}

static void
another_major_is_not_enough(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "a", "x", NULL);
	add(&w, "b", NULL, "x");
	w.offers[1][0].major = 2;
	w.offers[1][0].minor = 9;
	expect(&w, WN_E_NEED, "module a needs x 1.2, but module b offers 2.9");
}

static void
an_optional_need_may_be_absent(void **state)
{
	struct world w;
	struct wn_registry *r = NULL;

	(void)state;
	world_init(&w);
	add(&w, "a", "x", NULL);
	w.needs[0][0].flags = WN_NEED_OPTIONAL;
	assert_int_equal(make(&w, NULL, &r), WN_OK);
	assert_null(wn_registry_find(r, "a")->bound[0].vtable);
	wn_registry_free(r);
}

static void
a_circle_names_its_modules(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "z", "x", NULL);
	add(&w, "a", "y", "x");
	add(&w, "b", "x", "y");
	expect(&w, WN_E_CYCLE, "modules need each other in a circle: a -> b -> a");
}

static void
two_of_one_name_are_refused(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "a", NULL, NULL);
	add(&w, "a", NULL, NULL);
	expect(&w, WN_E_CONTRACT, "two modules are called a");
}

static void
another_abi_is_refused(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "a", NULL, NULL)->abi = 9;
	expect(&w, WN_E_VERSION, "module a was built for ABI 9, this engine has 1");
}

static void
a_manifest_of_another_version_is_refused(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "a", NULL, NULL)->version = "1.0.1";
	expect(&w, WN_E_CONTRACT, "module a: its manifest has another version: 1.0.0");
}

static void
a_foreign_event_is_refused(void **state)
{
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "a", NULL, NULL)->manifest =
		"{\"name\":\"a\",\"version\":\"1.0.0\",\"emits\":[\"b.done\"]}";
	expect(&w, WN_E_CONTRACT, "module a: emits an event that is not its own: b.done");
}

static wn_err
no_method(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str params, struct wn_buf *result)
{
	(void)m;
	(void)ctx;
	(void)params;
	(void)result;
	return WN_OK;
}

static void
a_method_the_manifest_does_not_name_is_refused(void **state)
{
	static const struct wn_method methods[] = { { "a.x", "", WN_RUN_LOOP, no_method },
						    { NULL, NULL, WN_RUN_LOOP, NULL } };
	struct world w;

	(void)state;
	world_init(&w);
	add(&w, "a", NULL, NULL)->methods = methods;
	expect(&w, WN_E_CONTRACT, "module a: has a method its manifest does not name: a.x");
}

static void
declared_events_are_known(void **state)
{
	struct world w;
	struct wn_registry *r = NULL;

	(void)state;
	world_init(&w);
	add(&w, "a", NULL, NULL);
	assert_int_equal(make(&w, NULL, &r), WN_OK);
	assert_true(wn_registry_emits(wn_registry_at(r, 0), "a.done"));
	assert_false(wn_registry_emits(wn_registry_at(r, 0), "a.other"));
	wn_registry_free(r);
}

static void
one_that_fails_to_start_names_itself_and_the_started_ones_stop(void **state)
{
	struct world w;
	struct wn_registry *r = NULL;
	struct wn_ctx ctx = { .tenant = "local" };

	(void)state;
	world_init(&w);
	add(&w, "a", NULL, "x");
	add(&w, "b", "x", NULL);
	w.fails = "b";
	assert_int_equal(make(&w, NULL, &r), WN_OK);
	assert_int_equal(wn_registry_start(r, false, &ctx), WN_E_IO);
	assert_non_null(strstr(ctx.diag.text, "no disk"));
	assert_non_null(strstr(ctx.diag.text, "module b"));
	w.story[0] = '\0';
	stop(r, 1000);
	wn_registry_free(r);
	assert_string_equal(w.story, "-a fb fa ");
}

static void
one_that_does_not_stop_is_passed_over(void **state)
{
	struct world w;
	struct wn_registry *r = NULL;
	struct wn_ctx ctx = { .tenant = "local" };

	(void)state;
	world_init(&w);
	add(&w, "a", NULL, "x");
	add(&w, "b", "x", NULL);
	w.silent = "b";
	assert_int_equal(make(&w, NULL, &r), WN_OK);
	assert_int_equal(wn_registry_start(r, false, &ctx), WN_OK);
	w.story[0] = '\0';
	stop(r, 10);
	wn_registry_free(r);
	assert_string_equal(w.story, "-b -a fb fa ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(modules_start_after_what_they_need_and_stop_before_it),
		cmocka_unit_test(the_root_and_its_needs_come_first),
		cmocka_unit_test(the_root_can_be_started_alone),
		cmocka_unit_test(a_need_is_bound_to_the_offer_and_its_module),
		cmocka_unit_test(a_missing_need_names_both),
		cmocka_unit_test(an_older_minor_is_not_enough),
		cmocka_unit_test(another_major_is_not_enough),
		cmocka_unit_test(an_optional_need_may_be_absent),
		cmocka_unit_test(a_circle_names_its_modules),
		cmocka_unit_test(two_of_one_name_are_refused),
		cmocka_unit_test(another_abi_is_refused),
		cmocka_unit_test(a_manifest_of_another_version_is_refused),
		cmocka_unit_test(a_foreign_event_is_refused),
		cmocka_unit_test(a_method_the_manifest_does_not_name_is_refused),
		cmocka_unit_test(declared_events_are_known),
		cmocka_unit_test(one_that_fails_to_start_names_itself_and_the_started_ones_stop),
		cmocka_unit_test(one_that_does_not_stop_is_passed_over),
	};

	return cmocka_run_group_tests_name("unit/runtime/kernel/registry", tests, NULL, NULL);
}
