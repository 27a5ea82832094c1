/*
 * RFC 3986 reference resolution (section 5.2) for schema identifiers. Owns no state and
 * never touches the network.
 */
#include "runtime/base/jsonschema_priv.h"

struct uri {
	struct wn_str scheme, authority, path, query, fragment; /* p NULL: absent */
};

static bool
is_scheme(struct wn_str s)
{
	if (!s.p || s.len == 0 || !((s.p[0] | 32) >= 'a' && (s.p[0] | 32) <= 'z'))
		return false;
	for (size_t i = 1; i < s.len; i++) {
		char c = s.p[i];
		if (!(((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
		      c == '-' || c == '.'))
			return false;
	}
	return true;
}

/* Cuts the text from the first `mark` on off *rest. */
static struct wn_str
cut_after(struct wn_str *rest, char mark)
{
	ptrdiff_t at = wn_str_chr(*rest, mark);
	if (at < 0)
		return WN_STR_NONE;
	struct wn_str tail = wn_strn(rest->p + at + 1, rest->len - (size_t)at - 1);
	rest->len = (size_t)at;
	return tail;
}

static struct uri
parse(const char *text)
{
	struct uri u = { 0 };
	struct wn_str rest = wn_str(text);
	u.fragment = cut_after(&rest, '#');
	u.query = cut_after(&rest, '?');
	ptrdiff_t colon = wn_str_chr(rest, ':');
	if (colon > 0 && is_scheme(wn_strn(rest.p, (size_t)colon))) {
		u.scheme = wn_strn(rest.p, (size_t)colon);
		rest = wn_strn(rest.p + colon + 1, rest.len - (size_t)colon - 1);
	}
	if (rest.p && rest.len >= 2 && rest.p[0] == '/' && rest.p[1] == '/') {
		rest = wn_strn(rest.p + 2, rest.len - 2);
		ptrdiff_t slash = wn_str_chr(rest, '/');
		size_t n = slash < 0 ? rest.len : (size_t)slash;
		u.authority = wn_strn(rest.p, n);
		rest = wn_strn(rest.p + n, rest.len - n);
	}
	u.path = rest;
	return u;
}

/* Section 5.2.4, in place. */
static void
remove_dots(char *path)
{
	char *out = path;
	const char *in = path;
	while (*in) {
		if (!strncmp(in, "/./", 3)) {
			in += 2;
		} else if (!strcmp(in, "/.")) {
			*out++ = '/';
			break;
		} else if (!strncmp(in, "/../", 4) || !strcmp(in, "/..")) {
			bool end = in[3] == 0;
			while (out > path && *--out != '/')
				;
			if (end) {
				*out++ = '/';
				break;
			}
			in += 3;
		} else {
			*out++ = *in++;
			while (*in && *in != '/')
				*out++ = *in++;
		}
	}
	*out = 0;
}

/* Section 5.2.3. */
static char *
merge(struct wn_arena *a, const struct uri *base, struct wn_str path)
{
	if (base->authority.p && base->path.len == 0)
		return wn_arena_printf(a, "/%.*s", WN_STR_ARG(path));
	size_t n = base->path.len;
	while (n > 0 && base->path.p[n - 1] != '/')
		n--;
	return wn_arena_printf(a, "%.*s%.*s", (int)n, base->path.p ? base->path.p : "",
			       WN_STR_ARG(path));
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *
percent_decode(struct wn_arena *a, struct wn_str s)
{
	char *out = wn_arena_alloc(a, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		int hi, lo;
		if (s.p[i] == '%' && i + 2 < s.len && (hi = hex(s.p[i + 1])) >= 0 &&
		    (lo = hex(s.p[i + 2])) >= 0 && (hi | lo) != 0) {
			out[n++] = (char)(hi * 16 + lo);
			i += 2;
		} else {
			out[n++] = s.p[i];
		}
	}
	return out;
}

char *
js_uri_resolve(struct wn_arena *a, const char *base_text, const char *ref, char **fragment_out)
{
	struct uri base = parse(base_text), r = parse(ref), t = r;
	char *path;
	if (r.scheme.p || r.authority.p) {
		path = wn_arena_strndup(a, r.path.p, r.path.len);
		if (!r.scheme.p)
			t.scheme = base.scheme;
	} else {
		t.scheme = base.scheme;
		t.authority = base.authority;
		if (r.path.len == 0) {
			path = wn_arena_strndup(a, base.path.p, base.path.len);
			t.query = r.query.p ? r.query : base.query;
		} else if (r.path.p[0] == '/') {
			path = wn_arena_strndup(a, r.path.p, r.path.len);
		} else {
			path = merge(a, &base, r.path);
		}
	}
	/* Dots mean something in hierarchical paths only, not in "urn:a/../b". */
	if (path[0] == '/')
		remove_dots(path);
	*fragment_out = r.fragment.p ? percent_decode(a, r.fragment) : NULL;
	return wn_arena_printf(a, "%.*s%s%s%.*s%s%s%.*s", WN_STR_ARG(t.scheme),
			       t.scheme.p ? ":" : "", t.authority.p ? "//" : "",
			       WN_STR_ARG(t.authority), path, t.query.p ? "?" : "",
			       WN_STR_ARG(t.query));
}
