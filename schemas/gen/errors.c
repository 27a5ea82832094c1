/*
 * schemas/error.json to the two checked-in files of runtime/base. They are kept in the tree
 * because this compiler is itself built on the library that uses them.
 */
#include "schemas/gen/emit.h"

#include <stdio.h>

#include "runtime/base/file.h"
#include "runtime/base/json_write.h"

/* Lint formats what is checked in; these two files stay as they are written here. */
static const char head[] = "/* Generated from schemas/error.json by schemas/gen; do not edit. */\n"
			   "/* clang-format off */\n";

static void
write_codes(struct gen *g, struct wn_buf *b, const struct wn_json *rows)
{
	wn_buf_printf(b,
		      "%s#ifndef RUNTIME_BASE_ERROR_CODES_H\n#define RUNTIME_BASE_ERROR_CODES_H\n\n"
		      "enum wn_error_code {\n\tWN_OK = 0,\n",
		      head);
	for (const struct wn_json *c = wn_json_first(rows); c; c = wn_json_next(c))
		wn_buf_printf(b, "\tWN_E_%s = %d, /* %s */\n",
			      gen_upper(g, wn_json_get_str(c, "name", "")),
			      (int)wn_json_get_num(c, "code", 0), wn_json_get_str(c, "text", ""));
	wn_buf_cstr(b, "};\n\n#endif\n");
}

static void
write_rows(struct gen *g, struct wn_buf *b, const struct wn_json *rows)
{
	wn_buf_printf(b,
		      "%s#include \"runtime/base/error.h\"\n\n"
		      "const struct wn_error_row wn_error_rows[] = {\n"
		      "\t{ WN_OK, 0, 200, \"ok\", \"It worked.\", \"\" },\n",
		      head);
	for (const struct wn_json *c = wn_json_first(rows); c; c = wn_json_next(c)) {
		const char *name = wn_json_get_str(c, "name", "");
		wn_buf_printf(b, "\t{ WN_E_%s, %d, %d, \"%s\",\n\t  ", gen_upper(g, name),
			      (int)wn_json_get_num(c, "rpc", 0), (int)wn_json_get_num(c, "http", 0),
			      name);
		wn_json_quote(b, wn_str(wn_json_get_str(c, "text", "")));
		wn_buf_cstr(b, ",\n\t  ");
		wn_json_quote(b, wn_str(wn_json_get_str(c, "hint", "")));
		wn_buf_cstr(b, " },\n");
	}
	wn_buf_cstr(b, "};\n\nconst size_t wn_error_count = sizeof(wn_error_rows) / "
		       "sizeof(wn_error_rows[0]);\n");
}

static void
check_rows(struct gen *g, struct gen_node rows)
{
	static const char *const members[] = {
		"code", "name", "rpc", "http", "text", "hint", NULL
	};
	size_t i = 0;

	for (const struct wn_json *c = wn_json_first(rows.j); c; c = wn_json_next(c), i++) {
		struct gen_node at = gen_child(g, rows, c, i);
		gen_only(g, at, members);
		if (wn_json_get_num(c, "code", 0) != -(double)(i + 1))
			gen_error(g, at, "expected the code -%zu: rows are only appended", i + 1);
		if (!gen_is_name(gen_need_str(g, at, "name"), false))
			gen_error(g, at, "expected a lower case name");
		gen_need_str(g, at, "text");
		gen_need_str(g, at, "hint");
		gen_is_type(g, gen_get(g, at, "rpc"), WN_JSON_NUMBER, "a JSON-RPC code");
		gen_is_type(g, gen_get(g, at, "http"), WN_JSON_NUMBER, "an HTTP status");
	}
}

static bool
current(const char *path, struct wn_str text)
{
	struct wn_buf old;
	struct wn_diag d = { 0 };

	wn_buf_init(&old, 4u << 20);
	bool same = !wn_file_read(path, &old, &d) && wn_str_eq(wn_buf_view(&old), text);
	wn_buf_fini(&old);
	return same;
}

static bool
keep(struct gen *g, const char *path, struct wn_str text, bool check)
{
	struct wn_diag d = { 0 };

	if (current(path, text))
		return true;
	if (check) {
		fprintf(stderr, "%s is stale: run `wn-gen --errors`\n", path);
		return false;
	}
	if (!wn_file_write(path, text, 0644, &d))
		return true;
	fprintf(stderr, "%s: %s\n", path, d.text);
	g->errors++;
	return false;
}

bool
gen_errors(struct gen *g, const char *base_dir, bool check)
{
	const char *path = wn_arena_printf(&g->arena, "%s/error.json", g->root);
	struct gen_file *f = gen_load(g, path, "error", "error");
	struct wn_buf codes, rows;

	if (!f)
		return false;
	struct gen_node errors = gen_get(g, gen_root(f), "errors");
	if (gen_is_type(g, errors, WN_JSON_ARRAY, "an array"))
		check_rows(g, errors);
	if (g->errors)
		return false;
	wn_buf_init(&codes, 4u << 20);
	wn_buf_init(&rows, 4u << 20);
	write_codes(g, &codes, errors.j);
	write_rows(g, &rows, errors.j);
	bool ok = keep(g, wn_arena_printf(&g->arena, "%s/error_codes.h", base_dir),
		       wn_buf_view(&codes), check);
	ok = keep(g, wn_arena_printf(&g->arena, "%s/error_table.c", base_dir), wn_buf_view(&rows),
		  check) &&
	     ok;
	wn_buf_fini(&codes);
	wn_buf_fini(&rows);
	return ok;
}
