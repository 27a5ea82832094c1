/*
 * Every event and method with its shapes, for those who meet messages of any kind: the kernel's
 * check of what is emitted, the recorder of the test run.
 */
#include "schemas/gen/emit.h"

static const char header[] =
	"#include <stdbool.h>\n\n"
	"#include \"runtime/base/arena.h\"\n#include \"runtime/base/error.h\"\n"
	"#include \"runtime/base/shape.h\"\n\n"
	"struct wn_contract_event {\n"
	"\tconst char *type;\n"
	"\tint version;\n"
	"\tconst char *dataschema;\n"
	"\tconst struct wn_shape *shape;\n"
	"};\n\n"
	"struct wn_contract_method {\n"
	"\tconst char *name;\n"
	"\tbool is_notification; /* engine to client */\n"
	"\tconst char *errors; /* names it promises, with blanks between */\n"
	"\tconst struct wn_shape *params;\n"
	"\tconst struct wn_shape *result; /* NULL for a notification */\n"
	"};\n\n"
	"/* Each ends with a zero row. */\n"
	"extern const struct wn_contract_event wn_contract_events[];\n"
	"extern const struct wn_contract_method wn_contract_methods[];\n"
	"/* NULL when there is none of that name. Any thread. */\n"
	"const struct wn_contract_event *wn_contract_event_find(const char *type);\n"
	"const struct wn_contract_method *wn_contract_method_find(const char *name);\n"
	"/* Checks the data of an event of a type and version; WN_E_CONTRACT when it breaks its "
	"contract or\n"
	" * there is none. Any thread. */\n"
	"wn_err wn_contract_check_event(const char *type, int version, struct wn_str data,\n"
	"\t\tstruct wn_arena *arena, struct wn_diag *d) WN_MUST;\n";

static const char functions[] =
	"const struct wn_contract_event *\n"
	"wn_contract_event_find(const char *type)\n"
	"{\n"
	"\tfor (const struct wn_contract_event *e = wn_contract_events; e->type; e++)\n"
	"\t\tif (strcmp(e->type, type) == 0)\n"
	"\t\t\treturn e;\n"
	"\treturn NULL;\n"
	"}\n\n"
	"const struct wn_contract_method *\n"
	"wn_contract_method_find(const char *name)\n"
	"{\n"
	"\tfor (const struct wn_contract_method *m = wn_contract_methods; m->name; m++)\n"
	"\t\tif (strcmp(m->name, name) == 0)\n"
	"\t\t\treturn m;\n"
	"\treturn NULL;\n"
	"}\n\n"
	"wn_err\n"
	"wn_contract_check_event(const char *type, int version, struct wn_str data, struct "
	"wn_arena *arena,\n"
	"\t\tstruct wn_diag *d)\n"
	"{\n"
	"\tconst struct wn_contract_event *e = wn_contract_event_find(type);\n"
	"\tif (!e || e->version != version)\n"
	"\t\treturn wn_fail(d, WN_E_CONTRACT, \"no contract for event %s version %d\", type, "
	"version);\n"
	"\tvoid *scratch = wn_arena_alloc(arena, e->shape->size);\n"
	"\twn_err err = wn_shape_parse(e->shape, data, arena, scratch, d);\n"
	"\treturn wn_shape_blame(d, err, WN_E_CONTRACT);\n"
	"}\n";

static void
event_rows(struct gen *g, struct wn_buf *b)
{
	wn_buf_cstr(b, "const struct wn_contract_event wn_contract_events[] = {\n");
	for (size_t i = 0; i < g->events.len; i++) {
		const struct gen_event *e = g->events.p[i];
		wn_buf_printf(b, "\t{ \"%s\", %d, \"urn:webnova:event:%s:%d\", &%s_shape },\n",
			      e->name, e->version, e->name, e->version, e->type->cname);
	}
	wn_buf_cstr(b, "\t{ NULL, 0, NULL, NULL }\n};\n\n");
}

static void
method_rows(struct gen *g, struct wn_buf *b)
{
	wn_buf_cstr(b, "const struct wn_contract_method wn_contract_methods[] = {\n");
	for (size_t i = 0; i < g->methods.len; i++) {
		const struct gen_method *m = g->methods.p[i];
		const struct wn_json *errors = wn_json_get(m->at.j, "errors");
		wn_buf_printf(b, "\t{ \"%s\", %s, \"", m->name,
			      m->is_notification ? "true" : "false");
		for (const struct wn_json *c = wn_json_first(errors); c; c = wn_json_next(c))
			wn_buf_printf(b, "%s%s", wn_json_str(c, ""), wn_json_next(c) ? " " : "");
		wn_buf_printf(b, "\",\n\t  &%s_shape, ", m->params->cname);
		if (m->result)
			wn_buf_printf(b, "&%s_shape },\n", m->result->cname);
		else
			wn_buf_cstr(b, "NULL },\n");
	}
	wn_buf_cstr(b, "\t{ NULL, false, NULL, NULL, NULL }\n};\n\n");
}

void
gen_emit_contracts(struct gen *g)
{
	struct wn_buf b;

	gen_begin(&b, "contracts.h", "schemas/", "Every event and method with its shapes.");
	wn_buf_cstr(&b, header);
	if (g->protocol)
		wn_buf_printf(&b,
			      "/* Of the wire; engine.hello names it. */\n#define WN_PROTOCOL %d\n",
			      g->protocol);
	gen_end(g, &b, "contracts.h");
	gen_begin(&b, "contracts.c", "schemas/", "The tables.");
	wn_buf_cstr(&b, "#include \"gen/contracts.h\"\n\n#include <string.h>\n\n");
	for (size_t i = 0; i < g->units.len; i++)
		wn_buf_printf(&b,
			      i ? "#include \"gen/%s_types.h\"\n" : "#include \"gen/model.h\"\n",
			      g->units.p[i]->name);
	wn_buf_cstr(&b, "\n");
	event_rows(g, &b);
	method_rows(g, &b);
	wn_buf_cstr(&b, functions);
	gen_end(g, &b, "contracts.c");
}
