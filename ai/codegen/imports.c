/*
 * Finds which names of server/lib a generated file uses. Works on the text: our templates
 * call library functions by their bare name and never shadow one.
 */
#include "ai/codegen/imports.h"

#include <stdbool.h>
#include <stddef.h>

struct name {
	const char *name, *module;
	bool type;
};

/* Sorted by module, then by name: the order of the import lines. */
static const struct name names[] = {
	{ "MONEY_SCALE", "../identity.ts", false },
	{ "rolesOf", "../identity.ts", false },
	{ "all", "../lib/db.ts", false },
	{ "holds", "../lib/db.ts", false },
	{ "one", "../lib/db.ts", false },
	{ "run", "../lib/db.ts", false },
	{ "transaction", "../lib/db.ts", false },
	{ "Db", "../lib/db.ts", true },
	{ "Row", "../lib/db.ts", true },
	{ "conflict", "../lib/errors.ts", false },
	{ "fromDatabase", "../lib/errors.ts", false },
	{ "HttpError", "../lib/errors.ts", false },
	{ "invalid", "../lib/errors.ts", false },
	{ "Constraints", "../lib/errors.ts", true },
	{ "newId", "../lib/id.ts", false },
	{ "timestamp", "../lib/id.ts", false },
	{ "addLink", "../lib/links.ts", false },
	{ "linkedRows", "../lib/links.ts", false },
	{ "linkedWith", "../lib/links.ts", false },
	{ "removeLink", "../lib/links.ts", false },
	{ "setLinks", "../lib/links.ts", false },
	{ "valuesById", "../lib/links.ts", false },
	{ "Operation", "../lib/operation.ts", true },
	{ "countOf", "../lib/page.ts", false },
	{ "pageOf", "../lib/page.ts", false },
	{ "Where", "../lib/page.ts", false },
	{ "checkPassword", "../lib/password.ts", false },
	{ "hashPassword", "../lib/password.ts", false },
	{ "audit", "../lib/record.ts", false },
	{ "changedFields", "../lib/record.ts", false },
	{ "emit", "../lib/record.ts", false },
	{ "closeSession", "../lib/session.ts", false },
	{ "dropCookie", "../lib/session.ts", false },
	{ "is", "../lib/session.ts", false },
	{ "openSession", "../lib/session.ts", false },
	{ "owns", "../lib/session.ts", false },
	{ "setCookie", "../lib/session.ts", false },
	{ "Viewer", "../lib/session.ts", true },
	{ "fold", "../lib/text.ts", false },
	{ "like", "../lib/text.ts", false },
	{ "normalizeText", "../lib/text.ts", false },
	{ "slugify", "../lib/text.ts", false },
	{ "Rule", "../lib/text.ts", true },
	{ "fromJson", "../lib/values.ts", false },
	{ "moneyToText", "../lib/values.ts", false },
	{ "moneyToUnits", "../lib/values.ts", false },
	{ "reference", "../lib/values.ts", false },
	{ "toBool", "../lib/values.ts", false },
};

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$';
}

#define NAMES (sizeof names / sizeof *names)

/* A word of a line as a call, a constant or a type, not as a member or in quotes. */
static void
note_word(const char *word, size_t len, char before, char after, bool spread, bool used[NAMES])
{
	if ((before == '\'' || before == '.' || before == '`') && !spread)
		return;
	for (size_t i = 0; i < NAMES; i++) {
		const struct name *n = &names[i];
		bool constant = n->name[0] == 'M';

		if (n->name[0] == *word && wn_str_is(wn_strn(word, len), n->name))
			used[i] |=
				n->type ? after != '(' && after != ':' : after == '(' || constant;
	}
}

static void
note_line(struct wn_str line, bool used[NAMES])
{
	size_t i = 0, start;

	while (i < line.len) {
		if (!is_word(line.p[i])) {
			i++;
			continue;
		}
		for (start = i; i < line.len && is_word(line.p[i]);)
			i++;
		note_word(line.p + start, i - start, start > 0 ? line.p[start - 1] : ' ',
			  i < line.len ? line.p[i] : ' ',
			  start >= 3 && line.p[start - 1] == '.' && line.p[start - 2] == '.', used);
	}
}

static void
note_text(struct wn_str text, bool used[NAMES])
{
	struct wn_str line;

	while (wn_str_split(&text, '\n', &line))
		if (!wn_str_has_prefix(wn_str_trim(line), WN_STR("//")))
			note_line(line, used);
}

static void
write_imports(struct wn_str text, struct wn_buf *out)
{
	const size_t count = NAMES;
	bool used[NAMES] = { false };
	size_t i, k, n;

	note_text(text, used);
	for (i = 0; i < count; i = k) {
		bool types_only = true;

		for (n = 0, k = i; k < count && wn_str_is(wn_str(names[k].module), names[i].module);
		     k++)
			if (used[k]) {
				types_only &= names[k].type;
				n++;
			}
		if (n == 0)
			continue;
		wn_buf_printf(out, "import %s{ ", types_only ? "type " : "");
		for (n = 0, k = i; k < count && wn_str_is(wn_str(names[k].module), names[i].module);
		     k++)
			if (used[k])
				wn_buf_printf(out, "%s%s%s", n++ ? ", " : "",
					      names[k].type && !types_only ? "type " : "",
					      names[k].name);
		wn_buf_printf(out, " } from '%s';\n", names[i].module);
	}
}

wn_err
codegen_resolve_imports(struct wn_str text, struct wn_buf *out)
{
	static const struct wn_str marker = { "@imports@\n", 10 };
	ptrdiff_t at = wn_str_find(text, marker);

	if (at < 0)
		return wn_buf_str(out, text);
	wn_buf_add(out, text.p, (size_t)at);
	write_imports(text, out);
	return wn_buf_str(out, wn_str_sub(text, (size_t)at + marker.len, text.len));
}
