/*
 * Reads a blueprint as people write it: YAML or JSON, one file or several, and remembers where each
 * value stands. Owns no disk: the caller hands over every file. Pure; any thread.
 */
#ifndef AI_BLUEPRINT_SOURCE_SOURCE_H
#define AI_BLUEPRINT_SOURCE_SOURCE_H

#include "ai/blueprint/report.h"

#define BLUEPRINT_SOURCE_BYTES ((size_t)4 << 20) /* of all files together */
#define BLUEPRINT_SOURCE_DEPTH 64u
#define BLUEPRINT_SOURCE_VALUES 200000u /* aliases counted each time they are used */
#define BLUEPRINT_SOURCE_MEMBERS 2000u	/* of one object; looked up one by one */
#define BLUEPRINT_SOURCE_FILES 64u	/* each use of an include counts */
#define BLUEPRINT_INCLUDE \
	"$include" /* {"$include": "orders.yaml"} stands for that file's content */

enum blueprint_format { BLUEPRINT_BY_NAME, BLUEPRINT_JSON, BLUEPRINT_YAML };

/* path: relative to the main file's directory, as "$include" writes it; text is borrowed. */
struct blueprint_file {
	const char *path;
	struct wn_str text;
};

struct blueprint_place {
	const char *file;
	size_t line, column; /* from 1; in characters */
};

/* How a value is written; edits and hints want to know. */
enum blueprint_style {
	BLUEPRINT_STYLE_PLAIN, /* unquoted YAML, or a JSON literal */
	BLUEPRINT_STYLE_QUOTED,
	BLUEPRINT_STYLE_LINES, /* YAML | or > */
	BLUEPRINT_STYLE_FLOW,  /* { } or [ ] */
	BLUEPRINT_STYLE_BLOCK
};

/* One value of the document and its bytes in its file. */
struct blueprint_mark {
	const struct wn_json *node;
	size_t file;		/* index into files */
	size_t key_at, key_end; /* equal: it has no key (an element, the root) */
	size_t at, end;		/* of the value, quotes and brackets included */
	enum blueprint_style style;
	bool shared; /* has an anchor or a tag, or comes from an alias: not edited in place */
};

struct blueprint_source {
	struct wn_json *doc; /* NULL: it could not be read; report says why */
	struct blueprint_report report;
	WN_VEC(struct blueprint_file) files; /* those read, the main one first */
	WN_VEC(struct blueprint_mark) marks; /* sorted by node */
	WN_VEC(const char *) missing;	     /* included, but not handed over */
	struct wn_arena arena;
};

/* Reads files[0] and what it includes from the others. out is always initialised. WN_OK with
 * out->doc, or WN_E_PARSE / WN_E_LIMIT / WN_E_NOT_FOUND (something is missing) with findings in
 * out->report; WN_E_UNSUPPORTED when YAML is asked for and libfyaml is not installed. */
wn_err blueprint_source_read(const struct blueprint_file *files, size_t n,
			     struct blueprint_source *out) WN_MUST;
void blueprint_source_fini(struct blueprint_source *s);
/* The mark of a value of s->doc, or NULL. */
const struct blueprint_mark *blueprint_source_mark(const struct blueprint_source *s,
						   const struct wn_json *node);
/* Where the value at a JSON Pointer is written (its nearest parent, when it is not there); false:
 * nowhere. */
bool blueprint_source_place(const struct blueprint_source *s, const char *pointer,
			    struct blueprint_place *out);
enum blueprint_format blueprint_source_format(const struct blueprint_file *f);
/* A hint that fits how the value at a pointer is written (a version without quotes, ...), or the
 * hint that was given. */
const char *blueprint_source_hint(struct blueprint_source *s, const char *pointer, const char *text,
				  const char *hint);

#endif
