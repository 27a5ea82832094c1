/*
 * The published documents: OpenRPC 1.3 for JSON-RPC, OpenAPI 3.1 for the REST face, AsyncAPI 3.0
 * for events and notifications. Each holds every method or event and all schemas they use.
 */
#include "schemas/gen/emit.h"

/* --- schemas under components --- */

/* "#/$defs/x" of file f and "urn:webnova:model:f#/$defs/x" become "#/components/schemas/f.x". */
static const char *
component(struct gen *g, const struct gen_file *f, const char *ref)
{
	const char *hash = strchr(ref, '#'), *prefix = "urn:webnova:model:";
	const char *file = f->name, *defs = "#/$defs/";

	if (strncmp(ref, prefix, strlen(prefix)) == 0)
		file = wn_arena_strndup(&g->arena, ref + strlen(prefix),
					(hash ? (size_t)(hash - ref) : strlen(ref)) -
						strlen(prefix));
	else if (hash != ref)
		return ref;
	if (hash && strncmp(hash, defs, strlen(defs)) == 0)
		return wn_arena_printf(&g->arena, "#/components/schemas/%s.%s", file,
				       hash + strlen(defs));
	return wn_arena_printf(&g->arena, "#/components/schemas/%s", file);
}

static void
rewrite_refs(struct gen *g, const struct gen_file *f, struct wn_json *j)
{
	const struct wn_json *ref = wn_json_get(j, "$ref");

	if (wn_json_type(ref) == WN_JSON_STRING)
		wn_json_set_str(j, "$ref", component(g, f, wn_json_str(ref, "")));
	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c))
		if (wn_json_type(c) == WN_JSON_OBJECT || wn_json_type(c) == WN_JSON_ARRAY)
			rewrite_refs(g, f, wn_json_mut(c));
}

static struct wn_json *
published(struct gen *g, struct gen_node schema)
{
	struct wn_json *copy = schema.j ? wn_json_copy(schema.j) : wn_json_new_object();

	rewrite_refs(g, schema.file, copy);
	return copy;
}

static void
add_defs(struct gen *g, struct wn_json *schemas, const struct gen_file *f)
{
	struct gen_file *file = (struct gen_file *)(uintptr_t)f;
	struct gen_node defs = gen_get(g, gen_root(file), "$defs");

	for (const struct wn_json *c = wn_json_first(defs.j); c; c = wn_json_next(c))
		wn_json_set(schemas, wn_arena_printf(&g->arena, "%s.%s", f->name, wn_json_key(c)),
			    published(g, gen_child(g, defs, c, 0)));
	if (strcmp(f->kind, "model") != 0 || f->unit)
		return;
	struct wn_json *root = published(g, gen_root(file));
	wn_json_remove(root, "$defs");
	wn_json_remove(root, "$id");
	wn_json_remove(root, "$schema");
	wn_json_set(schemas, f->name, root);
}

static struct wn_json *
components(struct gen *g, const char *second_kind)
{
	struct wn_json *c = wn_json_new_object();
	struct wn_json *schemas = wn_json_set(c, "schemas", wn_json_new_object());

	for (size_t i = 0; i < g->files.len; i++)
		if (strcmp(g->files.p[i]->kind, "model") == 0 ||
		    strcmp(g->files.p[i]->kind, second_kind) == 0)
			add_defs(g, schemas, g->files.p[i]);
	return c;
}

static struct wn_json *
document(const char *key, const char *version, const char *title, const char *description)
{
	struct wn_json *doc = wn_json_new_object();

	wn_json_set_str(doc, key, version);
	struct wn_json *info = wn_json_set(doc, "info", wn_json_new_object());
	wn_json_set_str(info, "title", title);
	wn_json_set_str(info, "version", WN_VERSION);
	wn_json_set_str(info, "description", description);
	return doc;
}

/* --- OpenRPC --- */

static struct wn_json *
rpc_params(struct gen *g, const struct gen_method *m)
{
	struct wn_json *list = wn_json_new_array();

	for (size_t i = 0; m->params && i < m->params->n; i++) {
		const struct gen_field *f = &m->params->fields[i];
		struct gen_node at = gen_get(g, gen_get(g, m->params->at, "properties"), f->name);
		struct wn_json *p = wn_json_push(list, wn_json_new_object());
		wn_json_set_str(p, "name", f->name);
		if (f->doc)
			wn_json_set_str(p, "description", f->doc);
		wn_json_set_bool(p, "required", f->required);
		wn_json_set(p, "schema", published(g, at));
	}
	return list;
}

static struct wn_json *
rpc_errors(const struct gen_method *m)
{
	struct wn_json *list = wn_json_new_array();
	const struct wn_json *names = wn_json_get(m->at.j, "errors");

	for (const struct wn_json *c = wn_json_first(names); c; c = wn_json_next(c)) {
		const struct wn_error_row *row = wn_error_row(wn_error_by_name(wn_json_str(c, "")));
		struct wn_json *e = wn_json_push(list, wn_json_new_object());
		struct wn_json *data;
		wn_json_set_num(e, "code", row->rpc);
		wn_json_set_str(e, "message", row->text);
		data = wn_json_set(e, "data", wn_json_new_object());
		wn_json_set_str(data, "name", row->name);
		wn_json_set_str(data, "hint", row->hint);
	}
	return list;
}

static struct wn_json *
rpc_method(struct gen *g, const struct gen_method *m)
{
	struct wn_json *j = wn_json_new_object(), *tag;

	wn_json_set_str(j, "name", m->name);
	wn_json_set_str(j, "summary", m->summary);
	tag = wn_json_push(wn_json_set(j, "tags", wn_json_new_array()), wn_json_new_object());
	wn_json_set_str(tag, "name", m->unit->name);
	wn_json_set_str(j, "paramStructure", "by-name");
	wn_json_set(j, "params", rpc_params(g, m));
	if (strcmp(m->attachment, "none") != 0)
		wn_json_set_str(j, "x-attachment", m->attachment);
	if (m->is_notification)
		return j;
	struct wn_json *result = wn_json_set(j, "result", wn_json_new_object());
	wn_json_set_str(result, "name", wn_arena_printf(&g->arena, "%s_result", m->cname));
	wn_json_set(result, "schema", published(g, m->result_schema));
	wn_json_set(j, "errors", rpc_errors(m));
	wn_json_set_str(j, "x-run", m->run);
	if (m->permission)
		wn_json_set_str(j, "x-permission", m->permission);
	return j;
}

struct wn_json *
gen_openrpc(struct gen *g)
{
	struct wn_json *doc = document("openrpc", "1.3.2", "WebNova",
				       "JSON-RPC 2.0, one message a line; a message with the "
				       "member bytes: N is followed by N "
				       "raw bytes. x-notifications are sent by the engine.");
	struct wn_json *methods = wn_json_set(doc, "methods", wn_json_new_array());
	struct wn_json *notes = wn_json_new_array();

	for (size_t i = 0; i < g->methods.len; i++)
		wn_json_push(g->methods.p[i]->is_notification ? notes : methods,
			     rpc_method(g, g->methods.p[i]));
	wn_json_set(doc, "components", components(g, "rpc"));
	wn_json_set(doc, "x-notifications", notes);
	if (g->protocol)
		wn_json_set(doc, "x-protocol", wn_json_new_num(g->protocol));
	return doc;
}

/* --- OpenAPI --- */

static struct wn_json *
json_content(struct wn_json *schema)
{
	struct wn_json *content = wn_json_new_object();

	wn_json_set(wn_json_set(content, "application/json", wn_json_new_object()), "schema",
		    schema);
	return content;
}

static struct wn_json *
ref(const char *to)
{
	struct wn_json *j = wn_json_new_object();

	wn_json_set_str(j, "$ref", to);
	return j;
}

static void
rest_responses(struct gen *g, struct wn_json *op, const struct gen_method *m)
{
	struct wn_json *all = wn_json_set(op, "responses", wn_json_new_object());
	struct wn_json *ok = wn_json_set(all, "200", wn_json_new_object());
	const struct wn_json *names = wn_json_get(m->at.j, "errors");

	wn_json_set_str(ok, "description", "The result.");
	wn_json_set(ok, "content", json_content(published(g, m->result_schema)));
	for (const struct wn_json *c = wn_json_first(names); c; c = wn_json_next(c)) {
		const struct wn_error_row *row = wn_error_row(wn_error_by_name(wn_json_str(c, "")));
		const char *status = wn_arena_printf(&g->arena, "%d", row->http);
		const char *more = row->name;
		const struct wn_json *old = wn_json_get(all, status);
		if (old)
			more = wn_arena_printf(&g->arena, "%s, %s",
					       wn_json_get_str(old, "description", ""), row->name);
		struct wn_json *r = wn_json_set(all, status, wn_json_new_object());
		wn_json_set_str(r, "description", more);
		wn_json_set(r, "content", json_content(ref("#/components/schemas/error")));
	}
	struct wn_json *rest = wn_json_set(all, "default", wn_json_new_object());
	wn_json_set_str(rest, "description", "Any other error.");
	wn_json_set(rest, "content", json_content(ref("#/components/schemas/error")));
}

static struct wn_json *
rest_operation(const struct gen_method *m, const char *id)
{
	struct wn_json *op = wn_json_new_object();

	wn_json_set_str(op, "operationId", id);
	wn_json_set_str(op, "summary", m->summary);
	wn_json_push(wn_json_set(op, "tags", wn_json_new_array()),
		     wn_json_new_str(wn_str(m->unit->name)));
	if (m->permission)
		wn_json_set_str(op, "x-permission", m->permission);
	if (strcmp(m->attachment, "none") != 0)
		wn_json_set_str(op, "x-attachment", m->attachment);
	return op;
}

static void
rest_get(struct gen *g, struct wn_json *paths, const struct gen_method *m)
{
	const char *id = wn_arena_printf(&g->arena, "get.%s", m->name);
	struct wn_json *op = rest_operation(m, id);
	struct wn_json *params = wn_json_set(op, "parameters", wn_json_new_array());

	for (size_t i = 0; i < m->params->n; i++) {
		const struct gen_field *f = &m->params->fields[i];
		const char *hole = wn_arena_printf(&g->arena, "{%s}", f->name);
		bool in_path = strstr(m->rest_path, hole) != NULL;
		struct wn_json *p = wn_json_push(params, wn_json_new_object());
		wn_json_set_str(p, "name", f->name);
		wn_json_set_str(p, "in", in_path ? "path" : "query");
		wn_json_set_bool(p, "required", in_path || f->required);
		wn_json_set(
			p, "schema",
			published(g, gen_get(g, gen_get(g, m->params->at, "properties"), f->name)));
	}
	rest_responses(g, op, m);
	const struct wn_json *path = wn_json_get(paths, m->rest_path);
	struct wn_json *item =
		path ? wn_json_mut(path) : wn_json_set(paths, m->rest_path, wn_json_new_object());
	wn_json_set(item, "get", op);
}

static struct wn_json *
error_schema(void)
{
	static const char *const members[] = { "name", "message", "hint", "where" };
	struct wn_json *j = wn_json_new_object(), *props, *required, *p;

	wn_json_set_str(j, "type", "object");
	props = wn_json_set(j, "properties", wn_json_new_object());
	p = wn_json_set(props, "code", wn_json_new_object());
	wn_json_set_str(p, "type", "integer");
	required = wn_json_set(j, "required", wn_json_new_array());
	wn_json_push(required, wn_json_new_str(wn_str("code")));
	for (size_t i = 0; i < 4; i++) {
		p = wn_json_set(props, members[i], wn_json_new_object());
		wn_json_set_str(p, "type", "string");
		if (i < 2)
			wn_json_push(required, wn_json_new_str(wn_str(members[i])));
	}
	return j;
}

struct wn_json *
gen_openapi(struct gen *g)
{
	struct wn_json *doc =
		document("openapi", "3.1.0", "WebNova",
			 "The REST face: POST /rpc/<method> for every method, and GET "
			 "where one reads something with an address.");
	struct wn_json *paths = wn_json_set(doc, "paths", wn_json_new_object());

	for (size_t i = 0; i < g->methods.len; i++) {
		const struct gen_method *m = g->methods.p[i];
		if (m->is_notification)
			continue;
		struct wn_json *item =
			wn_json_set(paths, wn_arena_printf(&g->arena, "/rpc/%s", m->name),
				    wn_json_new_object());
		struct wn_json *op = wn_json_set(item, "post", rest_operation(m, m->name));
		struct wn_json *body = wn_json_set(op, "requestBody", wn_json_new_object());
		wn_json_set(body, "content", json_content(published(g, m->params_schema)));
		rest_responses(g, op, m);
		if (m->rest_path)
			rest_get(g, paths, m);
	}
	struct wn_json *c = wn_json_set(doc, "components", components(g, "rpc"));
	wn_json_set(wn_json_mut(wn_json_get(c, "schemas")), "error", error_schema());
	struct wn_json *bearer =
		wn_json_set(wn_json_set(c, "securitySchemes", wn_json_new_object()), "bearer",
			    wn_json_new_object());
	wn_json_set_str(bearer, "type", "http");
	wn_json_set_str(bearer, "scheme", "bearer");
	struct wn_json *security = wn_json_set(doc, "security", wn_json_new_array());
	wn_json_set(wn_json_push(security, wn_json_new_object()), "bearer", wn_json_new_array());
	return doc;
}

/* --- AsyncAPI --- */

static void
channel(struct gen *g, struct wn_json *doc, const char *name, const char *address,
	struct wn_json *message)
{
	struct wn_json *channels = wn_json_mut(wn_json_get(doc, "channels"));
	struct wn_json *operations = wn_json_mut(wn_json_get(doc, "operations"));
	struct wn_json *messages =
		wn_json_mut(wn_json_get(wn_json_get(doc, "components"), "messages"));
	struct wn_json *c = wn_json_set(channels, name, wn_json_new_object());
	const char *hole = strchr(address, '{');

	wn_json_set(messages, name, message);
	wn_json_set_str(c, "address", address);
	wn_json_set(wn_json_set(c, "messages", wn_json_new_object()), name,
		    ref(wn_arena_printf(&g->arena, "#/components/messages/%s", name)));
	if (hole) {
		struct wn_json *p = wn_json_set(wn_json_set(c, "parameters", wn_json_new_object()),
						"id", wn_json_new_object());
		wn_json_set_str(p, "description", "What the stream is about.");
	}
	struct wn_json *op = wn_json_set(operations, wn_arena_printf(&g->arena, "send.%s", name),
					 wn_json_new_object());
	wn_json_set_str(op, "action", "send");
	wn_json_set(op, "channel", ref(wn_arena_printf(&g->arena, "#/channels/%s", name)));
	wn_json_push(wn_json_set(op, "messages", wn_json_new_array()),
		     ref(wn_arena_printf(&g->arena, "#/channels/%s/messages/%s", name, name)));
}

static struct wn_json *
message(struct gen *g, const char *name, const char *summary, struct gen_node schema)
{
	struct wn_json *j = wn_json_new_object();

	wn_json_set_str(j, "name", name);
	wn_json_set_str(j, "summary", summary);
	wn_json_set_str(j, "contentType", "application/json");
	wn_json_set(j, "payload", published(g, schema));
	return j;
}

/* The attributes of CloudEvents 1.0 and our extensions, as every event carries them. */
static struct wn_json *
event_attributes(void)
{
	static const char *const names[] = { "specversion", "id",	   "source",
					     "type",	    "time",	   "seq",
					     "stream",	    "version",	   "tenant",
					     "actor",	    "correlation", "subject",
					     "causation",   "dataschema",  "datacontenttype" };
	struct wn_json *j = wn_json_new_object(), *props, *required;

	wn_json_set_str(j, "type", "object");
	props = wn_json_set(j, "properties", wn_json_new_object());
	required = wn_json_set(j, "required", wn_json_new_array());
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct wn_json *p = wn_json_set(props, names[i], wn_json_new_object());
		wn_json_set_str(p, "type", "string");
		if (i < 11)
			wn_json_push(required, wn_json_new_str(wn_str(names[i])));
	}
	return j;
}

struct wn_json *
gen_asyncapi(struct gen *g)
{
	struct wn_json *doc = document(
		"asyncapi", "3.0.0", "WebNova events",
		"CloudEvents 1.0 from the event log, at least once, in order per stream; and "
		"the notifications of JSON-RPC.");
	wn_json_set_str(doc, "defaultContentType", "application/json");
	wn_json_set(doc, "channels", wn_json_new_object());
	wn_json_set(doc, "operations", wn_json_new_object());
	struct wn_json *c = wn_json_set(doc, "components", components(g, "event"));
	for (size_t i = 0; i < g->files.len; i++)
		if (strcmp(g->files.p[i]->kind, "rpc") == 0)
			add_defs(g, wn_json_mut(wn_json_get(c, "schemas")), g->files.p[i]);
	wn_json_set(wn_json_mut(wn_json_get(c, "schemas")), "cloudevent", event_attributes());
	wn_json_set(c, "messages", wn_json_new_object());
	for (size_t i = 0; i < g->events.len; i++) {
		const struct gen_event *e = g->events.p[i];
		struct wn_json *m = message(g, e->name, e->summary, e->schema);
		wn_json_set(m, "headers", ref("#/components/schemas/cloudevent"));
		wn_json_set_num(m, "x-version", e->version);
		channel(g, doc, e->name, wn_arena_printf(&g->arena, "%s/{id}", e->stream), m);
	}
	for (size_t i = 0; i < g->methods.len; i++) {
		const struct gen_method *n = g->methods.p[i];
		if (n->is_notification)
			channel(g, doc, n->name, n->name,
				message(g, n->name, n->summary, n->params_schema));
	}
	return doc;
}

static void
write_document(struct gen *g, const char *name, struct wn_json *doc)
{
	struct wn_buf b;

	wn_buf_init(&b, 64u << 20);
	wn_json_print_pretty(doc, &b);
	gen_write(g, name, wn_buf_view(&b));
	wn_buf_fini(&b);
	wn_json_free(doc);
}

void
gen_emit_documents(struct gen *g)
{
	write_document(g, "openrpc.json", gen_openrpc(g));
	write_document(g, "openapi.json", gen_openapi(g));
	write_document(g, "asyncapi.json", gen_asyncapi(g));
}
