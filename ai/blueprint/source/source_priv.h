/*
 * Inside source/: what the readers of the two formats share.
 */
#ifndef AI_BLUEPRINT_SOURCE_SOURCE_PRIV_H
#define AI_BLUEPRINT_SOURCE_SOURCE_PRIV_H

#include "ai/blueprint/source/source.h"

/* JSON's blanks. */
static inline bool
blueprint_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Reads files.p[file] into *out (owned) and its marks into s->marks. A failure leaves a finding
 * with its place in s->report. */
wn_err blueprint_read_json(struct blueprint_source *s, size_t file, struct wn_json **out) WN_MUST;
wn_err blueprint_read_yaml(struct blueprint_source *s, size_t file, struct wn_json **out) WN_MUST;
/* Adds an error that stands at a byte of a file; returns code. */
wn_err blueprint_source_fail(struct blueprint_source *s, wn_err code, size_t file, size_t at,
			     const char *hint, const char *fmt, ...) WN_PRINTF(6, 7);
/* As blueprint_source_read() for one file, whose includes stay as they are written. */
wn_err blueprint_source_read_raw(const struct blueprint_file *file,
				 struct blueprint_source *out) WN_MUST;
/* What to do about a parser's complaint at a byte of a text; never NULL. */
const char *blueprint_json_hint(struct wn_str text, size_t at, const char *why);
const char *blueprint_yaml_hint(struct wn_str text, size_t at, const char *why);

#endif
