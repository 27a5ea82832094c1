/*
 * Decoding and encoding whole files: UTF-16 and UTF-32 by ourselves, since iconv neither keeps lone
 * surrogates nor says where it stopped in a way we could undo; everything else by iconv.
 */
#include "editor/document/charset.h"

#include <errno.h>
#include <iconv.h>
#include <strings.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define ICONV_NONE ((iconv_t)-1)
#define STEP ((size_t)2048) /* room asked for at a time */

const char *const ed_charset_names[] = {
	"utf-8",	"utf-16le",	"utf-16be",	"utf-32le",	"utf-32be",
	"iso-8859-1",	"iso-8859-2",	"iso-8859-5",	"iso-8859-6",	"iso-8859-7",
	"iso-8859-8",	"iso-8859-9",	"iso-8859-15",	"windows-1250", "windows-1251",
	"windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256",
	"windows-1257", "windows-1258", "koi8-r",	"koi8-u",	"shift_jis",
	"euc-jp",	"gb18030",	"big5",		"euc-kr",	"cp437",
	"cp850",	"macintosh",	NULL,
};

/* In the order of enum ed_encoding from ED_ENC_UTF16LE on. */
static const char *const wide[] = { "utf-16le", "utf-16be", "utf-32le", "utf-32be" };

const char *
ed_charset_of(enum ed_encoding kind)
{
	if (kind >= ED_ENC_UTF16LE && kind <= ED_ENC_UTF32BE)
		return wide[kind - ED_ENC_UTF16LE];
	return kind <= ED_ENC_BROKEN ? "utf-8" : kind == ED_ENC_BINARY ? "binary" : "";
}

bool
ed_charset_kind(const char *name, enum ed_encoding *out)
{
	iconv_t cd;

	*out = ED_ENC_UTF8;
	if (strcasecmp(name, "utf-8") == 0)
		return true;
	if (strcasecmp(name, "binary") == 0) {
		*out = ED_ENC_BINARY;
		return true;
	}
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strcasecmp(name, wide[i]) == 0) {
			*out = (enum ed_encoding)(ED_ENC_UTF16LE + (int)i);
			return true;
		}
	*out = ED_ENC_OTHER;
	/* What iconv calls UTF-16 guesses the order of bytes. "//" would ask it to make things up.
	 */
	if (strncasecmp(name, "utf", 3) == 0 || strncasecmp(name, "ucs", 3) == 0 ||
	    strchr(name, '/') != NULL || *name == '\0')
		return false;
	cd = iconv_open("UTF-8", name);
	if (cd == ICONV_NONE)
		return false;
	iconv_close(cd);
	return true;
}

/* ---- UTF-16 and UTF-32 ------------------------------------------------------------------- */

static bool
big(enum ed_encoding kind)
{
	return kind == ED_ENC_UTF16BE || kind == ED_ENC_UTF32BE;
}

static size_t
width_of(enum ed_encoding kind)
{
	return kind >= ED_ENC_UTF32LE ? 4 : 2;
}

static uint32_t
get_unit(const char *p, size_t width, bool be)
{
	uint32_t u = 0;

	for (size_t i = 0; i < width; i++)
		u |= (uint32_t)(unsigned char)p[i] << 8 * (be ? width - 1 - i : i);
	return u;
}

static void
put_unit(struct wn_buf *out, uint32_t u, size_t width, bool be)
{
	char p[4];

	for (size_t i = 0; i < width; i++)
		p[i] = (char)(u >> 8 * (be ? width - 1 - i : i));
	(void)wn_buf_add(out, p, width);
}

/* A surrogate that stands alone, in the three bytes UTF-8 would have for it. */
static void
put_lone(struct wn_buf *out, uint32_t u)
{
	char p[3] = { (char)0xED, (char)(0x80 | (u >> 6 & 0x3F)), (char)(0x80 | (u & 0x3F)) };

	(void)wn_buf_add(out, p, sizeof p);
}

static bool
is_lone(struct wn_str s, uint32_t *unit)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.len < 3 || p[0] != 0xED || p[1] < 0xA0 || p[1] > 0xBF || (p[2] & 0xC0) != 0x80)
		return false;
	*unit = 0xD000u | (uint32_t)(p[1] & 0x3F) << 6 | (p[2] & 0x3F);
	return true;
}

static wn_err
decode_wide(enum ed_encoding kind, struct wn_str s, struct wn_buf *out)
{
	size_t w = width_of(kind);
	bool be = big(kind);
	char utf8[4];

	for (size_t i = 0; i < s.len; i += w) {
		uint32_t u, low = 0;

		if (s.len - i < w)
			return WN_E_INVALID; /* half a unit at the end */
		u = get_unit(s.p + i, w, be);
		if (w == 2 && u >> 10 == 0x36 && s.len - i >= 4)
			low = get_unit(s.p + i + 2, 2, be);
		if (low >> 10 == 0x37) {
			u = 0x10000 + ((u & 0x3FF) << 10 | (low & 0x3FF));
			i += 2;
		}
		if (u > 0x10FFFF)
			return WN_E_INVALID;
		if (u >> 11 == 0x1B)
			put_lone(out, u);
		else
			(void)wn_buf_add(out, utf8, wn_utf8_encode(u, utf8));
	}
	return out->err;
}

/* Bytes of s that were written; 0: this cannot be said. */
static size_t
encode_one(enum ed_encoding kind, struct wn_str s, struct wn_buf *out)
{
	size_t w = width_of(kind), n;
	bool be = big(kind);
	uint32_t u;

	n = wn_utf8_decode(s.p, s.len, &u);
	if (u == WN_UTF8_BAD) {
		if (!is_lone(s, &u))
			return 0;
		put_unit(out, u, w, be);
		return 3;
	}
	if (w == 2 && u > 0xFFFF) {
		put_unit(out, 0xD800 | (u - 0x10000) >> 10, 2, be);
		put_unit(out, 0xDC00 | ((u - 0x10000) & 0x3FF), 2, be);
	} else {
		put_unit(out, u, w, be);
	}
	return n;
}

/* ---- iconv -------------------------------------------------------------------------------- */

/* Converts all it can; *used: bytes of s. 0, or errno as iconv leaves it (never E2BIG). */
static int
convert(iconv_t cd, struct wn_str s, struct wn_buf *out, size_t *used)
{
	char *in = (char *)(uintptr_t)s.p; /* iconv does not write to it */
	size_t left = s.len;
	int err = 0;

	do {
		char *room = wn_buf_reserve(out, STEP);
		size_t n = STEP, before = n;

		if (room == NULL)
			break;
		err = iconv(cd, &in, &left, &room, &n) == (size_t)-1 ? errno : 0;
		wn_buf_commit(out, before - n);
	} while (err == E2BIG);
	*used = s.len - left;
	return err;
}

/* A byte that means nothing stays itself. One below 0x80 would look like an ASCII character. */
static wn_err
decode_iconv(const char *name, struct wn_str s, struct wn_buf *out)
{
	iconv_t cd = iconv_open("UTF-8", name);
	wn_err err = cd == ICONV_NONE ? WN_E_UNSUPPORTED : 0;

	while (err == 0 && s.len > 0) {
		size_t used;
		int why = convert(cd, s, out, &used);

		s = wn_str_sub(s, used, s.len);
		if (why == 0 || out->err != 0)
			break;
		if ((unsigned char)s.p[0] < 0x80)
			err = WN_E_INVALID;
		(void)wn_buf_chr(out, s.p[0]);
		s = wn_str_sub(s, 1, s.len);
		(void)iconv(cd, NULL, NULL, NULL, NULL);
	}
	if (cd != ICONV_NONE)
		iconv_close(cd);
	return err != 0 ? err : out->err;
}

/* ---- encoding ------------------------------------------------------------------------------ */

struct encoder {
	enum ed_encoding kind;
	iconv_t cd;
	struct wn_buf *out;
};

/* Writes what it can of s; last: nothing comes behind it. Returns the bytes used; *bad: the one
 * behind them cannot be said. */
static size_t
encode_some(struct encoder *e, struct wn_str s, bool last, bool *bad)
{
	size_t at = 0, used;
	uint32_t cp;

	*bad = false;
	while (at < s.len && e->out->err == 0) {
		struct wn_str rest = wn_str_sub(s, at, s.len);

		if (!last && rest.len < 4)
			break; /* a character may be cut here */
		if (e->kind != ED_ENC_OTHER) {
			used = encode_one(e->kind, rest, e->out);
		} else {
			rest.len = wn_utf8_check(rest.p, rest.len);
			used = 1;
			if (rest.len > 0)
				(void)convert(e->cd, rest, e->out, &used);
			else if (wn_utf8_decode(s.p + at, s.len - at, &cp) == 1)
				(void)wn_buf_chr(e->out, s.p[at]);
		}
		*bad = used == 0;
		if (*bad)
			break;
		at += used;
	}
	return at;
}

static wn_err
cannot_say(const char *name, const struct ed_text *t, size_t pos, struct wn_diag *d)
{
	char p[4];
	uint32_t cp;
	size_t n = ed_text_read(t, pos, p, sizeof p), len = wn_utf8_decode(p, n, &cp);

	if (cp == WN_UTF8_BAD)
		return wn_fail(d, WN_E_INVALID, "line %zu holds the byte 0x%02X, which %s has not",
			       ed_text_line_of(t, pos) + 1, (unsigned)(unsigned char)p[0], name);
	return wn_fail(d, WN_E_INVALID, "line %zu holds \"%.*s\" (U+%04X), which %s has not",
		       ed_text_line_of(t, pos) + 1, (int)len, p, (unsigned)cp, name);
}

static wn_err
encode_text(struct encoder *e, const char *name, const struct ed_text *t, struct wn_diag *d)
{
	char *p = wn_alloc(ED_CHUNK_MAX * 4);
	size_t at = 0, len = ed_text_len(t), n;
	bool bad = false;

	while (at < len && !bad && e->out->err == 0) {
		n = ed_text_read(t, at, p, ED_CHUNK_MAX * 4);
		at += encode_some(e, wn_strn(p, n), at + n == len, &bad);
	}
	wn_free(p);
	if (e->out->err != 0)
		return wn_fail(d, e->out->err, "the text does not fit in memory as %s", name);
	return bad ? cannot_say(name, t, at, d) : 0;
}

wn_err
ed_charset_encode(const char *name, const struct ed_text *t, struct wn_buf *out, struct wn_diag *d)
{
	struct encoder e = { .cd = ICONV_NONE, .out = out };
	size_t used;
	wn_err err;

	if (!ed_charset_kind(name, &e.kind))
		return wn_fail(d, WN_E_UNSUPPORTED, "there is no character set %s", name);
	if (e.kind == ED_ENC_UTF8 || e.kind == ED_ENC_BINARY)
		return ed_text_copy(t, 0, ed_text_len(t), out);
	if (e.kind == ED_ENC_OTHER)
		e.cd = iconv_open(name, "UTF-8");
	if (e.kind == ED_ENC_OTHER && e.cd == ICONV_NONE)
		return wn_fail(d, WN_E_UNSUPPORTED, "there is no character set %s", name);
	err = encode_text(&e, name, t, d);
	if (e.cd != ICONV_NONE) {
		char *room = wn_buf_reserve(out, 64); /* back to the initial shift state */
		size_t n = 64;

		used = room != NULL && iconv(e.cd, NULL, NULL, &room, &n) != (size_t)-1 ? 64 - n
											: 0;
		wn_buf_commit(out, used);
		iconv_close(e.cd);
	}
	return err;
}

/* ---- decoding ------------------------------------------------------------------------------ */

static bool
same_again(const char *name, struct wn_str bytes, struct wn_str utf8)
{
	struct ed_text *t = ed_text_from(utf8);
	struct wn_buf again;
	bool same;

	wn_buf_init(&again, bytes.len + 2 * STEP);
	same = t != NULL && ed_charset_encode(name, t, &again, NULL) == 0 &&
	       wn_str_eq(wn_buf_view(&again), bytes);
	wn_buf_fini(&again);
	ed_text_free(t);
	return same;
}

wn_err
ed_charset_decode(const char *name, struct wn_str bytes, struct wn_buf *out, struct wn_diag *d)
{
	enum ed_encoding kind;
	size_t start = out->len;
	wn_err err;

	if (!ed_charset_kind(name, &kind))
		return wn_fail(d, WN_E_UNSUPPORTED, "there is no character set %s", name);
	if (kind == ED_ENC_UTF8 || kind == ED_ENC_BINARY)
		return wn_buf_str(out, bytes);
	err = kind == ED_ENC_OTHER ? decode_iconv(name, bytes, out) : decode_wide(kind, bytes, out);
	if (err == WN_E_LIMIT || err == WN_E_NO_MEMORY)
		return wn_fail(d, err, "the text does not fit in memory as %s", name);
	if (err != 0 || !same_again(name, bytes, wn_str_sub(wn_buf_view(out), start, out->len)))
		return wn_fail(d, WN_E_INVALID,
			       "its bytes are not %s: saving would have changed some", name);
	return 0;
}
