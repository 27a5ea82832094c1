/*
 * Failures: filling a struct wn_diag, looking up the error table, errno. Pure; the
 * table itself is generated (error_table.c).
 */
#include "runtime/base/error.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Cuts a half UTF-8 sequence at the end of a text that snprintf has shortened. */
static void
mend_cut(char *text, size_t cap, int wanted)
{
	size_t len = strlen(text), back = 0;

	if (wanted < 0 || (size_t)wanted < cap)
		return;
	while (back < 3 && back < len && ((unsigned char)text[len - 1 - back] & 0xC0) == 0x80)
		back++;
	if (back < len) {
		unsigned char lead = (unsigned char)text[len - 1 - back];
		size_t need = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;

		if (need > back)
			text[len - 1 - back] = '\0';
	}
}

wn_err
wn_failv(struct wn_diag *d, wn_err code, const char *fmt, va_list ap)
{
	if (!d || d->code)
		return code;
	d->code = code;
	mend_cut(d->text, sizeof(d->text), vsnprintf(d->text, sizeof(d->text), fmt, ap));
	return code;
}

wn_err
wn_fail(struct wn_diag *d, wn_err code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	wn_failv(d, code, fmt, ap);
	va_end(ap);
	return code;
}

void
wn_fail_where(struct wn_diag *d, const char *fmt, ...)
{
	va_list ap;

	if (!d || d->where[0])
		return;
	va_start(ap, fmt);
	mend_cut(d->where, sizeof(d->where), vsnprintf(d->where, sizeof(d->where), fmt, ap));
	va_end(ap);
}

void
wn_fail_note(struct wn_diag *d, const char *fmt, ...)
{
	size_t len, cap;
	va_list ap;

	if (!d)
		return;
	len = strlen(d->text);
	cap = sizeof(d->text) - len;
	if (len && cap > 3) {
		memcpy(d->text + len, "; ", 3);
		len += 2;
		cap -= 2;
	}
	va_start(ap, fmt);
	mend_cut(d->text + len, cap, vsnprintf(d->text + len, cap, fmt, ap));
	va_end(ap);
}

wn_err
wn_fail_errno(struct wn_diag *d, int errnum, const char *fmt, ...)
{
	wn_err code = wn_error_from_errno(errnum);
	char text[128];
	va_list ap;

	if (!d || d->code)
		return code;
	va_start(ap, fmt);
	wn_failv(d, code, fmt, ap);
	va_end(ap);
	/* GNU strerror_r: thread-safe, may answer a constant instead of filling text. */
	size_t len = strlen(d->text);

	mend_cut(d->text + len, sizeof(d->text) - len,
		 snprintf(d->text + len, sizeof(d->text) - len, ": %s",
			  strerror_r(errnum, text, sizeof(text))));
	return code;
}

void
wn_diag_clear(struct wn_diag *d)
{
	*d = (struct wn_diag){ 0 };
}

const struct wn_error_row *
wn_error_row(wn_err code)
{
	const struct wn_error_row *internal = wn_error_rows;

	for (size_t i = 0; i < wn_error_count; i++) {
		if (wn_error_rows[i].code == code)
			return &wn_error_rows[i];
		if (wn_error_rows[i].code == WN_E_INTERNAL)
			internal = &wn_error_rows[i];
	}
	return internal;
}

wn_err
wn_error_by_name(const char *name)
{
	for (size_t i = 0; name && i < wn_error_count; i++)
		if (strcmp(wn_error_rows[i].name, name) == 0)
			return wn_error_rows[i].code;
	return WN_E_INTERNAL;
}

wn_err
wn_error_from_errno(int errnum)
{
	static const struct {
		int errnum;
		wn_err code;
	} rows[] = {
		{ ENOENT, WN_E_NOT_FOUND },	{ ENOTDIR, WN_E_NOT_FOUND },
		{ ESRCH, WN_E_NOT_FOUND },	{ EEXIST, WN_E_EXISTS },
		{ ENOTEMPTY, WN_E_EXISTS },	{ EACCES, WN_E_DENIED },
		{ EPERM, WN_E_DENIED },		{ EROFS, WN_E_READ_ONLY },
		{ ENOSPC, WN_E_NO_SPACE },	{ EDQUOT, WN_E_NO_SPACE },
		{ ENOMEM, WN_E_NO_MEMORY },	{ EMFILE, WN_E_LIMIT },
		{ ENFILE, WN_E_LIMIT },		{ EFBIG, WN_E_LIMIT },
		{ EAGAIN, WN_E_BUSY },		{ EBUSY, WN_E_BUSY },
		{ ETXTBSY, WN_E_BUSY },		{ EPIPE, WN_E_CLOSED },
		{ EBADF, WN_E_CLOSED },		{ ECONNRESET, WN_E_CLOSED },
		{ ECANCELED, WN_E_CANCELLED },	{ ETIMEDOUT, WN_E_DEADLINE },
		{ ECONNREFUSED, WN_E_NETWORK }, { EHOSTUNREACH, WN_E_NETWORK },
		{ ENETUNREACH, WN_E_NETWORK },	{ EADDRINUSE, WN_E_BUSY },
		{ EINVAL, WN_E_INVALID },	{ ENAMETOOLONG, WN_E_INVALID },
		{ ELOOP, WN_E_INVALID },	{ EISDIR, WN_E_INVALID },
		{ ENOSYS, WN_E_UNSUPPORTED },	{ EOPNOTSUPP, WN_E_UNSUPPORTED },
	};

	if (errnum == 0)
		return WN_OK;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].errnum == errnum)
			return rows[i].code;
	return WN_E_IO;
}
