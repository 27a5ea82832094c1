/* Opening, editing, undoing and saving a document, with all that a disk can do to it. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "editor/document/document.h"
#include "editor/undo/undo.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

struct world {
	char dir[64];
	char path[96];
};

static int
setup(void **state)
{
	struct world *w = WN_NEW(struct world);

	snprintf(w->dir, sizeof w->dir, "/tmp/wn-doc-XXXXXX");
	if (!mkdtemp(w->dir))
		return -1;
	snprintf(w->path, sizeof w->path, "%s/file.txt", w->dir);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	int err = wn_file_rmtree(w->dir, NULL);

	wn_free(w);
	return err;
}

static void
put_file(const char *path, struct wn_str s)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, s.p, s.len), s.len);
	close(fd);
}

static void
assert_file(const char *path, struct wn_str want)
{
	struct wn_buf b;

	wn_buf_init(&b, 1 << 24);
	assert_int_equal(wn_file_read(path, &b, NULL), 0);
	assert_int_equal(b.len, want.len);
	if (want.len)
		assert_memory_equal(b.p, want.p, want.len);
	wn_buf_fini(&b);
}

static struct ed_doc *
open_doc(const char *path)
{
	struct ed_doc *doc;
	struct wn_diag d = { 0 };

	if (ed_doc_open(path, NULL, &doc, &d))
		fail_msg("%s", d.text);
	return doc;
}

static void
assert_text(const struct ed_doc *doc, const char *want)
{
	char buf[4096];
	size_t n = ed_text_read(ed_doc_text(doc), 0, buf, sizeof buf - 1);

	buf[n] = 0;
	assert_string_equal(buf, want);
}

/* ---- keeping bytes ----------------------------------------------------------------- */

static void
a_save_keeps_every_byte_that_was_not_edited(void **state)
{
	struct world *w = *state;
	struct wn_str s = WN_STR("\xEF\xBB\xBF"
				 "a\r\nb\nc\r\n\xFF\xC0 tail \xE2\x82");
	struct ed_doc *doc;

	put_file(w->path, s);
	doc = open_doc(w->path);
	assert_true(ed_doc_info(doc)->bom);
	assert_int_equal(ed_doc_info(doc)->eol, ED_EOL_MIXED);
	assert_int_equal(ed_doc_info(doc)->encoding, ED_ENC_BROKEN);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
	assert_int_equal(ed_doc_edit(doc, 0, 1, WN_STR("")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_file(w->path, s);
	ed_doc_free(doc);
}

static void
crlf_is_found(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("a\r\nb\r\n"));
	doc = open_doc(w->path);
	assert_int_equal(ed_doc_info(doc)->eol, ED_EOL_CRLF);
	assert_int_equal(ed_doc_line_end(doc, 0), 1);
	ed_doc_free(doc);
}

static void
a_binary_file_is_read_only(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	put_file(w->path, wn_strn("ELF\0\1\2", 6));
	doc = open_doc(w->path);
	assert_int_equal(ed_doc_info(doc)->encoding, ED_ENC_BINARY);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), WN_E_READ_ONLY);
	ed_doc_set_read_only(doc, false);
	assert_int_equal(ed_doc_edit(doc, 6, 0, WN_STR("x")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_file(w->path, wn_strn("ELF\0\1\2x", 7));
	ed_doc_free(doc);
}

static void
indent_is_found(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("a:\n  b:\n    c\n  d\n"));
	doc = open_doc(w->path);
	assert_false(ed_doc_info(doc)->indent_tabs);
	assert_int_equal(ed_doc_info(doc)->indent_width, 2);
	ed_doc_free(doc);
	put_file(w->path, WN_STR("a\n\tb\n\t\tc\n"));
	doc = open_doc(w->path);
	assert_true(ed_doc_info(doc)->indent_tabs);
	ed_doc_free(doc);
}

/* ---- saving ------------------------------------------------------------------------- */

static void
a_missing_file_opens_empty_and_is_made_by_saving(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w->path);

	assert_true(ed_doc_info(doc)->is_new);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("new\n")), 0);
	assert_true(ed_doc_dirty(doc));
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_false(ed_doc_dirty(doc));
	assert_file(w->path, WN_STR("new\n"));
	ed_doc_free(doc);
}

static void
a_new_file_that_appeared_meanwhile_is_a_conflict(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w->path);

	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("mine")), 0);
	put_file(w->path, WN_STR("theirs"));
	assert_int_equal(ed_doc_save(doc, false, NULL), WN_E_CONFLICT);
	assert_file(w->path, WN_STR("theirs"));
	ed_doc_free(doc);
}

static void
saving_keeps_mode_and_follows_a_link(void **state)
{
	struct world *w = *state;
	char link[128];
	struct stat st;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("old"));
	chmod(w->path, 0751);
	snprintf(link, sizeof link, "%s/link", w->dir);
	assert_int_equal(symlink("file.txt", link), 0);
	doc = open_doc(link);
	assert_int_equal(ed_doc_edit(doc, 0, 3, WN_STR("new")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0751);
	assert_file(w->path, WN_STR("new"));
	ed_doc_free(doc);
}

static void
saving_keeps_the_owner(void **state)
{
	struct world *w = *state;
	struct stat st;
	struct ed_doc *doc;

	if (geteuid() != 0) {
		print_message("only root can give files away\n");
		skip();
	}
	put_file(w->path, WN_STR("old"));
	assert_int_equal(chown(w->path, 12345, 23456), 0);
	doc = open_doc(w->path);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_uid, 12345);
	assert_int_equal(st.st_gid, 23456);
	ed_doc_free(doc);
}

static void
a_hard_link_stays_one_file(void **state)
{
	struct world *w = *state;
	char other[128];
	struct ed_doc *doc;

	put_file(w->path, WN_STR("a longer old text"));
	snprintf(other, sizeof other, "%s/other", w->dir);
	assert_int_equal(link(w->path, other), 0);
	doc = open_doc(w->path);
	assert_int_equal(ed_doc_edit(doc, 0, 17, WN_STR("short")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_file(other, WN_STR("short"));
	assert_int_equal(ed_doc_disk(doc), ED_DISK_SAME);
	ed_doc_free(doc);
}

static void
a_change_on_disk_is_a_conflict_unless_forced(void **state)
{
	struct world *w = *state;
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	put_file(w->path, WN_STR("one"));
	doc = open_doc(w->path);
	assert_int_equal(ed_doc_edit(doc, 3, 0, WN_STR(" mine")), 0);
	put_file(w->path, WN_STR("theirs"));
	assert_int_equal(ed_doc_disk(doc), ED_DISK_CHANGED);
	assert_int_equal(ed_doc_save(doc, false, &d), WN_E_CONFLICT);
	assert_file(w->path, WN_STR("theirs"));
	assert_true(ed_doc_dirty(doc));
	assert_int_equal(ed_doc_save(doc, true, NULL), 0);
	assert_file(w->path, WN_STR("one mine"));
	ed_doc_free(doc);
}

static void
a_removed_file_is_a_conflict(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("one"));
	doc = open_doc(w->path);
	unlink(w->path);
	assert_int_equal(ed_doc_disk(doc), ED_DISK_GONE);
	assert_int_equal(ed_doc_save(doc, false, NULL), WN_E_CONFLICT);
	assert_int_equal(ed_doc_save(doc, true, NULL), 0);
	assert_file(w->path, WN_STR("one"));
	ed_doc_free(doc);
}

static void
save_as_does_not_overwrite_silently(void **state)
{
	struct world *w = *state;
	char other[128];
	struct ed_doc *doc;

	snprintf(other, sizeof other, "%s/other", w->dir);
	put_file(other, WN_STR("precious"));
	put_file(w->path, WN_STR("one"));
	doc = open_doc(w->path);
	assert_int_equal(ed_doc_save_as(doc, other, false, NULL), WN_E_EXISTS);
	assert_file(other, WN_STR("precious"));
	assert_int_equal(ed_doc_save_as(doc, other, true, NULL), 0);
	assert_file(other, WN_STR("one"));
	assert_string_equal(ed_doc_path(doc), other);
	ed_doc_free(doc);
}

static void
no_permission_says_so_and_keeps_the_file(void **state)
{
	struct world *w = *state;
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	if (geteuid() == 0) {
		print_message("root may write everything\n");
		skip();
	}
	put_file(w->path, WN_STR("one"));
	chmod(w->path, 0444);
	doc = open_doc(w->path);
	assert_true(ed_doc_info(doc)->not_writable);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
	assert_int_equal(ed_doc_save(doc, false, &d), WN_E_DENIED);
	assert_file(w->path, WN_STR("one"));
	ed_doc_free(doc);
}

static void
a_directory_is_refused(void **state)
{
	struct world *w = *state;
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	assert_int_equal(ed_doc_open(w->dir, NULL, &doc, &d), WN_E_UNSUPPORTED);
	assert_null(doc);
}

static void
a_full_disk_keeps_the_old_file(void **state)
{
	struct world *w = *state;
	char mount_at[128], path[160], *big;
	struct wn_diag d = { 0 };
	struct ed_doc *doc;
	wn_err beside, in_place;

	snprintf(mount_at, sizeof mount_at, "%s/tiny", w->dir);
	snprintf(path, sizeof path, "%s/file", mount_at);
	mkdir(mount_at, 0755);
	if (mount("tmpfs", mount_at, "tmpfs", 0, "size=64k") != 0) {
		print_message("cannot mount a tiny tmpfs: %s\n", strerror(errno));
		skip();
	}
	put_file(path, WN_STR("old"));
	doc = open_doc(path);
	big = wn_alloc(200000);
	memset(big, 'x', 200000);
	assert_int_equal(ed_doc_edit(doc, 0, 3, wn_strn(big, 200000)), 0);
	beside = ed_doc_save(doc, false, &d);
	assert_file(path, WN_STR("old"));
	/* The same for a file with two names, which is written in place. */
	snprintf(mount_at + strlen(mount_at), 8, "/b");
	assert_int_equal(link(path, mount_at), 0);
	mount_at[strlen(mount_at) - 2] = 0;
	in_place = ed_doc_save(doc, false, NULL);
	assert_file(path, WN_STR("old"));
	assert_true(ed_doc_dirty(doc));
	umount2(mount_at, MNT_DETACH);
	wn_free(big);
	ed_doc_free(doc);
	assert_int_equal(beside, WN_E_NO_SPACE);
	assert_int_equal(in_place, WN_E_NO_SPACE);
}

static void
saving_leaves_nothing_behind(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc = open_doc(w->path);
	char cmd[128];

	for (int i = 0; i < 3; i++) {
		assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
		assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	}
	snprintf(cmd, sizeof cmd, "%s", w->dir);
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(rmdir(cmd), 0);
	ed_doc_free(doc);
}

/* ---- huge files ------------------------------------------------------------------------ */

#define HUGE_LINES 600000

static void
put_huge(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (int i = 0; i < HUGE_LINES; i++)
		fprintf(f, "line number %07d of a long file\n", i); /* 35 bytes */
	fclose(f);
}

static void
a_huge_file_stays_on_disk_and_is_edited_and_saved(void **state)
{
	struct world *w = *state;
	char line[36] = "";
	struct ed_doc *doc;

	put_huge(w->path);
	doc = open_doc(w->path);
	assert_true(ed_doc_info(doc)->huge);
	assert_int_equal(ed_text_lines(ed_doc_text(doc)), HUGE_LINES + 1);
	assert_int_equal(ed_text_line_start(ed_doc_text(doc), 500000), 500000 * 35);
	assert_int_equal(ed_doc_edit(doc, 300000 * 35, 4, WN_STR("LINE")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	ed_doc_free(doc);
	doc = open_doc(w->path);
	ed_text_read(ed_doc_text(doc), 300000 * 35, line, 35);
	assert_string_equal(line, "LINE number 0300000 of a long file\n");
	assert_int_equal(ed_text_len(ed_doc_text(doc)), HUGE_LINES * 35);
	ed_doc_free(doc);
}

static void
a_huge_file_with_two_names_is_saved_over_itself(void **state)
{
	struct world *w = *state;
	char other[128], line[36] = "";
	struct ed_doc *doc;

	put_huge(w->path);
	snprintf(other, sizeof other, "%s/other", w->dir);
	assert_int_equal(link(w->path, other), 0);
	doc = open_doc(w->path);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("first\n")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	ed_text_read(ed_doc_text(doc), 6 + 599999 * 35, line, 35);
	assert_string_equal(line, "line number 0599999 of a long file\n");
	ed_doc_free(doc);
	doc = open_doc(other);
	ed_text_read(ed_doc_text(doc), 6 + 599999 * 35, line, 35);
	assert_string_equal(line, "line number 0599999 of a long file\n");
	ed_doc_free(doc);
}

static void
a_huge_file_that_is_cut_does_not_crash_us(void **state)
{
	struct world *w = *state;
	char buf[64];
	struct ed_doc *doc;

	put_huge(w->path);
	doc = open_doc(w->path);
	assert_int_equal(truncate(w->path, 1000), 0);
	assert_int_equal(ed_text_read(ed_doc_text(doc), 20000000, buf, 64), 64);
	assert_int_equal(buf[0], 0);
	(void)ed_text_lines(ed_doc_text(doc));
	(void)ed_text_line_start(ed_doc_text(doc), 400000);
	(void)ed_text_line_begin(ed_doc_text(doc), 20000000);
	assert_true(ed_text_lost(ed_doc_text(doc)));
	assert_int_equal(ed_doc_save(doc, true, NULL), WN_E_CORRUPT);
	assert_int_equal(ed_doc_reload(doc, NULL), 0);
	assert_int_equal(ed_text_len(ed_doc_text(doc)), 1000);
	ed_doc_free(doc);
}

/* ---- undo ------------------------------------------------------------------------------- */

static void
undo_and_redo_go_back_and_forth(void **state)
{
	const struct ed_step *s;
	struct ed_doc *doc = ed_doc_new(NULL);

	(void)state;
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("one")), 0);
	assert_int_equal(ed_doc_edit(doc, 3, 0, WN_STR(" two")), 0);
	assert_int_equal(ed_doc_edit(doc, 0, 4, WN_STR("1 ")), 0);
	assert_int_equal(ed_doc_step(doc, -1, &s), 0);
	assert_text(doc, "one two");
	assert_int_equal(ed_doc_step(doc, -1, &s), 0);
	assert_text(doc, "one");
	assert_int_equal(ed_doc_step(doc, 1, &s), 0);
	assert_int_equal(ed_doc_step(doc, 1, &s), 0);
	assert_text(doc, "1 two");
	assert_int_equal(ed_doc_step(doc, 1, &s), WN_E_NOT_FOUND);
	ed_doc_free(doc);
}

static void
a_group_is_one_step(void **state)
{
	const struct ed_step *s;
	struct ed_doc *doc = ed_doc_new(NULL);

	(void)state;
	ed_doc_begin(doc);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("abc")), 0);
	assert_int_equal(ed_doc_edit(doc, 1, 1, WN_STR("")), 0);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("z")), 0);
	ed_doc_end(doc);
	assert_text(doc, "zac");
	assert_int_equal(ed_doc_step(doc, -1, &s), 0);
	assert_text(doc, "");
	assert_int_equal(ed_doc_step(doc, 1, &s), 0);
	assert_text(doc, "zac");
	ed_doc_free(doc);
}

static void
a_branch_that_was_left_can_be_gone_back_to(void **state)
{
	const struct ed_step *s;
	struct ed_doc *doc = ed_doc_new(NULL);

	(void)state;
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("a")), 0); /* step 1 */
	assert_int_equal(ed_doc_edit(doc, 1, 0, WN_STR("b")), 0); /* step 2 */
	assert_int_equal(ed_doc_step(doc, -1, &s), 0);
	assert_int_equal(ed_doc_edit(doc, 1, 0, WN_STR("c")), 0); /* step 3 */
	assert_text(doc, "ac");
	assert_int_equal(ed_doc_goto_step(doc, 2), 0);
	assert_text(doc, "ab");
	assert_int_equal(ed_doc_goto_step(doc, 0), 0);
	assert_text(doc, "");
	assert_int_equal(ed_doc_goto_step(doc, 3), 0);
	assert_text(doc, "ac");
	ed_doc_free(doc);
}

static void
undoing_to_what_was_saved_is_clean_again(void **state)
{
	struct world *w = *state;
	const struct ed_step *s;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("one"));
	doc = open_doc(w->path);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
	assert_true(ed_doc_dirty(doc));
	assert_int_equal(ed_doc_step(doc, -1, &s), 0);
	assert_false(ed_doc_dirty(doc));
	ed_doc_free(doc);
}

static void
reload_is_a_step_that_can_be_undone(void **state)
{
	struct world *w = *state;
	const struct ed_step *s;
	struct ed_doc *doc;

	put_file(w->path, WN_STR("one two three"));
	doc = open_doc(w->path);
	put_file(w->path, WN_STR("one 2 three"));
	assert_int_equal(ed_doc_reload(doc, NULL), 0);
	assert_text(doc, "one 2 three");
	assert_false(ed_doc_dirty(doc));
	assert_int_equal(ed_doc_disk(doc), ED_DISK_SAME);
	assert_int_equal(ed_doc_step(doc, -1, &s), 0);
	assert_text(doc, "one two three");
	ed_doc_free(doc);
}

struct heard {
	size_t n;
	struct ed_edit last;
};

static void
hear(void *arg, const struct ed_edit *e)
{
	struct heard *h = arg;

	h->n++;
	h->last = *e;
}

static void
listeners_hear_points_before_and_after(void **state)
{
	struct heard h = { 0 };
	struct ed_listener l = { .on_edit = hear, .arg = &h };
	struct ed_doc *doc = ed_doc_new(NULL);

	(void)state;
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("ab\ncd\nef")), 0);
	ed_doc_listen(doc, &l);
	assert_int_equal(ed_doc_edit(doc, 1, 3, WN_STR("x\ny\nzz")), 0);
	assert_int_equal(h.n, 1);
	assert_int_equal(h.last.start.row, 0);
	assert_int_equal(h.last.start.col, 1);
	assert_int_equal(h.last.old_end.row, 1);
	assert_int_equal(h.last.old_end.col, 1);
	assert_int_equal(h.last.new_end.row, 2);
	assert_int_equal(h.last.new_end.col, 2);
	ed_doc_unlisten(doc, &l);
	ed_doc_free(doc);
}

/* ---- a random walk over edits, undo and jumps ------------------------------------------------ */

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static char *
copy_text(const struct ed_doc *doc)
{
	size_t n = ed_text_len(ed_doc_text(doc));
	char *p = wn_alloc(n + 1);

	ed_text_read(ed_doc_text(doc), 0, p, n);
	return p;
}

static void
every_step_of_a_random_walk_can_be_reached_again(void **state)
{
	enum { STEPS = 400 };
	char *want[STEPS + 1];
	const struct ed_step *s;
	struct ed_doc *doc = ed_doc_new(NULL);
	uint64_t seed = 0xABCDEF;

	(void)state;
	want[0] = copy_text(doc);
	for (size_t i = 1; i <= STEPS;) {
		size_t len = ed_text_len(ed_doc_text(doc)), pos = next_random(&seed) % (len + 1);
		size_t n = next_random(&seed) % 9, k = next_random(&seed) % 10;
		if (k < 3) {
			(void)!ed_doc_step(doc, k ? -1 : 1, &s);
			continue;
		}
		n = k < 6 ? 0 : n < len - pos ? n : len - pos;
		ed_doc_begin(doc);
		assert_int_equal(ed_doc_edit(doc, pos, n, wn_strn("abcdefghijk", k)), 0);
		assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("-")), 0);
		ed_doc_end(doc);
		want[i++] = copy_text(doc);
	}
	for (int i = 0; i < 2000; i++) {
		size_t at = next_random(&seed) % (STEPS + 1);
		char *have;
		assert_int_equal(ed_doc_goto_step(doc, at), 0);
		have = copy_text(doc);
		assert_string_equal(have, want[at]);
		wn_free(have);
	}
	for (size_t i = 0; i <= STEPS; i++)
		wn_free(want[i]);
	ed_doc_free(doc);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
static int
teardown_gone(void **state)
{
	wn_free(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_save_keeps_every_byte_that_was_not_edited),
		T(crlf_is_found),
		T(a_binary_file_is_read_only),
		T(indent_is_found),
		T(a_missing_file_opens_empty_and_is_made_by_saving),
		T(a_new_file_that_appeared_meanwhile_is_a_conflict),
		T(saving_keeps_mode_and_follows_a_link),
		T(saving_keeps_the_owner),
		T(a_hard_link_stays_one_file),
		T(a_change_on_disk_is_a_conflict_unless_forced),
		T(a_removed_file_is_a_conflict),
		T(save_as_does_not_overwrite_silently),
		T(no_permission_says_so_and_keeps_the_file),
		T(a_directory_is_refused),
		T(a_full_disk_keeps_the_old_file),
		cmocka_unit_test_setup_teardown(saving_leaves_nothing_behind, setup, teardown_gone),
		T(a_huge_file_stays_on_disk_and_is_edited_and_saved),
		T(a_huge_file_with_two_names_is_saved_over_itself),
		T(a_huge_file_that_is_cut_does_not_crash_us),
		cmocka_unit_test(undo_and_redo_go_back_and_forth),
		cmocka_unit_test(a_group_is_one_step),
		cmocka_unit_test(a_branch_that_was_left_can_be_gone_back_to),
		T(undoing_to_what_was_saved_is_clean_again),
		T(reload_is_a_step_that_can_be_undone),
		cmocka_unit_test(listeners_hear_points_before_and_after),
		cmocka_unit_test(every_step_of_a_random_walk_can_be_reached_again),
	};

	return cmocka_run_group_tests_name("editor/document/document", tests, NULL, NULL);
}
