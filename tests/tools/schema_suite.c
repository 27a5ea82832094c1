/*
 * Runs files of the official JSON Schema test suite's format against our validator:
 *
 *	schema_suite [--format] [--remotes DIR] FILE|DIR...
 *
 * --remotes loads every *.json under DIR as http://localhost:1234/<path>. --format lets formats
 * assert; files in a directory named "format" are about nothing else and always run so. Prints
 * each failure and a last line "N passed, N failed"; exits 1 when something failed.
 *
 * Three things of the suite our JSON wrapper refuses by design are let in here only: a repeated
 * member (the last one counts), "\u0000" in a string, read as U+F8FE, and half a surrogate pair,
 * read as U+FFFF.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "runtime/base/arena.h"
#include "runtime/base/json.h"
#include "runtime/base/json_read.h"
#include "runtime/base/jsonschema.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define FILE_MAX (16u * 1024 * 1024)

struct remote {
	char *uri;
	struct wn_json *doc;
};

struct suite {
	struct wn_schema_opts opts;
	WN_VEC(struct remote) remotes;
	size_t passed, failed;
};

typedef void (*file_fn)(struct suite *s, const char *path, const char *relative);

static bool
read_file(const char *path, struct wn_buf *out)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return false;
	for (size_t n = 1; n > 0;) {
		char *p = wn_buf_reserve(out, 65536);
		n = p ? fread(p, 1, 65536, f) : 0;
		wn_buf_commit(out, n);
	}
	bool ok = !ferror(f) && !out->err;
	fclose(f);
	return ok;
}

/* The code unit of an escape "\\uXXXX" at p, or -1. */
static long
unit_at(const char *p, const char *end)
{
	char hex[5] = { 0 };
	if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
		return -1;
	memcpy(hex, p + 2, 4);
	return strtol(hex, NULL, 16);
}

/* Rewrites escapes that our wrapper refuses, in place. */
static void
replace_escapes(struct wn_buf *b)
{
	const char *end = b->p + b->len;
	for (char *p = b->p; p && p + 1 < end; p++) {
		if (*p != '\\')
			continue;
		long unit = unit_at(p, end), next = unit >= 0 ? unit_at(p + 6, end) : -1;
		if (unit >= 0xD800 && unit < 0xDC00 && next >= 0xDC00 && next < 0xE000)
			p += 6; /* a whole pair */
		else if (unit >= 0xD800 && unit < 0xE000)
			memcpy(p + 2, "ffff", 4);
		else if (unit == 0)
			memcpy(p + 2, "f8fe", 4);
		p++;
	}
}

/* Numbers are rounded to doubles, as plain JSON Schema asks. */
static const struct wn_json_limits lossy = { .lossy_numbers = true };

static struct wn_json *build(struct wn_jr *r);

static struct wn_json *
build_object(struct wn_jr *r)
{
	struct wn_json *o = wn_json_new_object();
	struct wn_str key;
	wn_jr_object(r);
	while (wn_jr_member(r, &key)) {
		char *name = wn_strndup(key.p, key.len);
		struct wn_json *v = build(r);
		if (v)
			wn_json_set(o, name, v);
		wn_free(name);
	}
	return o;
}

static struct wn_json *
build_array(struct wn_jr *r)
{
	struct wn_json *a = wn_json_new_array();
	wn_jr_array(r);
	while (wn_jr_element(r)) {
		struct wn_json *v = build(r);
		if (v)
			wn_json_push(a, v);
	}
	return a;
}

static struct wn_json *
build(struct wn_jr *r)
{
	struct wn_str text;
	struct wn_json *v = NULL;
	switch (wn_jr_peek(r)) {
	case WN_JSON_OBJECT:
		return build_object(r);
	case WN_JSON_ARRAY:
		return build_array(r);
	default:
		if (wn_jr_skip(r, &text) == WN_OK &&
		    wn_json_parse(text, &lossy, &v, r->diag) != WN_OK)
			r->err = WN_E_PARSE;
		return v;
	}
}

/* For a text with a repeated member, which wn_json_parse() refuses. */
static struct wn_json *
read_repeated(struct wn_str text, struct wn_diag *d)
{
	struct wn_arena arena;
	struct wn_jr r;
	wn_arena_init(&arena, 0);
	wn_jr_init(&r, text, &arena, d);
	struct wn_json *doc = build(&r);
	if (wn_jr_end(&r) != WN_OK) {
		wn_json_free(doc);
		doc = NULL;
	}
	wn_arena_fini(&arena);
	return doc;
}

/* Owned document, or NULL with the reason printed. */
static struct wn_json *
load(const char *path)
{
	struct wn_buf b;
	struct wn_diag d = { 0 };
	struct wn_json *doc = NULL;
	wn_buf_init(&b, FILE_MAX);
	if (read_file(path, &b)) {
		replace_escapes(&b);
		if (wn_json_parse(wn_buf_view(&b), &lossy, &doc, &d) != WN_OK)
			doc = read_repeated(wn_buf_view(&b), NULL);
	}
	if (!doc)
		printf("%s: cannot be read: %s\n", path, d.text);
	wn_buf_fini(&b);
	return doc;
}

static void
add_remote(struct suite *s, const char *path, const char *relative)
{
	struct wn_json *doc = load(path);
	if (doc)
		wn_vec_push(
			&s->remotes,
			(struct remote){ wn_asprintf("http://localhost:1234/%s", relative), doc });
}

static void
run_test(struct suite *s, const char *where, const struct wn_schema *schema,
	 const struct wn_json *test)
{
	struct wn_diag d = { 0 };
	wn_err err = wn_schema_validate(schema, wn_json_get(test, "data"), NULL, &d);
	bool expected = wn_json_get_bool(test, "valid", false);
	if ((err == WN_OK || err == WN_E_SCHEMA) && (err == WN_OK) == expected) {
		s->passed++;
		return;
	}
	s->failed++;
	printf("%s: %s: should be %s%s%s\n", where, wn_json_get_str(test, "description", "?"),
	       expected ? "valid" : "invalid", *d.text ? ": " : "", d.text);
}

static void
run_group(struct suite *s, const char *path, const struct wn_json *group)
{
	struct wn_schema_opts opts = s->opts;
	opts.assert_format |= strstr(path, "/format/") != NULL;
	struct wn_schema_set *set = wn_schema_set_new(&opts);
	const struct wn_schema *schema = NULL;
	const struct wn_json *doc = wn_json_get(group, "schema");
	struct wn_diag d = { 0 };
	const char *id = wn_json_get_str(doc, "$id", "");
	char *where = wn_asprintf("%s: %s", path, wn_json_get_str(group, "description", "?"));
	wn_err err = wn_schema_set_add(set, "", doc, &d);
	/* Remotes of other drafts may repeat an identifier: the first one stays. */
	for (size_t i = 0; i < s->remotes.len; i++)
		if (wn_schema_set_add(set, s->remotes.p[i].uri, s->remotes.p[i].doc, NULL) != WN_OK)
			continue;
	if (!err)
		err = wn_schema_compile(set, *id == '#' ? "" : id, &schema, &d);
	const struct wn_json *test = wn_json_first(wn_json_get(group, "tests"));
	if (err) {
		printf("%s: does not compile: %s\n", where, d.text);
		for (; test; test = wn_json_next(test))
			s->failed++;
	}
	for (; test; test = wn_json_next(test))
		run_test(s, where, schema, test);
	wn_free(where);
	wn_schema_set_free(set);
}

static void
run_file(struct suite *s, const char *path, const char *relative)
{
	(void)relative;
	struct wn_json *doc = load(path);
	if (!doc)
		s->failed++;
	for (const struct wn_json *g = wn_json_first(doc); g; g = wn_json_next(g))
		run_group(s, path, g);
	wn_json_free(doc);
}

/* Calls fn for a file, or for every *.json under a directory, sorted by name. */
static bool
walk(struct suite *s, const char *path, const char *relative, file_fn fn)
{
	struct stat st;
	struct dirent **names;
	if (stat(path, &st) != 0) {
		fprintf(stderr, "schema_suite: %s is not there\n", path);
		return false;
	}
	if (!S_ISDIR(st.st_mode)) {
		size_t n = strlen(path);
		if (n > 5 && !strcmp(path + n - 5, ".json"))
			fn(s, path, relative);
		return true;
	}
	int n = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			char *sub = wn_asprintf("%s/%s", path, names[i]->d_name);
			char *rel = wn_asprintf("%s%s%s", relative, *relative ? "/" : "",
						names[i]->d_name);
			walk(s, sub, rel, fn);
			wn_free(sub);
			wn_free(rel);
		}
		free(names[i]); /* scandir allocated it */
	}
	if (n >= 0)
		free(names);
	return n >= 0;
}

int
main(int argc, char **argv)
{
	struct suite s = { 0 };
	int i = 1;
	bool ok = true;
	for (; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--format"))
			s.opts.assert_format = true;
		else if (!strcmp(argv[i], "--remotes") && i + 1 < argc)
			ok &= walk(&s, argv[++i], "", add_remote);
		else
			ok = false;
	}
	if (!ok || i >= argc) {
		fprintf(stderr, "usage: schema_suite [--format] [--remotes DIR] FILE|DIR...\n");
		return 2;
	}
	for (; i < argc; i++)
		ok &= walk(&s, argv[i], "", run_file);
	printf("%zu passed, %zu failed\n", s.passed, s.failed);
	for (size_t k = 0; k < s.remotes.len; k++) {
		wn_free(s.remotes.p[k].uri);
		wn_json_free(s.remotes.p[k].doc);
	}
	wn_vec_fini(&s.remotes);
	return ok && s.failed == 0 ? 0 : 1;
}
