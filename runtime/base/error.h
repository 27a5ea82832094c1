/*
 * Errors: one negative code for programs, one sentence for people.
 *
 * Owns the code type, the text of one failure (struct wn_diag) and the error
 * table. The codes and their texts come from schemas/error.json; the two
 * generated files are checked in because the contract compiler itself is
 * built on this library (`make lint` proves they are current).
 */
#ifndef RUNTIME_BASE_ERROR_H
#define RUNTIME_BASE_ERROR_H

#include <stdarg.h>
#include <stddef.h>

#include "runtime/base/error_codes.h"

/* 0 or one of enum wn_error_code (all negative). */
typedef int wn_err;

#define WN_MUST __attribute__((warn_unused_result))
#define WN_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define WN_DIAG_TEXT_MAX 512
#define WN_DIAG_WHERE_MAX 192

/*
 * The text of one failure. The first cause is kept: a second wn_fail() on the
 * same diag changes nothing. `where` is a JSON Pointer, a path or "", and is
 * set by the one who knows it. All zero means "no failure yet".
 */
struct wn_diag {
	wn_err code;
	char text[WN_DIAG_TEXT_MAX];
	char where[WN_DIAG_WHERE_MAX];
};

/* Records code and text unless one is there already; returns code. d nullable. */
wn_err wn_fail(struct wn_diag *d, wn_err code, const char *fmt, ...) WN_PRINTF(3, 4);
wn_err wn_failv(struct wn_diag *d, wn_err code, const char *fmt, va_list ap) WN_PRINTF(3, 0);
/* Records where the failure is (JSON Pointer or path), unless known already. d nullable. */
void wn_fail_where(struct wn_diag *d, const char *fmt, ...) WN_PRINTF(2, 3);
/* Adds one line of context to the text; cut, never overflowing. d nullable. */
void wn_fail_note(struct wn_diag *d, const char *fmt, ...) WN_PRINTF(2, 3);
/* As wn_fail() with the code for an errno value and its strerror text. */
wn_err wn_fail_errno(struct wn_diag *d, int errnum, const char *fmt, ...) WN_PRINTF(3, 4);
void wn_diag_clear(struct wn_diag *d);

/* One row of the error table. name is "not_found"; text says what happened; hint what to do. */
struct wn_error_row {
	wn_err code;
	int rpc;  /* JSON-RPC code */
	int http; /* status of the REST face */
	const char *name;
	const char *text;
	const char *hint;
};

extern const struct wn_error_row wn_error_rows[];
extern const size_t wn_error_count;

/* The row of a code; an unknown code gives the row of WN_E_INTERNAL. Any thread. */
const struct wn_error_row *wn_error_row(wn_err code);
/* The code of a name ("not_found"), or WN_E_INTERNAL. */
wn_err wn_error_by_name(const char *name);
/* The code for an errno value (ENOSPC gives WN_E_NO_SPACE, ...). */
wn_err wn_error_from_errno(int errnum);

#endif
