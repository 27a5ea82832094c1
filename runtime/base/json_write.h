/*
 * Writes JSON text straight into a buffer. Commas and nesting are the writer's;
 * output is one line. Errors are the buffer's (out->err).
 */
#ifndef RUNTIME_BASE_JSON_WRITE_H
#define RUNTIME_BASE_JSON_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/json.h"
#include "runtime/base/str.h"

struct wn_jw {
	struct wn_buf *out;
	bool comma; /* a comma is due before the next value */
};

void wn_jw_init(struct wn_jw *w, struct wn_buf *out);
void wn_jw_object(struct wn_jw *w); /* { */
void wn_jw_object_end(struct wn_jw *w);
void wn_jw_array(struct wn_jw *w);
void wn_jw_array_end(struct wn_jw *w);
void wn_jw_key(struct wn_jw *w, const char *key); /* then one value */
void wn_jw_keyn(struct wn_jw *w, struct wn_str key);
void wn_jw_str(struct wn_jw *w, struct wn_str s); /* invalid UTF-8 becomes U+FFFD */
void wn_jw_cstr(struct wn_jw *w, const char *s);  /* NULL writes null */
void wn_jw_num(struct wn_jw *w, double v);	  /* NaN and infinities write null */
void wn_jw_int(struct wn_jw *w, int64_t v);	  /* a JSON number; |v| <= 2^53 */
void wn_jw_i64s(struct wn_jw *w, int64_t v);	  /* as a string */
void wn_jw_bool(struct wn_jw *w, bool v);
void wn_jw_null(struct wn_jw *w);
void wn_jw_raw(struct wn_jw *w, struct wn_str json);	   /* text that is JSON already */
void wn_jw_json(struct wn_jw *w, const struct wn_json *j); /* nullable: null */
/* Shorthand: key and value. */
void wn_jw_kstr(struct wn_jw *w, const char *key, const char *v);
void wn_jw_kint(struct wn_jw *w, const char *key, int64_t v);
void wn_jw_ki64s(struct wn_jw *w, const char *key, int64_t v);
void wn_jw_kbool(struct wn_jw *w, const char *key, bool v);
/* Appends a quoted, escaped JSON string to a buffer. */
wn_err wn_json_quote(struct wn_buf *out, struct wn_str s);

#endif
