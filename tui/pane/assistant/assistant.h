/*
 * The assistant pane: questions about this folder, answered by the model that is configured or,
 * without one, by a search that says so. Private to this directory.
 */
#ifndef TUI_PANE_ASSISTANT_ASSISTANT_H
#define TUI_PANE_ASSISTANT_ASSISTANT_H

#include "runtime/base/id.h"
#include "runtime/base/vec.h"
#include "tui/pane/assistant/box.h"
#include "tui/pane/pane.h"
#include "tui/widget/markdown.h"

#define TURNS_MAX 200 /* older ones leave the pane */
#define ANSWER_MAX ((size_t)1 << 20)
#define CONTEXT_MAX ((size_t)200000)

enum turn_state { TURN_ASKING, TURN_DONE, TURN_CUT, TURN_FAILED };

struct turn {
	char *question, *about; /* about: the file that went with it; nullable */
	struct wn_buf answer;	/* Markdown */
	enum turn_state state;
	bool local; /* a search answered, no model */
	char model[80];
	char *note;			  /* why it is not whole; nullable */
	struct tui_markdown asked_md, md; /* laid out for `cols` */
	int cols;			  /* 0: to be laid out */
};

struct assistant {
	struct pane_host *host;
	bool up, status_known, configured;
	char model[200], endpoint[400], reason[400];
	char workspace[WN_ULID_MAX], conversation[WN_ULID_MAX];
	WN_VEC(struct turn) turns;
	struct ask_box box;
	int box_cols;  /* of the last draw */
	char *draft;   /* what was being written while older questions are shown; nullable */
	size_t recall; /* questions back; 0: none */
	/* the file of the editor */
	struct pane_context context;
	bool has_context, use_context;
	int64_t context_lines;
	/* the question on its way */
	int64_t call; /* 0: none */
	char job[WN_ULID_MAX];
	bool cancelled, behind; /* behind: text came since the last picture */
	void *frame_timer;
	/* looking at older text */
	bool back, at_end;  /* back: the person scrolls; at_end: to the end, and stays there */
	int64_t top, total; /* first line shown, lines in all at the last draw */
	int rows;
};

#define TR(a, en, ar) (a)->host->ops->tr((a)->host, (struct tui_text)TUI_TEXT(en, ar))

static inline void
asst_redraw(struct assistant *a)
{
	a->host->ops->redraw(a->host);
}

static inline bool
asst_asking(const struct assistant *a)
{
	return a->turns.len > 0 && wn_vec_last(&a->turns).state == TURN_ASKING;
}

/* link.c: the conversation with the engine */
void asst_begin(struct assistant *a);
void asst_engine_down(struct assistant *a);
void asst_listen(struct assistant *a);
void asst_ask(struct assistant *a); /* what is in the box */
void asst_cancel(struct assistant *a);

/* turns.c: what was said */
struct turn *asst_turn(struct assistant *a, struct wn_str question, const char *about);
void asst_turns_clear(struct assistant *a);
void asst_turns_save(const struct assistant *a, struct wn_jw *w);
void asst_turns_load(struct assistant *a, const struct wn_json *state);

/* draw.c */
void asst_draw(void *self, const struct pane_draw *d);

#endif
