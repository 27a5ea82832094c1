/*
 * Private to modules/terminal. <run>/terminal/<id>/ holds a terminal's shim socket, its state file
 * and what the next engine needs to know (terminal.json).
 */
#ifndef RUNTIME_MODULES_TERMINAL_TERMINAL_H
#define RUNTIME_MODULES_TERMINAL_TERMINAL_H

#include "gen/terminal.h"
#include "runtime/abi/host.h"
#include "runtime/abi/iface_sandbox.h"
#include "runtime/abi/iface_workspace.h"
#include "runtime/base/json.h"
#include "runtime/base/map.h"

enum terminal_need { NEED_WORKSPACE, NEED_SANDBOX };

/* One terminal. Loop thread. */
struct terminal_item {
	struct wn_mod *m;
	char id[WN_ULID_MAX], workspace[WN_ULID_MAX];
	char *tenant, *title, *program;
	int64_t rows, cols, pid;
	bool running, has_exit_code, sandboxed;
	int exit_code;
	struct wn_link *link; /* for input and news; streams have links of their own */
};

struct terminal {
	const struct wn_host *host;
	struct wn_map items; /* id to struct terminal_item */
	size_t opening;	     /* places taken by those that are not in items yet */
};

/* terminal_item.c: the table. [loop] */
struct terminal_item *terminal_item_new(struct wn_mod *m, const char *id, const char *tenant);
void terminal_item_free(void *item);
/* The ctx's tenant's terminal, or an error that says so. */
wn_err terminal_item_find(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id,
			  struct terminal_item **out);
void terminal_item_model(const struct terminal_item *it, struct wn_arena *a,
			 struct model_terminal *out);
wn_err terminal_item_watch(struct terminal_item *it, struct wn_diag *d);
/* Its program has ended, as the shim says it (shim.exit); heard on several links, recorded once. */
void terminal_item_exited(struct terminal_item *it, const struct wn_json *exit);
/* Takes it off the table and records its end. */
void terminal_item_remove(struct terminal_item *it);
void terminal_adopt(struct wn_mod *m);
char *terminal_path(const struct wn_host *h, const char *id, const char *file); /* owned */

static inline struct terminal *
terminal_of(struct wn_mod *m)
{
	return (struct terminal *)m->state;
}

#endif
