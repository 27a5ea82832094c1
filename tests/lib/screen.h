/*
 * A terminal for tests: runs a program on a pseudo terminal, feeds it keys, and shows what a
 * terminal would (libvterm). Waiting is by protocol: screen_sync() sends a marker that the
 * client (under WEBNOVA_TEST) answers when everything before it is done and drawn; its clock stands
 * still but for what the marker pushes it. Nothing sleeps.
 */
#ifndef TESTS_LIB_SCREEN_H
#define TESTS_LIB_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "runtime/base/buf.h"

struct screen;

struct screen_opts {
	int rows, cols;
	const char *term;	 /* $TERM */
	const char *dir;	 /* working directory */
	const char *const *argv; /* program first, ended by NULL */
	const char *const
		*env; /* "NAME=value", ended by NULL; nothing else but PATH and HOME is set */
	bool mute;    /* the terminal answers no questions */
};

/* Starts and waits for the first idle picture (or the end). NULL: could not be started. */
struct screen *screen_start(const struct screen_opts *opts);
/* Ends the program if it still runs. */
void screen_free(struct screen *s);
/* Raw bytes from the keyboard. */
void screen_send(struct screen *s, const char *p, size_t n);
/* Keys by name: "abc<enter><ctrl-s><alt-up><paste:some text><press:1,y,x><raw:\e[A>". False: a bad
 * name. */
bool screen_keys(struct screen *s, const char *keys);
/* Pushes the client's clock by ms and waits until it is idle. False: it ended, or did not answer in
 * time. */
bool screen_sync(struct screen *s, int ms);
void screen_resize(struct screen *s, int rows, int cols);
/* Bytes the program wrote since the last call. */
size_t screen_bytes(struct screen *s);
/* Text of the screen, one line a row, right blanks cut. */
void screen_text(struct screen *s, struct wn_buf *out);
/* Looks, one line a row: "row: col+len fg/bg/attr, ..." where they are not the default. */
void screen_styles(struct screen *s, struct wn_buf *out);
void screen_cursor(struct screen *s, int *row, int *col, bool *visible);
/* Waits for the end; its exit status, 128 + signal, or -1 when it does not end. */
int screen_wait(struct screen *s);
/* After the end: the terminal's mode is as it was, and every mode that was set was reset. */
bool screen_restored(struct screen *s);
pid_t screen_pid(const struct screen *s);

#endif
