/*
 * Growable byte buffer with a maximum and a sticky error. Grows by doubling;
 * never holds more than max bytes (and one NUL) of content.
 */
#include "runtime/base/buf.h"

#include <assert.h>
#include <stdio.h>

#include "runtime/base/mem.h"

enum { FIRST_CAP = 64 };

void
wn_buf_init(struct wn_buf *b, size_t max)
{
	assert(max > 0);
	*b = (struct wn_buf){ .max = max };
}

void
wn_buf_fini(struct wn_buf *b)
{
	wn_free(b->p);
	*b = (struct wn_buf){ .max = b->max };
}

void
wn_buf_clear(struct wn_buf *b)
{
	b->len = 0;
	b->err = WN_OK;
	if (b->p)
		b->p[0] = '\0';
}

/* Makes room for n more bytes and a NUL, without passing max. */
static wn_err
grow(struct wn_buf *b, size_t n)
{
	const size_t limit = b->max < PTRDIFF_MAX ? b->max : PTRDIFF_MAX - 1;
	size_t cap = b->cap ? b->cap : FIRST_CAP;
	char *p;

	if (n > limit || b->len > limit - n)
		return b->err = WN_E_LIMIT;
	while (cap < b->len + n + 1)
		cap *= 2;
	if (cap > limit + 1)
		cap = limit + 1;
	p = wn_try_realloc(b->p, cap);
	if (!p)
		return b->err = WN_E_NO_MEMORY;
	b->p = p;
	b->cap = cap;
	return WN_OK;
}

char *
wn_buf_reserve(struct wn_buf *b, size_t n)
{
	if (b->err)
		return NULL;
	if ((!b->p || b->cap < n || b->cap - n <= b->len) && grow(b, n))
		return NULL;
	b->p[b->len] = '\0';
	return b->p + b->len;
}

void
wn_buf_commit(struct wn_buf *b, size_t n)
{
	assert(b->p && b->len + n < b->cap);
	b->len += n;
	b->p[b->len] = '\0';
}

wn_err
wn_buf_add(struct wn_buf *b, const void *data, size_t n)
{
	char *to;

	if (b->err || n == 0)
		return b->err;
	to = wn_buf_reserve(b, n);
	if (!to)
		return b->err;
	memcpy(to, data, n);
	wn_buf_commit(b, n);
	return WN_OK;
}

wn_err
wn_buf_str(struct wn_buf *b, struct wn_str s)
{
	return wn_buf_add(b, s.p, s.len);
}

wn_err
wn_buf_cstr(struct wn_buf *b, const char *s)
{
	return s ? wn_buf_add(b, s, strlen(s)) : b->err;
}

wn_err
wn_buf_chr(struct wn_buf *b, char c)
{
	/* The common case by hand: writers add single characters all the time. */
	if (!b->err && b->len + 1 < b->cap && b->len < b->max) {
		b->p[b->len++] = c;
		b->p[b->len] = '\0';
		return WN_OK;
	}
	return wn_buf_add(b, &c, 1);
}

wn_err
wn_buf_vprintf(struct wn_buf *b, const char *fmt, va_list ap)
{
	size_t room = b->cap - b->len;
	va_list again;
	char *to;
	int n;

	if (b->err)
		return b->err;
	/* Most texts fit in what is there, and are formatted once. cap never passes max + 1. */
	va_copy(again, ap);
	n = vsnprintf(b->p ? b->p + b->len : NULL, room, fmt, again);
	va_end(again);
	if (n < 0 || (size_t)n >= room) {
		if (b->p)
			b->p[b->len] = '\0';
		if (n < 0)
			return b->err = WN_E_INVALID;
		to = wn_buf_reserve(b, (size_t)n);
		if (!to)
			return b->err;
		vsnprintf(to, (size_t)n + 1, fmt, ap);
	}
	wn_buf_commit(b, (size_t)n);
	return WN_OK;
}

wn_err
wn_buf_printf(struct wn_buf *b, const char *fmt, ...)
{
	va_list ap;
	wn_err err;

	va_start(ap, fmt);
	err = wn_buf_vprintf(b, fmt, ap);
	va_end(ap);
	return err;
}

void
wn_buf_drop(struct wn_buf *b, size_t n)
{
	assert(n <= b->len);
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->len - n);
	b->len -= n;
	b->p[b->len] = '\0';
}

void
wn_buf_cut(struct wn_buf *b, size_t n)
{
	assert(n <= b->len);
	b->len = n;
	if (b->p)
		b->p[n] = '\0';
}

struct wn_str
wn_buf_view(const struct wn_buf *b)
{
	return wn_strn(b->p ? b->p : "", b->len);
}

char *
wn_buf_take(struct wn_buf *b, size_t *len_out_nullable)
{
	char *p = b->p ? b->p : wn_alloc(1);

	if (len_out_nullable)
		*len_out_nullable = b->len;
	*b = (struct wn_buf){ .max = b->max };
	return p;
}
