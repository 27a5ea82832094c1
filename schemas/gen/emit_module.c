/*
 * A module's own pair <name>.h/.c: emit functions, handler prototypes, trampolines between JSON
 * and structs, tables for the descriptor; and the table of all modules.
 */
#include "schemas/gen/emit.h"

static struct gen_node
list(struct gen *g, const struct gen_module *m, const char *key)
{
	return gen_get(g, gen_root(m->manifest), key);
}

/* What follows <module>_on_event_ for "snapshot.created" and for "snapshot.*". */
static const char *
event_name(struct gen *g, const char *event)
{
	size_t n = strlen(event);

	if (n > 2 && strcmp(event + n - 2, ".*") == 0)
		return wn_arena_printf(&g->arena, "%s_any",
				       gen_snake(g, wn_arena_strndup(&g->arena, event, n - 2)));
	return gen_snake(g, event);
}

/* --- the header --- */

/* Types of the module itself and of every module whose events it hears. */
static void
write_includes(struct gen *g, struct wn_buf *b, const struct gen_module *m)
{
	wn_buf_cstr(b, "#include \"gen/model.h\"\n");
	for (size_t i = 0; i < g->units.len; i++) {
		const struct gen_unit *u = g->units.p[i];
		bool wanted = u == m->unit;
		for (size_t k = 0; k < m->listens.len + m->projects.len; k++) {
			const char *name = k < m->listens.len ? m->listens.p[k]
							      : m->projects.p[k - m->listens.len];
			size_t n = strlen(u->name);
			const struct gen_event *e = gen_find_event(g, name);
			wanted = wanted || (e && e->unit == u) ||
				 (!e && strncmp(name, u->name, n) == 0 && name[n] == '.');
		}
		if (wanted && i > 0)
			wn_buf_printf(b, "#include \"gen/%s_types.h\"\n", u->name);
	}
	wn_buf_cstr(b, "#include \"runtime/abi/host.h\"\n#include \"runtime/abi/module.h\"\n\n");
}

static void
write_emit_prototypes(struct wn_buf *b, const struct gen_module *m)
{
	if (m->emits.len)
		wn_buf_cstr(b, "/* Events. The payload is checked and copied; <x>_with() takes "
			       "stream, subject, "
			       "expect and id\n * from `how`, the short form sets the subject to "
			       "what follows the "
			       "'/' in the stream. */\n");
	for (size_t i = 0; i < m->emits.len; i++) {
		const struct gen_event *e = m->emits.p[i];
		gen_comment(b, 0, e->summary);
		wn_buf_printf(b,
			      "wn_err emit_%s(struct wn_mod *mod, struct wn_ctx *ctx, const char "
			      "*stream,\n"
			      "\t\tconst struct %s *payload) WN_MUST;\n"
			      "wn_err emit_%s_with(struct wn_mod *mod, struct wn_ctx *ctx,\n"
			      "\t\tconst struct wn_emit *how, const struct %s *payload) WN_MUST;\n",
			      e->cname, e->type->cname, e->cname, e->type->cname);
	}
	if (m->emits.len)
		wn_buf_cstr(b, "\n");
}

static const char *
thread_of(const char *run)
{
	return strcmp(run, "loop") == 0	 ? "loop thread"
	       : strcmp(run, "job") == 0 ? "job thread"
					 : "job thread, recorded as a job";
}

static void
write_handler_prototypes(struct gen *g, struct wn_buf *b, const struct gen_module *m)
{
	const char *p = m->unit->prefix;

	if (m->methods.len || m->listens.len || m->projects.len)
		wn_buf_cstr(b, "/* Written by the module. */\n");
	for (size_t i = 0; i < m->methods.len; i++) {
		const struct gen_method *x = m->methods.p[i];
		gen_comment(b, 0,
			    wn_arena_printf(&g->arena, "%s [%s]", x->summary, thread_of(x->run)));
		wn_buf_printf(b,
			      "wn_err %s_on_%s(struct wn_mod *mod, struct wn_ctx *ctx,\n"
			      "\t\tconst struct %s *in, struct %s *out);\n",
			      p, x->handler, x->params->cname, x->result->cname);
	}
	for (size_t i = 0; i < m->listens.len; i++)
		wn_buf_printf(b,
			      "wn_err %s_on_event_%s(struct wn_mod *mod, struct wn_ctx *ctx,\n"
			      "\t\tconst struct wn_event *event);\n",
			      p, event_name(g, m->listens.p[i]));
	for (size_t i = 0; i < m->projects.len; i++)
		wn_buf_printf(b,
			      "wn_err %s_project_%s(struct wn_mod *mod, struct wn_tx *tx,\n"
			      "\t\tconst struct wn_event *event);\n",
			      p, gen_snake(g, m->projects.p[i]));
	wn_buf_cstr(b, "\n");
}

static void
write_tables_prototypes(struct gen *g, struct wn_buf *b, const struct gen_module *m)
{
	const char *p = m->unit->prefix;
	struct gen_node needs = list(g, m, "needs");

	if (wn_json_first(needs.j)) {
		const char *sep = "";
		wn_buf_cstr(b, "/* Index into mod->bound. */\nenum {");
		for (const struct wn_json *c = wn_json_first(needs.j); c; c = wn_json_next(c)) {
			wn_buf_printf(b, "%s %s_NEED_%s", sep, gen_upper(g, p),
				      gen_upper(g, wn_json_get_str(c, "name", "")));
			sep = ",";
		}
		wn_buf_cstr(b, " };\n\n");
	}
	wn_buf_printf(b,
		      "/* For the descriptor; tables end with a zero row. */\n"
		      "extern const struct wn_iface_decl %s_needs[];\n"
		      "extern const struct wn_method %s_methods[];\n"
		      "extern const struct wn_listen %s_listens[];\n"
		      "extern const struct wn_project %s_projects[];\n"
		      "extern const char *const %s_migrations[];\n"
		      "extern const char *const %s_tables[];\n"
		      "extern const char %s_manifest[];\n",
		      p, p, p, p, p, p, p);
}

static void
write_header(struct gen *g, const struct gen_module *m, const char *from)
{
	const char *name = wn_arena_printf(&g->arena, "%s.h", m->name);
	struct wn_buf b;

	gen_begin(&b, name, from, wn_arena_printf(&g->arena, "Module %s: %s", m->name, m->summary));
	write_includes(g, &b, m);
	write_emit_prototypes(&b, m);
	write_handler_prototypes(g, &b, m);
	write_tables_prototypes(g, &b, m);
	gen_end(g, &b, name);
}

/* --- the source --- */

static const char hand_over[] =
	"/* Checks and prints the payload, then leaves it to the bus, which copies it. */\n"
	"static wn_err\n"
	"hand_over(struct wn_mod *mod, struct wn_ctx *ctx, struct wn_emit *emit, const struct "
	"wn_shape "
	"*shape,\n"
	"\t  const void *payload)\n"
	"{\n"
	"\tstruct wn_buf data;\n"
	"\n"
	"\twn_buf_init(&data, 1u << 20);\n"
	"\twn_err err = wn_shape_validate(shape, payload, &ctx->diag);\n"
	"\tif (!err)\n"
	"\t\terr = wn_shape_print(shape, payload, &data);\n"
	"\tif (err) {\n"
	"\t\twn_fail(&ctx->diag, err, \"the payload of %s cannot be printed\", emit->type);\n"
	"\t} else {\n"
	"\t\temit->data = wn_buf_view(&data);\n"
	"\t\terr = mod->host->emit(mod, ctx, emit);\n"
	"\t}\n"
	"\twn_buf_fini(&data);\n"
	"\treturn wn_shape_blame(&ctx->diag, err, WN_E_CONTRACT);\n"
	"}\n"
	"\n"
	"static const char *\n"
	"subject_of(const char *stream)\n"
	"{\n"
	"\tconst char *slash = strchr(stream, '/');\n"
	"\n"
	"\treturn slash ? slash + 1 : NULL;\n"
	"}\n\n";

static void
write_emits(struct wn_buf *b, const struct gen_module *m)
{
	if (m->emits.len)
		wn_buf_cstr(b, hand_over);
	for (size_t i = 0; i < m->emits.len; i++) {
		const struct gen_event *e = m->emits.p[i];
		const char *c = e->cname, *t = e->type->cname;
		wn_buf_printf(b,
			      "wn_err\nemit_%s_with(struct wn_mod *mod, struct wn_ctx *ctx,\n"
			      "\t\tconst struct wn_emit *how, const struct %s *payload)\n{\n"
			      "\tstruct wn_emit emit = *how;\n\n"
			      "\temit.type = \"%s\";\n\temit.schema_version = %d;\n"
			      "\treturn hand_over(mod, ctx, &emit, &%s_shape, payload);\n}\n\n",
			      c, t, e->name, e->version, t);
		wn_buf_printf(
			b,
			"wn_err\nemit_%s(struct wn_mod *mod, struct wn_ctx *ctx, const char "
			"*stream,\n"
			"\t\tconst struct %s *payload)\n{\n"
			"\tstruct wn_emit how = { .stream = stream, .subject = subject_of(stream), "
			".expect = -1 };\n\n"
			"\treturn emit_%s_with(mod, ctx, &how, payload);\n}\n\n",
			c, t, c);
	}
}

static void
write_trampoline(struct wn_buf *b, const struct gen_module *m, const struct gen_method *x)
{
	const char *in = x->params->cname, *out = x->result->cname;

	wn_buf_printf(b,
		      "static wn_err\ncall_%s(struct wn_mod *mod, struct wn_ctx *ctx, struct "
		      "wn_str params,\n"
		      "\t\tstruct wn_buf *result)\n{\n"
		      "\tstruct %s in;\n\tstruct %s out = { 0 };\n\n"
		      "\twn_err err = %s_parse(params, ctx->arena, &in, &ctx->diag);\n"
		      "\tif (err)\n\t\treturn wn_shape_blame(&ctx->diag, err, WN_E_INVALID);\n"
		      "\terr = %s_on_%s(mod, ctx, &in, &out);\n"
		      "\tif (err)\n\t\treturn err;\n"
		      "\twn_diag_clear(&ctx->diag);\n"
		      "\terr = %s_validate(&out, &ctx->diag);\n"
		      "\tif (err)\n\t\treturn wn_shape_blame(&ctx->diag, err, WN_E_CONTRACT);\n"
		      "\treturn %s_print(&out, result);\n}\n\n",
		      x->handler, in, out, in, m->unit->prefix, x->handler, out, out);
}

static void
write_methods(struct wn_buf *b, const struct gen_module *m)
{
	for (size_t i = 0; i < m->methods.len; i++)
		write_trampoline(b, m, m->methods.p[i]);
	wn_buf_printf(b, "const struct wn_method %s_methods[] = {\n", m->unit->prefix);
	for (size_t i = 0; i < m->methods.len; i++) {
		const struct gen_method *x = m->methods.p[i];
		wn_buf_printf(b, "\t{ \"%s\", \"%s\", WN_RUN_%s, call_%s },\n", x->name,
			      x->permission,
			      strcmp(x->run, "loop") == 0  ? "LOOP"
			      : strcmp(x->run, "job") == 0 ? "JOB"
							   : "TASK",
			      x->handler);
	}
	wn_buf_cstr(b, "\t{ NULL, NULL, WN_RUN_LOOP, NULL }\n};\n\n");
}

static void
write_event_tables(struct gen *g, struct wn_buf *b, const struct gen_module *m)
{
	const char *p = m->unit->prefix;

	wn_buf_printf(b, "const struct wn_listen %s_listens[] = {\n", p);
	for (size_t i = 0; i < m->listens.len; i++)
		wn_buf_printf(b, "\t{ \"%s\", %s_on_event_%s },\n", m->listens.p[i], p,
			      event_name(g, m->listens.p[i]));
	wn_buf_printf(b, "\t{ NULL, NULL }\n};\n\nconst struct wn_project %s_projects[] = {\n", p);
	for (size_t i = 0; i < m->projects.len; i++)
		wn_buf_printf(b, "\t{ \"%s\", %s_project_%s },\n", m->projects.p[i], p,
			      gen_snake(g, m->projects.p[i]));
	wn_buf_cstr(b, "\t{ NULL, NULL }\n};\n\n");
}

static void
write_needs(struct gen *g, struct wn_buf *b, const struct gen_module *m)
{
	struct gen_node needs = list(g, m, "needs");

	wn_buf_printf(b, "const struct wn_iface_decl %s_needs[] = {\n", m->unit->prefix);
	for (const struct wn_json *c = wn_json_first(needs.j); c; c = wn_json_next(c)) {
		/* the manifest's schema has seen to its form */
		struct wn_str minor = wn_str(wn_json_get_str(c, "version", "")), major;
		wn_str_split(&minor, '.', &major);
		wn_buf_printf(b, "\t{ \"%s\", %.*s, %.*s, NULL, %s },\n",
			      wn_json_get_str(c, "name", ""), WN_STR_ARG(major), WN_STR_ARG(minor),
			      wn_json_get_bool(c, "optional", false) ? "WN_NEED_OPTIONAL" : "0");
	}
	wn_buf_cstr(b, "\t{ NULL, 0, 0, NULL, 0 }\n};\n\n");
}

static void
write_texts(struct gen *g, struct wn_buf *b, const struct gen_module *m)
{
	const char *p = m->unit->prefix;

	wn_buf_printf(b, "const char *const %s_tables[] = {\n", p);
	for (const struct wn_json *c = wn_json_first(list(g, m, "tables").j); c;
	     c = wn_json_next(c))
		wn_buf_printf(b, "\t\"%s\",\n", wn_json_str(c, ""));
	wn_buf_printf(b, "\tNULL\n};\n\nconst char *const %s_migrations[] = {\n", p);
	for (size_t i = 0; i < m->migrations.len; i++) {
		wn_buf_printf(b, "\t/* %s */\n\t", m->migrations.p[i].name);
		gen_literal(b, m->migrations.p[i].text, 1);
		wn_buf_cstr(b, ",\n");
	}
	wn_buf_printf(b, "\tNULL\n};\n\nconst char %s_manifest[] =\n\t", p);
	gen_literal(b, m->text, 1);
	wn_buf_cstr(b, ";\n");
}

static void
write_source(struct gen *g, const struct gen_module *m, const char *from)
{
	const char *name = wn_arena_printf(&g->arena, "%s.c", m->name);
	struct wn_buf b;

	gen_begin(&b, name, from, "Between JSON and the module's typed functions.");
	wn_buf_printf(&b, "#include \"gen/%s.h\"\n\n%s", m->name,
		      m->emits.len ? "#include <string.h>\n\n" : "");
	gen_long_literals(&b);
	write_emits(&b, m);
	write_methods(&b, m);
	write_event_tables(g, &b, m);
	write_needs(g, &b, m);
	write_texts(g, &b, m);
	gen_end(g, &b, name);
}

static void
write_module_table(struct gen *g)
{
	struct wn_buf b;

	gen_begin(&b, "modules.h", "the module directories", "Every module of the engine.");
	wn_buf_cstr(&b, "#include <stddef.h>\n\n#include \"runtime/abi/module.h\"\n\n"
			"/* Ends with NULL, which wn_module_count does not count. */\n"
			"extern const struct wn_module *const wn_modules[];\n"
			"extern const size_t wn_module_count;\n");
	gen_end(g, &b, "modules.h");
	gen_begin(&b, "modules.c", "the module directories", "Each defines <name>_module.");
	wn_buf_cstr(&b, "#include \"gen/modules.h\"\n\n");
	for (size_t i = 0; i < g->modules.len; i++)
		if (!g->modules.p[i]->unit->is_kernel)
			wn_buf_printf(&b, "extern const struct wn_module %s_module;\n",
				      g->modules.p[i]->unit->prefix);
	wn_buf_cstr(&b, "\nconst struct wn_module *const wn_modules[] = {\n");
	for (size_t i = 0; i < g->modules.len; i++)
		if (!g->modules.p[i]->unit->is_kernel)
			wn_buf_printf(&b, "\t&%s_module,\n", g->modules.p[i]->unit->prefix);
	wn_buf_cstr(&b, "\tNULL\n};\n\nconst size_t wn_module_count = sizeof wn_modules / sizeof "
			"wn_modules[0] - 1;\n");
	gen_end(g, &b, "modules.c");
}

void
gen_emit_modules(struct gen *g)
{
	for (size_t i = 0; i < g->modules.len; i++) {
		const struct gen_module *m = g->modules.p[i];
		const char *from =
			wn_arena_printf(&g->arena, "module.json of %s and its schemas", m->name);
		write_header(g, m, from);
		write_source(g, m, from);
	}
	write_module_table(g);
}
