/*
 * JHipster's JDL: entities, enums, relationships. Options of its generator are listed.
 */
#include "ai/blueprint/import/import_priv.h"

static const struct {
	const char *jdl, *type;
} types[] = {
	{ "String", "string" },	     { "TextBlob", "text" },
	{ "Integer", "int" },	     { "Long", "int" },
	{ "BigDecimal", "decimal" }, { "Float", "decimal" },
	{ "Double", "decimal" },     { "Boolean", "bool" },
	{ "LocalDate", "date" },     { "ZonedDateTime", "datetime" },
	{ "Instant", "datetime" },   { "UUID", "uuid" },
};

static bool
is_word(const struct import_token *t, const char *word)
{
	return t->kind == IMPORT_WORD && wn_str_is(t->text, word);
}

/* enum Color { RED (Red), BLUE } */
static void
read_enum(struct import *im)
{
	const char *name = import_text(im, import_next(im)->text);

	(void)import_take_mark(im, '{');
	while (import_peek(im, 0)->kind != IMPORT_END && !import_take_mark(im, '}')) {
		const struct import_token *t = import_next(im);

		if (import_mark(t, '('))
			import_skip_brackets(im, '(', ')');
		else if (t->kind == IMPORT_WORD)
			import_enum_value(im, name, t->text, t->line);
	}
}

/* --- entities --------------------------------------------------------------------------- */

static void
set_bound(struct import *im, struct wn_json *field, const struct import_token *rule,
	  const char *what)
{
	bool minus = import_take_mark(im, '-');
	const struct import_token *t = import_next(im);
	const char *type = wn_json_get_str(field, "type", "");
	bool length = !strcmp(type, "string") || !strcmp(type, "text");
	bool bound = rule->text.p[0] == 'm' && (rule->text.len > 3) == length;
	int64_t n;

	import_skip_brackets(im, '(', ')');
	if (field && bound && wn_str_i64(t->text, &n) && n <= 1000000000)
		wn_json_set_num(field, rule->text.p[1] == 'i' ? "min" : "max",
				(double)(minus ? -n : n));
	else if (field)
		import_lost(im, rule->line, "%s: %s(%s)", what, import_text(im, rule->text),
			    import_text(im, t->text));
}

/* pattern(/^[a-z]+$/): the lexer cut it into marks; it is kept out. */
static void
read_rules(struct import *im, struct wn_json *field, const char *what)
{
	for (;;) {
		const struct import_token *t = import_peek(im, 0);
		bool bound = is_word(t, "min") || is_word(t, "max") || is_word(t, "minlength") ||
			     is_word(t, "maxlength") || is_word(t, "minbytes") ||
			     is_word(t, "maxbytes");

		if (is_word(t, "required") || is_word(t, "unique")) {
			if (field)
				wn_json_set_bool(
					field, is_word(t, "unique") ? "unique" : "required", true);
			im->at++;
		} else if (bound && import_mark(import_peek(im, 1), '(')) {
			im->at += 2;
			set_bound(im, field, t, what);
		} else if (is_word(t, "pattern") && import_mark(import_peek(im, 1), '(')) {
			import_lost(im, t->line, "%s: its pattern", what);
			im->at += 2;
			import_skip_brackets(im, '(', ')');
		} else {
			return;
		}
	}
}

static struct wn_json *
make_field(struct import *im, struct wn_json *entity, const char *name,
	   const struct import_token *t, const char *what)
{
	const char *type = NULL, *word = import_text(im, t->text);
	struct wn_json *f;

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (is_word(t, types[i].jdl))
			type = types[i].type;
	if (type)
		return import_field(im, entity, name, import_refine(type, name), t->line);
	if (!wn_json_get(im->enums, word)) {
		import_lost(im, t->line, "%s: the type %s", what, word);
		return NULL;
	}
	f = import_field(im, entity, name, "enum", t->line);
	if (f)
		import_use_enum(im, f, word);
	return f;
}

static void
read_fields(struct import *im, struct wn_json *entity, const char *raw)
{
	while (import_peek(im, 0)->kind != IMPORT_END && !import_take_mark(im, '}')) {
		const struct import_token *t = import_next(im);
		const char *name, *what;
		struct wn_json *f;

		if (t->kind != IMPORT_WORD || import_peek(im, 0)->kind != IMPORT_WORD)
			continue;
		name = import_text(im, t->text);
		what = wn_arena_printf(im->arena, "%s.%s", raw, name);
		f = make_field(im, entity, name, import_next(im), what);
		read_rules(im, f, what);
	}
}

static void
read_entity(struct import *im, size_t line)
{
	const char *raw = import_text(im, import_next(im)->text);
	struct wn_json *e = import_entity(im, raw, line);

	if (import_take_mark(im, '('))
		import_skip_brackets(im, '(', ')');
	if (!import_take_mark(im, '{'))
		return;
	if (e)
		read_fields(im, e, raw);
	else
		import_skip_brackets(im, '{', '}');
}

/* --- relationships ------------------------------------------------------------------------- */

struct end {
	const char *entity, *name;
	bool required;
};

/* Order{lines(title) required} */
static struct end
read_end(struct import *im)
{
	struct end e = { .entity = import_text(im, import_next(im)->text) };

	if (!import_take_mark(im, '{'))
		return e;
	if (import_peek(im, 0)->kind == IMPORT_WORD)
		e.name = import_text(im, import_next(im)->text);
	if (import_take_mark(im, '('))
		import_skip_brackets(im, '(', ')');
	e.required = is_word(import_peek(im, 0), "required");
	import_skip_brackets(im, '{', '}');
	return e;
}

static void
add_many(struct import *im, struct end a, struct end b, size_t line)
{
	const char *pair = wn_arena_printf(im->arena, "%s_%s", a.entity, b.entity);

	if (import_find(im, pair) || !import_entity(im, pair, line))
		return;
	import_lost(im, line, "%s and %s, many to many, became a thing of its own: %s", a.entity,
		    b.entity, pair);
	import_link_add(im,
			(struct import_link){ pair, a.entity, a.entity, "cascade", true, line });
	import_link_add(im,
			(struct import_link){ pair, strcmp(a.entity, b.entity) ? b.entity : "other",
					      b.entity, "cascade", true, line });
}

static void
add_relation(struct import *im, const struct import_token *kind, struct end a, struct end b)
{
	bool one_to_many = is_word(kind, "OneToMany");
	struct end from = one_to_many ? b : a, to = one_to_many ? a : b;

	if (is_word(kind, "ManyToMany")) {
		add_many(im, a, b, kind->line);
		return;
	}
	if (is_word(kind, "OneToOne"))
		import_lost(im, kind->line, "%s.%s: that there is only one is not enforced",
			    a.entity, a.name ? a.name : b.entity);
	import_link_add(im, (struct import_link){ from.entity, from.name ? from.name : to.entity,
						  to.entity, NULL, from.required, kind->line });
}

/* relationship OneToMany { A{bs} to B{a required}, C to D } */
static void
read_relationship(struct import *im)
{
	const struct import_token *kind = import_next(im);

	if (!import_take_mark(im, '{'))
		return;
	while (import_peek(im, 0)->kind != IMPORT_END && !import_take_mark(im, '}')) {
		struct end a, b;

		if (import_peek(im, 0)->kind != IMPORT_WORD) {
			(void)import_next(im);
			continue;
		}
		a = read_end(im);
		if (!import_take(im, "to"))
			continue;
		b = read_end(im);
		add_relation(im, kind, a, b);
		if (import_take(im, "with"))
			(void)import_next(im);
	}
}

/* --- the rest ----------------------------------------------------------------------------------
 */

/* "paginate * with pager": to the end of the line, or of its block. */
static void
lose_option(struct import *im, const struct import_token *t)
{
	import_lost(im, t->line, "the option %s", import_text(im, t->text));
	while (import_peek(im, 0)->kind != IMPORT_END && import_peek(im, 0)->line == t->line)
		if (import_mark(import_next(im), '{'))
			import_skip_brackets(im, '{', '}');
}

static void
read_enums(struct import *im)
{
	while (import_peek(im, 0)->kind != IMPORT_END)
		if (is_word(import_next(im), "enum") && import_mark(import_peek(im, 1), '{'))
			read_enum(im);
	im->at = 0;
}

wn_err
import_jdl(struct import *im, struct wn_str text)
{
	wn_err err = import_lex(im, text, false);

	if (err)
		return err;
	read_enums(im);
	while (import_peek(im, 0)->kind != IMPORT_END) {
		const struct import_token *t = import_next(im);

		if (import_mark(t, '@')) {
			import_lost(im, t->line, "the option @%s",
				    import_text(im, import_next(im)->text));
			if (import_take_mark(im, '('))
				import_skip_brackets(im, '(', ')');
		} else if (is_word(t, "entity") && import_peek(im, 0)->kind == IMPORT_WORD) {
			read_entity(im, t->line);
		} else if (is_word(t, "relationship")) {
			read_relationship(im);
		} else if (is_word(t, "enum")) {
			(void)import_next(im);
			if (import_take_mark(im, '{'))
				import_skip_brackets(im, '{', '}');
		} else if (t->kind == IMPORT_WORD) {
			lose_option(im, t);
		}
	}
	return WN_OK;
}
