/*
 * The files pane, between its files: the tree of nodes and what is done to it.
 */
#ifndef TUI_PANE_FILES_FILES_H
#define TUI_PANE_FILES_FILES_H

#include "runtime/base/vec.h"
#include "tui/pane/pane.h"
#include "tui/widget/list.h"

struct node {
	char *name;
	struct node *parent;
	int depth;
	bool dir, open, loaded, link;
	WN_VEC(struct node *) kids;
};

struct files {
	struct pane_host *host;
	struct node *root;
	WN_VEC(struct node *) rows; /* what is shown, in order */
	struct tui_list list;
	bool hidden;		      /* show names with a dot in front */
	char *last_trash, *last_from; /* of the last removal, for undo */
	char *want;		      /* path to make current once it is read; nullable */
	WN_VEC(char *) reopen;	      /* folders to open once they are read: those of the session */
};

#define TR(f, en, ar) (f)->host->ops->tr((f)->host, (struct tui_text)TUI_TEXT(en, ar))

/* tree.c: a node with all below it. */
void files_node_free(struct node *n);
/* Absolute path. Owned. */
char *files_path(const struct files *f, const struct node *n);
/* The node of a path, or NULL when it is not known. */
struct node *files_find(const struct files *f, const char *path);
/* The node the bar is on, or NULL. */
struct node *files_current(const struct files *f);
/* Puts the bar on a node, when it is shown. */
void files_go_to(struct files *f, const struct node *n);
/* The rows anew; the bar stays on keep (nullable). */
void files_rebuild(struct files *f, struct node *keep);
/* Says what errno means for what was tried. */
void files_fail(struct files *f, const char *what);
/* Changes of an open folder are told, or no longer. */
void files_watch(struct files *f, const struct node *n, bool on);
/* Reads a folder on a worker; what is known of it stays meanwhile. */
void files_load(struct files *f, struct node *n);
/* Reads an open folder and all open ones below it again. */
void files_refresh(struct files *f, struct node *n);
/* Opens or closes a folder; reading it when needed. */
void files_set_open(struct files *f, struct node *n, bool open);

/* change.c: making, renaming, the trash. */
extern const struct tui_command files_commands[];

#endif
