/*
 * Names, ids and paths: made of the sketch's names alone, so a template grown by one module keeps
 * the ids it had.
 */
#include "ai/blueprint/compose/compose_priv.h"

#define ID_MAX 60

const char *
compose_snake(struct wn_arena *a, const char *name)
{
	char *out = wn_arena_alloc(a, strlen(name) * 2 + 2), *to = out;

	for (const char *p = name; *p; p++) {
		if (*p >= 'A' && *p <= 'Z') {
			if (to > out && to[-1] != '_')
				*to++ = '_';
			*to++ = (char)(*p + 32);
		} else if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9')) {
			*to++ = *p;
		} else if (to > out && to[-1] != '_') {
			*to++ = '_';
		}
	}
	while (to > out && to[-1] == '_')
		*--to = '\0';
	return *out ? out : "x";
}

static bool
ends(const char *s, const char *end)
{
	return wn_str_has_suffix(wn_str(s), wn_str(end));
}

const char *
compose_plural(struct wn_arena *a, const char *name)
{
	size_t n = strlen(name);

	if (n > 1 && ends(name, "y") && !strchr("aeiou", name[n - 2]))
		return wn_arena_printf(a, "%.*sies", (int)n - 1, name);
	if (ends(name, "s") || ends(name, "x") || ends(name, "ch") || ends(name, "sh"))
		return wn_arena_printf(a, "%ses", name);
	if (ends(name, "person"))
		return wn_arena_printf(a, "%.*speople", (int)n - 6, name);
	return wn_arena_printf(a, "%ss", name);
}

const char *
compose_singular(struct wn_arena *a, const char *word)
{
	struct wn_str s = wn_str(word);

	if (s.len > 4 && ends(word, "ies"))
		return wn_arena_printf(a, "%.*sy", (int)s.len - 3, word);
	if (s.len > 4 &&
	    (ends(word, "sses") || ends(word, "xes") || ends(word, "ches") || ends(word, "shes")))
		return wn_arena_printf(a, "%.*s", (int)s.len - 2, word);
	if (s.len > 3 && ends(word, "s") && !ends(word, "ss") && !ends(word, "us") &&
	    !ends(word, "is"))
		return wn_arena_printf(a, "%.*s", (int)s.len - 1, word);
	return word;
}

const char *
compose_path(struct wn_arena *a, const char *plural)
{
	char *out = wn_arena_strdup(a, compose_snake(a, plural));

	for (char *p = out; *p; p++)
		if (*p == '_')
			*p = '-';
	return out;
}

static const char *
key_of(struct compose *c, const char *prefix, const char *a, const char *b)
{
	return wn_arena_printf(&c->arena, "%s/%s/%s", prefix, a, b ? b : "");
}

const char *
compose_id(struct compose *c, const char *prefix, const char *a, const char *b)
{
	const char *base = wn_arena_printf(&c->arena, "%s%s%s", compose_snake(&c->arena, a),
					   b ? "_" : "", b ? compose_snake(&c->arena, b) : "");
	char *id = wn_arena_printf(&c->arena, "%s%.*s", prefix, ID_MAX, base);

	for (int n = 2; wn_map_has(&c->ids, wn_str(id)); n++)
		id = wn_arena_printf(&c->arena, "%s%.*s_%d", prefix, ID_MAX - 6, base, n);
	(void)wn_map_set(&c->ids, wn_str(id), id);
	(void)wn_map_set(&c->ids, wn_str(key_of(c, prefix, a, b)), id);
	return id;
}

const char *
compose_ref(struct compose *c, const char *prefix, const char *a, const char *b)
{
	const char *id = wn_map_get(&c->ids, wn_str(key_of(c, prefix, a, b)));

	return id ? id : compose_id(c, prefix, a, b);
}

const struct thing *
compose_thing(const struct compose *c, const char *name)
{
	for (size_t i = 0; i < c->things.len; i++)
		if (!strcmp(c->things.p[i].name, name))
			return &c->things.p[i];
	return NULL;
}

/* "orderLine" becomes "Order line". */
static struct wn_json *
words_of(const char *name)
{
	struct wn_json *out = wn_json_new_object(), *text;
	struct wn_buf b;

	wn_buf_init(&b, 1000);
	for (const char *p = name; *p; p++) {
		bool upper = *p >= 'A' && *p <= 'Z';

		if (upper && b.len)
			(void)wn_buf_chr(&b, ' ');
		(void)wn_buf_chr(&b, b.len == 0 && *p >= 'a' && *p <= 'z' ? (char)(*p - 32)
				     : upper && b.len			  ? (char)(*p + 32)
									  : *p);
	}
	text = wn_json_new_str(wn_buf_view(&b));
	(void)wn_json_set(out, "en", text);
	wn_buf_fini(&b);
	return out;
}

struct wn_json *
compose_text(const struct wn_json *from, const char *member, const char *name)
{
	const struct wn_json *text = wn_json_get(from, member);

	return wn_json_first(text) ? wn_json_copy(text) : words_of(name);
}
