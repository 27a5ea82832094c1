/*
 * What a key, a paste, a mouse action or a focus change is for the child, by the modes
 * it has set. Appends bytes; knows no pty.
 */
#ifndef RUNTIME_SHIM_KEYS_H
#define RUNTIME_SHIM_KEYS_H

#include "runtime/base/buf.h"
#include "runtime/shim/vt.h"

enum key_mod { KEY_SHIFT = 1, KEY_ALT = 2, KEY_CTRL = 4 };
enum mouse_action { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_MOVE };

/* key: one character in UTF-8, or Up Down Left Right Home End PageUp PageDown Insert Delete Enter
 * Tab Backspace Escape Space F1..F20. WN_E_INVALID for another name. mods: enum key_mod bits. */
wn_err keys_key(const struct vt *t, struct wn_str key, unsigned mods, struct wn_buf *out) WN_MUST;
/* Bracketed when the child asked for it; newlines become returns, other controls are dropped, so
 * that pasted text can neither end the bracket nor press keys. */
void keys_paste(const struct vt *t, struct wn_str text, struct wn_buf *out);
/* button: 0 left, 1 middle, 2 right, 3 none, 4..7 wheel up, down, left, right. row, col from 0.
 * Nothing is appended when the child did not ask for it. */
void keys_mouse(const struct vt *t, enum mouse_action action, unsigned button, unsigned row,
		unsigned col, unsigned mods, struct wn_buf *out);
void keys_focus(const struct vt *t, bool in, struct wn_buf *out);

#endif
