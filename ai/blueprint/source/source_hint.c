/*
 * What to do about it, in words: the usual slips of people who write JSON and YAML by hand.
 */
#include <stdio.h>

#include "ai/blueprint/source/source_priv.h"

/* The last byte before at that is no blank; 0: there is none. */
static char
before(struct wn_str text, size_t at)
{
	while (at > 0 && blueprint_is_blank(text.p[at - 1]))
		at--;
	return at > 0 ? text.p[at - 1] : '\0';
}

static bool
says(const char *why, const char *what)
{
	return strstr(why, what) != NULL;
}

static const char *
json_value_hint(struct wn_str text, size_t at)
{
	char c = at < text.len ? text.p[at] : '\0', last = before(text, at);

	if (at + 1 < text.len && (text.p[at] == '/' || text.p[at] == '#'))
		return "JSON has no comments: remove it, or write the blueprint in YAML.";
	if (c == '\'')
		return "Use double quotes (\") around text.";
	if ((c == '}' || c == ']') && last == ',')
		return "Remove the comma before it.";
	if (last == ':' || last == ',')
		return "Put text in double quotes (\"); other values are numbers, true, false, "
		       "null, "
		       "[ ] and { }.";
	return "Write a value here: text in double quotes, a number, true, false, null, [ ] or { "
	       "}.";
}

const char *
blueprint_json_hint(struct wn_str text, size_t at, const char *why)
{
	if (says(why, "string does not end"))
		return "Close it with a double quote (\") on the same line.";
	if (says(why, "the text ends") || says(why, "does not end"))
		return text.len == 0 ? "The file is empty: write a blueprint, or start one with "
				       "webnova new."
				     : "Close what is open with } or ].";
	if (says(why, "duplicate"))
		return "Give one of the two another name, or remove it.";
	if (says(why, "':'"))
		return "Write \"name\": value.";
	if (says(why, "member name") || says(why, "a value"))
		return before(text, at) == ',' && at < text.len &&
				       (text.p[at] == '}' || text.p[at] == ']')
			       ? "Remove the comma before it."
			       : json_value_hint(text, at);
	if (says(why, "','"))
		return "Put a comma between the two, or close the first.";
	if (says(why, "bytes") || says(why, "too"))
		return "Split the blueprint into files and join them with $include.";
	if (says(why, "control") || says(why, "escape") || says(why, "UTF-8"))
		return "Save the file as UTF-8 and write line ends in text as \\n.";
	if (says(why, "byte order"))
		return "Save the file as UTF-8 without a byte order mark.";
	return "Compare with the line above: a bracket, comma or quote is missing or too many.";
}

const char *
blueprint_yaml_hint(struct wn_str text, size_t at, const char *why)
{
	static const struct {
		const char *word, *hint;
	} hints[] = {
		{ "tab", "Indent with spaces: YAML allows no tabs there." },
		{ "without closing quote", "Close the quote, or remove the first one." },
		{ "without a closing", "Close what is open with ] or }." },
		{ "extra closing", "Remove the bracket, or open it before." },
		{ "invalid escape", "Use single quotes, where a backslash means itself." },
		{ "cannot start with", "Put the text in quotes: \"...\"." },
		{ "nested block mapping", "Put the text in quotes: a colon followed by a blank "
					  "begins a new key." },
		{ "multiline plain key", "Write \"key: value\" on one line, indented like its "
					 "neighbours." },
		{ "end of block", "Indent the line like its neighbours: a list and keys cannot "
				  "stand side by side." },
		{ "indent", "Indent the line with as many spaces as its neighbours." },
		{ "node content", "Remove the comma, or write a value before it." },
		{ "alias", "Define it before with &name, or write the value out." },
		{ "anchor", "Remove the anchor (&name), or give it a value." },
	};

	(void)text;
	(void)at;
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if (says(why, hints[i].word))
			return hints[i].hint;
	return "Compare with the line above: indentation, a colon, a dash or a quote is wrong.";
}

/* An unquoted YAML word that became a number, a truth value or nothing where text is wanted. */
const char *
blueprint_source_hint(struct blueprint_source *s, const char *pointer, const char *text,
		      const char *hint)
{
	const struct wn_json *node = wn_json_at(s->doc, pointer);
	const struct blueprint_mark *m = blueprint_source_mark(s, node);
	enum wn_json_type type = wn_json_type(node);
	struct wn_str file;

	if (!m || m->style != BLUEPRINT_STYLE_PLAIN || m->end == m->at ||
	    (type != WN_JSON_NUMBER && type != WN_JSON_BOOL && type != WN_JSON_NULL))
		return hint;
	if (!says(text, "a string") && !says(text, "exactly \""))
		return hint;
	file = s->files.p[m->file].text;
	return wn_arena_printf(&s->arena, "Put it in quotes: \"%.*s\".", (int)(m->end - m->at),
			       file.p + m->at);
}
