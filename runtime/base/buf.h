/*
 * Growable byte buffer with a maximum. Always NUL-terminated behind len, so
 * buf.p can be given to C string functions when it holds no NUL.
 */
#ifndef RUNTIME_BASE_BUF_H
#define RUNTIME_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "runtime/base/error.h"
#include "runtime/base/str.h"

struct wn_buf {
	char *p; /* NULL until the first byte */
	size_t len, cap;
	size_t max; /* len never passes it */
	wn_err err; /* first failure (WN_E_LIMIT, WN_E_NO_MEMORY); sticky: later adds do nothing */
};

/* max bytes (must be > 0); allocates nothing yet. */
void wn_buf_init(struct wn_buf *b, size_t max);
void wn_buf_fini(struct wn_buf *b);  /* may be used again after wn_buf_init() */
void wn_buf_clear(struct wn_buf *b); /* len 0, err 0, memory kept */
/* Appends; on failure returns and keeps b->err, the content stays as it was. The
 * result may be ignored by callers that check b->err once at the end. */
wn_err wn_buf_add(struct wn_buf *b, const void *data, size_t n);
wn_err wn_buf_str(struct wn_buf *b, struct wn_str s);
wn_err wn_buf_cstr(struct wn_buf *b, const char *s);
wn_err wn_buf_chr(struct wn_buf *b, char c);
wn_err wn_buf_printf(struct wn_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
wn_err wn_buf_vprintf(struct wn_buf *b, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* Room for n more bytes; returns where to write them, or NULL. Follow with wn_buf_commit(). */
char *wn_buf_reserve(struct wn_buf *b, size_t n);
void wn_buf_commit(struct wn_buf *b, size_t n);
/* Removes the first n bytes (n <= len). */
void wn_buf_drop(struct wn_buf *b, size_t n);
/* Cuts to n bytes (n <= len). */
void wn_buf_cut(struct wn_buf *b, size_t n);
struct wn_str wn_buf_view(const struct wn_buf *b); /* borrowed until the next change */
/* Hands the memory over (freed with wn_free()); the buffer is empty afterwards. Never NULL. */
char *wn_buf_take(struct wn_buf *b, size_t *len_out_nullable);

#endif
