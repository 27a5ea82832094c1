/*
 * Writes a template's shorthand out: "money! min:0 admin" is a required field that only the office
 * sees; "place: cart>placed owner" is a transition.
 */
#include <stdlib.h>

#include "ai/blueprint/words/words_priv.h"

/* --- labels -------------------------------------------------------------------------- */

static struct wn_json *
head(const char *listed, bool plural)
{
	struct wn_str s = wn_str(listed);
	ptrdiff_t semi = wn_str_chr(s, ';'), comma, bar;

	s = semi >= 0 ? wn_str_sub(s, 0, (size_t)semi) : s;
	comma = wn_str_chr(s, ',');
	s = comma >= 0 ? wn_str_sub(s, 0, (size_t)comma) : s;
	bar = wn_str_chr(s, '|');
	if (bar >= 0)
		s = plural ? wn_str_sub(s, (size_t)bar + 1, s.len) : wn_str_sub(s, 0, (size_t)bar);
	return wn_json_new_str(s);
}

struct wn_json *
words_label(const struct wn_json *listed, bool plural)
{
	struct wn_json *out = wn_json_new_object();

	(void)wn_json_set(out, "en", head(wn_json_get_str(listed, "en", "?"), plural));
	(void)wn_json_set(out, "ar", head(wn_json_get_str(listed, "ar", "?"), plural));
	return out;
}

static void
set_label(struct wn_json *to, const struct words_lexicon *x, const char *group, const char *name)
{
	const struct wn_json *known = wn_json_get(wn_json_get(x->ontology, group), name);

	if (known)
		(void)wn_json_set(to, "label", words_label(known, false));
}

/* --- fields ---------------------------------------------------------------------------- */

static struct wn_json *
values_of(const struct words_lexicon *x, struct wn_str list)
{
	struct wn_json *out = wn_json_new_array();
	struct wn_str word;

	while (wn_str_split(&list, ',', &word)) {
		struct wn_json *v = wn_json_push(out, wn_json_new_object());
		char name[64];

		if (word.len >= sizeof name)
			continue;
		memcpy(name, word.p, word.len);
		name[word.len] = '\0';
		wn_json_set_str(v, "value", name);
		set_label(v, x, "values", name);
	}
	return out;
}

static void
set_normalize(struct wn_json *f, const char *a, const char *b)
{
	struct wn_json *list = wn_json_set(f, "normalize", wn_json_new_array());

	(void)wn_json_push(list, wn_json_new_str(wn_str(a)));
	if (b)
		(void)wn_json_push(list, wn_json_new_str(wn_str(b)));
}

static void
take_type(struct wn_json *f, const struct words_lexicon *x, struct wn_str word)
{
	bool required = wn_str_has_suffix(word, WN_STR("!"));
	struct wn_str type = required ? wn_str_sub(word, 0, word.len - 1) : word;
	ptrdiff_t colon = wn_str_chr(type, ':');

	if (colon >= 0) {
		(void)wn_json_set(f, "values",
				  values_of(x, wn_str_sub(type, (size_t)colon + 1, type.len)));
		type = wn_str_sub(type, 0, (size_t)colon);
	}
	(void)wn_json_set(f, "type", wn_json_new_str(type));
	if (required)
		wn_json_set_bool(f, "required", true);
	if (wn_str_is(type, "string"))
		set_normalize(f, "trim", "collapse");
	else if (wn_str_is(type, "email"))
		set_normalize(f, "trim", "lower");
	else if (wn_str_is(type, "text") || wn_str_is(type, "markdown"))
		set_normalize(f, "trim", required ? NULL : "emptyToNull");
}

static void
take_default(struct wn_json *f, struct wn_str v)
{
	int64_t n;

	if (wn_str_is(v, "true") || wn_str_is(v, "false"))
		wn_json_set_bool(f, "default", wn_str_is(v, "true"));
	else if (wn_str_i64(v, &n) && strcmp(wn_json_get_str(f, "type", ""), "money") != 0)
		wn_json_set_num(f, "default", (double)n);
	else
		(void)wn_json_set(f, "default", wn_json_new_str(v));
}

static void
take_flag(struct wn_json *f, struct wn_str word)
{
	ptrdiff_t colon = wn_str_chr(word, ':');
	struct wn_str v = colon >= 0 ? wn_str_sub(word, (size_t)colon + 1, word.len) : WN_STR_NONE;
	int64_t n;

	if (wn_str_is(word, "search") || wn_str_is(word, "unique") || wn_str_is(word, "system")) {
		(void)wn_json_set(f,
				  wn_str_is(word, "search")   ? "search"
				  : wn_str_is(word, "unique") ? "unique"
							      : "system",
				  wn_json_new_bool(true));
	} else if (wn_str_is(word, "personal")) {
		wn_json_set_str(f, "class", "personal");
	} else if (wn_str_is(word, "admin")) {
		wn_json_set_str(f, "class", "internal");
		wn_json_set_str(f, "read", "role:admin");
		wn_json_set_str(f, "write", "role:admin");
	} else if (wn_str_has_prefix(word, WN_STR("copy:"))) {
		(void)wn_json_set(f, "copy", wn_json_new_str(v));
	} else if (wn_str_has_prefix(word, WN_STR("default:"))) {
		take_default(f, v);
	} else if (wn_str_i64(v, &n)) {
		wn_json_set_num(f, wn_str_has_prefix(word, WN_STR("min:")) ? "min" : "max",
				(double)n);
	}
}

struct wn_json *
words_field(const struct words_lexicon *x, const char *name, const char *as)
{
	struct wn_json *f = wn_json_new_object();
	struct wn_str rest = wn_str(as), word;
	bool first = true;

	wn_json_set_str(f, "name", name);
	set_label(f, x, "fields", name);
	for (; wn_str_split(&rest, ' ', &word); first = false) {
		if (first)
			take_type(f, x, word);
		else if (word.len)
			take_flag(f, word);
	}
	return f;
}

/* --- relations ---------------------------------------------------------------------------- */

struct wn_json *
words_belongs(const struct words_lexicon *x, const char *name, const char *as)
{
	struct wn_json *b = wn_json_new_object();
	struct wn_str rest = wn_str(as), word;
	bool first = true;

	wn_json_set_str(b, "name", name);
	set_label(b, x, "relations", name);
	for (; wn_str_split(&rest, ' ', &word); first = false) {
		if (first && wn_str_has_suffix(word, WN_STR("!"))) {
			wn_json_set_bool(b, "required", true);
			word.len--;
		}
		if (first)
			(void)wn_json_set(b, "to", wn_json_new_str(word));
		else if (wn_str_is(word, "owner") || wn_str_is(word, "part"))
			(void)wn_json_set(b, wn_str_is(word, "owner") ? "owner" : "part",
					  wn_json_new_bool(true));
		else
			(void)wn_json_set(b, "onDelete", wn_json_new_str(word));
	}
	return b;
}

/* --- access and workflows ------------------------------------------------------------------- */

struct wn_json *
words_access(const char *word)
{
	static const struct {
		const char *word, *json;
	} known[] = {
		{ "admin", "\"role:admin\"" },
		{ "owner", "\"owner\"" },
		{ "own", "{\"any\":[\"owner\",\"role:admin\"]}" },
		{ "staff", "{\"any\":[\"role:staff\",\"role:admin\"]}" },
		{ "desk", "{\"any\":[\"owner\",\"role:staff\",\"role:admin\"]}" },
	};
	struct wn_json *out = NULL;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (!strcmp(word, known[i].word) &&
		    wn_json_parse(wn_str(known[i].json), NULL, &out, NULL) == WN_OK)
			return out;
	return wn_json_new_str(wn_str(word));
}

/* "cancel: draft|sent>cancelled staff" */
static void
add_step(const struct words_lexicon *x, struct wn_json *list, const char *text)
{
	struct wn_json *t = wn_json_push(list, wn_json_new_object()), *from;
	struct wn_str rest = wn_str(text), name, states, to, one;
	char word[64] = "";

	(void)wn_str_split(&rest, ':', &name);
	rest = wn_str_trim(rest);
	(void)wn_str_split(&rest, '>', &states);
	(void)wn_str_split(&rest, ' ', &to);
	(void)wn_json_set(t, "name", wn_json_new_str(name));
	set_label(t, x, "steps", wn_json_get_str(t, "name", ""));
	from = wn_json_set(t, "from", wn_json_new_array());
	while (wn_str_split(&states, '|', &one))
		(void)wn_json_push(from, wn_json_new_str(one));
	(void)wn_json_set(t, "to", wn_json_new_str(to));
	if (rest.len < sizeof word)
		memcpy(word, rest.p ? rest.p : "", rest.len);
	(void)wn_json_set(t, "access", words_access(word));
}

static void
add_workflow(const struct words_lexicon *x, struct wn_json *e, struct wn_json *fields,
	     const struct wn_json *w)
{
	struct wn_json *out = wn_json_new_object(), *steps = wn_json_new_array(), *f;
	const char *name = wn_json_get_str(w, "field", "status");
	struct wn_str states = wn_str(wn_json_get_str(w, "states", "")), first;

	f = wn_json_push(fields, words_field(x, name, "enum!"));
	(void)wn_json_set(f, "values", values_of(x, states));
	(void)wn_str_split(&states, ',', &first);
	(void)wn_json_set(f, "default", wn_json_new_str(first));
	wn_json_set_bool(f, "system", true);
	wn_json_set_bool(f, "index", true);
	wn_json_set_str(out, "field", name);
	(void)wn_json_set(out, "initial", wn_json_new_str(first));
	for (const struct wn_json *s = wn_json_first(wn_json_get(w, "steps")); s;
	     s = wn_json_next(s))
		add_step(x, steps, wn_json_str(s, ""));
	(void)wn_json_set(out, "transitions", steps);
	(void)wn_json_set(e, "workflow", out);
}

/* --- entities ----------------------------------------------------------------------------------
 */

static struct wn_json *
access_of(const struct wn_json *short_entity)
{
	const struct wn_json *a = wn_json_get(short_entity, "access");
	struct wn_json *out;

	if (wn_json_type(a) != WN_JSON_OBJECT)
		return a ? wn_json_copy(a) : wn_json_new_str(WN_STR("catalog"));
	out = wn_json_new_object();
	for (const struct wn_json *x = wn_json_first(a); x; x = wn_json_next(x))
		(void)wn_json_set(out, wn_json_key(x), words_access(wn_json_str(x, "")));
	return out;
}

static void
add_total(const struct words_lexicon *x, struct wn_json *fields, const struct wn_json *expr)
{
	struct wn_json *f = wn_json_push(fields, words_field(x, "total", "money system"));

	(void)wn_json_set(f, "computed", wn_json_copy(expr));
}

struct wn_json *
words_entity(const struct words_lexicon *x, const struct wn_json *s)
{
	static const char *const members[] = { "name",	"many",	   "home",   "softDelete",
					       "audit", "without", "checks", NULL };
	struct wn_json *e = wn_json_new_object(), *fields = wn_json_new_array(), *belongs;
	const struct wn_json *m;

	for (size_t i = 0; members[i]; i++)
		if (wn_json_get(s, members[i]))
			(void)wn_json_set(e, members[i], wn_json_copy(wn_json_get(s, members[i])));
	(void)wn_json_set(e, "label", words_label(s, false));
	(void)wn_json_set(e, "plural", words_label(s, true));
	(void)wn_json_set(e, "access", access_of(s));
	for (m = wn_json_first(wn_json_get(s, "fields")); m; m = wn_json_next(m))
		(void)wn_json_push(fields,
				   words_field(x, wn_json_key(m), wn_json_str(m, "string")));
	if (wn_json_get(s, "total"))
		add_total(x, fields, wn_json_get(s, "total"));
	if (wn_json_get(s, "workflow"))
		add_workflow(x, e, fields, wn_json_get(s, "workflow"));
	(void)wn_json_set(e, "fields", fields);
	belongs = wn_json_set(e, "belongs", wn_json_new_array());
	for (m = wn_json_first(wn_json_get(s, "belongs")); m; m = wn_json_next(m))
		(void)wn_json_push(belongs, words_belongs(x, wn_json_key(m), wn_json_str(m, "")));
	return e;
}
