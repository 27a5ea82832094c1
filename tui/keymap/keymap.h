/*
 * A keymap: chords to command ids, by pane. A file, keymap/<name>.json, inside the program:
 * {"name", "bindings": [{"keys": "ctrl-s", "command": "editor.save", "pane": "editor"}]}.
 * A later binding of the same keys and pane wins; a pane's own binding wins over one for all.
 */
#ifndef TUI_KEYMAP_KEYMAP_H
#define TUI_KEYMAP_KEYMAP_H

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/vec.h"
#include "tui/input/key.h"

struct tui_binding {
	struct tui_chord chord;
	const char *command;
	const char *pane; /* "": everywhere */
	const char *arg;  /* nullable */
};

struct tui_keymap {
	struct wn_arena arena;
	const char *name;
	WN_VEC(struct tui_binding) b;
};

enum tui_keymap_hit { TUI_KEYMAP_NONE, TUI_KEYMAP_PREFIX, TUI_KEYMAP_FOUND };

/* d says which binding is wrong. */
wn_err tui_keymap_parse(struct wn_str json, struct tui_keymap *out, struct wn_diag *d) WN_MUST;
/* More bindings from another file, which win over those there. What came before a wrong one stays.
 */
wn_err tui_keymap_add(struct tui_keymap *k, struct wn_str json, struct wn_diag *d) WN_MUST;
/* A built-in one by name ("standard"). */
wn_err tui_keymap_load(const char *name, struct tui_keymap *out, struct wn_diag *d) WN_MUST;
void tui_keymap_fini(struct tui_keymap *k);
/* What the keys so far mean in a pane. FOUND sets *out. */
enum tui_keymap_hit tui_keymap_find(const struct tui_keymap *k, const struct tui_chord *c,
				    const char *pane, const struct tui_binding **out);
/* First binding of a command (and argument, nullable); NULL: none. A plain one that any terminal
 * can send is preferred when legacy. */
const struct tui_binding *tui_keymap_of(const struct tui_keymap *k, const char *command,
					bool legacy);
/* True when a terminal without a keyboard protocol can send the chord. */
bool tui_chord_is_legacy(const struct tui_chord *c);

#endif
