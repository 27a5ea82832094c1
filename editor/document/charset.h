/*
 * Character sets of files. Inside, a text is UTF-8; a file in another set is decoded when it is
 * read and encoded when it is saved, and only if that gives back every byte. Bytes that mean
 * nothing in the set stay themselves (invalid UTF-8), a lone surrogate stays its three bytes.
 * Pure; any thread.
 */
#ifndef EDITOR_DOCUMENT_CHARSET_H
#define EDITOR_DOCUMENT_CHARSET_H

#include "editor/document/types.h"
#include "editor/text/text.h"

/* More than this is not decoded. */
#define ED_DECODE_MAX ((size_t)512 << 20)

/* Sets worth offering, ended by NULL; any name iconv knows is taken as well. */
extern const char *const ed_charset_names[];

/* The kind a name stands for ("binary": bytes as they are); ED_ENC_OTHER: iconv does it. False:
 * nobody knows it. */
bool ed_charset_kind(const char *name, enum ed_encoding *out);
/* The name of a kind ("utf-16le"); of ED_ENC_OTHER "". */
const char *ed_charset_of(enum ed_encoding kind);
/* Appends the bytes as UTF-8. WN_E_INVALID: encoding them again would give other bytes. */
wn_err ed_charset_decode(const char *name, struct wn_str bytes, struct wn_buf *out,
			 struct wn_diag *d) WN_MUST;
/* Appends the text in the set. WN_E_INVALID names the first character the set does not have. */
wn_err ed_charset_encode(const char *name, const struct ed_text *t, struct wn_buf *out,
			 struct wn_diag *d) WN_MUST;
/* What a text that is not UTF-8 is in, judged by its first bytes; NULL: not clear enough. */
const char *ed_charset_guess(struct wn_str probe);

#endif
