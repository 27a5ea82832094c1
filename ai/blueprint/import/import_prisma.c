/*
 * Prisma's schema language: models, enums; what generator, datasource and attributes say beyond a
 * blueprint is listed.
 */
#include "ai/blueprint/import/import_priv.h"

struct member {
	struct wn_json *entity, *field;
	const char *model, *name, *type;
	size_t line;
	bool list, optional, id, generated;
	const char *on_delete, *by; /* by: the first field that holds the key; nullable */
};

static const struct {
	const char *prisma, *type;
} types[] = {
	{ "String", "string" },	    { "Int", "int" },	      { "BigInt", "int" },
	{ "Float", "decimal" },	    { "Decimal", "decimal" }, { "Boolean", "bool" },
	{ "DateTime", "datetime" }, { "Json", "json" },
};

static const char *
type_of(const char *name)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (!strcmp(name, types[i].prisma))
			return types[i].type;
	return NULL;
}

static bool
is_word(const struct import_token *t, const char *word)
{
	return t->kind == IMPORT_WORD && wn_str_is(t->text, word);
}

/* --- what the text declares, before its members are read ------------------------------- */

static void
read_enum(struct import *im)
{
	const char *name = import_text(im, import_next(im)->text);

	(void)import_take_mark(im, '{');
	while (import_peek(im, 0)->kind != IMPORT_END && !import_take_mark(im, '}')) {
		const struct import_token *t = import_next(im);

		if (import_mark(t, '@')) {
			while (import_take_mark(im, '@'))
				;
			(void)import_next(im);
			if (import_take_mark(im, '('))
				import_skip_brackets(im, '(', ')');
		} else if (t->kind == IMPORT_WORD) {
			import_enum_value(im, name, t->text, t->line);
		}
	}
}

static void
declare(struct import *im)
{
	while (import_peek(im, 0)->kind != IMPORT_END) {
		const struct import_token *t = import_next(im);

		if (is_word(t, "enum")) {
			read_enum(im);
		} else if (is_word(t, "model") && import_peek(im, 0)->kind == IMPORT_WORD) {
			(void)import_entity(im, import_text(im, import_next(im)->text), t->line);
			if (import_take_mark(im, '{'))
				import_skip_brackets(im, '{', '}');
		} else if (t->kind == IMPORT_WORD) {
			import_lost(im, t->line, "the block %s %s", import_text(im, t->text),
				    import_peek(im, 0)->kind == IMPORT_WORD
					    ? import_text(im, import_peek(im, 0)->text)
					    : "");
			while (import_peek(im, 0)->kind != IMPORT_END &&
			       !import_mark(import_peek(im, 0), '{'))
				(void)import_next(im);
			if (import_take_mark(im, '{'))
				import_skip_brackets(im, '{', '}');
		}
	}
}

/* --- attributes ---------------------------------------------------------------------------- */

/* @relation(fields: [userId], references: [id], onDelete: Cascade) */
static void
read_relation(struct import *im, struct member *m)
{
	int depth = 1;

	while (depth > 0 && import_peek(im, 0)->kind != IMPORT_END) {
		const struct import_token *t = import_next(im);

		depth += import_mark(t, '(') - import_mark(t, ')');
		if (is_word(t, "fields") && import_take_mark(im, ':') && import_take_mark(im, '['))
			m->by = import_text(im, import_peek(im, 0)->text);
		if (is_word(t, "onDelete") && import_take_mark(im, ':')) {
			const struct import_token *a = import_next(im);

			m->on_delete = is_word(a, "Cascade")   ? "cascade"
				       : is_word(a, "SetNull") ? "setNull"
							       : "restrict";
		}
	}
}

static void
read_default(struct import *im, struct member *m)
{
	const struct import_token *t = import_next(im);
	bool call = t->kind == IMPORT_WORD && import_mark(import_peek(im, 0), '(');

	if (call)
		m->generated = true;
	if (call && m->field && !is_word(t, "now") && !is_word(t, "autoincrement"))
		import_lost(im, t->line, "%s.%s: its default %s() is computed", m->model, m->name,
			    import_text(im, t->text));
	else if (!call && m->field && t->kind != IMPORT_MARK)
		import_default(im, m->field, t->text, t->line);
	import_skip_brackets(im, '(', ')');
}

/* @db.VarChar(255) */
static void
read_size(struct import *im, struct member *m)
{
	int64_t n;

	if (m->field && !strcmp(wn_json_get_str(m->field, "type", ""), "string") &&
	    import_peek(im, 0)->kind == IMPORT_NUMBER && wn_str_i64(import_peek(im, 0)->text, &n) &&
	    n > 0 && n <= 100000)
		wn_json_set_num(m->field, "max", (double)n);
}

static void
read_flag(struct import *im, struct member *m, const struct import_token *t, bool open)
{
	static const char *const quiet[] = { "updatedAt", "map", "db", "unique" };
	bool known = false;

	for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++)
		known = known || is_word(t, quiet[i]);
	if (is_word(t, "unique") && m->field)
		wn_json_set_bool(m->field, "unique", true);
	else if (is_word(t, "id"))
		m->id = true;
	else if (is_word(t, "db") && open)
		read_size(im, m);
	else if (!known)
		import_lost(im, t->line, "%s.%s: @%s", m->model, m->name, import_text(im, t->text));
	if (open)
		import_skip_brackets(im, '(', ')');
}

static void
read_attribute(struct import *im, struct member *m)
{
	const struct import_token *t = import_next(im);
	bool open;

	while (import_take_mark(im, '.'))
		(void)import_next(im);
	open = import_take_mark(im, '(');
	if (is_word(t, "relation") && open)
		read_relation(im, m);
	else if (is_word(t, "default") && open)
		read_default(im, m);
	else
		read_flag(im, m, t, open);
}

/* @@index([a, b]) and its like. */
static void
read_block_attribute(struct import *im, struct wn_json *entity, const char *model)
{
	const struct import_token *t = import_next(im), *only = NULL;
	size_t names = 0;

	if (!import_take_mark(im, '('))
		return;
	for (int depth = 1; depth > 0 && import_peek(im, 0)->kind != IMPORT_END;) {
		const struct import_token *x = import_next(im);

		depth += import_mark(x, '(') - import_mark(x, ')');
		if (x->kind == IMPORT_WORD && depth == 1 && !import_mark(import_peek(im, 0), ':')) {
			only = x;
			names++;
		}
	}
	if (names == 1 && (is_word(t, "unique") || is_word(t, "index"))) {
		struct wn_json *f = import_named_field(
			entity, import_name(im, import_text(im, only->text), false));

		if (f)
			wn_json_set_bool(f, is_word(t, "unique") ? "unique" : "index", true);
	} else if (!is_word(t, "map")) {
		import_lost(im, t->line, "%s: @@%s over several fields", model,
			    import_text(im, t->text));
	}
}

/* --- members -----------------------------------------------------------------------------------
 */

static void
make_field(struct import *im, struct member *m)
{
	const char *type = type_of(m->type);

	if (wn_json_get(im->enums, m->type)) {
		m->field = import_field(im, m->entity, m->name, "enum", m->line);
		if (m->field)
			import_use_enum(im, m->field, m->type);
		return;
	}
	if (!type) {
		import_lost(im, m->line, "%s.%s: the type %s", m->model, m->name, m->type);
		return;
	}
	if (m->list)
		import_lost(im, m->line, "%s.%s: a list of values became JSON", m->model, m->name);
	m->field = import_field(im, m->entity, m->name,
				m->list ? "json" : import_refine(type, m->name), m->line);
}

/* A list on both sides has no key anywhere: the pair becomes a thing of its own, once. */
static void
note_list(struct import *im, const struct member *m)
{
	import_link_add(im, (struct import_link){ .from = m->type,
						  .to = m->model,
						  .name = m->name,
						  .on_delete = "list",
						  .line = m->line });
}

static void
read_member(struct import *im, struct wn_json *entity, const char *model)
{
	const struct import_token *t = import_next(im);
	struct member m = { .entity = entity, .model = model, .line = t->line };
	bool to_model;

	if (t->kind != IMPORT_WORD || import_peek(im, 0)->kind != IMPORT_WORD)
		return;
	m.name = import_text(im, t->text);
	m.type = import_text(im, import_next(im)->text);
	if (import_take_mark(im, '('))
		import_skip_brackets(im, '(', ')');
	if (import_take_mark(im, '[')) {
		m.list = true;
		import_skip_brackets(im, '[', ']');
	}
	m.optional = import_take_mark(im, '?');
	to_model = import_find(im, m.type) != NULL;
	if (!to_model)
		make_field(im, &m);
	while (import_mark(import_peek(im, 0), '@') && !import_mark(import_peek(im, 1), '@')) {
		im->at++;
		read_attribute(im, &m);
	}
	if (m.field && m.id && strcmp(m.name, "id") != 0) {
		wn_json_set_bool(m.field, "unique", true);
		import_lost(im, m.line, "%s.%s stays a unique field; rows have ids of their own",
			    model, m.name);
	}
	if (m.field && !m.optional && !m.list && !m.generated)
		wn_json_set_bool(m.field, "required", true);
	if (to_model && m.by)
		import_link_add(im, (struct import_link){ model, m.name, m.type, m.on_delete,
							  !m.optional, m.line });
	else if (to_model && m.list)
		note_list(im, &m);
}

static void
read_model(struct import *im)
{
	const char *model = import_text(im, import_next(im)->text);
	struct wn_json *entity = import_find(im, model);

	(void)import_take_mark(im, '{');
	while (import_peek(im, 0)->kind != IMPORT_END && !import_take_mark(im, '}'))
		if (import_mark(import_peek(im, 0), '@')) {
			while (import_take_mark(im, '@'))
				;
			read_block_attribute(im, entity, model);
		} else if (entity) {
			read_member(im, entity, model);
		} else {
			(void)import_next(im);
		}
}

/* --- together ------------------------------------------------------------------------------------
 */

/* Key columns that a relation names are the relation. */
static void
drop_keys(struct import *im)
{
	for (size_t i = 0; i + 1 < im->tokens.len; i++) {
		struct wn_json *kept, *e = NULL;
		const char *name;

		if (!is_word(&im->tokens.p[i], "fields") || !import_mark(&im->tokens.p[i + 1], ':'))
			continue;
		name = import_name(
			im, import_text(im, im->tokens.p[i + 3 < im->tokens.len ? i + 3 : i].text),
			false);
		for (size_t k = i; k-- > 0 && !e;)
			if (is_word(&im->tokens.p[k], "model"))
				e = import_find(im, import_text(im, im->tokens.p[k + 1].text));
		if (!e || !import_named_field(e, name))
			continue;
		kept = wn_json_new_array();
		for (const struct wn_json *f = wn_json_first(wn_json_get(e, "fields")); f;
		     f = wn_json_next(f))
			if (strcmp(wn_json_get_str(f, "name", ""), name) != 0)
				(void)wn_json_push(kept, wn_json_copy(f));
		(void)wn_json_set(e, "fields", kept);
		im->out->fields--;
	}
}

static bool
has_key(const struct import *im, const char *from, const char *to)
{
	for (size_t i = 0; i < im->links.len; i++) {
		const struct import_link *l = &im->links.p[i];

		if ((!l->on_delete || strcmp(l->on_delete, "list") != 0) &&
		    !strcmp(l->from, from) && !strcmp(l->to, to))
			return true;
	}
	return false;
}

/* Lists whose other side holds no key: many to many. */
static void
pair_lists(struct import *im)
{
	size_t n = im->links.len, kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct import_link l = im->links.p[i];
		const char *pair;

		if (!l.on_delete || strcmp(l.on_delete, "list") != 0 || has_key(im, l.from, l.to) ||
		    has_key(im, l.to, l.from))
			continue;
		pair = strcmp(l.from, l.to) < 0 ? wn_arena_printf(im->arena, "%s_%s", l.from, l.to)
						: wn_arena_printf(im->arena, "%s_%s", l.to, l.from);
		if (import_find(im, pair) || !import_entity(im, pair, l.line))
			continue;
		import_lost(im, l.line, "%s and %s, many to many, became a thing of its own: %s",
			    l.to, l.from, pair);
		import_link_add(
			im, (struct import_link){ pair, l.from, l.from, "cascade", true, l.line });
		import_link_add(im,
				(struct import_link){ pair, strcmp(l.from, l.to) ? l.to : "other",
						      l.to, "cascade", true, l.line });
	}
	for (size_t i = 0; i < im->links.len; i++)
		if (!im->links.p[i].on_delete || strcmp(im->links.p[i].on_delete, "list") != 0)
			im->links.p[kept++] = im->links.p[i];
	im->links.len = kept;
}

wn_err
import_prisma(struct import *im, struct wn_str text)
{
	wn_err err = import_lex(im, text, false);

	if (err)
		return err;
	declare(im);
	im->at = 0;
	while (import_peek(im, 0)->kind != IMPORT_END) {
		const struct import_token *t = import_next(im);

		if (is_word(t, "model") && import_peek(im, 0)->kind == IMPORT_WORD &&
		    import_mark(import_peek(im, 1), '{')) {
			read_model(im);
		} else if (import_mark(t, '{')) {
			import_skip_brackets(im, '{', '}');
		}
	}
	drop_keys(im);
	pair_lists(im);
	return WN_OK;
}
