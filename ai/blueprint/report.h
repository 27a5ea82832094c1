/*
 * What a check of a blueprint found. A report owns all of its texts; it is plain data and may
 * be passed between threads.
 */
#ifndef AI_BLUEPRINT_REPORT_H
#define AI_BLUEPRINT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/json.h"
#include "runtime/base/vec.h"

/* More than these are counted but not kept. */
#define BLUEPRINT_ERRORS_MAX 300
#define BLUEPRINT_WARNINGS_MAX 200

enum blueprint_severity { BLUEPRINT_ERROR, BLUEPRINT_WARNING };

struct blueprint_finding {
	enum blueprint_severity severity;
	const char *rule;    /* stable word: "reference", "access", "seed" */
	const char *pointer; /* JSON Pointer into the document */
	const char *text;    /* one sentence: what is wrong */
	const char *hint;    /* one sentence: what to do; never empty */
	const char *file;    /* where it is written, once that is known; NULL: it is not */
	size_t line, column; /* from 1; 0 without a file */
};

struct blueprint_report {
	size_t errors, warnings;		   /* all that were found */
	WN_VEC(struct blueprint_finding) findings; /* those kept, in order of discovery */
	struct wn_arena arena;
	const struct wn_json *doc; /* borrowed while checking, NULL afterwards */
};

void blueprint_report_init(struct blueprint_report *r, const struct wn_json *doc);
void blueprint_report_fini(struct blueprint_report *r);
/* Adds a finding at a value of the document (NULL: the document itself). */
void blueprint_report_add(struct blueprint_report *r, enum blueprint_severity severity,
			  const char *rule, const struct wn_json *where, const char *hint,
			  const char *fmt, ...) WN_PRINTF(6, 7);
/* As above with the pointer at hand. */
void blueprint_report_at(struct blueprint_report *r, enum blueprint_severity severity,
			 const char *rule, const char *pointer, const char *hint, const char *text);
/* Appends {"errors", "warnings", "findings": [{severity, rule, pointer, text, hint}]}. */
wn_err blueprint_report_print(const struct blueprint_report *r, struct wn_buf *out);
/* Appends the JSON Pointer of a value inside doc; nothing when it is not in there. */
wn_err blueprint_pointer(const struct wn_json *doc, const struct wn_json *value,
			 struct wn_buf *out);

#endif
