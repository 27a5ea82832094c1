/*
 * Reference pages in Markdown, for people: methods, events, types, errors, settings, modules.
 */
#include "schemas/gen/emit.h"

#include <inttypes.h>

static void
page_begin(struct wn_buf *b, const char *title)
{
	wn_buf_init(b, 16u << 20);
	wn_buf_printf(b, "# %s\n\nGenerated from `schemas/` by `wn-gen`; do not edit.\n", title);
}

static void
page_end(struct gen *g, struct wn_buf *b, const char *name)
{
	gen_write(g, wn_arena_printf(&g->arena, "contracts/%s", name), wn_buf_view(b));
	wn_buf_fini(b);
}

/* Text inside a cell of a table. */
static void
cell(struct wn_buf *b, const char *text)
{
	for (const char *p = text ? text : ""; *p; p++)
		if (*p == '|')
			wn_buf_cstr(b, "\\|");
		else
			wn_buf_chr(b, *p == '\n' ? ' ' : *p);
}

static void
type_text(struct wn_buf *b, const struct gen_type *t)
{
	static const char *const words[] = { "string",	  "integer",  "number",
					     "boolean",	  "",	      "64-bit integer in a string",
					     "date-time", "any JSON", "object",
					     "object",	  "" };
	const char *sep = " ";

	if (t->kind == GEN_ENUM) {
		for (size_t i = 0; i < t->n; i++)
			wn_buf_printf(b, "%s`%s`", i ? ", " : "", t->values[i]);
		return;
	}
	if (t->kind == GEN_ARRAY) {
		wn_buf_cstr(b, "array of ");
		type_text(b, t->item);
	} else if (t->kind == GEN_OBJECT) {
		wn_buf_printf(b, "[%s](types.md#%s)", t->cname, t->cname);
	} else {
		wn_buf_cstr(b, t->format ? t->format : words[t->kind]);
	}
	if (t->has_lo)
		wn_buf_printf(b, " >= %.15g", t->lo), sep = ", ";
	if (t->has_hi)
		wn_buf_printf(b, "%s<= %.15g", sep, t->hi);
	if (t->min)
		wn_buf_printf(b, " from %" PRIu64, t->min);
	if (t->has_max)
		wn_buf_printf(b, " up to %" PRIu64, t->max);
	if (t->pattern) {
		wn_buf_cstr(b, " matching `");
		cell(b, t->pattern);
		wn_buf_cstr(b, "`");
	}
}

static void
members(struct wn_buf *b, const struct gen_type *t)
{
	if (t->n == 0) {
		wn_buf_cstr(b, "No members.\n");
		return;
	}
	wn_buf_cstr(b, "| member | type | | meaning |\n|---|---|---|---|\n");
	for (size_t i = 0; i < t->n; i++) {
		const struct gen_field *f = &t->fields[i];
		wn_buf_printf(b, "| `%s` | ", f->name);
		type_text(b, f->type);
		wn_buf_cstr(b, f->required ? " | required | " : " | optional | ");
		cell(b, f->doc);
		if (f->fallback) {
			wn_buf_cstr(b, " Default: `");
			cell(b, f->fallback);
			wn_buf_cstr(b, "`");
		}
		wn_buf_cstr(b, " |\n");
	}
}

static void
method(struct wn_buf *b, const struct gen_method *m)
{
	const struct wn_json *errors = wn_json_get(m->at.j, "errors");

	wn_buf_printf(b, "\n## %s\n\n%s\n\n", m->name, m->summary);
	if (m->is_notification)
		wn_buf_cstr(b, "Notification, sent by the engine.");
	else if (!m->permission)
		wn_buf_printf(b, "Runs as: %s. No module of this build handles it.", m->run);
	else
		wn_buf_printf(b, "Runs as: %s. Permission: %s%s%s.", m->run,
			      *m->permission ? "`" : "", *m->permission ? m->permission : "none",
			      *m->permission ? "`" : "");
	if (strcmp(m->attachment, "none") != 0)
		wn_buf_printf(b, " Attachment: %s.", m->attachment);
	if (m->rest_path)
		wn_buf_printf(b, " REST: `%s %s`.", m->rest_verb, m->rest_path);
	wn_buf_cstr(b, "\n\nParams:\n\n");
	members(b, m->params);
	if (m->result) {
		wn_buf_cstr(b, "\nResult:\n\n");
		members(b, m->result);
	}
	if (!wn_json_first(errors))
		return;
	wn_buf_cstr(b, "\nErrors: ");
	for (const struct wn_json *c = wn_json_first(errors); c; c = wn_json_next(c))
		wn_buf_printf(b, "[`%s`](errors.md)%s", wn_json_str(c, ""),
			      wn_json_next(c) ? ", " : ".\n");
}

static void
methods_page(struct gen *g)
{
	struct wn_buf b;

	page_begin(&b, "Methods and notifications");
	for (size_t i = 0; i < g->methods.len; i++)
		method(&b, g->methods.p[i]);
	page_end(g, &b, "methods.md");
}

static void
events_page(struct gen *g)
{
	struct wn_buf b;

	page_begin(&b, "Events");
	for (size_t i = 0; i < g->events.len; i++) {
		const struct gen_event *e = g->events.p[i];
		wn_buf_printf(&b, "\n## %s\n\n%s\n\nStream `%s/<id>`, version %d.\n\n", e->name,
			      e->summary, e->stream, e->version);
		members(&b, e->type);
	}
	page_end(g, &b, "events.md");
}

static void
types_page(struct gen *g)
{
	struct wn_buf b;

	page_begin(&b, "Types");
	for (size_t i = 0; i < g->units.len; i++)
		for (size_t k = 0; k < g->units.p[i]->types.len; k++) {
			const struct gen_type *t = g->units.p[i]->types.p[k];
			if (t->kind != GEN_OBJECT)
				continue;
			wn_buf_printf(&b, "\n## %s\n\n", t->cname);
			if (t->doc)
				wn_buf_printf(&b, "%s\n\n", t->doc);
			members(&b, t);
		}
	page_end(g, &b, "types.md");
}

static void
errors_page(struct gen *g)
{
	struct wn_buf b;

	page_begin(&b, "Errors");
	wn_buf_cstr(&b, "\n| name | JSON-RPC | HTTP | what happened | what to do "
			"|\n|---|---|---|---|---|\n");
	for (size_t i = 1; i < wn_error_count; i++) {
		const struct wn_error_row *r = &wn_error_rows[i];
		wn_buf_printf(&b, "| `%s` | %d | %d | ", r->name, r->rpc, r->http);
		cell(&b, r->text);
		wn_buf_cstr(&b, " | ");
		cell(&b, r->hint);
		wn_buf_cstr(&b, " |\n");
	}
	page_end(g, &b, "errors.md");
}

static void
settings_page(struct gen *g)
{
	struct wn_buf b;

	page_begin(&b, "Settings");
	wn_buf_cstr(&b, "\n| setting | type | default | environment | flag | meaning |\n"
			"|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < g->settings.len; i++) {
		const struct gen_setting *s = g->settings.p[i];
		wn_buf_printf(&b, "| `%s` | %s | `", s->name, s->type);
		cell(&b, s->fallback);
		wn_buf_printf(&b, "` | `%s` | %s%s%s | ", s->env, s->flag ? "`" : "",
			      s->flag ? s->flag : "", s->flag ? "`" : "");
		cell(&b, s->summary);
		wn_buf_cstr(&b, " |\n");
	}
	page_end(g, &b, "settings.md");
}

static void
names(struct wn_buf *b, const char *title, const struct wn_json *list)
{
	if (!wn_json_first(list))
		return;
	wn_buf_printf(b, "- %s: ", title);
	for (const struct wn_json *c = wn_json_first(list); c; c = wn_json_next(c)) {
		const char *name = wn_json_str(c, wn_json_get_str(c, "name", ""));
		wn_buf_printf(b, "`%s`", wn_json_key(c) ? wn_json_key(c) : name);
		if (wn_json_get(c, "version"))
			wn_buf_printf(b, " %s", wn_json_get_str(c, "version", ""));
		wn_buf_cstr(b, wn_json_next(c) ? ", " : "\n");
	}
}

static void
modules_page(struct gen *g)
{
	static const char *const lists[][2] = { { "needs", "Needs" },
						{ "offers", "Offers" },
						{ "emits", "Emits" },
						{ "listens", "Listens to" },
						{ "projects", "Projects" },
						{ "methods", "Methods" },
						{ "permissions", "Permissions" },
						{ "tables", "Tables" } };
	struct wn_buf b;

	page_begin(&b, "Modules");
	for (size_t i = 0; i < g->modules.len; i++) {
		const struct gen_module *m = g->modules.p[i];
		wn_buf_printf(&b, "\n## %s %s\n\n%s\n\n", m->name, m->version, m->summary);
		for (size_t k = 0; k < sizeof lists / sizeof lists[0]; k++)
			names(&b, lists[k][1], wn_json_get(m->manifest->doc, lists[k][0]));
	}
	page_end(g, &b, "modules.md");
}

void
gen_emit_pages(struct gen *g)
{
	methods_page(g);
	events_page(g);
	types_page(g);
	errors_page(g);
	settings_page(g);
	modules_page(g);
}
