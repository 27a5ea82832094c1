/*
 * What stands in the place of the text or beside it, and commands about the file as a whole. Only
 * tui/pane/editor/ includes this, through editor.h.
 */
#ifndef TUI_PANE_EDITOR_VIEWS_H
#define TUI_PANE_EDITOR_VIEWS_H

#include "tui/pane/pane.h"

struct editor;

/* hex.c */
void editor_hex_draw(struct editor *e, const struct pane_draw *d);
bool editor_hex_key(struct editor *e, const struct tui_key *k);
bool editor_hex_mouse(struct editor *e, const struct tui_mouse *m);
void editor_hex_show(struct editor *e, bool on);
/* differ.c */
void editor_differ_draw(struct editor *e, const struct pane_draw *d);
bool editor_differ_key(struct editor *e, const struct tui_key *k);
void editor_differ_close(struct editor *e);
void editor_c_differ(void *self, const char *arg);
/* steps.c */
struct pane_draw editor_steps_draw(struct editor *e, const struct pane_draw *d);
bool editor_steps_key(struct editor *e, const struct tui_key *k);
void editor_c_steps(void *self, const char *arg);
void editor_c_earlier(void *self, const char *arg);
void editor_c_later(void *self, const char *arg);
/* file.c: commands about the file as a whole */
void editor_c_reopen(void *self, const char *arg);
void editor_c_charset(void *self, const char *arg);
void editor_c_hex(void *self, const char *arg);
void editor_c_read_only(void *self, const char *arg);
/* sudo.c: for a worker */
bool editor_sudo_there(void);
/* Copies with sudo; password nullable. WN_E_UNAUTHENTICATED: it wants one, or this is not it. */
wn_err editor_sudo_copy(void *password, const char *from, const char *to, struct wn_diag *d);

#endif
