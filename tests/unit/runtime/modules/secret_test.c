/*
 * Secrets: kept encrypted, given to processes only, and lost by no crash and no change of keys.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/abi/iface_secret.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/modules/secret/secret.h"
#include "tests/lib/fake_host.h"
#include "tests/lib/fake_store.h"

extern const struct wn_module workspace_module;
extern const struct wn_module secret_module;

#define CANARY "canary-7f3a91"

struct fixture {
	struct fake_store *store;
	struct fake_host *h;
	struct wn_mod *m;
	char dir[64], workspace[32], params[400];
	char given[1000]; /* by secret_each() */
};

static int
setup(void **state)
{
	static struct fixture f;
	const char *id;

	f = (struct fixture){ .store = fake_store_new(), .h = fake_host_new() };
	snprintf(f.dir, sizeof f.dir, "/tmp/wn-secret-XXXXXX");
	assert_non_null(mkdtemp(f.dir));
	fake_host_offer(f.h, "store", &fake_store_iface, fake_store_mod(f.store));
	(void)fake_host_add(f.h, &workspace_module);
	f.m = fake_host_add(f.h, &secret_module);
	assert_int_equal(fake_host_start(f.h), WN_OK);
	snprintf(f.params, sizeof f.params, "{\"path\":\"%s\"}", f.dir);
	assert_int_equal(fake_host_call(f.h, "workspace.open", f.params), WN_OK);
	id = strstr(fake_host_result(f.h), "\"id\":\"");
	assert_non_null(id);
	snprintf(f.workspace, sizeof f.workspace, "%.26s", id + 6);
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

/* Calls a method about a place; more is what else goes into the params, from a comma on. */
static wn_err
call(struct fixture *f, const char *method, const char *name, const char *more, const char *bytes)
{
	wn_err err;

	snprintf(f->params, sizeof f->params,
		 "{\"workspace\":\"%s\",\"environment\":\"development\"%s%s%s%s}", f->workspace,
		 name != NULL ? ",\"name\":\"" : "", name != NULL ? name : "",
		 name != NULL ? "\"" : "", more);
	fake_host_set_attachment(f->h, wn_str(bytes));
	err = fake_host_call(f->h, method, f->params);
	fake_host_set_attachment(f->h, wn_str(""));
	return err;
}

static wn_err
set(struct fixture *f, const char *name, const char *value)
{
	return call(f, "secret.set", name, ",\"readable\":true", value);
}

static wn_err
plain(struct fixture *f, const char *method, const char *bytes)
{
	wn_err err;

	fake_host_set_attachment(f->h, wn_str(bytes));
	err = fake_host_call(f->h, method, "{}");
	fake_host_set_attachment(f->h, wn_str(""));
	return err;
}

static void
assert_value(struct fixture *f, const char *name, const char *value)
{
	struct wn_str got;

	assert_int_equal(call(f, "secret.get", name, "", ""), WN_OK);
	got = fake_host_attached(f->h);
	assert_int_equal(got.len, strlen(value));
	assert_memory_equal(got.p, value, got.len);
}

static wn_err
give(void *arg, const char *name, struct wn_str value)
{
	struct fixture *f = (struct fixture *)arg;
	size_t n = strlen(f->given);

	snprintf(f->given + n, sizeof f->given - n, "%s=%.*s;", name, (int)value.len, value.p);
	return WN_OK;
}

static wn_err
each(struct fixture *f)
{
	f->given[0] = '\0';
	return secret_each(f->m, fake_host_ctx(f->h), f->workspace, "development", give, f);
}

/* Forgets what is in memory, as a new engine does. */
static void
engine_again(struct fixture *f)
{
	struct secret *s = (struct secret *)f->m->state;

	wn_map_fini(&s->vaults, secret_vault_free);
	wn_map_init(&s->vaults);
}

/* Whether any file below dir holds the text. */
static bool
holds(const char *dir, const char *text)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool found = false;

	assert_non_null(d);
	while (!found && (e = readdir(d)) != NULL) {
		char *path = wn_path_join(dir, e->d_name);
		struct wn_buf b;

		wn_buf_init(&b, 1 << 20);
		if (e->d_name[0] != '.' && wn_file_is_dir(path))
			found = holds(path, text);
		else if (e->d_name[0] != '.' && wn_file_read(path, &b, NULL) == WN_OK)
			found = memmem(b.p, b.len, text, strlen(text)) != NULL;
		wn_buf_fini(&b);
		wn_free(path);
	}
	closedir(d);
	return found;
}

static const char *
vault_dir(struct fixture *f)
{
	static char path[300];

	snprintf(path, sizeof path, "%s/local", ((struct secret *)f->m->state)->dir);
	return path;
}

static void
a_value_comes_back_as_it_was(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "TOKEN", "line\nسر"), WN_OK);
	assert_value(f, "TOKEN", "line\nسر");
	assert_int_equal(set(f, "EMPTY", ""), WN_OK);
	assert_value(f, "EMPTY", "");
}

static void
a_value_is_in_no_file_no_event_and_no_answer(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "TOKEN", CANARY), WN_OK);
	assert_null(strstr(fake_host_result(f->h), CANARY));
	for (size_t i = 0; i < fake_host_events(f->h); i++)
		assert_null(memmem(fake_host_event(f->h, i)->data.p,
				   fake_host_event(f->h, i)->data.len, CANARY, strlen(CANARY)));
	assert_false(holds(((struct secret *)f->m->state)->dir, CANARY));
}

static void
a_value_that_was_not_kept_readable_goes_to_processes_only(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(call(f, "secret.set", "TOKEN", "", "x"), WN_OK);
	assert_int_equal(call(f, "secret.get", "TOKEN", "", ""), WN_E_DENIED);
	assert_int_equal(each(f), WN_OK);
	assert_string_equal(f->given, "TOKEN=x;");
}

static void
each_gives_one_environment_in_order(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "B", "2"), WN_OK);
	assert_int_equal(set(f, "A", "1"), WN_OK);
	snprintf(f->params, sizeof f->params,
		 "{\"workspace\":\"%s\",\"environment\":\"production\",\"name\":\"C\"}",
		 f->workspace);
	assert_int_equal(fake_host_call(f->h, "secret.set", f->params), WN_OK);
	assert_int_equal(each(f), WN_OK);
	assert_string_equal(f->given, "A=1;B=2;");
}

static void
an_earlier_value_comes_back_as_a_new_version(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "TOKEN", "old"), WN_OK);
	assert_int_equal(set(f, "TOKEN", "new"), WN_OK);
	assert_int_equal(call(f, "secret.revert", "TOKEN", ",\"version\":1", ""), WN_OK);
	assert_non_null(strstr(fake_host_result(f->h), "\"version\":3"));
	assert_value(f, "TOKEN", "old");
	assert_int_equal(call(f, "secret.revert", "TOKEN", ",\"version\":4", ""), WN_E_NOT_FOUND);
}

static void
only_ten_values_are_kept(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 12; i++)
		assert_int_equal(set(f, "TOKEN", "v"), WN_OK);
	assert_int_equal(call(f, "secret.revert", "TOKEN", ",\"version\":2", ""), WN_E_NOT_FOUND);
	assert_int_equal(call(f, "secret.revert", "TOKEN", ",\"version\":3", ""), WN_OK);
}

static void
a_deleted_secret_leaves_no_file(void **state)
{
	struct fixture *f = *state;
	char path[500];

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	snprintf(path, sizeof path, "%s/1/%s/development/TOKEN.1", vault_dir(f), f->workspace);
	assert_true(wn_file_exists(path));
	assert_int_equal(call(f, "secret.delete", "TOKEN", "", ""), WN_OK);
	assert_false(wn_file_exists(path));
	assert_int_equal(call(f, "secret.get", "TOKEN", "", ""), WN_E_NOT_FOUND);
	assert_int_equal(call(f, "secret.delete", "TOKEN", "", ""), WN_E_NOT_FOUND);
}

static void
a_full_disk_keeps_the_old_value(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "TOKEN", "old"), WN_OK);
	fake_host_fail_emit(f->h, WN_E_NO_SPACE, 1);
	assert_int_equal(set(f, "TOKEN", "new"), WN_E_NO_SPACE);
	assert_value(f, "TOKEN", "old");
}

static void
a_value_moved_to_another_name_does_not_open(void **state)
{
	struct fixture *f = *state;
	char from[500], to[500];

	assert_int_equal(set(f, "ADMIN", "root"), WN_OK);
	assert_int_equal(set(f, "GUEST", "none"), WN_OK);
	snprintf(from, sizeof from, "%s/1/%s/development/ADMIN.1", vault_dir(f), f->workspace);
	snprintf(to, sizeof to, "%s/1/%s/development/GUEST.1", vault_dir(f), f->workspace);
	assert_int_equal(rename(from, to), 0);
	assert_int_equal(call(f, "secret.get", "GUEST", "", ""), WN_E_CORRUPT);
}

static void
a_new_engine_opens_what_the_old_one_kept(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	engine_again(f);
	assert_value(f, "TOKEN", "x");
}

static void
a_key_file_that_others_can_read_is_refused(void **state)
{
	struct fixture *f = *state;
	char path[500];

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	snprintf(path, sizeof path, "%s/key.1", vault_dir(f));
	assert_int_equal(chmod(path, 0644), 0);
	engine_again(f);
	assert_int_equal(call(f, "secret.get", "TOKEN", "", ""), WN_E_STATE);
	assert_int_equal(chmod(path, 0600), 0);
	assert_value(f, "TOKEN", "x");
}

static void
a_damaged_vault_is_said_and_not_replaced(void **state)
{
	struct fixture *f = *state;
	char path[500];

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	snprintf(path, sizeof path, "%s/vault.json", vault_dir(f));
	assert_int_equal(wn_file_write(path, wn_str("{\"format\":1}"), 0600, NULL), WN_OK);
	engine_again(f);
	assert_int_equal(set(f, "TOKEN", "y"), WN_E_CORRUPT);
	assert_true(holds(vault_dir(f), "{\"format\":1}"));
}

static void
rotation_makes_new_keys_and_keeps_values(void **state)
{
	struct fixture *f = *state;
	char old_key[500], old_values[500];

	assert_int_equal(set(f, "TOKEN", "old"), WN_OK);
	assert_int_equal(set(f, "TOKEN", "new"), WN_OK);
	snprintf(old_key, sizeof old_key, "%s/key.1", vault_dir(f));
	snprintf(old_values, sizeof old_values, "%s/1", vault_dir(f));
	assert_int_equal(plain(f, "secret.rotate", ""), WN_OK);
	assert_non_null(strstr(fake_host_result(f->h), "\"secrets\":2"));
	assert_false(wn_file_exists(old_key));
	assert_false(wn_file_exists(old_values));
	engine_again(f);
	assert_value(f, "TOKEN", "new");
	assert_int_equal(call(f, "secret.revert", "TOKEN", ",\"version\":1", ""), WN_OK);
	assert_value(f, "TOKEN", "old");
}

static void
a_rotation_that_fails_changes_nothing(void **state)
{
	struct fixture *f = *state;
	char path[500];

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	snprintf(path, sizeof path, "%s/2", vault_dir(f));
	assert_int_equal(wn_file_write(path, wn_str("in the way"), 0600, NULL), WN_OK);
	assert_int_not_equal(plain(f, "secret.rotate", ""), WN_OK);
	assert_value(f, "TOKEN", "x");
	engine_again(f);
	assert_value(f, "TOKEN", "x");
}

static void
what_a_crash_left_of_a_rotation_is_swept(void **state)
{
	struct fixture *f = *state;
	char path[500];

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	snprintf(path, sizeof path, "%s/key.2", vault_dir(f));
	assert_int_equal(wn_file_write(path, wn_str("half"), 0600, NULL), WN_OK);
	engine_again(f);
	assert_value(f, "TOKEN", "x");
	assert_false(wn_file_exists(path));
}

static void
a_passphrase_locks_a_new_engine_until_it_is_said(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	assert_int_equal(plain(f, "secret.passphrase", "correct horse"), WN_OK);
	assert_value(f, "TOKEN", "x");
	engine_again(f);
	assert_int_equal(plain(f, "secret.status", ""), WN_OK);
	assert_non_null(strstr(fake_host_result(f->h), "\"locked\":true"));
	assert_int_equal(set(f, "TOKEN", "y"), WN_E_STATE);
	assert_int_equal(each(f), WN_E_STATE);
	assert_int_equal(plain(f, "secret.unlock", "correct horse"), WN_OK);
	assert_value(f, "TOKEN", "x");
	assert_int_equal(plain(f, "secret.rotate", ""), WN_OK);
	engine_again(f);
	assert_int_equal(plain(f, "secret.unlock", "correct horse"), WN_OK);
	assert_value(f, "TOKEN", "x");
}

static void
a_passphrase_leaves_no_key_file(void **state)
{
	struct fixture *f = *state;
	char path[500];

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	snprintf(path, sizeof path, "%s/key.1", vault_dir(f));
	assert_int_equal(plain(f, "secret.passphrase", "correct horse"), WN_OK);
	assert_false(wn_file_exists(path));
	assert_int_equal(plain(f, "secret.passphrase", ""), WN_OK);
	engine_again(f);
	assert_value(f, "TOKEN", "x");
}

static void
wrong_passphrases_have_to_wait(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(plain(f, "secret.passphrase", "correct horse"), WN_OK);
	assert_int_equal(plain(f, "secret.unlock", "battery staple"), WN_E_DENIED);
	assert_int_equal(plain(f, "secret.unlock", "correct horse"), WN_E_RATE);
	fake_host_advance(f->h, 1100);
	assert_int_equal(plain(f, "secret.unlock", "correct horse"), WN_OK);
}

static void
a_short_passphrase_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(plain(f, "secret.passphrase", "short"), WN_E_INVALID);
	assert_int_equal(plain(f, "secret.unlock", "anything"), WN_E_STATE);
}

static void
an_env_file_is_kept_whole(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(call(f, "secret.import", NULL, ",\"readable\":true",
			      "\xef\xbb\xbf# comment\r\nA=1\r\nexport B = two words # note\n"
			      "C=\"x\\ny\" # quoted\nD='l1\nl2'\nE=\n\n  F=#not\n"),
			 WN_OK);
	assert_int_equal(each(f), WN_OK);
	assert_string_equal(f->given, "A=1;B=two words;C=x\ny;D=l1\nl2;E=;F=#not;");
}

static void
a_wrong_line_keeps_nothing_and_says_only_where(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(call(f, "secret.import", NULL, "", "A=1\n" CANARY "\n"), WN_E_INVALID);
	assert_non_null(strstr(fake_host_diag(f->h)->text, "line 2"));
	assert_null(strstr(fake_host_diag(f->h)->text, CANARY));
	assert_int_equal(each(f), WN_OK);
	assert_string_equal(f->given, "");
	assert_int_equal(call(f, "secret.import", NULL, "", "A='open\n\n"), WN_E_INVALID);
	assert_non_null(strstr(fake_host_diag(f->h)->text, "line 1"));
}

static void
another_workspace_is_not_found(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(fake_host_call(f->h, "secret.list",
					"{\"workspace\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\"}"),
			 WN_E_NOT_FOUND);
}

static void
a_forgotten_workspace_takes_its_secrets_along(void **state)
{
	struct fixture *f = *state;
	char path[500];

	assert_int_equal(set(f, "TOKEN", "x"), WN_OK);
	snprintf(path, sizeof path, "%s/1/%s", vault_dir(f), f->workspace);
	assert_true(wn_file_is_dir(path));
	snprintf(f->params, sizeof f->params, "{\"workspace\":\"%s\"}", f->workspace);
	assert_int_equal(fake_host_call(f->h, "workspace.forget", f->params), WN_OK);
	fake_host_run(f->h);
	assert_false(wn_file_exists(path));
	assert_int_equal(each(f), WN_OK);
	assert_string_equal(f->given, "");
}

static void
a_value_too_long_or_with_a_nul_is_refused(void **state)
{
	struct fixture *f = *state;
	static char big[SECRET_VALUE_MAX + 2];

	memset(big, 'x', sizeof big - 1);
	assert_int_equal(set(f, "TOKEN", big), WN_E_LIMIT);
	snprintf(f->params, sizeof f->params,
		 "{\"workspace\":\"%s\",\"environment\":\"development\",\"name\":\"N\"}",
		 f->workspace);
	fake_host_set_attachment(f->h, wn_strn("a\0b", 3));
	assert_int_equal(fake_host_call(f->h, "secret.set", f->params), WN_E_INVALID);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_value_comes_back_as_it_was),
		T(a_value_is_in_no_file_no_event_and_no_answer),
		T(a_value_that_was_not_kept_readable_goes_to_processes_only),
		T(each_gives_one_environment_in_order),
		T(an_earlier_value_comes_back_as_a_new_version),
		T(only_ten_values_are_kept),
		T(a_deleted_secret_leaves_no_file),
		T(a_full_disk_keeps_the_old_value),
		T(a_value_moved_to_another_name_does_not_open),
		T(a_new_engine_opens_what_the_old_one_kept),
		T(a_key_file_that_others_can_read_is_refused),
		T(a_damaged_vault_is_said_and_not_replaced),
		T(rotation_makes_new_keys_and_keeps_values),
		T(a_rotation_that_fails_changes_nothing),
		T(what_a_crash_left_of_a_rotation_is_swept),
		T(a_passphrase_locks_a_new_engine_until_it_is_said),
		T(a_passphrase_leaves_no_key_file),
		T(wrong_passphrases_have_to_wait),
		T(a_short_passphrase_is_refused),
		T(an_env_file_is_kept_whole),
		T(a_wrong_line_keeps_nothing_and_says_only_where),
		T(another_workspace_is_not_found),
		T(a_forgotten_workspace_takes_its_secrets_along),
		T(a_value_too_long_or_with_a_nul_is_refused),
	};

	return cmocka_run_group_tests_name("runtime/modules/secret", tests, NULL, NULL);
}
