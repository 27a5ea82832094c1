/* Saving with sudo, against a sudo of ours: what it is asked, and that the password goes only
 * there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "editor/document/disk.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

/* Takes "secret" when asked with -S; with -n it lets nobody in unless the file `open` is there. */
#define SUDO                                                                   \
	"#!/bin/sh\n"                                                          \
	"here=${0%/*}\n"                                                       \
	"echo \"$*\" >>$here/asked\n"                                          \
	"if [ \"$1\" = -n ]; then [ -e $here/open ] || exit 1; shift; else\n"  \
	"  IFS= read -r word; [ \"$word\" = secret ] || exit 1; shift 4; fi\n" \
	"exec \"$@\"\n"

struct world {
	char dir[64], path[80], *old_path;
};

static int
setup(void **state)
{
	struct world *w = WN_NEW(struct world);
	char *sudo, *path;

	snprintf(w->dir, sizeof w->dir, "/tmp/wn-sudo-XXXXXX");
	if (mkdtemp(w->dir) == NULL)
		return -1;
	snprintf(w->path, sizeof w->path, "%s/file", w->dir);
	sudo = wn_path_join(w->dir, "sudo");
	assert_int_equal(wn_file_write(sudo, WN_STR(SUDO), 0755, NULL), 0);
	assert_int_equal(wn_file_write(w->path, WN_STR("old"), 0640, NULL), 0);
	w->old_path = wn_strdup(getenv("PATH"));
	path = wn_asprintf("%s:%s", w->dir, w->old_path);
	setenv("PATH", path, 1);
	wn_free(path);
	wn_free(sudo);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	int err = wn_file_rmtree(w->dir, NULL);

	setenv("PATH", w->old_path, 1);
	wn_free(w->old_path);
	wn_free(w);
	return err;
}

static void
assert_file(struct world *w, const char *name, const char *want)
{
	char *path = wn_path_join(w->dir, name);
	struct wn_buf b;

	wn_buf_init(&b, 1 << 16);
	assert_int_equal(wn_file_read(path, &b, NULL), 0);
	assert_string_equal(b.p, want);
	wn_buf_fini(&b);
	wn_free(path);
}

static wn_err
save_with(struct world *w, struct ed_doc *doc, char *password)
{
	struct ed_save *s = ed_save_begin(doc, NULL, false);
	struct wn_diag d = { 0 };
	wn_err err = ed_save_run_with(s, editor_sudo_copy, password, &d);

	(void)w;
	ed_save_end(s, doc, err);
	return err;
}

static struct ed_doc *
edited(struct world *w)
{
	struct ed_doc *doc;

	assert_int_equal(ed_doc_open(w->path, NULL, &doc, NULL), 0);
	assert_int_equal(ed_doc_edit(doc, 0, 3, WN_STR("new")), 0);
	return doc;
}

static void
a_password_is_asked_for_and_opens(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = edited(w);
	char wrong[] = "guess", right[] = "secret";
	struct stat st;

	assert_int_equal(save_with(w, doc, NULL), WN_E_UNAUTHENTICATED);
	assert_int_equal(save_with(w, doc, wrong), WN_E_UNAUTHENTICATED);
	assert_file(w, "file", "old");
	assert_true(ed_doc_dirty(doc));
	assert_int_equal(save_with(w, doc, right), 0);
	assert_file(w, "file", "new");
	assert_false(ed_doc_dirty(doc));
	assert_int_equal(ed_doc_disk(doc), ED_DISK_SAME);
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	ed_doc_free(doc);
}

static void
who_needs_no_password_is_not_asked(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = edited(w);
	char *open = wn_path_join(w->dir, "open");

	assert_int_equal(wn_file_write(open, WN_STR(""), 0644, NULL), 0);
	assert_int_equal(save_with(w, doc, NULL), 0);
	assert_file(w, "file", "new");
	wn_free(open);
	ed_doc_free(doc);
}

static void
the_password_is_on_no_command_line_and_what_changed_is_a_conflict(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = edited(w);
	char *asked = wn_path_join(w->dir, "asked"), right[] = "secret";
	struct wn_buf b;

	assert_int_equal(save_with(w, doc, right), 0);
	wn_buf_init(&b, 1 << 16);
	assert_int_equal(wn_file_read(asked, &b, NULL), 0);
	assert_null(strstr(b.p, "secret"));
	assert_non_null(strstr(b.p, "-k -S -p  cp -- /tmp/webnova-save-"));
	wn_buf_fini(&b);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
	assert_int_equal(wn_file_write(w->path, WN_STR("somebody else"), 0640, NULL), 0);
	assert_int_equal(save_with(w, doc, right), WN_E_CONFLICT);
	assert_file(w, "file", "somebody else");
	wn_free(asked);
	ed_doc_free(doc);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_password_is_asked_for_and_opens),
		T(who_needs_no_password_is_not_asked),
		T(the_password_is_on_no_command_line_and_what_changed_is_a_conflict),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
