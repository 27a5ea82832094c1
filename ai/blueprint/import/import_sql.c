/*
 * SQL as PostgreSQL, MySQL and SQLite write schemas: tables, columns, keys, enums. Other statements
 * are listed by their first words.
 */
#include <stdlib.h>

#include "ai/blueprint/import/import_priv.h"

struct column {
	struct wn_json *entity, *field;
	const char *table, *name;
	size_t line;
	bool required;
	const char *references, *on_delete; /* nullable */
};

static bool
at_end(const struct import *im)
{
	const struct import_token *t = import_peek(im, 0);

	return t->kind == IMPORT_END || import_mark(t, ';');
}

/* The last part of schema.table. */
static const char *
object_name(struct import *im)
{
	const struct import_token *t = import_next(im);

	while (import_take_mark(im, '.'))
		t = import_next(im);
	return import_text(im, t->text);
}

static void
skip_statement(struct import *im, size_t line)
{
	struct wn_buf b;

	wn_buf_init(&b, 400);
	for (size_t i = 0; i < 4 && import_peek(im, i)->kind == IMPORT_WORD; i++)
		(void)wn_buf_printf(&b, "%s%.*s", i ? " " : "",
				    (int)(import_peek(im, i)->text.len < 60
						  ? import_peek(im, i)->text.len
						  : 60),
				    import_peek(im, i)->text.p);
	if (b.len)
		import_lost(im, line, "statement not carried over: %s", b.p);
	wn_buf_fini(&b);
	while (!at_end(im)) {
		if (import_mark(import_next(im), '('))
			import_skip_brackets(im, '(', ')');
	}
}

/* --- types ------------------------------------------------------------------------------- */

static const struct {
	const char *sql, *type;
} types[] = {
	{ "int", "int" },
	{ "integer", "int" },
	{ "bigint", "int" },
	{ "smallint", "int" },
	{ "tinyint", "int" },
	{ "mediumint", "int" },
	{ "serial", "int" },
	{ "bigserial", "int" },
	{ "smallserial", "int" },
	{ "int2", "int" },
	{ "int4", "int" },
	{ "int8", "int" },
	{ "decimal", "decimal" },
	{ "numeric", "decimal" },
	{ "real", "decimal" },
	{ "float", "decimal" },
	{ "double", "decimal" },
	{ "float4", "decimal" },
	{ "float8", "decimal" },
	{ "money", "money" },
	{ "bool", "bool" },
	{ "boolean", "bool" },
	{ "date", "date" },
	{ "timestamp", "datetime" },
	{ "timestamptz", "datetime" },
	{ "datetime", "datetime" },
	{ "varchar", "string" },
	{ "char", "string" },
	{ "character", "string" },
	{ "nvarchar", "string" },
	{ "nchar", "string" },
	{ "bpchar", "string" },
	{ "citext", "string" },
	{ "text", "text" },
	{ "tinytext", "text" },
	{ "mediumtext", "text" },
	{ "longtext", "text" },
	{ "clob", "text" },
	{ "json", "json" },
	{ "jsonb", "json" },
	{ "uuid", "uuid" },
	{ "year", "int" },
};

static const char *
type_of(const struct import_token *t)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (import_is(t, types[i].sql))
			return types[i].type;
	return NULL;
}

/* (160), (10,2), ('a','b'); the first number, or -1. */
static int64_t
read_size(struct import *im, const char *enum_name)
{
	int64_t size = -1;

	if (!import_take_mark(im, '('))
		return -1;
	while (import_peek(im, 0)->kind != IMPORT_END && !import_mark(import_peek(im, 0), ')')) {
		const struct import_token *t = import_next(im);

		if (t->kind == IMPORT_NUMBER && size < 0)
			(void)wn_str_i64(t->text, &size);
		else if (t->kind == IMPORT_STRING)
			import_enum_value(im, enum_name, t->text, t->line);
	}
	(void)import_take_mark(im, ')');
	return size;
}

static void
unknown_type(struct import *im, struct column *c, const struct import_token *t)
{
	const char *name = import_text(im, t->text);

	if (wn_json_get(im->enums, name)) {
		c->field = import_field(im, c->entity, c->name, "enum", c->line);
		if (c->field)
			import_use_enum(im, c->field, name);
		return;
	}
	import_lost(im, c->line, "%s.%s: the type %s became plain text", c->table, c->name, name);
	c->field = import_field(im, c->entity, c->name, "text", c->line);
}

static void
read_type(struct import *im, struct column *c)
{
	const struct import_token *t = import_next(im);
	const char *type = type_of(t), *name;
	int64_t size;

	while (import_take_mark(im, '.'))
		t = import_next(im);
	type = type ? type : type_of(t);
	name = wn_arena_printf(im->arena, "%s.%s", c->table, c->name);
	size = read_size(im, name);
	if (import_is(t, "enum") || import_is(t, "set")) {
		c->field = import_field(im, c->entity, c->name, "enum", c->line);
		if (c->field)
			import_use_enum(im, c->field, name);
	} else if (!type) {
		unknown_type(im, c, t);
	} else {
		if (import_is(t, "tinyint") && size == 1)
			type = "bool";
		c->field =
			import_field(im, c->entity, c->name, import_refine(type, c->name), c->line);
	}
	if (c->field && size > 0 && size <= 100000 &&
	    !strcmp(wn_json_get_str(c->field, "type", ""), "string"))
		wn_json_set_num(c->field, "max", (double)size);
	if (import_is(t, "time"))
		import_lost(im, c->line, "%s.%s: a time of day is text here", c->table, c->name);
	if (import_take_mark(im, '[')) {
		import_skip_brackets(im, '[', ']');
		import_lost(im, c->line, "%s.%s: a list of values became JSON", c->table, c->name);
		if (c->field)
			wn_json_set_str(c->field, "type", "json");
	}
}

/* --- columns ------------------------------------------------------------------------------- */

static const char *
read_action(struct import *im)
{
	if (import_take(im, "cascade"))
		return "cascade";
	if (import_take(im, "restrict"))
		return "restrict";
	if (import_take(im, "set")) {
		(void)import_next(im);
		return "setNull";
	}
	if (import_take(im, "no"))
		(void)import_take(im, "action");
	return "restrict";
}

/* REFERENCES t (c) ON DELETE CASCADE ON UPDATE ... */
static void
read_references(struct import *im, const char **table, const char **on_delete)
{
	*table = object_name(im);
	*on_delete = NULL;
	if (import_take_mark(im, '('))
		import_skip_brackets(im, '(', ')');
	while (import_is(import_peek(im, 0), "on")) {
		bool del = import_is(import_peek(im, 1), "delete");
		const char *action;

		im->at += 2;
		action = read_action(im);
		if (del)
			*on_delete = action;
	}
}

static void
read_default(struct import *im, struct column *c)
{
	const struct import_token *t = import_next(im);
	bool minus = import_mark(t, '-'), bracket = import_mark(t, '(');
	struct wn_str value;

	if (minus || bracket)
		t = import_next(im);
	value = minus ? wn_str(wn_arena_printf(im->arena, "-%.*s", (int)(t->text.len % 100),
					       t->text.p))
		      : t->text;
	if (import_is(t, "true") || import_is(t, "false"))
		value = import_is(t, "true") ? WN_STR("true") : WN_STR("false");
	if (import_take_mark(im, '('))
		import_skip_brackets(im, '(', ')');
	while (import_take_mark(im, ':'))
		if (!import_mark(import_peek(im, 0), ':'))
			(void)import_next(im);
	if (bracket)
		import_skip_brackets(im, '(', ')');
	if (!c->field || import_is(t, "null"))
		return;
	if (t->kind == IMPORT_WORD && !import_is(t, "true") && !import_is(t, "false"))
		import_lost(im, t->line, "%s.%s: its default %s is computed", c->table, c->name,
			    import_text(im, t->text));
	else
		import_default(im, c->field, value, t->line);
}

static void
set_flag(struct wn_json *field, const char *flag)
{
	if (field)
		wn_json_set_bool(field, flag, true);
}

static void
lost_clause(struct import *im, struct column *c, const struct import_token *t)
{
	static const char *const quiet[] = {
		"null", "auto_increment", "autoincrement", "constraint", "unsigned",
		"key",	"precision",	  "varying",	   "with",	 "without",
		"time", "zone",		  "asc",	   "desc"
	};

	for (size_t i = 0; i < sizeof quiet / sizeof quiet[0]; i++)
		if (import_is(t, quiet[i])) {
			if (import_is(t, "constraint"))
				(void)import_next(im);
			return;
		}
	import_lost(im, t->line, "%s.%s: %s", c->table, c->name, import_text(im, t->text));
}

static void
read_clause(struct import *im, struct column *c)
{
	const struct import_token *t = import_next(im);

	if (import_is(t, "not") && import_take(im, "null")) {
		c->required = true;
	} else if (import_is(t, "unique")) {
		set_flag(c->field, "unique");
	} else if (import_is(t, "primary")) {
		(void)import_take(im, "key");
		set_flag(c->field, "unique");
		if (c->field)
			import_lost(im, t->line,
				    "%s.%s stays a unique field; rows have ids of their own",
				    c->table, c->name);
	} else if (import_is(t, "default")) {
		read_default(im, c);
	} else if (import_is(t, "references")) {
		read_references(im, &c->references, &c->on_delete);
	} else if (import_is(t, "comment") || import_is(t, "collate")) {
		(void)import_next(im);
	} else {
		lost_clause(im, c, t);
	}
	if (import_take_mark(im, '(')) {
		import_skip_brackets(im, '(', ')');
		if (!import_is(t, "varying"))
			import_lost(im, t->line, "%s.%s: a condition or expression", c->table,
				    c->name);
	}
}

static void
drop_field(struct import *im, struct wn_json *entity, const char *raw)
{
	struct wn_json *kept = wn_json_new_array();
	const char *name = import_name(im, raw, false);
	const struct wn_json *f = wn_json_first(wn_json_get(entity, "fields"));
	bool gone = false;

	for (; f; f = wn_json_next(f))
		if (!strcmp(wn_json_get_str(f, "name", ""), name))
			gone = true;
		else
			(void)wn_json_push(kept, wn_json_copy(f));
	im->out->fields -= gone;
	(void)wn_json_set(entity, "fields", kept);
}

static void
read_column(struct import *im, struct wn_json *entity, const char *table)
{
	const struct import_token *t = import_next(im);
	struct column c = {
		.entity = entity, .table = table, .name = import_text(im, t->text), .line = t->line
	};

	read_type(im, &c);
	while (!at_end(im) && !import_mark(import_peek(im, 0), ',') &&
	       !import_mark(import_peek(im, 0), ')'))
		read_clause(im, &c);
	if (c.required && c.field)
		wn_json_set_bool(c.field, "required", true);
	if (!c.references)
		return;
	drop_field(im, entity, c.name);
	import_link_add(im, (struct import_link){ table, c.name, c.references, c.on_delete,
						  c.required, c.line });
}

/* --- keys of a table ----------------------------------------------------------------------------
 */

/* (a, b): the only name, or NULL when there are several. */
static const char *
single_column(struct import *im)
{
	const char *name = NULL;
	size_t n = 0;

	if (!import_take_mark(im, '('))
		return NULL;
	while (!at_end(im) && !import_mark(import_peek(im, 0), ')')) {
		const struct import_token *t = import_next(im);

		if (import_mark(t, '('))
			import_skip_brackets(im, '(', ')');
		else if (t->kind == IMPORT_WORD && !import_is(t, "asc") && !import_is(t, "desc")) {
			name = import_text(im, t->text);
			n++;
		}
	}
	(void)import_take_mark(im, ')');
	return n == 1 ? name : NULL;
}

static void
read_foreign_key(struct import *im, struct wn_json *entity, const char *table, size_t line)
{
	const char *column, *to = NULL, *on_delete = NULL;
	const struct wn_json *f;

	(void)import_take(im, "key");
	column = single_column(im);
	if (import_take(im, "references"))
		read_references(im, &to, &on_delete);
	if (!column || !to) {
		import_lost(im, line, "%s: a foreign key of several columns", table);
		return;
	}
	f = import_named_field(entity, import_name(im, column, false));
	import_link_add(im, (struct import_link){ table, column, to, on_delete,
						  wn_json_get_bool(f, "required", false), line });
	drop_field(im, entity, column);
}

/* UNIQUE (a), PRIMARY KEY (a), INDEX x (a) */
static void
read_key(struct import *im, struct wn_json *entity, const char *table, const char *flag,
	 size_t line)
{
	const char *column;

	while (import_peek(im, 0)->kind == IMPORT_WORD)
		(void)import_next(im);
	column = single_column(im);
	if (column && import_named_field(entity, import_name(im, column, false)))
		set_flag(import_named_field(entity, import_name(im, column, false)), flag);
	else if (!column)
		import_lost(im, line, "%s: a key over several columns", table);
}

static bool
read_constraint(struct import *im, struct wn_json *entity, const char *table)
{
	const struct import_token *t = import_peek(im, 0);
	size_t line = t->line;

	if (import_take(im, "constraint")) {
		if (!import_is(import_peek(im, 0), "foreign") &&
		    !import_is(import_peek(im, 0), "unique") &&
		    !import_is(import_peek(im, 0), "primary") &&
		    !import_is(import_peek(im, 0), "check"))
			(void)import_next(im);
		t = import_peek(im, 0);
	}
	if (import_take(im, "foreign"))
		read_foreign_key(im, entity, table, line);
	else if (import_is(t, "primary") || import_is(t, "unique"))
		read_key(im, entity, table, "unique", line);
	else if ((import_is(t, "index") || import_is(t, "key")) &&
		 (import_mark(import_peek(im, 1), '(') || import_mark(import_peek(im, 2), '(')))
		read_key(im, entity, table, "index", line);
	else if (import_is(t, "check") || import_is(t, "exclude"))
		import_lost(im, line, "%s: a condition (%s)", table, import_text(im, t->text));
	else
		return false;
	while (!at_end(im) && !import_mark(import_peek(im, 0), ',') &&
	       !import_mark(import_peek(im, 0), ')'))
		if (import_mark(import_next(im), '('))
			import_skip_brackets(im, '(', ')');
	return true;
}

/* --- statements
 * ------------------------------------------------------------------------------------ */

static void
skip_if_not_exists(struct import *im)
{
	if (import_take(im, "if")) {
		(void)import_take(im, "not");
		(void)import_take(im, "exists");
	}
}

static void
create_table(struct import *im, size_t line)
{
	const char *table;
	struct wn_json *entity;

	skip_if_not_exists(im);
	table = object_name(im);
	if (!import_take_mark(im, '(')) {
		import_lost(im, line, "%s: a table made from a query", table);
		return;
	}
	entity = import_entity(im, table, line);
	while (entity && !at_end(im) && !import_mark(import_peek(im, 0), ')')) {
		size_t before = im->at;

		if (!read_constraint(im, entity, table))
			read_column(im, entity, table);
		(void)import_take_mark(im, ',');
		if (im->at == before)
			(void)import_next(im);
	}
	while (!at_end(im))
		(void)import_next(im);
}

/* CREATE TYPE mood AS ENUM ('a', 'b') */
static bool
create_type(struct import *im)
{
	const char *name = object_name(im);

	if (!import_take(im, "as") || !import_take(im, "enum"))
		return false;
	(void)read_size(im, name);
	return true;
}

static void
create_index(struct import *im, bool unique, size_t line)
{
	const char *table;
	struct wn_json *entity;

	while (!at_end(im) && !import_is(import_peek(im, 0), "on"))
		(void)import_next(im);
	(void)import_take(im, "on");
	table = object_name(im);
	if (import_take(im, "using"))
		(void)import_next(im);
	entity = import_find(im, table);
	if (entity)
		read_key(im, entity, table, unique ? "unique" : "index", line);
	while (!at_end(im))
		(void)import_next(im);
}

/* ALTER TABLE ONLY t ADD CONSTRAINT n FOREIGN KEY (a) REFERENCES b (c) */
static bool
alter_table(struct import *im)
{
	struct wn_json *entity;
	const char *table;

	if (!import_take(im, "table"))
		return false;
	(void)import_take(im, "only");
	skip_if_not_exists(im);
	table = object_name(im);
	entity = import_find(im, table);
	return entity && import_take(im, "add") && read_constraint(im, entity, table);
}

static bool
create(struct import *im, size_t line)
{
	bool unique;

	(void)import_take(im, "temporary");
	(void)import_take(im, "unlogged");
	if (import_take(im, "table")) {
		create_table(im, line);
		return true;
	}
	if (import_take(im, "type"))
		return create_type(im);
	unique = import_take(im, "unique");
	if (!import_take(im, "index"))
		return false;
	create_index(im, unique, line);
	return true;
}

wn_err
import_sql(struct import *im, struct wn_str text)
{
	wn_err err = import_lex(im, text, true);

	while (!err && import_peek(im, 0)->kind != IMPORT_END) {
		size_t start = im->at, line = import_peek(im, 0)->line;
		bool done = import_take(im, "create")  ? create(im, line)
			    : import_take(im, "alter") ? alter_table(im)
						       : false;

		if (!done) {
			im->at = start;
			skip_statement(im, line);
		}
		while (!at_end(im))
			(void)import_next(im);
		(void)import_take_mark(im, ';');
		im->at += im->at == start;
	}
	return err;
}
