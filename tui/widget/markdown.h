/*
 * Markdown (CommonMark with GitHub's tables, strikethrough and task lists) as rows of styled text
 * for a width. HTML is shown as text. Nothing in the source can reach the terminal but as
 * characters: controls are drawn as pictures by the grid.
 */
#ifndef TUI_WIDGET_MARKDOWN_H
#define TUI_WIDGET_MARKDOWN_H

#include "runtime/base/vec.h"
#include "tui/widget/widget.h"

struct tui_md_span {
	uint32_t at, len; /* bytes of text */
	uint32_t look;	  /* enum tui_look */
	uint32_t attr;	  /* enum tui_attr */
};

struct tui_md_line {
	uint32_t first, n; /* its spans */
};

struct tui_markdown {
	struct wn_buf text;
	WN_VEC(struct tui_md_span) spans;
	WN_VEC(struct tui_md_line) lines;
};

void tui_markdown_init(struct tui_markdown *m);
void tui_markdown_fini(struct tui_markdown *m);
/* Lays the source out anew, no line wider than cols (>= 1). What is not finished yet (a stream) is
 * shown as far as it goes. */
void tui_markdown_set(struct tui_markdown *m, struct wn_str source, int cols);
/* Draws one line on row y of the view. */
void tui_markdown_draw(const struct tui_markdown *m, size_t line, struct tui_view v, int y,
		       const struct tui_theme *t, struct tui_style base);
/* Appends a line's text without styles. */
void tui_markdown_text(const struct tui_markdown *m, size_t line, struct wn_buf *out);

#endif
