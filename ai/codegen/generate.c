/*
 * The generator: resolve, render every file, sort, write the manifest. Pure.
 */
#include "ai/codegen/codegen.h"

#include <stdlib.h>
#include <string.h>

#include "ai/codegen/context.h"
#include "ai/codegen/imports.h"
#include "ai/codegen/migrations.h"
#include "ai/codegen/model.h"
#include "ai/codegen/names.h"
#include "ai/codegen/pack.h"
#include "ai/codegen/schema.h"
#include "ai/codegen/template.h"
#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"

#define PACK "node_fastify_sqlite/"
#define TEMPLATES "node_fastify_sqlite_templates/"
#define FILE_MAX (8u << 20)

struct gen {
	struct cg_model model;
	struct codegen_files *out;
	const struct wn_json *schema;
	struct wn_diag *d;
};

/* ---- files ---------------------------------------------------------------------------------- */

/* content is borrowed and must live as long as the files do. */
static void
add_file(struct gen *g, const char *path, enum codegen_kind kind, struct wn_str content,
	 const char *ids)
{
	struct codegen_files *f = g->out;

	if (f->len == f->cap) {
		struct codegen_file *grown =
			wn_arena_array(&f->arena, f->cap * 2 + 64, sizeof *grown);

		if (f->len > 0)
			memcpy(grown, f->p, f->len * sizeof *grown);
		f->p = grown;
		f->cap = f->cap * 2 + 64;
	}
	f->p[f->len++] = (struct codegen_file){ path, 0644, kind, content, ids, NULL };
}

/* Takes what is in b. */
static wn_err
add_text(struct gen *g, const char *path, enum codegen_kind kind, struct wn_buf *b, const char *ids)
{
	wn_err err = b->err;

	if (err)
		wn_fail(g->d, err, "%s: the file is too large", path);
	else
		add_file(g, path, kind, wn_arena_str(&g->out->arena, wn_buf_view(b)), ids);
	wn_buf_fini(b);
	return err;
}

/* What stopped a context from being made. */
static wn_err
not_made(struct gen *g, const char *path)
{
	return g->d->code ? g->d->code : wn_fail(g->d, WN_E_INVALID, "%s: cannot be made", path);
}

/* Takes j. */
static wn_err
add_json(struct gen *g, const char *path, struct wn_json *j, const char *ids)
{
	struct wn_buf b;

	if (!j)
		return not_made(g, path);
	wn_buf_init(&b, FILE_MAX);
	(void)wn_json_print_pretty(j, &b);
	wn_json_free(j);
	return add_text(g, path, CODEGEN_GENERATED, &b, ids);
}

static struct wn_str
pack_text(const char *path)
{
	const struct codegen_pack_file *f = codegen_pack_find(path);

	return f ? wn_strn((const char *)f->data, f->len) : WN_STR_NONE;
}

/* Renders a template over context (taken) into a file. */
static wn_err
add_rendered(struct gen *g, const char *path, enum codegen_kind kind, const char *name,
	     struct wn_json *context, const char *ids)
{
	struct codegen_template t = { .name = name };
	struct wn_buf raw, b;
	wn_err err;

	if (!context)
		return not_made(g, path);
	t.text = pack_text(wn_arena_printf(&g->out->arena, TEMPLATES "%s.mustache", name));
	wn_buf_init(&raw, FILE_MAX);
	wn_buf_init(&b, FILE_MAX);
	err = t.text.p ? codegen_render(&t, context, &raw, g->d)
		       : wn_fail(g->d, WN_E_NOT_FOUND, "template %s is not in the pack", name);
	wn_json_free(context);
	if (!err)
		err = codegen_resolve_imports(wn_buf_view(&raw), &b);
	wn_buf_fini(&raw);
	if (!err)
		return add_text(g, path, kind, &b, ids);
	wn_buf_fini(&b);
	return err;
}

static const char *
path_of(struct gen *g, const char *dir, const char *name, const char *ext)
{
	return wn_arena_printf(&g->out->arena, "%s/%s%s", dir, name, ext);
}

/* ---- parts ------------------------------------------------------------------------------------
 */

static void
add_pack_file(struct gen *g, const struct codegen_pack_file *f)
{
	add_file(g, f->path + strlen(PACK), CODEGEN_GENERATED,
		 wn_strn((const char *)f->data, f->len), "");
	g->out->p[g->out->len - 1].sha256 = f->sha256;
}

static void
add_fixed(struct gen *g)
{
	size_t i;

	for (i = 0; i < codegen_pack_count; i++) {
		struct wn_str path = wn_str(codegen_pack_files[i].path);

		if (wn_str_has_prefix(path, WN_STR(PACK)))
			add_pack_file(g, &codegen_pack_files[i]);
	}
}

static wn_err
add_entities(struct gen *g)
{
	struct cg_model *m = &g->model;
	size_t i;
	wn_err err = WN_OK;

	for (i = 0; i < m->n_entities && !err; i++) {
		const struct cg_entity *e = &m->entities[i];

		err = add_rendered(g, path_of(g, "server/entities", e->snake, ".ts"),
				   CODEGEN_GENERATED, "entity.ts", codegen_entity_context(m, e),
				   e->id);
		if (!err)
			err = add_rendered(g, path_of(g, "hooks", e->snake, ".ts"), CODEGEN_ONCE,
					   "hooks.ts", codegen_entity_context(m, e), e->id);
	}
	return err;
}

static wn_err
add_views(struct gen *g)
{
	struct cg_model *m = &g->model;
	size_t i;
	wn_err err = WN_OK;

	for (i = 0; i < m->n_views && !err; i++)
		err = add_rendered(
			g,
			path_of(g, "server/views", codegen_snake(m->arena, m->views[i].name),
				".ts"),
			CODEGEN_GENERATED, "view.ts", codegen_view_context(m, &m->views[i]),
			wn_arena_printf(m->arena, "%s %s", m->views[i].id, m->views[i].entity->id));
	return err;
}

static wn_err
add_operations(struct gen *g)
{
	struct cg_model *m = &g->model;
	struct wn_json *index = wn_json_new_object();
	size_t i;
	wn_err err = WN_OK;

	wn_json_set(index, "ops", wn_json_new_array());
	for (i = 0; i < m->n_ops && !err; i++) {
		const struct cg_op *op = &m->ops[i];

		wn_json_set_str(codegen_push_object(index, "ops"), "id", op->id);
		err = add_rendered(
			g, path_of(g, "server/operations", op->id, ".ts"), CODEGEN_GENERATED,
			"operation.ts", codegen_op_context(m, op),
			op->entity ? wn_arena_printf(m->arena, "%s %s", op->id, op->entity->id)
				   : op->id);
	}
	if (!err)
		return add_rendered(g, "server/operations/index.ts", CODEGEN_GENERATED,
				    "operations_index.ts", index, "");
	wn_json_free(index);
	return err;
}

static void
add_kept(struct gen *g, const struct cg_migration *old)
{
	const char *const suffix[] = { ".up.sql", ".down.sql" };

	for (size_t i = 0; i < 2; i++) {
		add_file(g, path_of(g, "migrations", old->name, suffix[i]), CODEGEN_KEPT,
			 WN_STR_NONE, "");
		g->out->p[g->out->len - 1].sha256 = i == 0 ? old->up : old->down;
	}
}

static wn_err
add_migrations(struct gen *g)
{
	struct cg_migrations all;
	wn_err err = codegen_migrations_make(&g->model, g->schema, &all);

	for (size_t i = 0; i < all.kept && !err; i++)
		add_kept(g, &all.history.p[i]);
	if (!err && all.name) {
		g->out->migration = all.name;
		g->out->changes = all.changes;
		g->out->changes_len = all.changes_len;
		err = add_text(g, path_of(g, "migrations", all.name, ".up.sql"), CODEGEN_GENERATED,
			       &all.up, "");
		if (!err)
			err = add_text(g, path_of(g, "migrations", all.name, ".down.sql"),
				       CODEGEN_GENERATED, &all.down, "");
	}
	if (!err)
		err = add_text(g, CODEGEN_SCHEMA, CODEGEN_GENERATED, &all.schema, "");
	codegen_migrations_fini(&all);
	return err;
}

static wn_err
add_server(struct gen *g)
{
	struct cg_model *m = &g->model;
	wn_err err;

	err = add_entities(g);
	if (!err)
		err = add_views(g);
	if (!err)
		err = add_operations(g);
	if (!err)
		err = add_migrations(g);
	if (!err)
		err = add_json(g, "openapi.json", codegen_openapi(m), "");
	if (!err)
		err = add_rendered(g, "server/identity.ts", CODEGEN_GENERATED, "identity.ts",
				   codegen_identity_context(m), m->user->id);
	if (!err)
		err = add_rendered(g, "server/search.ts", CODEGEN_GENERATED, "search.ts",
				   codegen_search_context(m), "");
	if (!err)
		err = add_rendered(g, "server/seed.ts", CODEGEN_GENERATED, "seed.ts",
				   codegen_seed_context(m), "");
	return err;
}

static wn_err
add_around(struct gen *g)
{
	struct cg_model *m = &g->model;
	wn_err err;

	err = add_rendered(g, "README.md", CODEGEN_GENERATED, "README.md",
			   codegen_readme_context(m), "");
	if (!err)
		err = add_rendered(g, "test/model.ts", CODEGEN_GENERATED, "test_model.ts",
				   codegen_test_context(m), "");
	if (!err)
		err = add_rendered(g, "web/index.html", CODEGEN_GENERATED, "index.html",
				   codegen_readme_context(m), "");
	if (!err)
		err = add_rendered(g, "web/src/theme.css", CODEGEN_GENERATED, "theme.css",
				   codegen_readme_context(m), "");
	return err ? err : add_json(g, "web/src/model.json", codegen_web_model(m), "");
}

/* ---- the manifest -------------------------------------------------------------------------------
 */

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct codegen_file *)a)->path,
		      ((const struct codegen_file *)b)->path);
}

static void
manifest_ids(struct wn_jw *w, const char *ids)
{
	struct wn_str rest = wn_str(ids), id;

	wn_jw_key(w, "ids");
	wn_jw_array(w);
	while (rest.len > 0 && wn_str_split(&rest, ' ', &id))
		wn_jw_str(w, id);
	wn_jw_array_end(w);
}

static void
hash_file(struct gen *g, struct codegen_file *f)
{
	char hex[WN_SHA256_HEX];

	if (f->sha256)
		return;
	wn_sha256_hex(f->content.p ? f->content.p : "", f->content.len, hex);
	f->sha256 = wn_arena_strdup(&g->out->arena, hex);
}

/* One hash for all of them. */
static void
hash_all(struct gen *g)
{
	char hex[WN_SHA256_HEX];
	struct wn_buf b;

	wn_buf_init(&b, FILE_MAX);
	for (size_t i = 0; i < g->out->len; i++) {
		hash_file(g, &g->out->p[i]);
		wn_buf_printf(&b, "%s %s\n", g->out->p[i].sha256, g->out->p[i].path);
	}
	wn_sha256_hex(b.p ? b.p : "", b.len, hex);
	wn_buf_fini(&b);
	g->out->pristine = wn_arena_strdup(&g->out->arena, hex);
}

/* One file a line, so that a difference between two generations reads well. */
static wn_err
add_manifest(struct gen *g)
{
	struct wn_buf b;
	struct wn_jw w;
	size_t i;

	hash_all(g);
	wn_buf_init(&b, FILE_MAX);
	wn_buf_printf(&b, "{\n \"manifest\": 1,\n \"generator\": \"node-fastify-sqlite/%s\",\n",
		      CODEGEN_VERSION);
	wn_buf_printf(&b,
		      " \"blueprint\": \"%s\",\n \"revision\": %.0f,\n \"pristine\": \"%s\",\n "
		      "\"files\": [\n",
		      wn_json_get_str(g->model.doc, "id", ""),
		      wn_json_get_num(g->model.doc, "revision", 1), g->out->pristine);
	for (i = 0; i < g->out->len; i++) {
		const struct codegen_file *f = &g->out->p[i];

		wn_buf_cstr(&b, "  ");
		wn_jw_init(&w, &b);
		wn_jw_object(&w);
		wn_jw_kstr(&w, "path", f->path);
		wn_jw_kstr(&w, "kind", f->kind == CODEGEN_ONCE ? "once" : "generated");
		wn_jw_kstr(&w, "sha256", f->sha256);
		manifest_ids(&w, f->ids);
		wn_jw_object_end(&w);
		wn_buf_cstr(&b, i + 1 < g->out->len ? ",\n" : "\n");
	}
	wn_buf_cstr(&b, " ]\n}\n");
	return add_text(g, ".webnova/manifest.json", CODEGEN_GENERATED, &b, "");
}

/* Two things of the blueprint must not become one file, and none may leave the directory. */
static wn_err
check_paths(struct gen *g)
{
	size_t i;

	for (i = 0; i < g->out->len; i++)
		if (!wn_path_is_inside(wn_str(g->out->p[i].path)))
			return wn_fail(g->d, WN_E_INVALID, "a file would leave the directory: %s",
				       g->out->p[i].path);

	qsort(g->out->p, g->out->len, sizeof *g->out->p, by_path);
	for (i = 1; i < g->out->len; i++)
		if (strcmp(g->out->p[i - 1].path, g->out->p[i].path) == 0)
			return wn_fail(g->d, WN_E_EXISTS,
				       "two things become the file %s: %s and %s",
				       g->out->p[i].path, g->out->p[i - 1].ids, g->out->p[i].ids);
	return WN_OK;
}

/* ---- entry
 * --------------------------------------------------------------------------------------- */

static wn_err
check_target(struct gen *g, const struct codegen_options *o)
{
	const struct wn_json *target = wn_json_get(g->model.doc, "target");
	const char *stack =
		o && o->stack ? o->stack : wn_json_get_str(target, "stack", "node-fastify");
	bool override = o && o->stack;

	if (strcmp(stack, "node-fastify") != 0 && strcmp(stack, "node-fastify-sqlite") != 0) {
		wn_fail_where(g->d, "/target/stack");
		return wn_fail(g->d, WN_E_UNSUPPORTED,
			       "there is no stack '%s'; there is node-fastify", stack);
	}
	if (!override && strcmp(wn_json_get_str(target, "database", "sqlite"), "sqlite") != 0) {
		wn_fail_where(g->d, "/target/database");
		return wn_fail(g->d, WN_E_UNSUPPORTED, "node-fastify is made with sqlite only");
	}
	return WN_OK;
}

wn_err
codegen_generate(const struct wn_json *blueprint, const struct codegen_options *options,
		 struct codegen_files *out, struct wn_diag *d)
{
	struct wn_diag own = { 0 };
	struct gen g = { .out = out, .d = d ? d : &own };
	wn_err err;

	memset(out, 0, sizeof *out);
	wn_arena_init(&out->arena, 0);
	g.model.arena = &out->arena;
	g.model.doc = blueprint;
	g.model.files = out;
	g.model.d = g.d;
	g.schema = options ? options->schema : NULL;
	err = check_target(&g, options);
	if (!err)
		err = codegen_model_build(&g.model);
	if (!err) {
		add_fixed(&g);
		err = add_server(&g);
	}
	if (!err)
		err = add_around(&g);
	if (!err)
		err = check_paths(&g);
	if (!err)
		err = add_manifest(&g);
	return err ? err : check_paths(&g);
}

void
codegen_files_fini(struct codegen_files *f)
{
	wn_arena_fini(&f->arena);
	memset(f, 0, sizeof *f);
}

const struct codegen_file *
codegen_files_find(const struct codegen_files *f, const char *path)
{
	size_t i;

	for (i = 0; i < f->len; i++)
		if (strcmp(f->p[i].path, path) == 0)
			return &f->p[i];
	return NULL;
}

const struct codegen_pack_file *
codegen_pack_find(const char *path)
{
	size_t lo = 0, hi = codegen_pack_count, mid;
	int order;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		order = strcmp(codegen_pack_files[mid].path, path);
		if (order == 0)
			return &codegen_pack_files[mid];
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
