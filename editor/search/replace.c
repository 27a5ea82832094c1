/*
 * Replacing. All replacements of a range are one change of the document: the new text is put
 * together from the old one's pieces and the replacements, so a million hits cost one undo step and
 * one event.
 */
#include "editor/search/search_private.h"

#include "editor/document/layout.h"
#include "runtime/base/mem.h"

#define SHARE_MIN ((size_t)8192) /* shorter stretches between hits are copied */
#define FLUSH_AT ((size_t)64 << 10)
#define EXPAND_MAX ((size_t)64 << 20)

/* ---- templates ------------------------------------------------------------------------- */

/* Inside braces a name, else only digits. */
static bool
names_group(char c, bool braces)
{
	bool digit = c >= '0' && c <= '9';

	return digit || (braces && (c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')));
}

/* "$1", "${12}", "${name}", "$0"; the group, or -1. *used: bytes behind the '$'. */
static int
group_at(const struct ed_search *s, struct wn_str rest, size_t *used)
{
	char name[64];
	size_t n = 0, lead = 0;
	int group = 0;

	if (rest.len && rest.p[0] == '{')
		lead = 1;
	while (lead + n < rest.len && n < sizeof name - 1 && names_group(rest.p[lead + n], lead))
		name[n] = rest.p[lead + n], n++;
	name[n] = 0;
	if (n == 0 || (lead && (lead + n >= rest.len || rest.p[lead + n] != '}')))
		return -1;
	*used = n + lead * 2;
	if (name[0] < '0' || name[0] > '9')
		return pcre2_substring_number_from_name(s->code, (PCRE2_SPTR)name);
	for (size_t i = 0; i < n && group < 1000; i++)
		group = group * 10 + (name[i] - '0');
	return group;
}

static wn_err
add_group(const struct ed_search *s, int group, struct ed_case *c, struct wn_buf *out,
	  struct wn_diag *d)
{
	PCRE2_SIZE *v = pcre2_get_ovector_pointer(s->match);

	if (group < 0 || (uint32_t)group >= pcre2_get_ovector_count(s->match))
		return wn_fail(d, WN_E_INVALID,
			       "the replacement names a group the pattern has not");
	if (v[2 * group] == PCRE2_UNSET || v[2 * group] > v[2 * group + 1])
		return 0;
	return ed_case_add(c, wn_strn(s->window + v[2 * group], v[2 * group + 1] - v[2 * group]),
			   out);
}

/* What "\\" and the character behind it stand for. */
static wn_err
escape(char sign, struct ed_case *c, struct wn_buf *out)
{
	static const char from[] = "ntr\\$", to[] = "\n\t\r\\$";
	const char *at = sign != 0 ? strchr(from, sign) : NULL;

	if (ed_case_sign(c, sign))
		return 0;
	if (at != NULL)
		return wn_buf_chr(out, to[at - from]);
	(void)wn_buf_chr(out, '\\');
	return ed_case_add(c, wn_strn(&sign, 1), out);
}

/* Fills the template from the groups of the match just found. */
static wn_err
expand(const struct ed_search *s, struct ed_match m, struct wn_str with, struct wn_buf *out,
       struct wn_diag *d)
{
	struct ed_case c = { 0 };
	wn_err err = 0;

	if (s->keep_case)
		c = ed_case_of(wn_strn(s->window + (m.from - s->base), m.to - m.from));
	if (!s->regex)
		return ed_case_add(&c, with, out);
	for (size_t i = 0; i < with.len && !err; i++) {
		size_t used = 0, plain = i;

		while (plain < with.len && with.p[plain] != '$' && with.p[plain] != '\\')
			plain++;
		if (plain > i) {
			err = ed_case_add(&c, wn_strn(with.p + i, plain - i), out);
			i = plain - 1;
		} else if (with.p[i] == '\\') {
			i++;
			err = i < with.len ? escape(with.p[i], &c, out) : wn_buf_chr(out, '\\');
		} else if (i + 1 < with.len && with.p[i + 1] == '$') {
			err = wn_buf_chr(out, '$');
			i++;
		} else {
			int group = group_at(s, wn_str_sub(with, i + 1, with.len), &used);
			err = used ? add_group(s, group, &c, out, d) : wn_buf_chr(out, '$');
			i += used;
		}
	}
	return err;
}

wn_err
ed_search_expand(struct ed_search *s, const struct ed_text *t, struct ed_match m,
		 struct wn_str with, struct wn_buf *out, struct wn_diag *d)
{
	struct ed_match again;
	wn_err err = ed_search_next(s, t, m.from, NULL, &again);

	if (err || again.from != m.from || again.to != m.to)
		return wn_fail(d, WN_E_CONFLICT, "the text changed since the match was found");
	return expand(s, m, with, out, d);
}

/* ---- all ---------------------------------------------------------------------------------- */

struct build {
	const struct ed_text *old;
	struct ed_text *text;
	struct wn_buf pending; /* bytes not in text yet */
	wn_err err;
};

static void
flush(struct build *b)
{
	if (!b->err)
		b->err = b->pending.err;
	if (!b->err)
		b->err =
			ed_text_replace(b->text, ed_text_len(b->text), 0, wn_buf_view(&b->pending));
	wn_buf_clear(&b->pending);
}

/* Takes old bytes from..to over; those that were just searched are at hand. */
static void
keep(struct build *b, const struct ed_search *s, size_t from, size_t to)
{
	if (to - from < SHARE_MIN && s->last && from >= s->base && to <= s->base + s->len) {
		(void)wn_buf_add(&b->pending, s->window + (from - s->base), to - from);
	} else if (to - from < SHARE_MIN) {
		(void)ed_text_copy(b->old, from, to, &b->pending);
	} else {
		struct ed_text *part = ed_text_slice(b->old, from, to - from);
		flush(b);
		ed_text_splice(b->text, ed_text_len(b->text), 0, part);
		ed_text_free(part);
	}
	if (b->pending.len > FLUSH_AT)
		flush(b);
}

wn_err
ed_search_replacement(struct ed_search *s, const struct ed_text *old, size_t from, size_t to,
		      struct wn_str with, const atomic_bool *cancel, struct ed_replacement *out,
		      struct wn_diag *d)
{
	struct build b = { .old = old, .text = ed_text_new() };
	size_t at = from, first = 0, n = 0;
	struct ed_match m;
	wn_err err = 0;

	wn_buf_init(&b.pending, EXPAND_MAX);
	ed_search_forget(s);
	to = to < ed_text_len(old) ? to : ed_text_len(old);
	for (size_t look = from; look <= to && !err && !b.err;) {
		err = ed_search_find(s, old, look, to, cancel, &m);
		if (err || m.to > to)
			break;
		if (n++ == 0)
			first = at = m.from;
		keep(&b, s, at, m.from);
		err = expand(s, m, with, &b.pending, d);
		at = m.to;
		look = m.to > m.from ? m.to : ed_next_cluster(old, m.to);
		if (m.from == m.to && look == m.to)
			break;
	}
	if (err == WN_E_NOT_FOUND)
		err = 0;
	flush(&b);
	wn_buf_fini(&b.pending);
	*out = (struct ed_replacement){ first, at - first, n, b.text };
	return err ? err : b.err;
}

wn_err
ed_search_replace_all(struct ed_search *s, struct ed_doc *doc, size_t from, size_t to,
		      struct wn_str with, size_t *n_out, struct wn_diag *d)
{
	struct ed_text *old = ed_text_snap(ed_doc_text(doc));
	struct ed_replacement r;
	wn_err err = ed_search_replacement(s, old, from, to, with, NULL, &r, d);

	if (!err && r.n)
		err = ed_doc_replace_with(doc, r.pos, r.len, r.text);
	*n_out = err ? 0 : r.n;
	ed_text_free(r.text);
	ed_text_free(old);
	return err ? ed_search_fail(err, d) : 0;
}
