/*
 * libfyaml, loaded when the first YAML comes: most starts of the engine see none. The one place
 * that names it.
 */
#ifndef AI_BLUEPRINT_SOURCE_SOURCE_FY_H
#define AI_BLUEPRINT_SOURCE_SOURCE_FY_H

#include <libfyaml.h>
#include <stdbool.h>

struct blueprint_fy {
	void *lib;
	struct fy_parser *(*create)(const struct fy_parse_cfg *);
	void (*destroy)(struct fy_parser *);
	int (*set_string)(struct fy_parser *, const char *, size_t);
	struct fy_event *(*parse)(struct fy_parser *);
	void (*event_free)(struct fy_parser *, struct fy_event *);
	bool (*stream_error)(struct fy_parser *);
	const char *(*token_text)(struct fy_token *, size_t *);
	enum fy_node_style (*style)(struct fy_event *);
	const struct fy_mark *(*start)(struct fy_event *);
	const struct fy_mark *(*end)(struct fy_event *);
	struct fy_diag *(*diag_create)(const struct fy_diag_cfg *);
	void (*diag_destroy)(struct fy_diag *);
	void (*diag_collect)(struct fy_diag *, bool);
	struct fy_diag_error *(*diag_next)(struct fy_diag *, void **);
	void (*diag_cfg)(struct fy_diag_cfg *);
};

/* False: it is not installed, or lacks something. Close what was opened. Any thread. */
bool blueprint_fy_open(struct blueprint_fy *fy);
void blueprint_fy_close(struct blueprint_fy *fy);

#endif
