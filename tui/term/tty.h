/*
 * The line discipline: raw mode, size, and giving the terminal back when the program dies.
 * Handlers of fatal signals need a place outside the stack: this file has the one static.
 */
#ifndef TUI_TERM_TTY_H
#define TUI_TERM_TTY_H

#include <stdbool.h>

#include "runtime/base/error.h"
#include "runtime/base/str.h"

/* Remembers the mode of fd and makes it raw (signals off, no echo, no flow control). */
wn_err tui_tty_raw(int fd, struct wn_diag *d) WN_MUST;
/* Puts the remembered mode back; may be called twice. */
void tui_tty_restore(int fd);
/* True when the erase character is byte 8. Valid after tui_tty_raw(). */
bool tui_tty_erase_is_bs(void);
/* False when it is unknown. */
bool tui_tty_size(int fd, int *rows, int *cols);
/* On SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL: writes `leave` to fd, restores the mode, and dies of
 * the signal. leave is copied. fd -1: no longer. */
void tui_tty_guard(int fd, struct wn_str leave);
/* Called once by the guard before the end, in the signal handler; a second fault in it kills at
 * once. fn NULL: nothing. */
void tui_tty_last_words(void (*fn)(void *), void *arg);

#endif
