/*
 * A text field of one line: editing by cluster, word moves, selection of all, history of undo,
 * a cursor that is right for wide and right-to-left text (logical order, as terminals show it).
 */
#ifndef TUI_WIDGET_FIELD_H
#define TUI_WIDGET_FIELD_H

#include "tui/widget/widget.h"

#define TUI_FIELD_MAX 4096

struct tui_field {
	struct wn_buf text;
	size_t at, anchor;	 /* bytes, on cluster borders; anchor != at: selected between */
	size_t shift;		 /* first byte shown */
	const char *placeholder; /* borrowed, nullable */
	bool secret;		 /* shown as dots */
	bool changed;		 /* text changed since the owner cleared it */
	int cursor;		 /* column of the cursor after draw */
	struct wn_buf undo;	 /* records of earlier texts */
};

extern const struct tui_widget_class tui_field_class;
void tui_field_init(struct tui_field *f, const char *text_nullable);
void tui_field_fini(struct tui_field *f);
void tui_field_set(struct tui_field *f, struct wn_str text); /* cursor at the end */
/* Inserts (replacing a selection); newlines become blanks, other controls are dropped. */
void tui_field_insert(struct tui_field *f, struct wn_str text);
const char *tui_field_text(const struct tui_field *f); /* never NULL, borrowed */

#endif
