/*
 * The history pane: snapshots of this folder, what each changed, and going back. Private to this
 * directory.
 */
#ifndef TUI_PANE_HISTORY_HISTORY_H
#define TUI_PANE_HISTORY_HISTORY_H

#include "runtime/base/id.h"
#include "runtime/base/vec.h"
#include "tui/pane/pane.h"
#include "tui/widget/list.h"

enum hist_phase { HIST_AWAY, HIST_LOADING, HIST_READY, HIST_FAILED };
enum hist_view { HIST_SNAPSHOTS, HIST_CHANGES, HIST_DIFF };
enum hist_change { HIST_ADDED, HIST_MODIFIED, HIST_DELETED, HIST_TYPE };

struct hist_snapshot {
	char id[WN_ULID_MAX];
	char *label;
	char kind; /* 'f'irst, 'm'anual, 'b'efore a restore, 'a'uto */
	int64_t created_ms, files, changed, skipped;
};

struct hist_file {
	char *path;
	enum hist_change change;
	int64_t added, removed;
	bool binary;
};

struct history {
	struct pane_host *host;
	enum hist_phase phase;
	enum hist_view view;
	char workspace[WN_ULID_MAX], why[WN_DIAG_TEXT_MAX];
	/* row 0 of the list is the present, row n snapshot n - 1 */
	WN_VEC(struct hist_snapshot) snaps;
	struct tui_list list;
	/* the snapshot that is looked into; "": the present */
	char of[WN_ULID_MAX];
	WN_VEC(struct hist_file) files;
	struct tui_list file_list;
	bool files_known, truncated;
	/* the file that is looked into */
	char *path; /* nullable */
	struct wn_buf diff;
	WN_VEC(size_t) lines; /* where each begins */
	int64_t top;
	int rows; /* of the last draw */
	bool diff_known;
	/* calls under way; an answer of an older question is dropped */
	unsigned asked; /* number of the newest question about changes or a diff */
	bool listing, list_again;
	const char *doing;	  /* words of what runs (taking, restoring), or NULL */
	char before[WN_ULID_MAX]; /* the state before the last restore, for undo */
	int64_t event_stream;
};

#define TR(h, en, ar) (h)->host->ops->tr((h)->host, (struct tui_text)TUI_TEXT(en, ar))

static inline void
hist_redraw(struct history *h)
{
	h->host->ops->redraw(h->host);
}

/* link.c: the conversation with the engine */
void hist_begin(struct history *h);
void hist_engine_down(struct history *h);
void hist_listen(struct history *h);
void hist_ask_files(struct history *h); /* of h->of */
void hist_ask_diff(struct history *h);	/* of h->path in h->of */
void hist_take(struct history *h, const char *label_nullable);
/* Puts everything, or one path, back to a snapshot. */
void hist_restore(struct history *h, const char *snapshot, const char *path_nullable);
void hist_clear_files(struct history *h);
void hist_clear_snaps(struct history *h);

/* draw.c */
void hist_draw(void *self, const struct pane_draw *d);
void hist_draw_init(struct history *h); /* gives the lists their rows */

#endif
