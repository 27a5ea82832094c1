/*
 * The member names of the objects that a scan stands in, to find one that comes twice.
 * Private to the base. Memory only for more than WN_JS_NAMES_FEW names at once and for names with
 * escapes; what a text can make it hold is in proportion to the text.
 */
#ifndef RUNTIME_BASE_JSON_NAMES_H
#define RUNTIME_BASE_JSON_NAMES_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/arena.h"
#include "runtime/base/json_scan.h"
#include "runtime/base/str.h"

#define WN_JS_NAMES_FEW 48
#define WN_JS_NAMES_PAIRS 16 /* an object with more is judged when it ends */

struct wn_js_name {
	struct wn_str text; /* decoded */
	const char *at;	    /* its opening quote */
	uint64_t hash;
};

/* Not to be cleared as a whole: it is large and needs no first values. */
struct wn_js_names {
	struct wn_arena arena;
	struct wn_js_name *list; /* of all open objects, innermost last */
	size_t len, cap;
	size_t first[WN_JS_DEPTH_MAX]; /* where the names of the object at each level begin */
	struct wn_js_name few[WN_JS_NAMES_FEW];
};

void wn_js_names_init(struct wn_js_names *n);
void wn_js_names_fini(struct wn_js_names *n);
/* An object begins at that level. */
void wn_js_names_begin(struct wn_js_names *n, unsigned level);
/* Adds a name of the object at that level. raw is the checked text between its quotes. *twice_out:
 * it is known already to come twice. False: no memory. */
bool wn_js_names_add(struct wn_js_names *n, unsigned level, struct wn_str raw, bool escaped,
		     bool *twice_out);
/* The object at that level ends: the opening quote of its first name that repeats an earlier one,
 * or NULL. */
const char *wn_js_names_end(struct wn_js_names *n, unsigned level);

#endif
