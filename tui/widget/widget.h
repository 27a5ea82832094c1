/*
 * Parts that panes are made of. A widget is plain data in its owner, drawn by one function
 * and driven by another; none knows the application.
 */
#ifndef TUI_WIDGET_WIDGET_H
#define TUI_WIDGET_WIDGET_H

#include "runtime/base/buf.h"
#include "tui/cell/grid.h"
#include "tui/input/key.h"
#include "tui/theme/theme.h"

/* What every kind of widget can do; `self` is the widget's struct. Absent ones are NULL. */
struct tui_widget_class {
	const char *name;
	void (*draw)(void *self, struct tui_view v, const struct tui_theme *t, bool focused);
	bool (*key)(void *self, const struct tui_key *k);
	bool (*mouse)(void *self, const struct tui_mouse *m);
};

/* A label: one line, cut at its end. */
struct tui_label {
	const char *text; /* borrowed */
	enum tui_look look;
};
extern const struct tui_widget_class tui_label_class;

/* A scroll bar in one column: `shown` of `total` from `top`. */
struct tui_scrollbar {
	int64_t total, shown, top;
};
extern const struct tui_widget_class tui_scrollbar_class;
/* The top a click on row y means. */
int64_t tui_scrollbar_hit(const struct tui_scrollbar *s, int rows, int y);

/* A row of tabs. */
struct tui_tabs {
	int n, active;
	void (*label)(void *arg, int i, char *buf, size_t len); /* words of tab i */
	void *arg;
	int hit; /* after mouse(): the tab that was pressed, or -1 */
};
extern const struct tui_widget_class tui_tabs_class;

/* A frame with a title, centred in a view; the inside is returned for the caller to fill. */
struct tui_view tui_popup(struct tui_view screen, int rows, int cols, const char *title,
			  const struct tui_theme *t);

/* Bytes of s that go on one line of cols columns (>= 1): up to a blank where there is one, else cut
 * between clusters; the blank is left to the next line. At least one cluster. */
size_t tui_wrap(struct wn_str s, int cols);

#endif
