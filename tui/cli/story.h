/*
 * Inside tui/cli: events as people read them: when, what, about what, and which event led to it.
 */
#ifndef TUI_CLI_STORY_H
#define TUI_CLI_STORY_H

#include "tui/cli/command.h"

#define STORY_SEEN 4096 /* events that a later one may name as its cause */

struct story_event {
	char id[28];
	int64_t seq;
	int depth;
};

struct story {
	struct cli *c;
	struct model_workspace *spaces; /* for their names */
	size_t nspaces;
	struct story_event seen[STORY_SEEN]; /* ring */
	size_t nseen;
};

/* Asks for the names of the workspaces. Owned. An exit code; *out NULL on failure. */
int story_new(struct cli *c, struct story **out);
void story_free(struct story *s);
/* One event, as a line (with --json as an object). */
void story_show(struct story *s, const struct model_event *e);

#endif
