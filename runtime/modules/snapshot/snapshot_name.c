/*
 * Names of files as text. A file's name is bytes, JSON is UTF-8: a path that is not UTF-8, or that
 * could be taken for a quoted one, is told the way git tells it: in double quotes, with octal for
 * every byte that is not printable ASCII. Lossless both ways. Pure.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include "runtime/base/utf8.h"

struct wn_str
snapshot_name_tell(struct wn_arena *a, const char *path)
{
	struct wn_str s = wn_str(path);
	char *out, *p;

	if (path[0] != '"' && wn_utf8_valid(s))
		return wn_arena_str(a, s);
	p = out = (char *)wn_arena_alloc(a, s.len * 4 + 3);
	*p++ = '"';
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\') {
			*p++ = '\\';
			*p++ = (char)c;
		} else if (c >= ' ' && c < 0x7f) {
			*p++ = (char)c;
		} else {
			*p++ = '\\';
			*p++ = (char)('0' + (c >> 6));
			*p++ = (char)('0' + (c >> 3 & 7));
			*p++ = (char)('0' + (c & 7));
		}
	}
	*p++ = '"';
	*p = '\0';
	return wn_strn(out, (size_t)(p - out));
}

static bool
octal(const char *p, const char *end, unsigned char *out)
{
	unsigned v = 0;

	if (end - p < 3)
		return false;
	for (int i = 0; i < 3; i++) {
		if (p[i] < '0' || p[i] > '7')
			return false;
		v = v * 8 + (unsigned)(p[i] - '0');
	}
	if (v == 0 || v > 255)
		return false;
	*out = (unsigned char)v;
	return true;
}

wn_err
snapshot_name_read(struct wn_ctx *ctx, struct wn_str told, struct wn_str *out)
{
	const char *p = told.p, *end = told.p + told.len;
	char *to, *o;

	*out = told;
	if (told.len == 0 || *p != '"')
		return WN_OK;
	to = o = (char *)wn_arena_alloc(ctx->arena, told.len + 1);
	for (p++; p < end && *p != '"'; o++) {
		unsigned char c = (unsigned char)*p++;

		if (c == '\\' && p < end && (*p == '"' || *p == '\\'))
			c = (unsigned char)*p++;
		else if (c == '\\' && octal(p, end, &c))
			p += 3;
		else if (c == '\\')
			break;
		*o = (char)c;
	}
	if (p != end - 1 || *p != '"')
		return WN_FAIL(ctx, WN_E_INVALID, "not a quoted file name: %.*s", WN_STR_ARG(told));
	*o = '\0';
	*out = wn_strn(to, (size_t)(o - to));
	return WN_OK;
}
