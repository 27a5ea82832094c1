/*
 * Files and values with their places, so that each message can name file and JSON Pointer.
 */
#include "schemas/gen/gen.h"

#include <dirent.h>
#include <stdlib.h>

#include "runtime/base/file.h"

static const char *
pointer_add(struct gen *g, const char *pointer, const char *key)
{
	struct wn_buf b;

	wn_buf_init(&b, 1 << 16);
	wn_buf_cstr(&b, pointer);
	wn_json_pointer_add(&b, wn_str(key));
	const char *out = wn_arena_strndup(&g->arena, b.p, b.len);
	wn_buf_fini(&b);
	return out;
}

struct gen_node
gen_get(struct gen *g, struct gen_node n, const char *key)
{
	return (struct gen_node){ n.file, wn_json_get(n.j, key), pointer_add(g, n.pointer, key) };
}

struct gen_node
gen_child(struct gen *g, struct gen_node n, const struct wn_json *child, size_t index)
{
	const char *key = wn_json_key(child);

	return (struct gen_node){ n.file, child,
				  key ? pointer_add(g, n.pointer, key)
				      : wn_arena_printf(&g->arena, "%s/%zu", n.pointer, index) };
}

bool
gen_is_type(struct gen *g, struct gen_node n, enum wn_json_type t, const char *what)
{
	if (wn_json_type(n.j) == t)
		return true;
	gen_error(g, n, "expected %s%s", what, n.j ? "" : ", found nothing");
	return false;
}

const char *
gen_need_str(struct gen *g, struct gen_node n, const char *key)
{
	struct gen_node m = gen_get(g, n, key);

	return gen_is_type(g, m, WN_JSON_STRING, "a string") ? wn_json_str(m.j, "") : "";
}

const char *
gen_opt_str(struct gen *g, struct gen_node n, const char *key, const char *fallback)
{
	return wn_json_get(n.j, key) ? gen_need_str(g, n, key) : fallback;
}

const struct wn_json *
gen_members(struct gen *g, struct gen_node n)
{
	if (!n.j || !gen_is_type(g, n, WN_JSON_OBJECT, "an object"))
		return NULL;
	return wn_json_first(n.j);
}

void
gen_only(struct gen *g, struct gen_node n, const char *const *allowed)
{
	for (const struct wn_json *c = gen_members(g, n); c; c = wn_json_next(c)) {
		size_t i = 0;
		while (allowed[i] && strcmp(allowed[i], wn_json_key(c)) != 0)
			i++;
		if (!allowed[i])
			gen_error(g, gen_child(g, n, c, 0), "unknown member \"%s\"",
				  wn_json_key(c));
	}
}

struct gen_file *
gen_load(struct gen *g, const char *path, const char *kind, const char *name)
{
	struct wn_buf text;
	struct wn_diag d = { 0 };
	struct wn_json *doc = NULL;
	struct gen_file *f = WN_ARENA_NEW(&g->arena, struct gen_file);

	f->path = wn_arena_strdup(&g->arena, path);
	f->kind = kind;
	f->name = wn_arena_strdup(&g->arena, name);
	wn_buf_init(&text, 4u << 20);
	wn_err err = wn_file_read(path, &text, &d);
	if (!err)
		err = wn_json_parse(wn_buf_view(&text), NULL, &doc, &d);
	wn_buf_fini(&text);
	if (err) {
		gen_error(g, (struct gen_node){ f, NULL, "" }, "%s", d.text);
		return NULL;
	}
	wn_vec_push(&g->docs, doc);
	f->doc = doc;
	wn_vec_push(&g->files, f);
	if (!gen_is_type(g, gen_root(f), WN_JSON_OBJECT, "an object"))
		return NULL;
	return f;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t
gen_list(struct gen *g, const char *dir, const char *suffix, const char ***out)
{
	WN_VEC(const char *) names = { 0 };
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (e->d_name[0] != '.' && wn_str_has_suffix(wn_str(e->d_name), wn_str(suffix)))
			wn_vec_push(&names, wn_arena_strdup(&g->arena, e->d_name));
	if (d)
		closedir(d);
	if (names.len)
		qsort(names.p, names.len, sizeof *names.p, by_name);
	*out = wn_arena_array(&g->arena, names.len + 1, sizeof **out);
	for (size_t i = 0; i < names.len; i++)
		(*out)[i] = names.p[i];
	size_t n = names.len;
	wn_vec_fini(&names);
	return n;
}

struct gen_node
gen_root(struct gen_file *f)
{
	return (struct gen_node){ f, f->doc, "" };
}

const char *
gen_printed(struct gen *g, const struct wn_json *j)
{
	struct wn_buf b;

	wn_buf_init(&b, 16u << 20);
	wn_json_print(j, &b);
	const char *s = wn_arena_strndup(&g->arena, b.p, b.len);
	wn_buf_fini(&b);
	return s;
}
