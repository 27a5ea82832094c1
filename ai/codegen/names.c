/*
 * Spelling of names. Only ASCII goes in (the contract's pattern) and comes out.
 */
#include "ai/codegen/names.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "runtime/base/str.h"

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

const char *
codegen_snake(struct wn_arena *a, const char *camel)
{
	char *out = wn_arena_alloc(a, strlen(camel) * 2 + 1), *p = out;
	size_t i;

	for (i = 0; camel[i]; i++) {
		if (is_upper(camel[i]) && i > 0)
			*p++ = '_';
		*p++ = is_upper(camel[i]) ? (char)(camel[i] - 'A' + 'a') : camel[i];
	}
	return out;
}

const char *
codegen_pascal(struct wn_arena *a, const char *name)
{
	char *out = wn_arena_alloc(a, strlen(name) + 1), *p = out;
	bool up = true;

	for (; *name; name++) {
		if (*name == '_' || *name == '-') {
			up = true;
			continue;
		}
		*p++ = up && *name >= 'a' && *name <= 'z' ? (char)(*name - 'a' + 'A') : *name;
		up = false;
	}
	return out;
}

static bool
in_list(const char *const *list, size_t n, const char *word)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i], word) == 0)
			return true;
	return false;
}

/* SQLite's keywords, lang_keywords.html. */
static const char *const sql_words[] = {
	"abort",
	"action",
	"add",
	"after",
	"all",
	"alter",
	"always",
	"analyze",
	"and",
	"as",
	"asc",
	"attach",
	"autoincrement",
	"before",
	"begin",
	"between",
	"by",
	"cascade",
	"case",
	"cast",
	"check",
	"collate",
	"column",
	"commit",
	"conflict",
	"constraint",
	"create",
	"cross",
	"current",
	"current_date",
	"current_time",
	"current_timestamp",
	"database",
	"default",
	"deferrable",
	"deferred",
	"delete",
	"desc",
	"detach",
	"distinct",
	"do",
	"drop",
	"each",
	"else",
	"end",
	"escape",
	"except",
	"exclude",
	"exclusive",
	"exists",
	"explain",
	"fail",
	"filter",
	"first",
	"following",
	"for",
	"foreign",
	"from",
	"full",
	"generated",
	"glob",
	"group",
	"groups",
	"having",
	"if",
	"ignore",
	"immediate",
	"in",
	"index",
	"indexed",
	"initially",
	"inner",
	"insert",
	"instead",
	"intersect",
	"into",
	"is",
	"isnull",
	"join",
	"key",
	"last",
	"left",
	"like",
	"limit",
	"match",
	"materialized",
	"natural",
	"no",
	"not",
	"nothing",
	"notnull",
	"null",
	"nulls",
	"of",
	"offset",
	"on",
	"or",
	"order",
	"others",
	"outer",
	"over",
	"partition",
	"plan",
	"pragma",
	"preceding",
	"primary",
	"query",
	"raise",
	"range",
	"recursive",
	"references",
	"regexp",
	"reindex",
	"release",
	"rename",
	"replace",
	"restrict",
	"returning",
	"right",
	"rollback",
	"row",
	"rows",
	"savepoint",
	"select",
	"set",
	"table",
	"temp",
	"temporary",
	"then",
	"ties",
	"to",
	"transaction",
	"trigger",
	"unbounded",
	"union",
	"unique",
	"update",
	"using",
	"vacuum",
	"values",
	"view",
	"virtual",
	"when",
	"where",
	"window",
	"with",
	"without",
};

const char *
codegen_sql_name(struct wn_arena *a, const char *name)
{
	if (in_list(sql_words, sizeof sql_words / sizeof *sql_words, name))
		return wn_arena_printf(a, "\"%s\"", name);
	return wn_arena_strdup(a, name);
}

/* printf writes the locale's decimal separator, which may be several bytes. */
static const char *
with_point(char *text)
{
	char *in = text, *out = text;
	bool in_separator = false;

	for (; *in; in++) {
		bool plain = (*in >= '0' && *in <= '9') || *in == '-' || *in == '+' || *in == 'e';

		if (plain)
			*out++ = *in;
		else if (!in_separator)
			*out++ = '.';
		in_separator = !plain;
	}
	*out = '\0';
	return text;
}

const char *
codegen_number(struct wn_arena *a, double v)
{
	return with_point(wn_arena_printf(a, "%.15g", v));
}

const char *
codegen_decimal(struct wn_arena *a, double v, unsigned decimals)
{
	return with_point(wn_arena_printf(a, "%.*f", (int)decimals, v));
}
