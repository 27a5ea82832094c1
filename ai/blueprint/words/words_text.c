/*
 * Text to words: cut at what is no letter or digit, case folded, Arabic letters brought to one
 * form.
 */
#include "ai/blueprint/words/words_priv.h"
#include "runtime/base/utf8.h"

/* One form for the letters that people write differently; 0: dropped (marks, tatweel). */
static uint32_t
one_form(uint32_t cp)
{
	if ((cp >= 0x064b && cp <= 0x065f) || cp == 0x0670 || cp == 0x0640)
		return 0;
	switch (cp) {
	case 0x0622:
	case 0x0623:
	case 0x0625:
	case 0x0671:
		return 0x0627; /* alef */
	case 0x0629:
		return 0x0647; /* teh marbuta: heh */
	case 0x0649:
	case 0x0626:
		return 0x064a; /* yeh */
	case 0x0624:
		return 0x0648; /* waw */
	default:
		return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	}
}

static void
put_cp(struct wn_buf *b, uint32_t cp)
{
	char c[4];
	size_t n = wn_utf8_encode(cp, c);

	(void)wn_buf_add(b, c, n);
}

static bool
is_inside(const char *p, const char *end)
{
	uint32_t cp;

	if (*p != '-' && *p != '\'')
		return false;
	if (p + 1 >= end)
		return false;
	wn_utf8_decode(p + 1, (size_t)(end - p - 1), &cp);
	return wn_utf8_is_word(cp);
}

/* "al-" at the front of an Arabic word goes: it stands before any noun. */
static const char *
without_article(const char *form)
{
	static const char al[] = "ال";
	size_t n = sizeof al - 1;

	return !strncmp(form, al, n) && strlen(form) >= n + 6 ? form + n : form;
}

static void
put_word(struct words_reading *r, struct wn_str raw)
{
	struct words_token t = { .text = raw };
	struct wn_buf b;
	const char *p = raw.p, *end = raw.p + raw.len;

	wn_buf_init(&b, raw.len + 8);
	while (p < end) {
		uint32_t cp, form;

		p += wn_utf8_decode(p, (size_t)(end - p), &cp);
		t.arabic |= cp >= 0x0600 && cp <= 0x06ff;
		form = one_form(cp);
		if (form)
			put_cp(&b, form);
	}
	if (b.len > 2 && wn_str_has_suffix(wn_buf_view(&b), WN_STR("'s")))
		wn_buf_cut(&b, b.len - 2);
	t.form = wn_arena_strndup(r->arena, b.p ? b.p : "", b.len);
	wn_buf_fini(&b);
	if (*t.form && r->tokens.len < WORDS_TOKENS_MAX)
		wn_vec_push(&r->tokens, t);
}

static const char *
mark_of(uint32_t cp)
{
	switch (cp) {
	case ',':
	case 0x060c: /* Arabic comma */
		return ",";
	case '.':
	case '!':
	case '?':
	case ';':
	case '\n':
	case 0x061b:
	case 0x061f:
		return ".";
	case ':':
		return ":";
	case '(':
		return "(";
	case ')':
		return ")";
	default:
		return NULL;
	}
}

void
words_tokens(struct words_reading *r, struct wn_str text)
{
	const char *p = text.p, *end = text.p + text.len, *word = NULL;

	while (p < end) {
		uint32_t cp;
		size_t n = wn_utf8_decode(p, (size_t)(end - p), &cp);
		const char *mark = mark_of(cp);

		if (wn_utf8_is_word(cp) || cp == 0x0640 || (word && is_inside(p, end))) {
			word = word ? word : p;
			p += n;
			continue;
		}
		if (word)
			put_word(r, wn_strn(word, (size_t)(p - word)));
		word = NULL;
		if (mark && r->tokens.len < WORDS_TOKENS_MAX)
			wn_vec_push(&r->tokens, (struct words_token){ .form = mark,
								      .text = { p, n },
								      .mark = true });
		p += n;
	}
	if (word)
		put_word(r, wn_strn(word, (size_t)(end - word)));
}

const char *
words_quote(const struct words_reading *r, size_t from, size_t to)
{
	const struct words_token *a = &r->tokens.p[from], *b = &r->tokens.p[to - 1];

	return wn_arena_strndup(r->arena, a->text.p, (size_t)(b->text.p + b->text.len - a->text.p));
}

bool
words_variants(struct wn_arena *a, const struct words_token *t,
	       bool (*fn)(void *arg, const char *form), void *arg)
{
	/* and, so, with, like, for; for the; and with, and for */
	static const char *const prefixes[] = { "و",  "ف",  "ب",   "ك",	 "ل", "لل",
						"وب", "ول", "ولل", "فل", "وك" };

	(void)a;
	if (fn(arg, t->arabic ? without_article(t->form) : t->form))
		return true;
	for (size_t i = 0; t->arabic && i < sizeof prefixes / sizeof prefixes[0]; i++) {
		size_t n = strlen(prefixes[i]);

		if (!strncmp(t->form, prefixes[i], n) && strlen(t->form) >= n + 4 &&
		    fn(arg, without_article(t->form + n)))
			return true;
	}
	return false;
}

const char *
words_phrase(struct wn_arena *a, struct wn_str phrase)
{
	struct words_reading r = { .arena = a };
	struct wn_buf b;
	const char *out = NULL;

	words_tokens(&r, phrase);
	wn_buf_init(&b, 400);
	for (size_t i = 0; i < r.tokens.len; i++) {
		const struct words_token *t = &r.tokens.p[i];

		if (!t->mark)
			(void)wn_buf_printf(&b, "%s%s", b.len ? " " : "",
					    t->arabic ? without_article(t->form) : t->form);
	}
	if (b.len && !b.err)
		out = wn_arena_strdup(a, b.p);
	wn_buf_fini(&b);
	wn_vec_fini(&r.tokens);
	return out;
}
