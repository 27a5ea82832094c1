/*
 * URIs and IRIs (RFC 3986, RFC 3987) and URI templates (RFC 6570), syntax only.
 */
#include "runtime/base/jsonschema_format.h"
#include "runtime/base/utf8.h"

enum part { IN_USERINFO, IN_HOST, IN_SEGMENT_NC, IN_PATH, IN_QUERY, IN_FRAGMENT };

static bool
is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

static bool
is_one_of(char c, const char *set)
{
	return c && strchr(set, c);
}

static bool
is_private(uint32_t cp)
{
	return (cp >= 0xE000 && cp <= 0xF8FF) || (cp >= 0xF0000 && cp <= 0xFFFFD) ||
	       (cp >= 0x100000 && cp <= 0x10FFFD);
}

/* ucschar of RFC 3987. */
static bool
is_ucs(uint32_t cp)
{
	return (cp >= 0xA0 && cp <= 0xD7FF) || (cp >= 0xF900 && cp <= 0xFDCF) ||
	       (cp >= 0xFDF0 && cp <= 0xFFEF) ||
	       (cp >= 0x10000 && cp < 0xF0000 && (cp & 0xFFFF) <= 0xFFFD &&
		!(cp >= 0xE0000 && cp < 0xE1000));
}

/* Bytes of the percent-encoded triplet at i, or 0. */
static size_t
triplet(struct wn_str s, size_t i)
{
	return i + 2 < s.len && s.p[i] == '%' && is_hex(s.p[i + 1]) && is_hex(s.p[i + 2]) ? 3 : 0;
}

static bool
chars_ok(struct wn_str s, enum part part, bool iri)
{
	static const char *const more[] = {
		[IN_USERINFO] = ":", [IN_HOST] = "",	  [IN_SEGMENT_NC] = "@",
		[IN_PATH] = ":@/",   [IN_QUERY] = ":@/?", [IN_FRAGMENT] = ":@/?",
	};
	for (size_t i = 0; i < s.len;) {
		char c = s.p[i];
		size_t n = 1;
		uint32_t cp;
		if ((unsigned char)c >= 128) {
			n = wn_utf8_decode(s.p + i, s.len - i, &cp);
			if (!iri || !(is_ucs(cp) || (part == IN_QUERY && is_private(cp))))
				return false;
		} else if (c == '%') {
			if ((n = triplet(s, i)) == 0)
				return false;
		} else if (!is_alpha(c) && !is_digit(c) && !is_one_of(c, "-._~!$&'()*+,;=") &&
			   !is_one_of(c, more[part])) {
			return false;
		}
		i += n;
	}
	return true;
}

/* Inside the brackets. */
static bool
ip_literal(struct wn_str s)
{
	if (s.len < 4 || (s.p[0] | 32) != 'v')
		return js_format_ipv6(s);
	size_t n = 1;
	while (n < s.len && is_hex(s.p[n]))
		n++;
	if (n == 1 || n + 1 >= s.len || s.p[n] != '.')
		return false;
	for (n++; n < s.len; n++)
		if (!is_alpha(s.p[n]) && !is_digit(s.p[n]) &&
		    !is_one_of(s.p[n], "-._~!$&'()*+,;=:"))
			return false;
	return true;
}

static bool
authority_ok(struct wn_str s, bool iri)
{
	ptrdiff_t at = wn_str_chr(s, '@');
	if (at >= 0) {
		if (!chars_ok(wn_strn(s.p, (size_t)at), IN_USERINFO, iri))
			return false;
		s = wn_strn(s.p + at + 1, s.len - (size_t)at - 1);
	}
	size_t host = s.len;
	if (s.len > 0 && s.p[0] == '[') {
		ptrdiff_t end = wn_str_chr(s, ']');
		if (end < 0 || !ip_literal(wn_strn(s.p + 1, (size_t)end - 1)))
			return false;
		host = (size_t)end + 1;
	} else {
		ptrdiff_t colon = wn_str_chr(s, ':');
		if (colon >= 0)
			host = (size_t)colon;
		if (!chars_ok(wn_strn(s.p, host), IN_HOST, iri))
			return false;
	}
	if (host < s.len && s.p[host] != ':')
		return false;
	for (size_t i = host + 1; i < s.len; i++)
		if (!is_digit(s.p[i]))
			return false;
	return true;
}

static bool
tail_ok(struct wn_str *s, char mark, enum part part, bool iri)
{
	ptrdiff_t at = wn_str_chr(*s, mark);
	if (at < 0)
		return true;
	struct wn_str tail = wn_strn(s->p + at + 1, s->len - (size_t)at - 1);
	s->len = (size_t)at;
	return chars_ok(tail, part, iri);
}

/* Takes "scheme:" off the front. */
static bool
take_scheme(struct wn_str *s)
{
	size_t n = 0;
	while (n < s->len &&
	       (is_alpha(s->p[n]) || (n > 0 && (is_digit(s->p[n]) || is_one_of(s->p[n], "+-.")))))
		n++;
	if (n == 0 || n >= s->len || s->p[n] != ':')
		return false;
	*s = wn_strn(s->p + n + 1, s->len - n - 1);
	return true;
}

/* Bytes up to the first slash. */
static size_t
to_slash(struct wn_str s)
{
	ptrdiff_t slash = wn_str_chr(s, '/');
	return slash < 0 ? s.len : (size_t)slash;
}

static bool
reference_ok(struct wn_str s, bool iri, bool relative)
{
	if (!tail_ok(&s, '#', IN_FRAGMENT, iri) || !tail_ok(&s, '?', IN_QUERY, iri))
		return false;
	bool scheme = take_scheme(&s);
	if (!scheme && !relative)
		return false;
	if (s.len >= 2 && s.p[0] == '/' && s.p[1] == '/') {
		s = wn_strn(s.p + 2, s.len - 2);
		size_t n = to_slash(s);
		if (!authority_ok(wn_strn(s.p, n), iri))
			return false;
		s = wn_strn(s.p + n, s.len - n);
	} else if (!scheme && !chars_ok(wn_strn(s.p, to_slash(s)), IN_SEGMENT_NC, iri)) {
		return false; /* a colon there would read as a scheme */
	}
	return chars_ok(s, IN_PATH, iri);
}

bool
js_format_uri(struct wn_str s)
{
	return reference_ok(s, false, false);
}

bool
js_format_uri_reference(struct wn_str s)
{
	return reference_ok(s, false, true);
}

bool
js_format_iri(struct wn_str s)
{
	return reference_ok(s, true, false);
}

bool
js_format_iri_reference(struct wn_str s)
{
	return reference_ok(s, true, true);
}

/* name ["*" / ":" 1-9999]; dots between name characters only. */
static bool
varspec_ok(struct wn_str s)
{
	size_t i = 0, n;
	bool dot = true; /* none may come next */
	while (i < s.len && s.p[i] != '*' && s.p[i] != ':') {
		if (s.p[i] == '.') {
			if (dot)
				return false;
			dot = true;
			i++;
			continue;
		}
		n = is_alpha(s.p[i]) || is_digit(s.p[i]) || s.p[i] == '_' ? 1 : triplet(s, i);
		if (n == 0)
			return false;
		dot = false;
		i += n;
	}
	if (dot)
		return false;
	if (i == s.len)
		return true;
	if (s.p[i] == '*')
		return i + 1 == s.len;
	n = ++i;
	while (i < s.len && is_digit(s.p[i]))
		i++;
	return i == s.len && i > n && i - n <= 4 && s.p[n] != '0';
}

static bool
expression_ok(struct wn_str s)
{
	struct wn_str part;
	if (s.len > 0 && is_one_of(s.p[0], "+#./;?&=,!@|"))
		s = wn_strn(s.p + 1, s.len - 1);
	if (s.len == 0 || s.p[s.len - 1] == ',')
		return false;
	while (wn_str_split(&s, ',', &part))
		if (!varspec_ok(part))
			return false;
	return true;
}

bool
js_format_uri_template(struct wn_str s)
{
	for (size_t i = 0; i < s.len;) {
		char c = s.p[i];
		size_t n = 1;
		uint32_t cp;
		if (c == '{') {
			ptrdiff_t end = wn_str_chr(wn_strn(s.p + i, s.len - i), '}');
			if (end < 0 || !expression_ok(wn_strn(s.p + i + 1, (size_t)end - 1)))
				return false;
			n = (size_t)end + 1;
		} else if ((unsigned char)c >= 128) {
			n = wn_utf8_decode(s.p + i, s.len - i, &cp);
			if (!is_ucs(cp) && !is_private(cp))
				return false;
		} else if (c == '%') {
			if ((n = triplet(s, i)) == 0)
				return false;
		} else if (c <= ' ' || c == 127 || is_one_of(c, "\"<>\\^`|}")) {
			return false;
		}
		i += n;
	}
	return true;
}
