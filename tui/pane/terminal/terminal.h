/*
 * The terminal pane: one terminal of the engine, shown and typed into. Private to this directory.
 */
#ifndef TUI_PANE_TERMINAL_TERMINAL_H
#define TUI_PANE_TERMINAL_TERMINAL_H

#include "runtime/base/id.h"
#include "runtime/base/vec.h"
#include "tui/pane/pane.h"
#include "tui/pane/terminal/predict.h"
#include "tui/pane/terminal/screen.h"

#define TERM_AHEAD 256 /* keys */

enum term_state {
	TERM_AWAY,     /* no engine, or not yet */
	TERM_STARTING, /* asked for it */
	TERM_LIVE,
	TERM_ENDED, /* the program ended; code says how when it is known */
	TERM_FAILED /* why says what happened */
};

enum term_clip { TERM_CLIP_ASK, TERM_CLIP_ALWAYS, TERM_CLIP_NEVER };
enum term_want { TERM_WANT_TEXT, TERM_WANT_PROMPT, TERM_WANT_OUTPUT, TERM_WANT_OUTPUT_END };

#define TERM_SENT 32 /* inputs whose answers are waited for, to measure the link */

/* A place in the text: a row by number, a column. */
struct term_place {
	int64_t row;
	int col;
};

struct term_all;

struct terminal {
	struct pane_host *host;
	struct term_all *all; /* every terminal pane */
	struct term_screen screen;
	enum term_state state;
	char id[WN_ULID_MAX], workspace[WN_ULID_MAX]; /* "": none yet */
	char title[160];
	bool sandboxed, adopt; /* adopt: take one over that runs already, if there is one */
	bool has_code, restarting;
	int code;
	char why[WN_DIAG_TEXT_MAX];
	int64_t stream, eaten;	  /* frames since the last credit */
	int rows, cols;		  /* of the view; 0: not drawn yet */
	int told_rows, told_cols; /* what the engine was told */
	void *resize_timer;
	bool title_asked, past_asked;
	bool drawn_plain, drawn_turned; /* the last picture: nothing but the live rows; reversed */
	/* looking back */
	bool back;   /* the view does not follow the program */
	int64_t top; /* number of the first row shown while looking back */
	/* selecting */
	bool selected, dragging, copy_mode, marking;
	struct term_place from, to; /* to: one behind the last */
	struct term_place at;	    /* cursor of copy mode */
	/* news */
	char cwd[1024]; /* the shell's; "": not told */
	bool rang;	/* the bell, while something else had the keyboard */
	bool has_command;
	int command_code;
	int64_t command_ms;
	struct wn_buf clip; /* text that waits for consent */
	enum term_clip clip_consent;
	bool clip_asked;
	/* going to a place */
	char needle[256];
	bool finding;
	enum term_want want;
	int64_t output_row;
	struct term_save *saving;
	/* slow links */
	struct term_predict predict;
	int64_t sent_ms[TERM_SENT]; /* a ring */
	unsigned sent_first, sent_n;
	/* typed while it starts: sent when it is there */
	struct tui_key ahead[TERM_AHEAD];
	int ahead_n;
};

struct term_all {
	WN_VEC(struct terminal *) v;
	struct terminal *last; /* had the keyboard last */
};

#define TR(t, en, ar) (t)->host->ops->tr((t)->host, (struct tui_text)TUI_TEXT(en, ar))

static inline void
term_redraw(struct terminal *t)
{
	t->host->ops->redraw(t->host);
}

/* link.c: the conversation with the engine */
void
term_begin(struct terminal *t); /* finds, starts or attaches; at once when the engine is there */
void term_restart(struct terminal *t); /* a new program in the same pane */
void term_engine_down(struct terminal *t);
void term_listen(struct terminal *t);
void term_size(struct terminal *t, int rows,
	       int cols); /* of the view; told to the engine when it settles */
void term_key(struct terminal *t, const char *name, unsigned mods); /* enum tui_mod */
void term_type(struct terminal *t, struct wn_str text, bool paste);
void term_mouse(struct terminal *t, const struct tui_mouse *m);
void term_need_past(struct terminal *t); /* asks for the rows that are looked at and not held */
void term_end(struct terminal *t);	 /* ends the program and forgets the terminal */
void term_leave(struct terminal *t);	 /* stops listening; the program goes on */

/* input.c: keys, mouse, paste, looking back, selecting */
bool term_grabs(void *self, const struct tui_key *k);
bool term_on_key(void *self, const struct tui_key *k);
bool term_on_mouse(void *self, const struct tui_mouse *m);
void term_on_paste(void *self, struct wn_str piece, bool first, bool last);
int64_t term_top(const struct terminal *t);	    /* number of the first row shown */
void term_scroll(struct terminal *t, int64_t rows); /* negative: back */
void term_follow(struct terminal *t);		    /* to the present */
void term_send_ahead(struct terminal *t);	    /* the keys that waited for the start */
void term_copy_mode(struct terminal *t, bool on);
/* The selection in order; false: nothing is selected. */
bool term_selection(const struct terminal *t, struct term_place *from, struct term_place *to);

/* link.c, for all: one item of the stream was taken; now on the host's clock */
void term_give_back(struct terminal *t);
int64_t term_now_ms(const struct terminal *t);

/* news.c */
void term_news_init(struct terminal *t);
void term_news_fini(struct terminal *t);
void term_on_news(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment);
/* file://host/path to the path; false: it is another kind of address. */
bool term_file_uri(struct wn_str uri, char *out, size_t max);
/* Appends the bytes; false: it is no base64. */
bool term_base64(struct wn_str s, struct wn_buf *out);

/* find.c: places in the scrollback, shown in copy mode */
void term_find(struct terminal *t); /* asks for the text */
void term_find_again(struct terminal *t, bool back);
void term_prompt(struct terminal *t, bool back);
void term_select_output(struct terminal *t); /* of the command before */

/* save.c */
void term_save_output(struct terminal *t);
/* Follows the link, or opens the file named at a place; false: there is none. */
bool term_open_path(struct terminal *t, struct term_place at);

/* draw.c */
void term_draw(void *self, const struct pane_draw *d);

#endif
