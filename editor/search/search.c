/*
 * Finding. The text is looked at in windows of contiguous bytes that overlap by what a match may
 * need; a window begins a little before the place searched from, for look-behind and "^".
 */
#include "editor/search/search_private.h"

#include "editor/document/layout.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define WINDOW ((size_t)256 << 10) /* stays in the cache of a core */
#define NEAR ((size_t)64 << 10)
#define BEHIND ((size_t)256) /* bytes before, for look-behind */
#define MATCH_LIMIT 1000000
#define JIT_STACK ((size_t)1 << 20)

/* ---- compiling ----------------------------------------------------------------------- */

static bool
has_capital(struct wn_str q, bool regex)
{
	for (size_t i = 0; i < q.len; i++) {
		if (regex && q.p[i] == '\\')
			i++;
		else if (q.p[i] >= 'A' && q.p[i] <= 'Z')
			return true;
	}
	return false;
}

/* The query as a pattern: quoted when it is literal, between word borders when asked. */
static void
pattern_of(struct wn_str q, unsigned flags, struct wn_buf *out)
{
	if (flags & ED_SEARCH_WORD)
		(void)wn_buf_cstr(out, "(?<!\\w)(?:");
	for (size_t i = 0; i < q.len; i++) {
		unsigned char c = (unsigned char)q.p[i];
		bool plain = c >= 0x80 || c < 0x20 || (c >= '0' && c <= '9') || c == '_' ||
			     c == ' ' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!(flags & ED_SEARCH_REGEX) && !plain)
			(void)wn_buf_chr(out, '\\');
		(void)wn_buf_chr(out, (char)c);
	}
	if (flags & ED_SEARCH_WORD)
		(void)wn_buf_cstr(out, ")(?!\\w)");
}

static wn_err
compile(struct ed_search *s, struct wn_str q, unsigned flags, struct wn_diag *d)
{
	uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MULTILINE | PCRE2_MATCH_INVALID_UTF |
			   PCRE2_NEVER_BACKSLASH_C;
	pcre2_compile_context *c = pcre2_compile_context_create(NULL);
	struct wn_buf p;
	PCRE2_SIZE at = 0;
	int code = 0;
	wn_err err = 0;

	wn_buf_init(&p, q.len * 2 + 64);
	pattern_of(q, flags, &p);
	pcre2_set_newline(c, PCRE2_NEWLINE_ANYCRLF);
	if (flags & ED_SEARCH_ICASE)
		options |= PCRE2_CASELESS;
	s->code = pcre2_compile((PCRE2_SPTR)p.p, p.len, options, &code, &at, c);
	if (s->code) {
		(void)pcre2_jit_compile(s->code, PCRE2_JIT_COMPLETE);
		s->match = pcre2_match_data_create_from_pattern(s->code, NULL);
		s->context = pcre2_match_context_create(NULL);
		s->stack = pcre2_jit_stack_create(32 << 10, JIT_STACK, NULL);
		pcre2_set_match_limit(s->context, MATCH_LIMIT);
		pcre2_jit_stack_assign(s->context, NULL, s->stack);
	} else {
		PCRE2_UCHAR text[128];
		size_t lead = flags & ED_SEARCH_WORD ? sizeof "(?<!\\w)(?:" - 1 : 0;
		pcre2_get_error_message(code, text, sizeof text);
		at = at > lead ? at - lead : 0;
		err = wn_fail(d, WN_E_PARSE, "the pattern is wrong at character %zu: %s",
			      (size_t)at + 1, (const char *)text);
	}
	pcre2_compile_context_free(c);
	wn_buf_fini(&p);
	return err;
}

wn_err
ed_search_new(struct wn_str query, unsigned flags, struct ed_search **out, struct wn_diag *d)
{
	struct ed_search *s;
	wn_err err = 0;

	*out = NULL;
	if (query.len == 0)
		return wn_fail(d, WN_E_INVALID, "there is nothing to search for");
	s = WN_NEW(struct ed_search);
	if ((flags & ED_SEARCH_SMART_CASE) && !has_capital(query, flags & ED_SEARCH_REGEX))
		flags |= ED_SEARCH_ICASE;
	s->regex = flags & ED_SEARCH_REGEX;
	s->keep_case = flags & ED_SEARCH_KEEP_CASE;
	if (flags & (ED_SEARCH_REGEX | ED_SEARCH_ICASE | ED_SEARCH_WORD)) {
		err = compile(s, query, flags, d);
	} else {
		s->needle = wn_alloc(query.len); /* it may hold NUL bytes */
		memcpy(s->needle, query.p, query.len);
		s->needle_len = query.len;
		s->rare[1] = query.len - 1;
	}
	if (err) {
		ed_search_free(s);
		return err;
	}
	s->overlap = s->needle ? s->needle_len - 1 : ED_MATCH_MAX;
	*out = s;
	return 0;
}

void
ed_search_free(struct ed_search *s)
{
	if (!s)
		return;
	pcre2_match_data_free(s->match);
	pcre2_match_context_free(s->context);
	pcre2_jit_stack_free(s->stack);
	pcre2_code_free(s->code);
	wn_free(s->needle);
	wn_free(s->window);
	wn_free(s);
}

wn_err
ed_search_fail(wn_err err, struct wn_diag *d)
{
	switch (err) {
	case 0:
	case WN_E_CANCELLED:
		return err;
	case WN_E_NOT_FOUND:
		return wn_fail(d, err, "it is not there");
	case WN_E_LIMIT:
		return wn_fail(d, err,
			       "the pattern tries too many ways to match this text; make it more "
			       "exact (two repeats one inside the other are the usual cause)");
	default:
		return wn_fail(d, err, "the search failed");
	}
}

/* ---- one window ------------------------------------------------------------------------ */

/* Makes a window for matches that start at pos or up to `fresh` bytes behind it. */
static wn_err
load(struct ed_search *s, const struct ed_text *t, size_t pos, size_t fresh)
{
	size_t behind = s->needle ? 0 : pos < BEHIND ? pos : BEHIND;
	size_t size = behind + fresh + s->overlap + 1;

	ed_search_forget(s);
	if (size > s->cap) {
		char *p = wn_try_realloc(s->window, size);
		if (!p)
			return WN_E_NO_MEMORY;
		s->window = p;
		s->cap = size;
	}
	s->base = pos - behind;
	s->len = ed_text_read(t, s->base, s->window, size);
	s->first = pos;
	s->last = s->base + s->len == ed_text_len(t) ? SIZE_MAX : pos + fresh;
	return 0;
}

static wn_err
regex_error(int rc)
{
	switch (rc) {
	case PCRE2_ERROR_NOMATCH:
		return WN_E_NOT_FOUND;
	case PCRE2_ERROR_MATCHLIMIT:
	case PCRE2_ERROR_DEPTHLIMIT:
	case PCRE2_ERROR_HEAPLIMIT:
	case PCRE2_ERROR_JIT_STACKLIMIT:
		return WN_E_LIMIT;
	default:
		return rc >= 0 ? 0 : WN_E_INTERNAL;
	}
}

/* First match at or behind pos in the window. */
static wn_err
in_window(struct ed_search *s, const struct ed_text *t, size_t pos, struct ed_match *out)
{
	size_t at = pos - s->base;
	const char *hit;
	uint32_t options = 0;
	wn_err err;

	if (s->needle) {
		hit = ed_needle_find(s, s->window + at, s->len - at);
		if (!hit)
			return WN_E_NOT_FOUND;
		out->from = s->base + (size_t)(hit - s->window);
		out->to = out->from + s->needle_len;
		return 0;
	}
	/* Only the text's own ends are ends for "^" and "$"; a window begins after BEHIND bytes. */
	if (s->base > 0)
		options |= PCRE2_NOTBOL;
	if (s->base + s->len < ed_text_len(t))
		options |= PCRE2_NOTEOL;
	err = regex_error(pcre2_match(s->code, (PCRE2_SPTR)s->window, s->len, at, options, s->match,
				      s->context));
	if (err)
		return err;
	PCRE2_SIZE *v = pcre2_get_ovector_pointer(s->match);
	/* \K can put the start behind the end. */
	out->from = s->base + (v[0] < v[1] ? v[0] : v[1]);
	out->to = s->base + v[1];
	return 0;
}

/* ---- forward ---------------------------------------------------------------------------- */

wn_err
ed_search_find(struct ed_search *s, const struct ed_text *t, size_t pos, size_t end,
	       const atomic_bool *cancel, struct ed_match *out)
{
	/* A near match is found in little; who goes on reads more at a time. */
	size_t step = s->last ? WINDOW : NEAR;
	wn_err err;

	while (pos <= end) {
		if (cancel && atomic_load_explicit(cancel, memory_order_relaxed))
			return WN_E_CANCELLED;
		if (pos < s->first || pos >= s->last) {
			err = load(s, t, pos, step);
			if (err)
				return err;
			if (s->needle && s->len >= NEAR)
				ed_needle_sample(s, s->window, s->len);
			step = WINDOW;
		}
		err = in_window(s, t, pos, out);
		if (err && err != WN_E_NOT_FOUND)
			return err;
		/* One that starts in the overlap is found again, with its whole text around it. */
		if (!err && out->from < s->last)
			return out->from <= end ? 0 : WN_E_NOT_FOUND;
		if (s->last == SIZE_MAX)
			break;
		pos = s->last;
	}
	return WN_E_NOT_FOUND;
}

wn_err
ed_search_next(struct ed_search *s, const struct ed_text *t, size_t pos, const atomic_bool *cancel,
	       struct ed_match *out)
{
	ed_search_forget(s);
	return ed_search_find(s, t, pos, ed_text_len(t), cancel, out);
}

/* Where to look for the match after m. */
static size_t
after(const struct ed_text *t, const struct ed_match *m)
{
	return m->to > m->from ? m->to : m->to + (ed_next_cluster(t, m->to) - m->to);
}

wn_err
ed_search_all(struct ed_search *s, const struct ed_text *t, size_t from, size_t to,
	      const atomic_bool *cancel, struct ed_match *out, size_t max, size_t *n_out)
{
	size_t end = to < ed_text_len(t) ? to : ed_text_len(t);
	size_t n = 0;
	wn_err err = 0;

	*n_out = 0;
	ed_search_forget(s);
	while (from <= end && n < max) {
		err = ed_search_find(s, t, from, end, cancel, &out[n]);
		if (err)
			break;
		from = after(t, &out[n]);
		n++;
		if (out[n - 1].from == out[n - 1].to && from == out[n - 1].to)
			break; /* an empty match at the very end */
	}
	*n_out = n;
	return err == WN_E_NOT_FOUND ? 0 : err;
}

/* ---- backward ---------------------------------------------------------------------------- */

wn_err
ed_search_prev(struct ed_search *s, const struct ed_text *t, size_t pos, const atomic_bool *cancel,
	       struct ed_match *out)
{
	size_t len = ed_text_len(t), end, step = NEAR;
	struct ed_match m;
	bool found = false;
	wn_err err;

	pos = pos < len ? pos : len;
	for (end = pos;; step = step * 2 < WINDOW ? step * 2 : WINDOW) {
		size_t from = end > step ? end - step : 0;
		/* From a line start on, so that hits do not depend on where a window begins. */
		size_t line = ed_text_line_begin(t, from);
		from = from - line < 4096 ? line : from;
		ed_search_forget(s);
		for (size_t at = from; at <= end;) {
			err = ed_search_find(s, t, at, end, cancel, &m);
			if (err && err != WN_E_NOT_FOUND)
				return err;
			if (err || m.to > pos)
				break;
			*out = m;
			found = true;
			if (m.from == m.to && m.to == len)
				break;
			at = after(t, &m);
		}
		if (found || from == 0)
			return found ? 0 : WN_E_NOT_FOUND;
		end = from;
	}
}
