/*
 * Typed client stubs: one call a method over a struct wn_rpc_port. Base only.
 */
#include "schemas/gen/emit.h"

static const char intro[] =
	"/*\n"
	" * A stub checks and prints the params and sends them; its callback comes exactly once, "
	"later, unless\n"
	" * the stub itself returned an error (in d). err 0: result is valid for the call, and so "
	"is the\n"
	" * attachment; otherwise result is NULL and d says why. One thread: the port's.\n"
	" */\n";

static void
write_prototype(struct wn_buf *b, const struct gen_method *m, const char *end)
{
	bool sends = strcmp(m->attachment, "in") == 0 || strcmp(m->attachment, "both") == 0;

	wn_buf_printf(b,
		      "wn_call_%s(struct wn_rpc_port *port,\n\t\tconst struct %s *params,%s\n"
		      "\t\twn_reply_%s_fn reply, void *arg, struct wn_diag *d)%s",
		      m->cname, m->params->cname, sends ? " struct wn_str attachment," : "",
		      m->cname, end);
}

static void
write_header(struct gen *g)
{
	struct wn_buf b;

	gen_begin(&b, "client.h", "schemas/rpc", "Client stubs for every method.");
	for (size_t i = 0; i < g->units.len; i++)
		wn_buf_printf(&b,
			      i ? "#include \"gen/%s_types.h\"\n" : "#include \"gen/model.h\"\n",
			      g->units.p[i]->name);
	wn_buf_printf(&b, "#include \"runtime/base/rpc_port.h\"\n\n%s\n", intro);
	for (size_t i = 0; i < g->methods.len; i++) {
		const struct gen_method *m = g->methods.p[i];
		if (m->is_notification)
			continue;
		gen_comment(&b, 0, m->summary);
		wn_buf_printf(&b,
			      "typedef void (*wn_reply_%s_fn)(void *arg, wn_err err,\n"
			      "\t\tconst struct %s *result, struct wn_str attachment,\n"
			      "\t\tconst struct wn_diag *d);\nwn_err ",
			      m->cname, m->result->cname);
		write_prototype(&b, m, " WN_MUST;\n\n");
	}
	gen_end(g, &b, "client.h");
}

static const char helpers[] =
	"/* What waits for an answer: the typed callback behind a generic one. */\n"
	"struct waiting {\n"
	"\tvoid (*reply)(void);\n"
	"\tvoid *arg;\n"
	"};\n"
	"\n"
	"/* Memory for one result; a hostile engine cannot take more. */\n"
	"#define RESULT_MAX (64u << 20)\n"
	"\n"
	"static wn_err\n"
	"send(struct wn_rpc_port *port, const char *method, const struct wn_shape *shape, const "
	"void *params,\n"
	"     struct wn_str attachment, wn_rpc_reply_fn got, void (*reply)(void), void *arg, "
	"struct wn_diag *d)\n"
	"{\n"
	"\tstruct waiting *w = WN_NEW(struct waiting);\n"
	"\tstruct wn_buf\ttext;\n"
	"\n"
	"\tw->reply = reply;\n"
	"\tw->arg = arg;\n"
	"\twn_buf_init(&text, 16u << 20);\n"
	"\twn_err err = wn_shape_validate(shape, params, d);\n"
	"\tif (!err)\n"
	"\t\terr = wn_shape_print(shape, params, &text);\n"
	"\tif (!err)\n"
	"\t\terr = port->call(port, method, wn_buf_view(&text), attachment, got, w);\n"
	"\twn_buf_fini(&text);\n"
	"\tif (!err)\n"
	"\t\treturn WN_OK;\n"
	"\twn_free(w);\n"
	"\twn_fail(d, err, \"%s could not be sent\", method);\n"
	"\treturn wn_shape_blame(d, err, WN_E_INVALID);\n"
	"}\n\n";

static void
write_stub(struct wn_buf *b, const struct gen_method *m)
{
	bool sends = strcmp(m->attachment, "in") == 0 || strcmp(m->attachment, "both") == 0;
	const char *c = m->cname, *r = m->result->cname;

	wn_buf_printf(
		b,
		"static void\ngot_%s(void *arg, wn_err err, struct wn_str json,\n\t\tstruct wn_str "
		"attachment, "
		"const struct wn_diag *d)\n{\n"
		"\tstruct waiting w = *(struct waiting *)arg;\n"
		"\tstruct wn_arena arena;\n\tstruct wn_diag bad = { 0 };\n\tstruct %s result;\n\n"
		"\twn_free(arg);\n\twn_arena_init(&arena, RESULT_MAX);\n",
		c, r);
	wn_buf_printf(
		b,
		"\tif (!err && (err = wn_shape_parse_tolerant(&%s_shape, json, &arena, &result, "
		"&bad))) {\n"
		"\t\terr = wn_shape_blame(&bad, err, WN_E_CONTRACT);\n\t\td = &bad;\n\t}\n"
		"\t((wn_reply_%s_fn)w.reply)(w.arg, err, err ? NULL : &result, attachment, d);\n"
		"\twn_arena_fini(&arena);\n}\n\nwn_err\n",
		r, c);
	write_prototype(b, m, "\n{\n");
	wn_buf_printf(b,
		      "\treturn send(port, \"%s\", &%s_shape, params,\n\t\t    %s, got_%s, (void "
		      "(*)(void))reply, arg, "
		      "d);\n}\n\n",
		      m->name, m->params->cname, sends ? "attachment" : "WN_STR_NONE", c);
}

void
gen_emit_client(struct gen *g)
{
	struct wn_buf b;
	bool any = false;

	write_header(g);
	gen_begin(&b, "client.c", "schemas/rpc", "Prints params, sends, parses results.");
	wn_buf_cstr(&b, "#include \"gen/client.h\"\n\n#include \"runtime/base/mem.h\"\n\n");
	for (size_t i = 0; i < g->methods.len; i++)
		any = any || !g->methods.p[i]->is_notification;
	if (any)
		wn_buf_cstr(&b, helpers);
	for (size_t i = 0; i < g->methods.len; i++)
		if (!g->methods.p[i]->is_notification)
			write_stub(&b, g->methods.p[i]);
	wn_buf_cut(&b, b.len - 1);
	gen_end(g, &b, "client.c");
}
