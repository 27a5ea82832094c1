/*
 * A command: one thing the IDE can do, known to the palette, the keymap and the help by its id.
 */
#ifndef TUI_PANE_COMMAND_H
#define TUI_PANE_COMMAND_H

#include <stdbool.h>

/* A sentence or title in the languages we write. */
struct tui_text {
	const char *en;
	const char *ar;
};

#define TUI_TEXT(en, ar)   \
	{                  \
		(en), (ar) \
	}

/*
 * `self` is the pane the command is run on (a pane's command) or the application (its own).
 * arg is nullable; loop thread. Keys live in the keymap (tui/keymap/standard.json), by id.
 * A pane's command without run opens a pane of that type with the id's last word as argument
 * ("terminal.new" gives open() the argument "new").
 */
struct tui_command {
	const char *id; /* "file.save"; a pane's commands begin with its name or a shared noun */
	struct tui_text title;
	void (*run)(void *self, const char *arg);
	bool hidden; /* not in the palette (moving the cursor and the like) */
};

#endif
