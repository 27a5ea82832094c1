/*
 * Bytes of a terminal to events. Pure: no descriptor, no clock, no curses.
 * Understands legacy keys, CSI, SS3, kitty CSI u, modifyOtherKeys, SGR and X10 mouse,
 * bracketed paste, focus, and the answers terminals give late: those never become text.
 * Sequences may be split anywhere. Invalid UTF-8 becomes U+FFFD, a byte at a time.
 */
#ifndef TUI_INPUT_INPUT_H
#define TUI_INPUT_INPUT_H

#include <stddef.h>

#include "runtime/base/buf.h"
#include "tui/input/event.h"

#define TUI_INPUT_SEQ_MAX \
	8192 /* longest control string kept; the rest of a longer one is dropped */

typedef void (*tui_event_fn)(void *arg, const struct tui_event *ev);

enum tui_input_state {
	TUI_IN_GROUND,
	TUI_IN_ESC,
	TUI_IN_CSI,
	TUI_IN_SS3,
	TUI_IN_STRING,	   /* OSC, DCS, APC, PM, SOS */
	TUI_IN_STRING_ESC, /* ESC inside a string: maybe ST */
	TUI_IN_PASTE,
	TUI_IN_X10, /* three bytes of an old mouse report */
	TUI_IN_UTF8
};

struct tui_input {
	enum tui_input_state state;
	bool alt;   /* an ESC came before the present sequence */
	bool kitty; /* the terminal sends ESC as CSI 27 u: a lone ESC byte never needs a timer */
	bool backspace;	     /* byte 8 is Backspace (the tty's erase character), not Ctrl-H */
	bool expect;	     /* answers to our questions are on their way: no timeout for them */
	bool sync;	     /* accept the test harness's marker */
	char string;	     /* kind of control string: ']' 'P' '_' '^' 'X' */
	bool overflow;	     /* the control string was too long: drop it at its end */
	struct wn_buf seq;   /* bytes of the sequence so far */
	struct wn_buf paste; /* pending piece */
	bool paste_first, paste_cr;
	size_t paste_match; /* bytes of the end marker seen */
	tui_event_fn emit;
	void *arg;
};

void tui_input_init(struct tui_input *in, tui_event_fn emit, void *arg);
void tui_input_fini(struct tui_input *in);
/* Decodes; calls emit for each event, in order. */
void tui_input_feed(struct tui_input *in, const char *data, size_t n);
/* Milliseconds after which tui_input_timeout() settles what the bytes so far mean unless more come
 * first; -1: nothing is open. Short for a lone ESC, long for the start of a sequence. */
int tui_input_wait(const struct tui_input *in);
/* An ESC becomes the key, "ESC [" becomes Alt-[; a sequence that has begun keeps waiting. */
void tui_input_timeout(struct tui_input *in);

#endif
