/*
 * Every pane there is. A new pane is its file and one line here.
 */
#include "tui/pane/pane.h"

#define PANES(X)     \
	X(files)     \
	X(editor)    \
	X(search)    \
	X(terminal)  \
	X(run)       \
	X(history)   \
	X(jobs)      \
	X(assistant) \
	X(welcome)   \
	X(help)

#define DECLARE(name) extern const struct pane_type pane_##name;
PANES(DECLARE)

#define ROW(name) &pane_##name,
const struct pane_type *const pane_table[] = { PANES(ROW) NULL };
