/*
 * The editor core against floors measured in the same run: reading, counting and searching the same
 * bytes with plain libc calls, writing them with write and fsync; and against ripgrep and Vim where
 * they are installed. Ratios; below 1 is better than the floor or the peer.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "editor/editor.h"
#include "editor/search/scan.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define ROUNDS 5
#define CHUNK ((size_t)1 << 20)
#define NEEDLE "the needle at the end"

struct bench {
	char path[64], copy[96];
	size_t size;
	char *chunk;
};

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
must(bool ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

static void
make_file(struct bench *b, size_t size)
{
	FILE *f = fopen(b->path, "w");

	must(f != NULL, "fopen");
	for (size_t i = 0; b->size < size; i++)
		b->size +=
			(size_t)fprintf(f, "%09zu some line of a log that says what happened\n", i);
	b->size += (size_t)fprintf(f, "%s", NEEDLE);
	must(fclose(f) == 0, "fclose");
}

/* Reads the file with plain read(2); each chunk goes through fn. */
static void
floor_read(struct bench *b, size_t (*fn)(const char *p, size_t n))
{
	int fd = open(b->path, O_RDONLY);
	volatile size_t sum = 0;
	ssize_t n;

	must(fd >= 0, "open");
	while ((n = read(fd, b->chunk, CHUNK)) > 0)
		sum += fn(b->chunk, (size_t)n);
	close(fd);
}

static size_t
count_memchr(const char *p, size_t n)
{
	size_t lines = 0;

	for (const char *end = p + n; (p = memchr(p, '\n', (size_t)(end - p))); p++)
		lines++;
	return lines;
}

static size_t
find_memmem(const char *p, size_t n)
{
	return memmem(p, n, NEEDLE, sizeof NEEDLE - 1) != NULL;
}

static void
floor_count(struct bench *b)
{
	floor_read(b, count_memchr);
}

static void
floor_search(struct bench *b)
{
	floor_read(b, find_memmem);
}

static void
floor_save(struct bench *b)
{
	int in = open(b->path, O_RDONLY), out = open(b->copy, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n;

	must(in >= 0 && out >= 0, "open");
	while ((n = read(in, b->chunk, CHUNK)) > 0)
		must(write(out, b->chunk, (size_t)n) == n, "write");
	must(fsync(out) == 0, "fsync");
	close(in);
	close(out);
}

static struct ed_doc *
open_doc(struct bench *b)
{
	struct ed_doc *doc;

	must(ed_doc_open(b->path, NULL, &doc, NULL) == 0, "open");
	return doc;
}

static void
ours_count(struct bench *b)
{
	struct ed_doc *doc = open_doc(b);

	must(ed_text_lines(ed_doc_text(doc)) > 1, "lines");
	ed_doc_free(doc);
}

static void
ours_search(struct bench *b)
{
	struct ed_doc *doc = open_doc(b);
	struct ed_search *s;
	struct ed_match m;

	must(ed_search_new(WN_STR(NEEDLE), 0, &s, NULL) == 0, "search");
	must(ed_search_next(s, ed_doc_text(doc), 0, NULL, &m) == 0, "needle");
	ed_search_free(s);
	ed_doc_free(doc);
}

static void
ours_save(struct bench *b)
{
	struct ed_doc *doc = open_doc(b);

	must(ed_doc_edit(doc, b->size / 2, 0, WN_STR("x")) == 0, "edit");
	must(ed_doc_save_as(doc, b->copy, true, NULL) == 0, "save");
	ed_doc_free(doc);
}

static int
by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Medians of both, taking turns. */
static double
ratio(struct bench *b, void (*ours)(struct bench *), void (*peer)(struct bench *))
{
	double o[ROUNDS], p[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double t = seconds();
		ours(b);
		o[i] = seconds() - t;
		t = seconds();
		peer(b);
		p[i] = seconds() - t;
	}
	qsort(o, ROUNDS, sizeof *o, by_value);
	qsort(p, ROUNDS, sizeof *p, by_value);
	return o[ROUNDS / 2] / p[ROUNDS / 2];
}

/* ---- programs as peers ---- */

static void
run(const char *const argv[])
{
	pid_t pid = fork();
	int status;

	must(pid >= 0, "fork");
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		for (int i = 0; i < 3; i++)
			dup2(null, i);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	must(waitpid(pid, &status, 0) == pid, "waitpid");
}

static bool
there(const char *program)
{
	char *path = wn_path_which(program);
	bool is = path != NULL;

	wn_free(path);
	return is;
}

static void
peer_search(struct bench *b)
{
	run((const char *const[]){ "rg", "-c", NEEDLE, b->path, NULL });
}

static void
ours_pattern(struct bench *b)
{
	struct ed_doc *doc = open_doc(b);
	struct ed_scan *scan = ed_scan_new(WN_STR("l[o]g that"), ED_SEARCH_REGEX, ed_doc_text(doc));

	ed_scan_run(scan, NULL, NULL);
	must(ed_scan_state(scan).n > 1, "pattern");
	ed_scan_free(scan);
	ed_doc_free(doc);
}

static void
peer_pattern(struct bench *b)
{
	run((const char *const[]){ "rg", "-c", "l[o]g that", b->path, NULL });
}

static void
ours_replace(struct bench *b)
{
	struct ed_doc *doc = open_doc(b);
	struct ed_search *s;
	size_t n;

	must(ed_search_new(WN_STR("some line"), 0, &s, NULL) == 0, "search");
	must(ed_search_replace_all(s, doc, 0, SIZE_MAX, WN_STR("another"), &n, NULL) == 0,
	     "replace");
	must(n > 1000, "hits");
	ed_search_free(s);
	ed_doc_free(doc);
}

static void
peer_replace(struct bench *b)
{
	run((const char *const[]){ "vim", "-u", "NONE", "-n", "-es", "-c", "%s/some line/another/g",
				   "-c", "qa!", b->path, NULL });
}

static void
against_programs(struct bench *b)
{
	if (there("rg")) {
		printf("{\"search a literal at the end / rg\": %.2f}\n",
		       ratio(b, ours_search, peer_search));
		printf("{\"count a pattern's hits / rg -c\": %.2f}\n",
		       ratio(b, ours_pattern, peer_pattern));
	}
	if (there("vim"))
		printf("{\"open and replace every line's hit / vim\": %.2f}\n",
		       ratio(b, ours_replace, peer_replace));
}

/* Typing in the middle of a large text against the same in a flat buffer (memmove). */
static double
typing(struct bench *b)
{
	struct ed_doc *doc = open_doc(b);
	struct ed_view *v = ed_view_new(doc);
	char *flat = wn_alloc(b->size + 4096);
	double ours, peer;
	enum { KEYS = 50 };

	(void)ed_text_lines(ed_doc_text(doc));
	ed_view_select(v, b->size / 2, b->size / 2);
	ours = seconds();
	for (int i = 0; i < KEYS; i++)
		must(ed_view_type(v, WN_STR("x"), NULL) == 0, "type");
	ours = seconds() - ours;
	peer = seconds();
	for (size_t i = 0; i < KEYS; i++) {
		memmove(flat + b->size / 2 + i + 1, flat + b->size / 2 + i, b->size / 2);
		flat[b->size / 2 + i] = 'x';
	}
	peer = seconds() - peer;
	ed_view_free(v);
	ed_doc_free(doc);
	wn_free(flat);
	return ours / peer;
}

int
main(int argc, char **argv)
{
	size_t size = (argc > 1 ? strtoul(argv[1], NULL, 10) : 100) * 1000000;
	struct bench b = { .chunk = wn_alloc(CHUNK) };

	snprintf(b.path, sizeof b.path, "/tmp/wn-editor-bench-%d", (int)getpid());
	snprintf(b.copy, sizeof b.copy, "%s.copy", b.path);
	make_file(&b, size);
	printf("{\"open and count lines / read + memchr\": %.2f}\n",
	       ratio(&b, ours_count, floor_count));
	printf("{\"search a literal at the end / read + memmem\": %.2f}\n",
	       ratio(&b, ours_search, floor_search));
	printf("{\"save after one edit / read + write + fsync\": %.2f}\n",
	       ratio(&b, ours_save, floor_save));
	against_programs(&b);
	printf("{\"type in the middle / memmove\": %.4f}\n", typing(&b));
	(void)unlink(b.path);
	(void)unlink(b.copy);
	wn_free(b.chunk);
	return 0;
}
