/*
 * Golden screens: each tests/tui/golden/NAME.screen is keys in and screens out in one file. With
 * WN_GOLDEN=update the expected screens are written anew (then look at the difference).
 *
 *	size 80x24 | term NAME | env NAME=VALUE | args WORDS		before the first key
 *	file PATH, lines "|text", end					a file in the folder
 *	grammars LANGUAGE	colour the text with the real grammar (skipped when it is not built)
 *	keys TEXT | wait MS | resize 80x24 | mute			steps
 *	screen, lines "|row", end | styles, lines "|...", end		what must be there
 *	sees TEXT | lacks TEXT	some row holds it, or none does (for pictures that other panes add
 *to) bytes N		at most N bytes came since the last step signal N | restart	to the
 *program; end it and start it again has PATH TEXT		the file in the folder is this one
 *line exit N		the program ends with N and leaves the terminal as it was
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tests/lib/screen.h"

#define GOLDEN_DIR "tests/tui/golden"
#define WORDS_MAX 24
#define PATIENCE_S 30

struct run {
	const char *name;
	char dir[64], folder[80];
	char *argv[WORDS_MAX + 2], *env[WORDS_MAX + 1], *term;
	int argc, envc, rows, cols, line, starts;
	bool mute, update, grammars;
	struct screen *s;
	struct wn_buf out; /* the file with what really came */
	char *cursor;	   /* rest of the file's text */
};

static char *
next_line(struct run *r)
{
	char *line = r->cursor, *nl;

	if (line == NULL || *line == '\0')
		return NULL;
	nl = strchr(line, '\n');
	if (nl != NULL)
		*nl = '\0';
	r->cursor = nl != NULL ? nl + 1 : NULL;
	r->line++;
	return line;
}

/* The temporary folder has one length, so putting the same word in its place keeps the picture. */
static void
mask(struct run *r, char *text)
{
	const char *secret = strrchr(r->dir, '/') + 1;

	for (char *p = text; (p = strstr(p, secret)) != NULL; p += strlen(secret))
		memset(p, '0', strlen(secret));
}

static void
start(struct run *r)
{
	struct screen_opts o = { r->rows,
				 r->cols,
				 r->term,
				 r->folder,
				 (const char *const *)r->argv,
				 (const char *const *)r->env,
				 r->mute };

	if (r->s != NULL)
		return;
	if (!r->grammars && r->starts++ == 0) /* what is built must not change the pictures */
		r->env[r->envc++] = wn_strdup("WEBNOVA_GRAMMARS=/nonexistent");
	r->s = screen_start(&o);
	assert_non_null(r->s);
}

static void
read_block(struct run *r, struct wn_buf *b)
{
	char *line;

	while ((line = next_line(r)) != NULL && strcmp(line, "end") != 0)
		wn_buf_printf(b, "%s\n", line[0] == '|' ? line + 1 : line);
}

static void
make_file(struct run *r, const char *name)
{
	struct wn_buf b;
	char *path = wn_path_join(r->folder, name), *slash = strrchr(path, '/');
	const char *from = r->cursor;

	wn_buf_init(&b, (size_t)1 << 20);
	read_block(r, &b);
	*slash = '\0';
	assert_int_equal(wn_file_mkdirs(path, 0755, NULL), 0);
	*slash = '/';
	assert_int_equal(wn_file_write(path, wn_buf_view(&b), 0644, NULL), 0);
	(void)from;
	for (char *p = b.p, *nl; p != NULL && *p != '\0'; p = nl + 1) {
		nl = strchr(p, '\n');
		wn_buf_printf(&r->out, "|%.*s\n", (int)(nl - p), p);
	}
	wn_buf_cstr(&r->out, "end\n");
	wn_buf_fini(&b);
	wn_free(path);
}

static void
compare(struct run *r, bool styles)
{
	struct wn_buf want, got;
	int at = r->line;

	start(r);
	wn_buf_init(&want, (size_t)4 << 20);
	wn_buf_init(&got, (size_t)4 << 20);
	read_block(r, &want);
	if (styles)
		screen_styles(r->s, &got);
	else
		screen_text(r->s, &got);
	if (got.p != NULL)
		mask(r, got.p);
	for (char *p = got.p, *nl; p != NULL && *p != '\0'; p = nl + 1) {
		nl = strchr(p, '\n');
		wn_buf_printf(&r->out, "|%.*s\n", (int)(nl - p), p);
	}
	wn_buf_cstr(&r->out, "end\n");
	if (!r->update && !wn_str_eq(wn_buf_view(&want), wn_buf_view(&got)))
		fail_msg("%s:%d: the %s differ. Now:\n%s", r->name, at, styles ? "styles" : "rows",
			 got.p != NULL ? got.p : "(nothing)");
	wn_buf_fini(&want);
	wn_buf_fini(&got);
}

static void
words(char **v, int *n, const char *text)
{
	char *copy = wn_strdup(text), *p = copy, *word;

	while ((word = strsep(&p, " ")) != NULL)
		if (*word != '\0' && *n < WORDS_MAX)
			v[(*n)++] = wn_strdup(word);
	wn_free(copy);
}

/* Whether some row holds the text; the picture is left in b. */
static bool
shows(struct run *r, const char *text, struct wn_buf *b)
{
	wn_buf_init(b, (size_t)4 << 20);
	screen_text(r->s, b);
	mask(r, b->p);
	return strstr(b->p, text) != NULL;
}

/* A signal may come after the keys that were sent behind it: the program is given its time. */
static void
sees(struct run *r, const char *text, bool want)
{
	time_t end = time(NULL) + PATIENCE_S;
	int tries = 0;
	struct wn_buf b;

	start(r);
	while (shows(r, text, &b) != want) {
		/* News of the disk may come after the clock went on; the next picture is due then.
		 */
		bool late = want && ++tries % 20 == 0 && tries <= 200;

		if (time(NULL) > end || !screen_sync(r->s, late ? 10 : 0))
			fail_msg("%s:%d: \"%s\" is %s the screen:\n%s", r->name, r->line, text,
				 want ? "not on" : "on", b.p);
		wn_buf_fini(&b);
	}
	wn_buf_fini(&b);
}

static void
has(struct run *r, const char *rest)
{
	struct wn_buf b;
	const char *text = strchr(rest, ' ') + 1;
	char *name = wn_strndup(rest, (size_t)(text - rest - 1)),
	     *path = wn_path_join(r->folder, name);

	wn_buf_init(&b, (size_t)1 << 20);
	assert_int_equal(wn_file_read(path, &b, NULL), 0);
	if (b.len != strlen(text) + 1 || strncmp(b.p, text, strlen(text)) != 0)
		fail_msg("%s:%d: the file holds: %s", r->name, r->line, b.p);
	wn_buf_fini(&b);
	wn_free(name);
	wn_free(path);
}

static void
need_grammar(struct run *r, const char *language)
{
	char *so = wn_asprintf("%.*s/grammars/%s.so", (int)(strrchr(r->argv[0], '/') - r->argv[0]),
			       r->argv[0], language);
	bool there = wn_file_exists(so);

	wn_free(so);
	r->grammars = true;
	if (!there) {
		print_message("skipped: the grammar %s is not built (make grammars)\n", language);
		skip();
	}
}

static void
step(struct run *r, const char *verb, const char *rest)
{
	if (strcmp(verb, "size") == 0) {
		assert_int_equal(sscanf(rest, "%dx%d", &r->cols, &r->rows), 2);
	} else if (strcmp(verb, "term") == 0) {
		wn_free(r->term);
		r->term = wn_strdup(rest);
	} else if (strcmp(verb, "env") == 0) {
		r->env[r->envc++] = wn_strdup(rest);
	} else if (strcmp(verb, "args") == 0) {
		words(r->argv, &r->argc, rest);
	} else if (strcmp(verb, "file") == 0) {
		make_file(r, rest);
		/* A running program hears of it before its clock goes on. */
		for (int i = 0; i < 3 && r->s != NULL; i++)
			(void)screen_sync(r->s, 0);
	} else if (strcmp(verb, "grammars") == 0) {
		need_grammar(r, rest);
	} else if (strcmp(verb, "mute") == 0) {
		r->mute = true;
	} else if (strcmp(verb, "keys") == 0) {
		start(r);
		(void)screen_bytes(r->s);
		if (!screen_keys(r->s, rest))
			fail_msg("%s:%d: bad keys: %s", r->name, r->line, rest);
		(void)screen_sync(r->s, 0);
	} else if (strcmp(verb, "wait") == 0) {
		start(r);
		(void)screen_bytes(r->s);
		(void)screen_sync(r->s, (int)strtol(rest, NULL, 10));
	} else if (strcmp(verb, "resize") == 0) {
		int rows, cols;

		start(r);
		assert_int_equal(sscanf(rest, "%dx%d", &cols, &rows), 2);
		screen_resize(r->s, rows, cols);
		(void)screen_sync(r->s, 0);
	} else if (strcmp(verb, "screen") == 0 || strcmp(verb, "styles") == 0) {
		compare(r, verb[1] == 't');
	} else if (strcmp(verb, "bytes") == 0) {
		/* the marker's own answer is no output of the client */
		size_t n = screen_bytes(r->s), own = strlen("\033]7770;00\033\\");

		n = n > own ? n - own : 0;
		if (n > (size_t)strtol(rest, NULL, 10))
			fail_msg("%s:%d: %zu bytes, allowed are %s", r->name, r->line, n, rest);
	} else if (strcmp(verb, "sees") == 0 || strcmp(verb, "lacks") == 0) {
		sees(r, rest, verb[0] == 's');
	} else if (strcmp(verb, "signal") == 0) {
		start(r);
		assert_int_equal(kill(screen_pid(r->s), (int)strtol(rest, NULL, 10)), 0);
	} else if (strcmp(verb, "restart") == 0) {
		screen_free(r->s);
		r->s = NULL;
	} else if (strcmp(verb, "has") == 0) {
		has(r, rest);
	} else if (strcmp(verb, "exit") == 0) {
		start(r);
		assert_int_equal(screen_wait(r->s), strtol(rest, NULL, 10));
		if (!screen_restored(r->s))
			fail_msg("%s:%d: the terminal was not given back as it was", r->name,
				 r->line);
	} else {
		fail_msg("%s:%d: what is \"%s\"?", r->name, r->line, verb);
	}
}

static char *
program(void)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	assert_true(n > 0);
	exe[n] = '\0';
	for (int i = 0; i < 3; i++) /* B/tests/tui/golden_test */
		*strrchr(exe, '/') = '\0';
	return wn_asprintf("%s/webnova", exe);
}

static void
run_lines(struct run *r)
{
	char *line;

	while ((line = next_line(r)) != NULL) {
		char *space = strchr(line, ' ');

		wn_buf_printf(&r->out, "%s\n", line);
		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (space != NULL)
			*space = '\0';
		step(r, line, space != NULL ? space + 1 : "");
	}
}

static void
golden(void **state)
{
	struct run r = { .name = *state, .rows = 24, .cols = 80, .dir = "/tmp/wn-XXXXXX" };
	char *path = wn_asprintf(GOLDEN_DIR "/%s", r.name), *text;
	struct wn_buf file;

	assert_non_null(mkdtemp(r.dir));
	snprintf(r.folder, sizeof r.folder, "%s/shop", r.dir);
	assert_int_equal(wn_file_mkdirs(r.folder, 0755, NULL), 0);
	r.update = getenv("WN_GOLDEN") != NULL;
	r.term = wn_strdup("xterm-256color");
	r.argv[r.argc++] = program();
	words(r.argv, &r.argc, "--engine none");
	r.env[r.envc++] = wn_asprintf("XDG_STATE_HOME=%s/state", r.dir);
	r.env[r.envc++] = wn_asprintf("XDG_DATA_HOME=%s/data", r.dir);
	wn_buf_init(&file, (size_t)4 << 20);
	wn_buf_init(&r.out, (size_t)4 << 20);
	assert_int_equal(wn_file_read(path, &file, NULL), 0);
	text = wn_buf_take(&file, NULL);
	r.cursor = text;
	run_lines(&r);
	if (r.update)
		assert_int_equal(wn_file_write(path, wn_buf_view(&r.out), 0644, NULL), 0);
	screen_free(r.s);
	assert_int_equal(wn_file_rmtree(r.dir, NULL), 0);
	for (int i = 0; i < r.argc; i++)
		wn_free(r.argv[i]);
	for (int i = 0; i < r.envc; i++)
		wn_free(r.env[i]);
	wn_free(r.term);
	wn_buf_fini(&r.out);
	wn_free(text);
	wn_free(path);
}

static int
by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
is_screen(const struct dirent *e)
{
	const char *only = getenv("WN_GOLDEN_ONLY");

	return wn_str_has_suffix(wn_str(e->d_name), WN_STR(".screen")) &&
	       (only == NULL || strstr(e->d_name, only) != NULL);
}

int
main(void)
{
	struct dirent **v = NULL;
	int n = scandir(GOLDEN_DIR, &v, is_screen, by_name), failed;
	struct CMUnitTest *tests;

	if (n < 0) {
		fprintf(stderr, "%s is not here; run from the top of the tree\n", GOLDEN_DIR);
		return 1;
	}
	tests = wn_alloc_array((size_t)n + 1, sizeof *tests);
	for (int i = 0; i < n; i++)
		tests[i] = (struct CMUnitTest){ v[i]->d_name, golden, NULL, NULL, v[i]->d_name };
	failed = _cmocka_run_group_tests("tests/tui/golden", tests, (size_t)n, NULL, NULL);
	for (int i = 0; i < n; i++)
		free(v[i]);
	free(v);
	wn_free(tests);
	return failed;
}
