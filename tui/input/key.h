/*
 * Names of keys, as keymaps and help write them: "ctrl-s", "alt-up", "shift-f3", "ctrl-k x".
 */
#ifndef TUI_INPUT_KEY_H
#define TUI_INPUT_KEY_H

#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "tui/input/event.h"

#define TUI_CHORD_MAX 4

struct tui_chord {
	int n;
	struct tui_key key[TUI_CHORD_MAX];
};

/* Two keys are the same press. */
static inline bool
tui_key_eq(struct tui_key a, struct tui_key b)
{
	return a.code == b.code && a.mods == b.mods;
}
/* k is exactly this code with these modifiers. */
static inline bool
tui_key_is(const struct tui_key *k, uint32_t code, unsigned mods)
{
	return k->code == code && k->mods == mods;
}
/* True when the key types a character: no Ctrl, Alt or Super, a printable code point. */
bool tui_key_is_text(const struct tui_key *k);
/* One name to a key; false when it is none. */
bool tui_key_parse(struct wn_str name, struct tui_key *out);
/* Names parted by blanks; false when one is none or there are too many. */
bool tui_chord_parse(struct wn_str names, struct tui_chord *out);
/* Appends the name as people read it: "Ctrl-S", "Alt-Up", "F3". */
void tui_key_print(struct tui_key k, struct wn_buf *out);
void tui_chord_print(const struct tui_chord *c, struct wn_buf *out);

#endif
