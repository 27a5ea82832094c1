/*
 * Inside the editor pane: its state, and what its files tell each other. Only tui/pane/editor/
 * includes this.
 */
#ifndef TUI_PANE_EDITOR_EDITOR_H
#define TUI_PANE_EDITOR_EDITOR_H

#include "editor/editor.h"
#include "tui/pane/pane.h"
#include "tui/pane/editor/rows.h"
#include "tui/pane/editor/structure.h"
#include "tui/widget/field.h"

enum numbers { NUMBERS_ABSOLUTE, NUMBERS_RELATIVE, NUMBERS_NONE };
enum bar { BAR_NONE, BAR_FIND, BAR_REPLACE };

/* The bytes in the place of the text (hex.c). */
struct editor_hex {
	bool on, chars, low; /* the characters have the keys; the second digit is next */
	size_t at, top;	     /* the cursor and the first byte shown */
	size_t view_head;    /* where the view's cursor was put */
};

struct editor {
	struct pane_host *host;
	struct ed_doc *doc;
	struct ed_view *view;
	struct ed_vim *vim; /* NULL: the standard keymap */
	struct ed_syntax *syntax;
	struct ed_register *reg;
	struct ed_listener listener;
	size_t top;			   /* start of the first row shown */
	size_t left;			   /* first column shown; 0 when wrapped */
	bool wrap, guides, blanks, sticky; /* how it is shown */
	bool bidi_off;			   /* the terminal does it, or nobody */
	struct ed_bidi *bidi;		   /* shared by all editors */
	enum numbers numbers;
	size_t sticky_n;		/* rows at the top that show where the others are */
	ed_range_list grown;		/* selections before growing */
	struct editor_outline *outline; /* NULL: closed */
	editor_folds folds;
	WN_VEC(struct editor_row) row; /* of the last draw */
	WN_VEC(uint64_t) drawn;	       /* what each row was drawn from; 0: draw it */
	struct tui_view drawn_view;
	void *syntax_timer;	/* until the worker is asked */
	int64_t unasked_ms;	/* since when there is something to ask; 0: nothing */
	int64_t ask_ms;		/* when it is to be asked */
	int rows, cols, gutter; /* of the text part of the last draw */
	bool follow;		/* the next draw brings the cursor into view */
	size_t drag_from;	/* where the mouse went down */
	enum bar bar;
	bool in_replace; /* the second field has the keys */
	struct tui_field find, with;
	unsigned flags; /* of the search */
	struct ed_search *search;
	char search_error[96];
	size_t origin;		/* where the search began */
	struct far_search *far; /* under way on a worker, borrowed */
	struct ed_scan *scan;	/* of all matches; owned unless it runs */
	bool scanning;
	uint64_t scan_version; /* of the text it is of */
	void *scan_timer;
	atomic_bool *replace_cancel; /* of the replacement under way, borrowed */
	struct wn_buf paste;
	/* the disk (load.c, save.c) */
	char *path;		       /* while it is read; else NULL */
	bool loading;		       /* the document is an empty one in the meantime */
	bool from_session;	       /* a file that is gone is no news */
	long long want_line, want_col; /* where to go when it is read; 0: nowhere */
	int64_t want_cursor, want_top; /* -1: as it is */
	bool asked_disk;	       /* a question about the disk is open */
	bool looking, reloading;
	bool saving, save_again; /* under way; asked for meanwhile */
	bool saving_shown;
	char *save_path; /* that exists already, while it is asked about */
	void *saving_timer;
	void (*saved)(void *, wn_err); /* told when the save is over */
	void *saved_arg;
	char charset[24];	 /* to read it in; "": found out */
	struct ed_config config; /* what .editorconfig asks */
	bool reopening;		 /* the document stays when that fails */
	struct editor_hex hex;
	struct editor_differ *differ; /* shown in the place of the text; NULL: not (differ.c) */
	bool steps_on;		      /* the list of undo steps is shown (steps.c) */
	size_t steps_from;	      /* where the text was then */
	/* unsaved text kept beside (keep.c) */
	struct ed_recovery *rec;      /* NULL: none can be had */
	struct ed_recovered was_left; /* to be asked about */
	struct ed_recovered taken;    /* in the text now: its file goes when ours is written */
	void *keep_timer;
	unsigned edits;				/* since it was kept last */
	bool keeping, kept, rescued, keep_told; /* under way; a file is there; leave it there */
	bool other_told;
	char *watched; /* folder */
	bool replacing;
};

#include "tui/pane/editor/views.h"

#define TR(e, en, ar) (e)->host->ops->tr((e)->host, (struct tui_text)TUI_TEXT(en, ar))

static inline const struct ed_text *
text_of(const struct editor *e)
{
	return ed_doc_text(e->doc);
}

static inline void
redraw(struct editor *e)
{
	e->host->ops->redraw(e->host);
}

/* editor.c */
extern const struct pane_shared editor_syntax, editor_register, editor_bidi;
void editor_tell(struct editor *e, wn_err err, const struct wn_diag *d); /* 0 says nothing */
void editor_do(struct editor *e, enum ed_cmd cmd);
void editor_attach(struct editor *e); /* colours and comment signs by what the file is now */
bool editor_numbered(const struct editor *e); /* line numbers are known without counting */
void editor_label(void *self, char *buf, size_t n);
void editor_syntax_due(struct editor *e); /* asks the worker when its time has come */
/* draw.c */
void editor_draw(void *self, const struct pane_draw *d);
/* find.c */
void editor_open_bar(struct editor *e, enum bar bar);
bool editor_bar_key(struct editor *e, const struct tui_key *k);
bool editor_grabs(void *self, const struct tui_key *k); /* the bar has the keys before the keymap */
void editor_new_search(struct editor *e, bool jump);
void editor_find_close(struct editor *e); /* the bar and what it began */
void editor_find_count(struct editor *e, char *buf, size_t n);
void editor_search_step(struct editor *e, bool back);
wn_err editor_search_around(struct ed_search *s, const struct ed_text *t, size_t pos, bool back,
			    struct ed_match *m);
/* load.c */
void editor_load(struct editor *e, const char *recovered_nullable);
/* Reads the file again in another character set, as a new document. */
void editor_reopen(struct editor *e, const char *charset);
void editor_goto_wanted(struct editor *e);
const char *editor_path(const struct editor *e); /* NULL: no name yet */
void editor_watch(struct editor *e);		 /* the folder the file is in now */
void editor_look_at_disk(struct editor *e);
void editor_moved(struct editor *e, struct wn_str from, struct wn_str to);
/* save.c */
void editor_save(struct editor *e);
void editor_save_as(struct editor *e);
void editor_reload(struct editor *e);
/* keep.c */
void editor_keep_soon(struct editor *e);  /* after an edit */
void editor_keep_not(struct editor *e);	  /* saved or thrown away */
void editor_keep_close(struct editor *e); /* lets go of it, as the last thing */
void editor_keep_here(struct editor *e);  /* the document has another path */
void editor_keep_ask(struct editor *e);	  /* what was left, or that it is open elsewhere */
void editor_rescue(void *self, bool crashing);
/* multi.c: many selections */
void editor_c_add_above(void *self, const char *arg);
void editor_c_add_below(void *self, const char *arg);
void editor_c_add_all(void *self, const char *arg);
void editor_c_split(void *self, const char *arg);
void editor_c_split_lines(void *self, const char *arg);
void editor_c_select_in(void *self, const char *arg);
void editor_c_upper(void *self, const char *arg);
void editor_c_lower(void *self, const char *arg);
void editor_c_sort(void *self, const char *arg);
/* modal.c: the vim keymap */
struct ed_vim *editor_modal(struct editor *e); /* the engine when it has the keys, else NULL */
void editor_modal_drop(struct editor *e);      /* before its view goes */
bool editor_modal_grabs(struct editor *e, const struct tui_key *k);
bool editor_modal_key(struct editor *e, const struct tui_key *k);
bool editor_modal_paste(struct editor *e, struct wn_str text, wn_err *err, struct wn_diag *d);
void editor_modal_draw(void *self, const struct pane_draw *d);
size_t editor_modal_status(struct editor *e, char *buf, size_t n); /* bytes written */
size_t editor_cursor(const struct editor *e); /* where the terminal's cursor belongs */
/* keys.c */
extern const struct tui_command editor_commands[];
bool editor_key(void *self, const struct tui_key *k);
bool editor_mouse(void *self, const struct tui_mouse *m);
void editor_paste(void *self, struct wn_str piece, bool first, bool last);

#endif
