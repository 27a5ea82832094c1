/*
 * Workspaces: one a path, found from below, and only by their own tenant.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/abi/iface_workspace.h"
#include "runtime/base/file.h"
#include "tests/lib/fake_host.h"
#include "tests/lib/fake_store.h"

extern const struct wn_module workspace_module;

struct fixture {
	struct fake_store *store;
	struct fake_host *h;
	struct wn_mod *m;
	char dir[64], params[300];
};

static int
setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){ .store = fake_store_new(), .h = fake_host_new() };
	snprintf(f.dir, sizeof f.dir, "/tmp/wn-ws-XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	fake_host_offer(f.h, "store", &fake_store_iface, fake_store_mod(f.store));
	f.m = fake_host_add(f.h, &workspace_module);
	assert_int_equal(fake_host_start(f.h), WN_OK);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	fake_host_free(f->h);
	fake_store_free(f->store);
	return wn_file_rmtree(f->dir, NULL) ? -1 : 0;
}

static wn_err
by_path(struct fixture *f, const char *method, const char *below)
{
	snprintf(f->params, sizeof f->params, "{\"path\":\"%s%s\"}", f->dir, below);
	return fake_host_call(f->h, method, f->params);
}

static void
a_directory_opened_twice_is_one_workspace(void **state)
{
	struct fixture *f = *state;
	char first[1000];

	assert_int_equal(by_path(f, "workspace.open", ""), WN_OK);
	snprintf(first, sizeof first, "%s", fake_host_result(f->h));
	assert_int_equal(by_path(f, "workspace.open", "/."), WN_OK);
	assert_string_equal(fake_host_result(f->h), first);
	assert_int_equal(fake_host_events(f->h), 1);
}

static void
a_path_below_finds_the_workspace_that_holds_it(void **state)
{
	struct fixture *f = *state;
	char sub[80];

	snprintf(sub, sizeof sub, "%s/sub", f->dir);
	assert_int_equal(mkdir(sub, 0700), 0);
	assert_int_equal(by_path(f, "workspace.get", "/sub"), WN_E_NOT_FOUND);
	assert_int_equal(by_path(f, "workspace.open", ""), WN_OK);
	assert_int_equal(by_path(f, "workspace.get", "/sub"), WN_OK);
	assert_non_null(strstr(fake_host_result(f->h), f->dir));
}

static void
the_root_holds_everything_when_it_is_a_workspace(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fake_host_call(f->h, "workspace.open", "{\"path\":\"/\"}"), WN_OK);
	assert_int_equal(by_path(f, "workspace.get", ""), WN_OK);
	assert_non_null(strstr(fake_host_result(f->h), "\"path\":\"/\""));
}

static void
what_is_no_directory_is_refused_with_its_name(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(by_path(f, "workspace.open", "/absent"), WN_E_NOT_FOUND);
	assert_non_null(strstr(fake_host_diag(f->h)->text, "/absent"));
	assert_int_equal(fake_host_call(f->h, "workspace.open", "{\"path\":\"relative\"}"),
			 WN_E_INVALID);
	assert_int_equal(fake_host_events(f->h), 0);
}

static void
a_link_to_a_name_that_is_not_utf8_is_refused(void **state)
{
	struct fixture *f = *state;
	char odd[80], link[80];

	snprintf(odd, sizeof odd, "%s/\xe9", f->dir);
	snprintf(link, sizeof link, "%s/link", f->dir);
	assert_int_equal(mkdir(odd, 0700), 0);
	assert_int_equal(symlink(odd, link), 0);
	assert_int_equal(by_path(f, "workspace.open", "/link"), WN_E_INVALID);
}

static void
another_tenants_workspace_is_not_found(void **state)
{
	struct fixture *f = *state;
	const struct wn_iface_workspace *v =
		(const struct wn_iface_workspace *)workspace_module.offers[0].vtable;
	struct wn_workspace w;
	struct wn_ctx *ctx;
	const char *id;

	assert_int_equal(by_path(f, "workspace.open", ""), WN_OK);
	id = fake_host_event(f->h, 0)->subject;
	ctx = fake_host_ctx(f->h);
	assert_int_equal(v->get(f->m, ctx, wn_str(id), &w), WN_OK);
	ctx->tenant = "other";
	assert_int_equal(v->get(f->m, ctx, wn_str(id), &w), WN_E_NOT_FOUND);
}

static void
a_new_platform_takes_the_place_of_what_was_known_there(void **state)
{
	struct fixture *f = *state;
	const struct wn_iface_workspace *v =
		(const struct wn_iface_workspace *)workspace_module.offers[0].vtable;

	assert_int_equal(by_path(f, "workspace.open", ""), WN_OK);
	assert_int_equal(
		v->add(f->m, fake_host_ctx(f->h), "01J00000000000000000000000", f->dir, "n", false),
		WN_E_EXISTS);
	assert_int_equal(
		v->add(f->m, fake_host_ctx(f->h), "01J00000000000000000000000", f->dir, "n", true),
		WN_OK);
	assert_non_null(fake_host_last_event(f->h, "workspace.forgotten"));
	assert_int_equal(by_path(f, "workspace.get", ""), WN_OK);
	assert_non_null(strstr(fake_host_result(f->h), "01J00000000000000000000000"));
}

static void
a_full_disk_is_said_and_nothing_is_known(void **state)
{
	struct fixture *f = *state;

	fake_store_fail(f->store, WN_E_NO_SPACE, 1);
	assert_int_equal(by_path(f, "workspace.open", ""), WN_E_NO_SPACE);
	assert_int_equal(by_path(f, "workspace.get", ""), WN_E_NOT_FOUND);
	assert_int_equal(by_path(f, "workspace.open", ""), WN_OK);
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_directory_opened_twice_is_one_workspace),
		CASE(a_path_below_finds_the_workspace_that_holds_it),
		CASE(the_root_holds_everything_when_it_is_a_workspace),
		CASE(what_is_no_directory_is_refused_with_its_name),
		CASE(a_link_to_a_name_that_is_not_utf8_is_refused),
		CASE(another_tenants_workspace_is_not_found),
		CASE(a_new_platform_takes_the_place_of_what_was_known_there),
		CASE(a_full_disk_is_said_and_nothing_is_known)
	};

	return cmocka_run_group_tests_name("runtime/modules/workspace", tests, NULL, NULL);
}
