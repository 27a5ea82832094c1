/*
 * wn-gen: the contract compiler's command line and its order of work.
 *
 *	wn-gen --out DIR SCHEMAS MODULE_DIR...	writes C, documents and pages under DIR
 *	wn-gen --errors [SCHEMAS]		writes runtime/base/error_codes.h and error_table.c
 *	wn-gen --check-errors [SCHEMAS]		exit status 1 when these are stale
 */
#include "schemas/gen/emit.h"

#include <stdio.h>

#include "runtime/base/file.h"

void
gen_error(struct gen *g, struct gen_node at, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s#%s: ", at.file->path, at.pointer);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	g->errors++;
}

static void
fini(struct gen *g)
{
	for (size_t i = 0; i < g->units.len; i++) {
		wn_map_fini(&g->units.p[i]->patterns, NULL);
		wn_buf_fini(&g->units.p[i]->pattern_code);
		wn_vec_fini(&g->units.p[i]->types);
	}
	for (size_t i = 0; i < g->modules.len; i++) {
		struct gen_module *m = g->modules.p[i];
		wn_vec_fini(&m->emits);
		wn_vec_fini(&m->methods);
		wn_vec_fini(&m->listens);
		wn_vec_fini(&m->projects);
		wn_vec_fini(&m->migrations);
	}
	for (size_t i = 0; i < g->docs.len; i++)
		wn_json_free(g->docs.p[i]);
	wn_vec_fini(&g->docs);
	wn_vec_fini(&g->files);
	wn_vec_fini(&g->units);
	wn_vec_fini(&g->events);
	wn_vec_fini(&g->methods);
	wn_vec_fini(&g->settings);
	wn_vec_fini(&g->modules);
	wn_vec_fini(&g->written);
	wn_map_fini(&g->defs, NULL);
	wn_map_fini(&g->cnames, NULL);
	wn_arena_fini(&g->arena);
}

static void
emit(struct gen *g)
{
	for (size_t i = 0; i < g->units.len; i++)
		gen_emit_types(g, g->units.p[i]);
	gen_emit_modules(g);
	gen_emit_client(g);
	gen_emit_config(g);
	gen_emit_schemas(g);
	gen_emit_contracts(g);
	gen_emit_permissions(g);
	gen_emit_documents(g);
	gen_emit_pages(g);
	gen_sweep(g);
}

/* What is written does not depend on the order of the arguments. */
static void
sort_modules(struct gen *g)
{
	for (size_t i = 1; i < g->modules.len; i++)
		for (size_t k = i;
		     k > 0 && strcmp(g->modules.p[k - 1]->name, g->modules.p[k]->name) > 0; k--) {
			struct gen_module *m = g->modules.p[k];
			g->modules.p[k] = g->modules.p[k - 1];
			g->modules.p[k - 1] = m;
		}
}

static void
compile(struct gen *g, char **dirs, int n)
{
	struct wn_diag d = { 0 };

	gen_read_schemas(g);
	for (int i = 0; i < n; i++)
		gen_read_module(g, dirs[i]);
	const char *kernel = wn_arena_printf(&g->arena, "%s/../runtime/kernel", g->root);
	if (wn_file_exists(wn_arena_printf(&g->arena, "%s/module.json", kernel)))
		gen_read_module(g, kernel);
	sort_modules(g);
	gen_check(g);
	if (g->errors)
		return;
	if (wn_file_mkdirs(wn_arena_printf(&g->arena, "%s/contracts", g->out), 0755, &d)) {
		fprintf(stderr, "wn-gen: %s\n", d.text);
		g->errors++;
		return;
	}
	emit(g);
}

static int
usage(void)
{
	fputs("usage: wn-gen --out DIR SCHEMAS MODULE_DIR...\n"
	      "       wn-gen --errors | --check-errors [SCHEMAS]\n",
	      stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	struct gen g = { 0 };

	wn_arena_init(&g.arena, 0);
	wn_map_init(&g.defs);
	wn_map_init(&g.cnames);
	if (argc >= 4 && strcmp(argv[1], "--out") == 0) {
		g.out = argv[2];
		g.root = argv[3];
		compile(&g, argv + 4, argc - 4);
	} else if (argc >= 2 && argc <= 3 &&
		   (strcmp(argv[1], "--errors") == 0 || strcmp(argv[1], "--check-errors") == 0)) {
		g.root = argc == 3 ? argv[2] : "schemas";
		if (!gen_errors(&g, wn_arena_printf(&g.arena, "%s/../runtime/base", g.root),
				strcmp(argv[1], "--check-errors") == 0))
			g.errors++;
	} else {
		fini(&g);
		return usage();
	}
	int status = g.errors ? 1 : 0;
	fini(&g);
	return status;
}
