/*
 * A list of rows with one current: scrolling, keys, mouse. The owner draws a row.
 */
#ifndef TUI_WIDGET_LIST_H
#define TUI_WIDGET_LIST_H

#include "tui/widget/widget.h"

struct tui_list {
	int64_t n, current, top; /* current -1: none */
	int rows;		 /* of the last draw */
	bool hit;		 /* after mouse(): a row was pressed and is now current */
	/* Fills one row that was cleared in the right look already. */
	void (*row)(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t,
		    struct tui_style base);
	void *arg;
};

extern const struct tui_widget_class tui_list_class;
/* New length; current and top stay where they can. */
void tui_list_set(struct tui_list *l, int64_t n);
/* Makes i current and visible. */
void tui_list_go(struct tui_list *l, int64_t i);

#endif
