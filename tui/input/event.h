/*
 * What the keyboard, the mouse and the terminal tell us, decoded. Texts in events are
 * borrowed for the call that brings them.
 */
#ifndef TUI_INPUT_EVENT_H
#define TUI_INPUT_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/str.h"

/* A key code is a Unicode code point, or one of these. */
enum tui_key_code {
	TUI_KEY_NONE = 0,
	TUI_KEY_TAB = 9,
	TUI_KEY_ENTER = 13,
	TUI_KEY_ESC = 27,
	TUI_KEY_SPACE = 32,
	TUI_KEY_BACKSPACE = 127,
	TUI_KEY_SPECIAL = 0x110000,
	TUI_KEY_UP,
	TUI_KEY_DOWN,
	TUI_KEY_RIGHT,
	TUI_KEY_LEFT,
	TUI_KEY_HOME,
	TUI_KEY_END,
	TUI_KEY_PGUP,
	TUI_KEY_PGDN,
	TUI_KEY_INSERT,
	TUI_KEY_DELETE,
	TUI_KEY_BEGIN,
	TUI_KEY_MENU,
	TUI_KEY_PAUSE,
	TUI_KEY_PRINT,
	TUI_KEY_F1 = 0x110020, /* F1 + n - 1, up to F24 */
	TUI_KEY_F24 = 0x110020 + 23
};

enum tui_mod { TUI_SHIFT = 1, TUI_ALT = 2, TUI_CTRL = 4, TUI_SUPER = 8 };

/* Ctrl-letter is the lower-case letter with TUI_CTRL. A shifted character carries TUI_SHIFT only
 * together with another modifier or with a special key. */
struct tui_key {
	uint32_t code;
	unsigned mods;
};

enum tui_event_type {
	TUI_EV_KEY,
	TUI_EV_MOUSE,
	TUI_EV_PASTE, /* a piece; many pieces make one paste */
	TUI_EV_FOCUS,
	TUI_EV_REPLY, /* the terminal answered a question, or anything else that is no input */
	TUI_EV_SYNC   /* test harness: answer when idle */
};

enum tui_mouse_kind {
	TUI_MOUSE_PRESS,
	TUI_MOUSE_RELEASE,
	TUI_MOUSE_DRAG, /* moved with a button held */
	TUI_MOUSE_MOVE,
	TUI_MOUSE_WHEEL
};

struct tui_mouse {
	enum tui_mouse_kind kind;
	int button; /* 1 left, 2 middle, 3 right; wheel: -1 up, 1 down, -2 left, 2 right */
	int y, x;   /* cells from 0 */
	unsigned mods;
	int clicks; /* 1..3 on a press; counted by the application */
};

enum tui_reply_kind {
	TUI_REPLY_CSI, /* prefix, params, final */
	TUI_REPLY_OSC, /* text */
	TUI_REPLY_DCS  /* text */
};

#define TUI_REPLY_PARAMS 16

struct tui_reply {
	enum tui_reply_kind kind;
	char prefix; /* '?', '>' or 0 */
	char inter;  /* intermediate byte ('$') or 0 */
	char final;
	int n;
	int param[TUI_REPLY_PARAMS]; /* -1: left out */
	struct wn_str text;
};

struct tui_event {
	enum tui_event_type type;
	struct tui_key key;
	struct tui_mouse mouse;
	struct wn_str paste;
	bool paste_begin, paste_end; /* first / last piece */
	bool focused;
	struct tui_reply reply;
	int sync_id, sync_ms;
};

#endif
