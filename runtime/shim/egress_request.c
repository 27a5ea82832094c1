/*
 * The head of a proxied request. Strict: what two readers could understand differently is refused,
 * since the second reader is somebody's server.
 */
#include "runtime/shim/egress_request.h"

#include <string.h>

#define BODY_MAX (INT64_C(1) << 40)

/* Digits alone; -1: not. */
static int64_t
number(struct wn_str s, int64_t max)
{
	int64_t n = 0;

	if (s.len == 0 || s.len > 15)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		n = n * 10 + (s.p[i] - '0');
	}
	return n <= max ? n : -1;
}

static bool
authority(struct wn_str s, int port, struct egress_request *out)
{
	size_t colon = s.len;

	for (size_t i = s.len; i > 0 && s.p[i - 1] != ']'; i--)
		if (s.p[i - 1] == ':') {
			colon = i - 1;
			break;
		}
	out->port = port;
	if (colon < s.len) {
		out->port = (int)number(wn_strn(s.p + colon + 1, s.len - colon - 1), 65535);
		s.len = colon;
	}
	/* An address with colons needs its brackets. */
	if (out->port <= 0 || (s.len > 0 && s.p[0] != '[' && memchr(s.p, ':', s.len)))
		return false;
	return egress_host(s, out->host);
}

static bool
is_name(struct wn_str line, const char *name, struct wn_str *value)
{
	size_t n = strlen(name);

	if (line.len <= n || line.p[n] != ':' || strncasecmp(line.p, name, n) != 0)
		return false;
	*value = wn_str_trim(wn_strn(line.p + n + 1, line.len - n - 1));
	return true;
}

/* Names of header fields; a blank before the colon, or a line that goes on, is what confuses. */
static bool
field_is_clean(struct wn_str line)
{
	size_t i = 0;

	while (i < line.len && line.p[i] > ' ' && line.p[i] < 0x7f && line.p[i] != ':')
		i++;
	if (i == 0 || i == line.len || line.p[i] != ':')
		return false;
	for (; i < line.len; i++)
		if (((unsigned char)line.p[i] < ' ' && line.p[i] != '\t') || line.p[i] == 0x7f)
			return false;
	return true;
}

/* One line without its CRLF; false: there is none. A bare CR or LF ends nothing. */
static bool
next_line(struct wn_str *rest, struct wn_str *line)
{
	const char *end = rest->len >= 2 ? memmem(rest->p, rest->len, "\r\n", 2) : NULL;

	if (!end)
		return false;
	*line = wn_strn(rest->p, (size_t)(end - rest->p));
	rest->len -= line->len + 2;
	rest->p = end + 2;
	return true;
}

static const char *
read_fields(struct egress_request *r)
{
	struct wn_str rest = r->fields, line, value;
	bool has_length = false;

	while (next_line(&rest, &line)) {
		if (!field_is_clean(line))
			return "a header line is not one";
		if (is_name(line, "transfer-encoding", &value))
			return "a body in chunks is not passed on in plain HTTP; use https";
		if (!is_name(line, "content-length", &value))
			continue;
		r->body = number(value, BODY_MAX);
		if (r->body < 0 || has_length)
			return "the body's length is not clear";
		has_length = true;
	}
	return NULL;
}

static const char *
read_target(struct egress_request *r, struct wn_str target)
{
	static const char scheme[] = "http://";
	size_t n = sizeof scheme - 1, slash;

	r->tunnel = wn_str_is(r->method, "CONNECT");
	if (r->tunnel)
		return authority(target, 0, r) ? NULL : "CONNECT needs a name and a port";
	if (target.len < n || strncasecmp(target.p, scheme, n) != 0)
		return "a proxy is asked for http:// addresses, or for a tunnel by CONNECT";
	target = wn_strn(target.p + n, target.len - n);
	for (slash = 0; slash < target.len && target.p[slash] != '/' && target.p[slash] != '?';)
		slash++;
	r->path = wn_strn(target.p + slash, target.len - slash);
	return authority(wn_strn(target.p, slash), 80, r) ? NULL : "the address has no name";
}

static bool
is_token(struct wn_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	return s.len > 0 && s.len < 20;
}

static bool
is_visible(struct wn_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	return s.len > 0;
}

enum egress_parse
egress_request_parse(struct wn_str bytes, struct egress_request *out, const char **why)
{
	const char *end = bytes.len >= 4 ? memmem(bytes.p, bytes.len, "\r\n\r\n", 4) : NULL;
	struct wn_str rest, line, target;

	*out = (struct egress_request){ 0 };
	*why = "the request is too long";
	if (!end)
		return bytes.len >= EGRESS_HEAD_MAX ? EGRESS_BAD : EGRESS_MORE;
	out->head = (size_t)(end - bytes.p) + 4;
	if (out->head > EGRESS_HEAD_MAX)
		return EGRESS_BAD;
	rest = wn_strn(bytes.p, out->head - 2);
	*why = "that is no HTTP request";
	if (!next_line(&rest, &line) || !wn_str_split(&line, ' ', &out->method) ||
	    !wn_str_split(&line, ' ', &target))
		return EGRESS_BAD;
	out->version = line;
	if (!is_token(out->method) || !is_visible(target) ||
	    (!wn_str_is(line, "HTTP/1.1") && !wn_str_is(line, "HTTP/1.0")))
		return EGRESS_BAD;
	*why = read_target(out, target);
	if (*why)
		return EGRESS_BAD;
	out->fields = rest;
	*why = read_fields(out);
	return *why ? EGRESS_BAD : EGRESS_OK;
}

void
egress_request_head(const struct egress_request *r, struct wn_buf *out)
{
	static const char *const own[] = {
		"host",	   "connection", "proxy-connection", "keep-alive", "proxy-authorization",
		"upgrade", "te",	 "trailer"
	};
	struct wn_str rest = r->fields, line, value;
	bool v6 = strchr(r->host, ':') != NULL;

	(void)wn_buf_printf(out, "%.*s %s%.*s HTTP/1.1\r\nHost: %s%s%s", WN_STR_ARG(r->method),
			    r->path.len > 0 && r->path.p[0] == '/' ? "" : "/", WN_STR_ARG(r->path),
			    v6 ? "[" : "", r->host, v6 ? "]" : "");
	if (r->port != 80)
		(void)wn_buf_printf(out, ":%d", r->port);
	(void)wn_buf_cstr(out, "\r\nConnection: close\r\n");
	while (next_line(&rest, &line)) {
		bool drop = false;

		for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
			drop = drop || is_name(line, own[i], &value);
		if (drop)
			continue;
		(void)wn_buf_str(out, line);
		(void)wn_buf_cstr(out, "\r\n");
	}
	(void)wn_buf_cstr(out, "\r\n");
}
