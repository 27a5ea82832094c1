/*
 * What reading and checking by shapes share. Private to shape*.c.
 */
#ifndef RUNTIME_BASE_SHAPE_PRIV_H
#define RUNTIME_BASE_SHAPE_PRIV_H

#include "runtime/base/json_read.h"
#include "runtime/base/shape.h"

/* Where in the document: a member (key) or an element (key.p NULL) of what `up` is. */
struct wn_shape_place {
	const struct wn_shape_place *up;
	struct wn_str key;
	size_t index;
};

struct wn_shape_walk {
	struct wn_jr jr;
	struct wn_diag *diag;
	struct wn_arena *arena;
	bool tolerant; /* unknown members are skipped */
};

/* Records the JSON Pointer of a failure unless one is known. */
void wn_shape_set_where_(struct wn_diag *d, const struct wn_shape_place *at);
/* WN_E_SCHEMA with a text and a place. */
wn_err wn_shape_broken_(struct wn_diag *d, const struct wn_shape_place *at, const char *fmt, ...)
	WN_PRINTF(3, 4);
wn_err wn_shape_enum_broken_(const struct wn_shape *s, struct wn_str found,
			     const struct wn_shape_place *at, struct wn_diag *d);
wn_err wn_shape_required_broken_(const struct wn_shape_field *f, const struct wn_shape_place *up,
				 struct wn_diag *d);
/* The constraints of one value, whether it was read or filled in. */
wn_err wn_shape_check_size_(const struct wn_shape *s, size_t n, const char *unit,
			    const struct wn_shape_place *at, struct wn_diag *d);
wn_err wn_shape_check_string_(const struct wn_shape *s, struct wn_str v,
			      const struct wn_shape_place *at, struct wn_diag *d);
wn_err wn_shape_check_number_(const struct wn_shape *s, double v, const struct wn_shape_place *at,
			      struct wn_diag *d);
wn_err wn_shape_check_integer_(const struct wn_shape *s, int64_t v, const struct wn_shape_place *at,
			       struct wn_diag *d);
wn_err wn_shape_check_boolean_(const struct wn_shape *s, bool v, const struct wn_shape_place *at,
			       struct wn_diag *d);
/* Reads the value that comes next; len_out gets the length of an array. */
wn_err wn_shape_read_(struct wn_shape_walk *w, const struct wn_shape *s, char *out, size_t *len_out,
		      const struct wn_shape_place *at);

#endif
