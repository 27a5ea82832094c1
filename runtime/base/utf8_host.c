/*
 * Host names: ASCII (RFC 1123) and internationalized (IDNA 2008: RFC 5890 to 5893, with
 * Punycode, RFC 3492). Character properties come from utf8proc; the derivation of what may
 * stand in a label is RFC 5892's.
 */
#include <utf8proc.h>

#include "runtime/base/utf8_host.h"
#include "runtime/base/utf8.h"

#define LABEL_MAX 63
#define NAME_MAX_ 253

struct label {
	uint32_t cp[LABEL_MAX + 1];
	size_t n;
};

static bool
is_ldh(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-';
}

static bool
ldh_label(struct wn_str s)
{
	if (s.len == 0 || s.len > LABEL_MAX || s.p[0] == '-' || s.p[s.len - 1] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_ldh(s.p[i]))
			return false;
	return true;
}

static bool
is_a_label(struct wn_str s)
{
	return s.len > 4 && (s.p[0] | 32) == 'x' && (s.p[1] | 32) == 'n' && s.p[2] == '-' &&
	       s.p[3] == '-';
}

/* --- Punycode, RFC 3492 --- */

static unsigned
adapt(unsigned delta, unsigned n, bool first)
{
	unsigned k = 0;
	delta = first ? delta / 700 : delta / 2;
	for (delta += delta / n; delta > 455; k += 36)
		delta /= 35;
	return k + 36 * delta / (delta + 38);
}

static unsigned
threshold(unsigned k, unsigned bias)
{
	return k <= bias ? 1 : k >= bias + 26 ? 26 : k - bias;
}

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0' + 26;
	c |= 32;
	return c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

/* One generalized variable-length integer at *at, added to *i. */
static bool
read_delta(struct wn_str s, size_t *at, unsigned bias, uint64_t *i)
{
	uint64_t w = 1;
	for (unsigned k = 36;; k += 36) {
		int d = *at < s.len ? digit_of(s.p[*at]) : -1;
		if (d < 0)
			return false;
		++*at;
		*i += (uint64_t)d * w;
		unsigned t = threshold(k, bias);
		if ((unsigned)d < t)
			return *i < 0x7FFFFFFF;
		w *= 36 - t;
		if (w > 0x7FFFFFFF || *i > 0x7FFFFFFF)
			return false;
	}
}

/* s is what stands behind "xn--". */
static bool
punycode_decode(struct wn_str s, struct label *out)
{
	uint64_t i = 0;
	uint32_t cp = 128;
	unsigned bias = 72;
	size_t at = 0;
	out->n = 0;
	for (size_t k = s.len; k > 0; k--)
		if (s.p[k - 1] == '-') {
			for (at = 0; at < k - 1; at++)
				out->cp[out->n++] = (unsigned char)(s.p[at] >= 'A' && s.p[at] <= 'Z'
									    ? s.p[at] | 32
									    : s.p[at]);
			at = k;
			break;
		}
	while (at < s.len) {
		uint64_t old = i;
		if (out->n >= LABEL_MAX || !read_delta(s, &at, bias, &i))
			return false;
		unsigned n = (unsigned)out->n + 1;
		bias = adapt((unsigned)(i - old), n, old == 0);
		if (i / n > 0x10FFFF - cp)
			return false;
		cp += (uint32_t)(i / n);
		i %= n;
		memmove(out->cp + i + 1, out->cp + i, (out->n - i) * sizeof *out->cp);
		out->cp[i++] = cp;
		out->n++;
	}
	return true;
}

/* Length of the label in Punycode, without "xn--". */
static size_t
punycode_length(const struct label *l)
{
	size_t done = 0, length;
	unsigned delta = 0, bias = 72;
	uint32_t cp = 128;
	for (size_t i = 0; i < l->n; i++)
		done += l->cp[i] < 128;
	size_t basic = done;
	length = done + (done > 0);
	while (done < l->n) {
		uint32_t next = UINT32_MAX;
		for (size_t i = 0; i < l->n; i++)
			if (l->cp[i] >= cp && l->cp[i] < next)
				next = l->cp[i];
		delta += (next - cp) * (unsigned)(done + 1);
		cp = next;
		for (size_t i = 0; i < l->n; i++) {
			delta += l->cp[i] < cp;
			if (l->cp[i] != cp)
				continue;
			unsigned q = delta;
			for (unsigned k = 36;; k += 36) {
				unsigned t = threshold(k, bias);
				length++;
				if (q < t)
					break;
				q = (q - t) / (36 - t);
			}
			bias = adapt(delta, (unsigned)done + 1, done == basic);
			delta = 0;
			done++;
		}
		delta++;
		cp++;
	}
	return length;
}

/* --- what may stand in a U-label, RFC 5892 --- */

static bool
in(uint32_t cp, uint32_t from, uint32_t to)
{
	return cp >= from && cp <= to;
}

static bool
in_set(uint32_t cp, const uint16_t *set)
{
	for (; *set; set++)
		if (*set == cp)
			return true;
	return false;
}

/* Section 2.2: NFKC(casefold(NFKC(cp))) differs from cp. */
static bool
is_unstable(uint32_t cp)
{
	utf8proc_uint8_t text[5] = { 0 };
	utf8proc_int32_t folded[32]; /* the longest compatibility mapping has 18 code points */
	utf8proc_option_t how =
		UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD;
	utf8proc_ssize_t n = utf8proc_encode_char((utf8proc_int32_t)cp, text);
	utf8proc_ssize_t m = utf8proc_decompose(text, n, folded, 31, how);
	if (m < 1 || m > 31)
		return true;
	m = utf8proc_normalize_utf32(folded, m, how);
	return m != 1 || folded[0] != (utf8proc_int32_t)cp;
}

static bool
is_letter_digit(uint32_t cp)
{
	switch (utf8proc_category((utf8proc_int32_t)cp)) {
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
		return true;
	default:
		return false;
	}
}

static bool
is_pvalid(uint32_t cp)
{
	/* Section 2.6: exceptions. */
	static const uint16_t valid[] = { 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007, 0 };
	static const uint16_t invalid[] = { 0x640,  0x7FA,  0x302E, 0x302F, 0x3031, 0x3032,
					    0x3033, 0x3034, 0x3035, 0x303B, 0 };
	if (cp < 128)
		return in(cp, 'a', 'z') || in(cp, 'A', 'Z') || in(cp, '0', '9') || cp == '-';
	if (in_set(cp, valid))
		return true;
	if (in_set(cp, invalid))
		return false;
	const utf8proc_property_t *p = utf8proc_get_property((utf8proc_int32_t)cp);
	bool ignorable = p->ignorable || in(cp, 0x20D0, 0x20FF);
	bool jamo = in(cp, 0x1100, 0x11FF) || in(cp, 0xA960, 0xA97C) || in(cp, 0xD7B0, 0xD7FB);
	return is_letter_digit(cp) && !ignorable && !jamo && !is_unstable(cp);
}

static bool
is_virama(uint32_t cp)
{
	return utf8proc_get_property((utf8proc_int32_t)cp)->combining_class == 9;
}

static bool
is_greek(uint32_t cp)
{
	return in(cp, 0x370, 0x3FF) || in(cp, 0x1F00, 0x1FFF);
}

static bool
is_hebrew(uint32_t cp)
{
	return in(cp, 0x591, 0x5F4) || in(cp, 0xFB1D, 0xFB4F);
}

static bool
is_kana_or_han(uint32_t cp)
{
	return in(cp, 0x3041, 0x3096) || in(cp, 0x309D, 0x309F) || in(cp, 0x30A1, 0x30FA) ||
	       in(cp, 0x30FD, 0x30FF) || in(cp, 0x31F0, 0x31FF) || in(cp, 0x3400, 0x4DBF) ||
	       in(cp, 0x4E00, 0x9FFF) || in(cp, 0xF900, 0xFAFF) || in(cp, 0x20000, 0x323AF) ||
	       cp == 0x3005 || cp == 0x3007 || cp == 0x303B;
}

/* Arabic-script letters that join to the left or to both sides: a part of the Joining_Type
 * property, enough for the scripts where U+200C is written between letters. */
static bool
joins_next(uint32_t cp)
{
	static const uint16_t right_only[] = { 0x622, 0x623, 0x624, 0x625, 0x627, 0x629,
					       0x62F, 0x630, 0x631, 0x632, 0x648, 0x671,
					       0x672, 0x673, 0x675, 0x676, 0x677, 0x6C0,
					       0x6C3, 0x6CD, 0x6CF, 0x6D2, 0x6D3, 0x6D5,
					       0x6EE, 0x6EF, 0x710, 0x621, 0x674, 0 };
	if (in(cp, 0x688, 0x699) || in(cp, 0x6C4, 0x6CB) || in_set(cp, right_only))
		return false;
	return in(cp, 0x620, 0x64A) || in(cp, 0x66E, 0x6D3) || in(cp, 0x6FA, 0x6FF) ||
	       in(cp, 0x712, 0x72F) || in(cp, 0x74D, 0x77F) || in(cp, 0x7CA, 0x7EA) ||
	       in(cp, 0x8A0, 0x8C7);
}

static bool
joins_previous(uint32_t cp)
{
	return cp != 0x621 && cp != 0x674 &&
	       (in(cp, 0x620, 0x64A) || in(cp, 0x66E, 0x6D5) || in(cp, 0x6EE, 0x6EF) ||
		in(cp, 0x6FA, 0x6FF) || in(cp, 0x710, 0x72F) || in(cp, 0x74D, 0x77F) ||
		in(cp, 0x7CA, 0x7EA) || in(cp, 0x8A0, 0x8C7));
}

static bool
is_transparent(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_ME || c == UTF8PROC_CATEGORY_CF;
}

/* Appendix A.1, the regular expression of joining types. */
static bool
between_joining(const struct label *l, size_t i)
{
	size_t a = i, b = i + 1;
	while (a > 0 && is_transparent(l->cp[a - 1]))
		a--;
	while (b < l->n && is_transparent(l->cp[b]))
		b++;
	return a > 0 && b < l->n && joins_next(l->cp[a - 1]) && joins_previous(l->cp[b]);
}

static bool
any(const struct label *l, uint32_t from, uint32_t to)
{
	for (size_t i = 0; i < l->n; i++)
		if (in(l->cp[i], from, to))
			return true;
	return false;
}

/* Appendix A: code points that are allowed in some surroundings. *applies_out false: no rule. */
static bool
contextual(const struct label *l, size_t i, bool *applies_out)
{
	uint32_t before = i > 0 ? l->cp[i - 1] : 0, after = i + 1 < l->n ? l->cp[i + 1] : 0;
	*applies_out = true;
	switch (l->cp[i]) {
	case 0x200C:
		return is_virama(before) || between_joining(l, i);
	case 0x200D:
		return is_virama(before);
	case 0xB7:
		return before == 'l' && after == 'l';
	case 0x375:
		return is_greek(after);
	case 0x5F3:
	case 0x5F4:
		return is_hebrew(before);
	case 0x30FB:
		for (size_t k = 0; k < l->n; k++)
			if (is_kana_or_han(l->cp[k]))
				return true;
		return false;
	default:
		break;
	}
	if (in(l->cp[i], 0x660, 0x669))
		return !any(l, 0x6F0, 0x6F9);
	if (in(l->cp[i], 0x6F0, 0x6F9))
		return !any(l, 0x660, 0x669);
	*applies_out = false;
	return false;
}

static bool
u_label(const struct label *l)
{
	if (l->n == 0 || l->cp[0] == '-' || l->cp[l->n - 1] == '-')
		return false;
	if (l->n >= 4 && l->cp[2] == '-' && l->cp[3] == '-')
		return false;
	utf8proc_category_t first = utf8proc_category((utf8proc_int32_t)l->cp[0]);
	if (first == UTF8PROC_CATEGORY_MN || first == UTF8PROC_CATEGORY_MC ||
	    first == UTF8PROC_CATEGORY_ME)
		return false;
	for (size_t i = 0; i < l->n; i++) {
		bool applies;
		if (!contextual(l, i, &applies) && (applies || !is_pvalid(l->cp[i])))
			return false;
	}
	return true;
}

/* --- the bidi rule, RFC 5893 section 2 --- */

static utf8proc_bidi_class_t
bidi(uint32_t cp)
{
	return utf8proc_get_property((utf8proc_int32_t)cp)->bidi_class;
}

static bool
is_rtl_class(utf8proc_bidi_class_t c)
{
	return c == UTF8PROC_BIDI_CLASS_R || c == UTF8PROC_BIDI_CLASS_AL;
}

static bool
has_rtl(const struct label *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (is_rtl_class(bidi(l->cp[i])) || bidi(l->cp[i]) == UTF8PROC_BIDI_CLASS_AN)
			return true;
	return false;
}

static bool
bidi_ok(const struct label *l)
{
	utf8proc_bidi_class_t first = bidi(l->cp[0]), last;
	bool rtl = is_rtl_class(first), en = false, an = false;
	if (!rtl && first != UTF8PROC_BIDI_CLASS_L)
		return false;
	size_t n = l->n;
	while (n > 1 && bidi(l->cp[n - 1]) == UTF8PROC_BIDI_CLASS_NSM)
		n--;
	last = bidi(l->cp[n - 1]);
	for (size_t i = 0; i < l->n; i++) {
		utf8proc_bidi_class_t c = bidi(l->cp[i]);
		if (rtl ? c == UTF8PROC_BIDI_CLASS_L
			: is_rtl_class(c) || c == UTF8PROC_BIDI_CLASS_AN)
			return false;
		en |= c == UTF8PROC_BIDI_CLASS_EN;
		an |= c == UTF8PROC_BIDI_CLASS_AN;
	}
	if (!rtl)
		return last == UTF8PROC_BIDI_CLASS_L || last == UTF8PROC_BIDI_CLASS_EN;
	return !(en && an) && (is_rtl_class(last) || last == UTF8PROC_BIDI_CLASS_EN ||
			       last == UTF8PROC_BIDI_CLASS_AN);
}

/* --- whole names --- */

static bool
decode_a_label(struct wn_str s, struct label *out)
{
	if (!ldh_label(s) || !punycode_decode(wn_strn(s.p + 4, s.len - 4), out) || !u_label(out))
		return false;
	/* It must be the one and only encoding. */
	size_t n = 0;
	for (size_t i = 0; i < out->n; i++)
		n += out->cp[i] >= 128;
	return n > 0 && punycode_length(out) == s.len - 4;
}

bool
wn_utf8_is_domain(struct wn_str s)
{
	struct wn_str label;
	if (s.len == 0 || s.len > NAME_MAX_ || s.p[s.len - 1] == '.')
		return false;
	while (wn_str_split(&s, '.', &label))
		if (!ldh_label(label))
			return false;
	return true;
}

bool
wn_utf8_is_hostname(struct wn_str s)
{
	struct wn_str label;
	struct label decoded;
	if (!wn_utf8_is_domain(s))
		return false;
	while (wn_str_split(&s, '.', &label))
		if (is_a_label(label) && !decode_a_label(label, &decoded))
			return false;
	return true;
}

/* The next label of an internationalized name; any of four dots ends it. */
static bool
next_label(struct wn_str *s, struct label *out, struct wn_str *text_out, bool *more_out)
{
	size_t i = 0;
	out->n = 0;
	*more_out = false;
	while (i < s->len) {
		uint32_t cp;
		size_t n = wn_utf8_decode(s->p + i, s->len - i, &cp);
		if (cp == '.' || cp == 0x3002 || cp == 0xFF0E || cp == 0xFF61) {
			*text_out = wn_strn(s->p, i);
			*s = wn_strn(s->p + i + n, s->len - i - n);
			*more_out = true;
			return true;
		}
		if (cp == WN_UTF8_BAD || out->n >= LABEL_MAX)
			return false;
		out->cp[out->n++] = cp;
		i += n;
	}
	*text_out = *s;
	return true;
}

static bool
idn_label(struct label *l, struct wn_str text, size_t *length)
{
	bool ascii = true;
	for (size_t i = 0; i < l->n; i++)
		ascii &= l->cp[i] < 128;
	*length += ascii ? l->n : 4 + punycode_length(l);
	if (is_a_label(text))
		return decode_a_label(text, l);
	if (!ascii && 4 + punycode_length(l) > LABEL_MAX)
		return false;
	return u_label(l);
}

bool
wn_utf8_is_idn_hostname(struct wn_str s)
{
	struct label l;
	struct wn_str text;
	bool more = true, rtl = false;
	size_t length = 0;
	for (struct wn_str rest = s; more;) {
		if (!next_label(&rest, &l, &text, &more) || !idn_label(&l, text, &length) ||
		    ++length > NAME_MAX_ + 1)
			return false;
		rtl |= has_rtl(&l);
	}
	more = rtl;
	for (struct wn_str rest = s; more;) {
		if (!next_label(&rest, &l, &text, &more))
			return false;
		if (is_a_label(text))
			(void)punycode_decode(wn_strn(text.p + 4, text.len - 4), &l);
		if (!bidi_ok(&l))
			return false;
	}
	return true;
}
