/* Unsaved text kept beside, locks between programs, and saving in another thread than typing. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "editor/document/disk.h"
#include "editor/document/recovery.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

struct world {
	char dir[64], kept[96], path[96];
};

static int
setup(void **state)
{
	struct world *w = WN_NEW(struct world);

	snprintf(w->dir, sizeof w->dir, "/tmp/wn-rec-XXXXXX");
	if (!mkdtemp(w->dir))
		return -1;
	snprintf(w->kept, sizeof w->kept, "%s/kept", w->dir);
	snprintf(w->path, sizeof w->path, "%s/file.txt", w->dir);
	*state = w;
	return wn_file_write(w->path, WN_STR("one\n"), 0644, NULL);
}

static int
teardown(void **state)
{
	struct world *w = *state;
	int err = wn_file_rmtree(w->dir, NULL);

	wn_free(w);
	return err;
}

static struct ed_recovery *
open_it(const struct world *w, struct ed_recovered *left)
{
	struct ed_recovery *r = ed_recovery_open(w->kept, w->path, w->dir, left);

	assert_non_null(r);
	return r;
}

static void
keep(struct ed_recovery *r, const char *text)
{
	struct ed_text *t = ed_text_from(wn_str(text));

	assert_int_equal(ed_recovery_write(r, ed_recovery_next(r), t, NULL), 0);
	ed_text_free(t);
}

static void
assert_left(const struct ed_recovered *left, const char *want)
{
	struct ed_text *t;
	char buf[256];

	assert_non_null(left->file);
	t = ed_recovered_read(left, NULL);
	assert_non_null(t);
	assert_int_equal(ed_text_len(t), strlen(want));
	assert_int_equal(ed_text_read(t, 0, buf, sizeof buf), strlen(want));
	assert_memory_equal(buf, want, strlen(want));
	ed_text_free(t);
}

static void
what_was_kept_is_found_again(void **state)
{
	struct world *w = *state;
	struct ed_recovered left;
	struct ed_recovery *r = open_it(w, &left);

	assert_null(left.file);
	keep(r, "two\n");
	ed_recovery_unref(r);
	r = open_it(w, &left);
	assert_left(&left, "two\n");
	assert_int_equal(left.disk_bytes, 4);
	ed_recovered_fini(&left);
	ed_recovery_unref(r);
}

static void
what_was_dropped_is_not_offered(void **state)
{
	struct world *w = *state;
	struct ed_recovered left;
	struct ed_recovery *r = open_it(w, &left);

	keep(r, "two\n");
	ed_recovery_drop(r, ed_recovery_next(r));
	ed_recovery_unref(r);
	r = open_it(w, &left);
	assert_null(left.file);
	ed_recovery_unref(r);
}

static void
a_late_write_of_an_older_text_comes_to_nothing(void **state)
{
	struct world *w = *state;
	struct ed_recovered left;
	struct ed_recovery *r = open_it(w, &left);
	struct ed_text *old = ed_text_from(WN_STR("old"));
	unsigned older = ed_recovery_next(r);

	keep(r, "new");
	assert_int_equal(ed_recovery_write(r, older, old, NULL), 0);
	ed_text_free(old);
	ed_recovery_unref(r);
	r = open_it(w, &left);
	assert_left(&left, "new");
	ed_recovered_fini(&left);
	ed_recovery_unref(r);
}

static void
a_torn_file_is_not_offered(void **state)
{
	struct world *w = *state;
	struct ed_recovered left;
	struct ed_recovery *r = open_it(w, &left);

	keep(r, "a text that will be cut");
	ed_recovery_unref(r);
	r = open_it(w, &left);
	assert_int_equal(truncate(left.file, 40), 0);
	ed_recovered_fini(&left);
	ed_recovery_unref(r);
	r = open_it(w, &left);
	assert_null(left.file);
	ed_recovery_unref(r);
}

static void
a_signal_handler_can_keep_it(void **state)
{
	struct world *w = *state;
	struct ed_recovered left;
	struct ed_recovery *r = open_it(w, &left);
	struct ed_text *t = ed_text_from(WN_STR("the last words\n"));

	ed_recovery_crash(r, t);
	ed_text_free(t);
	ed_recovery_unref(r);
	r = open_it(w, &left);
	assert_left(&left, "the last words\n");
	ed_recovered_fini(&left);
	ed_recovery_unref(r);
}

/* A file too large for memory, 20 MB. */
static void
put_huge(const char *path)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	for (int i = 0; i < 600000; i++)
		fprintf(f, "line number %07d of a long file\n", i);
	assert_int_equal(fclose(f), 0);
}

static void
assert_same(const struct ed_text *a, const struct ed_text *b)
{
	static char x[1 << 16], y[1 << 16];

	assert_int_equal(ed_text_len(a), ed_text_len(b));
	for (size_t at = 0; at < ed_text_len(a); at += sizeof x) {
		size_t n = ed_text_read(a, at, x, sizeof x);

		assert_int_equal(ed_text_read(b, at, y, sizeof y), n);
		assert_memory_equal(x, y, n);
	}
}

static struct ed_doc *
open_huge(struct world *w)
{
	struct ed_doc *doc;

	assert_int_equal(ed_doc_open(w->path, NULL, &doc, NULL), 0);
	assert_true(ed_doc_info(doc)->huge);
	return doc;
}

/* Keeps the document's text and looks what comes back; at most `most` bytes are written. */
static void
check_kept(struct world *w, const struct ed_doc *doc, off_t most)
{
	struct ed_recovered left;
	struct ed_recovery *r = open_it(w, &left);
	struct ed_text *t;
	struct stat st;

	ed_recovered_fini(&left);
	assert_int_equal(ed_recovery_write(r, ed_recovery_next(r), ed_doc_text(doc), NULL), 0);
	ed_recovery_unref(r);
	r = open_it(w, &left);
	assert_int_equal(stat(left.file, &st), 0);
	assert_true(st.st_size <= most);
	assert_int_equal(left.bytes, ed_text_len(ed_doc_text(doc)));
	t = ed_recovered_read(&left, NULL);
	assert_non_null(t);
	assert_same(t, ed_doc_text(doc));
	ed_text_free(t);
	ed_recovered_fini(&left);
	ed_recovery_unref(r);
}

static void
edits_of_a_huge_file_are_kept_as_edits(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	put_huge(w->path);
	doc = open_huge(w);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("A 1\nK 0 9\n")), 0);
	assert_int_equal(ed_doc_edit(doc, 5000000, 12345, WN_STR("\xFF x")), 0);
	assert_int_equal(ed_doc_edit(doc, ed_text_len(ed_doc_text(doc)), 0, WN_STR("end")), 0);
	check_kept(w, doc, 4096);
	/* After a save it is the new file that the edits are of. */
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_int_equal(ed_doc_edit(doc, 100, 0, WN_STR("more")), 0);
	check_kept(w, doc, 4096);
	ed_doc_free(doc);
}

static void
edits_of_a_file_that_changed_meanwhile_are_not_mixed_with_it(void **state)
{
	struct world *w = *state;
	struct ed_recovered left;
	struct ed_recovery *r;
	struct wn_diag d = { 0 };
	struct ed_doc *doc;

	put_huge(w->path);
	doc = open_huge(w);
	assert_int_equal(ed_doc_edit(doc, 3, 0, WN_STR("typed")), 0);
	check_kept(w, doc, 4096);
	assert_int_equal(truncate(w->path, 1000), 0);
	r = open_it(w, &left);
	assert_non_null(left.file);
	assert_null(ed_recovered_read(&left, &d));
	assert_int_equal(d.code, WN_E_CONFLICT);
	ed_recovered_fini(&left);
	ed_recovery_unref(r);
	ed_doc_free(doc);
}

static void
a_body_that_lies_is_no_text(void **state)
{
	static const char *const bodies[] = { "K 0 5\nK 3 2\n",
					      "K 0 4\nA 9\nx",
					      "K 4 1\n",
					      "B 1\n",
					      "K 0\n",
					      "A 1",
					      "K -1 2\n",
					      "A 99999999999999999999\nx",
					      "K 1 18446744073709551615\n" };
	struct world *w = *state;
	struct stat st;

	assert_int_equal(stat(w->path, &st), 0);
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		struct ed_recovered left;
		struct ed_recovery *r = open_it(w, &left);
		struct ed_text *t = ed_text_from(WN_STR("x"));
		char *file, *text;

		ed_recovered_fini(&left);
		assert_int_equal(ed_recovery_write(r, ed_recovery_next(r), t, NULL), 0);
		ed_text_free(t);
		ed_recovery_unref(r);
		r = open_it(w, &left);
		file = wn_strdup(left.file);
		ed_recovered_fini(&left);
		text = wn_asprintf("webnova-recovery 2 1 5 %zu %zu 7 %zu %lld %lld\n%s%s%s",
				   strlen(w->path), strlen(w->dir), strlen(bodies[i]),
				   (long long)st.st_size,
				   (long long)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
				   w->path, w->dir, bodies[i]);
		assert_int_equal(wn_file_write(file, wn_str(text), 0600, NULL), 0);
		ed_recovery_unref(r);
		r = open_it(w, &left);
		assert_non_null(left.file);
		assert_null(ed_recovered_read(&left, NULL));
		ed_recovered_fini(&left);
		ed_recovery_unref(r);
		wn_free(file);
		wn_free(text);
	}
}

static void
a_second_program_is_told_of_the_first_and_both_texts_survive(void **state)
{
	struct world *w = *state;
	struct ed_recovered left;
	int go[2], told[2], st;
	struct ed_recovery *r;
	char c;
	pid_t pid;

	assert_int_equal(pipe(go) | pipe(told), 0);
	pid = fork();
	if (pid == 0) {
		r = ed_recovery_open(w->kept, w->path, w->dir, &left);
		if (r == NULL || ed_recovery_other(r) != 0 || write(told[1], "x", 1) != 1 ||
		    read(go[0], &c, 1) != 1)
			_exit(1);
		_exit(0); /* without giving anything back, as a crash would */
	}
	assert_int_equal(read(told[0], &c, 1), 1);
	r = open_it(w, &left);
	assert_int_equal(ed_recovery_other(r), pid);
	keep(r, "of the second");
	ed_recovery_unref(r);
	assert_int_equal(write(go[1], "x", 1), 1);
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_int_equal(st, 0);
	r = open_it(w, &left);
	assert_int_equal(ed_recovery_other(r), 0);
	assert_null(left.file); /* its program, this one, lives */
	ed_recovery_unref(r);
}

static void
a_text_without_a_name_is_found_by_its_folder(void **state)
{
	struct world *w = *state;
	struct ed_recovered left;
	int st;
	pid_t pid = fork();

	if (pid == 0) {
		struct ed_recovery *r = ed_recovery_open(w->kept, NULL, w->dir, &left);
		struct ed_text *t = ed_text_from(WN_STR("unnamed"));

		_exit(ed_recovery_write(r, ed_recovery_next(r), t, NULL));
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_int_equal(st, 0);
	assert_false(ed_recovered_unnamed(w->kept, "/elsewhere", 0, &left));
	assert_true(ed_recovered_unnamed(w->kept, w->dir, 0, &left));
	assert_left(&left, "unnamed");
	ed_recovered_fini(&left);
	assert_false(ed_recovered_unnamed(w->kept, w->dir, 1, &left));
}

static void *
run_save(void *arg)
{
	return (void *)(intptr_t)ed_save_run(arg, NULL);
}

static void
what_is_typed_during_a_save_stays_unsaved(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;
	struct ed_save *s;
	struct wn_buf b;
	pthread_t t;
	void *err;

	assert_int_equal(ed_doc_open(w->path, NULL, &doc, NULL), 0);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("a")), 0);
	s = ed_save_begin(doc, NULL, false);
	assert_int_equal(pthread_create(&t, NULL, run_save, s), 0);
	assert_int_equal(ed_doc_edit(doc, 1, 0, WN_STR("b")), 0);
	pthread_join(t, &err);
	ed_save_end(s, doc, (wn_err)(intptr_t)err);
	assert_true(ed_doc_dirty(doc));
	wn_buf_init(&b, 100);
	assert_int_equal(wn_file_read(w->path, &b, NULL), 0);
	assert_string_equal(b.p, "aone\n");
	wn_buf_fini(&b);
	assert_int_equal(ed_doc_disk(doc), ED_DISK_SAME);
	ed_doc_free(doc);
}

static void
a_moved_document_saves_to_its_new_path(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;
	char *to = wn_asprintf("%s/moved.txt", w->dir);

	assert_int_equal(ed_doc_open(w->path, NULL, &doc, NULL), 0);
	assert_int_equal(rename(w->path, to), 0);
	ed_doc_moved(doc, to);
	assert_int_equal(ed_doc_disk(doc), ED_DISK_SAME);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("a")), 0);
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_false(wn_file_exists(w->path));
	ed_doc_free(doc);
	wn_free(to);
}

static void
a_forgotten_file_is_made_again_without_a_conflict(void **state)
{
	struct world *w = *state;
	struct ed_doc *doc;

	assert_int_equal(ed_doc_open(w->path, NULL, &doc, NULL), 0);
	assert_int_equal(unlink(w->path), 0);
	ed_doc_forget_disk(doc);
	assert_true(ed_doc_dirty(doc));
	assert_int_equal(ed_doc_save(doc, false, NULL), 0);
	assert_true(wn_file_exists(w->path));
	ed_doc_free(doc);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_was_kept_is_found_again),
		T(what_was_dropped_is_not_offered),
		T(a_late_write_of_an_older_text_comes_to_nothing),
		T(a_torn_file_is_not_offered),
		T(a_signal_handler_can_keep_it),
		T(edits_of_a_huge_file_are_kept_as_edits),
		T(edits_of_a_file_that_changed_meanwhile_are_not_mixed_with_it),
		T(a_body_that_lies_is_no_text),
		T(a_second_program_is_told_of_the_first_and_both_texts_survive),
		T(a_text_without_a_name_is_found_by_its_folder),
		T(what_is_typed_during_a_save_stays_unsaved),
		T(a_moved_document_saves_to_its_new_path),
		T(a_forgotten_file_is_made_again_without_a_conflict),
	};

	return cmocka_run_group_tests_name("editor/document/recovery", tests, NULL, NULL);
}
