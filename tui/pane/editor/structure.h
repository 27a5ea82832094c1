/*
 * Commands over the structure of the text and how it is shown, for the command table; arg as in
 * command.h. Only tui/pane/editor/ includes this.
 */
#ifndef TUI_PANE_EDITOR_STRUCTURE_H
#define TUI_PANE_EDITOR_STRUCTURE_H

#include <stdbool.h>
#include <stddef.h>

struct editor;
struct pane_draw;
struct tui_key;

void editor_fold(void *self, const char *arg); /* opens or closes at the cursor */
void editor_fold_all(void *self, const char *arg);
void editor_unfold_all(void *self, const char *arg);
void editor_grow(void *self, const char *arg);
void editor_shrink(void *self, const char *arg);
void editor_select_function(void *self, const char *arg); /* arg "inner": its body */
void editor_select_class(void *self, const char *arg);
void editor_select_parameter(void *self, const char *arg); /* arg "outer": with the comma */
void editor_next_function(void *self, const char *arg);
void editor_prev_function(void *self, const char *arg);
void editor_bracket(void *self, const char *arg); /* to the matching one */
void editor_toggle_wrap(void *self, const char *arg);
void editor_toggle_numbers(void *self, const char *arg); /* absolute, relative, none */
void editor_toggle_guides(void *self, const char *arg);
void editor_toggle_blanks(void *self, const char *arg);
void editor_toggle_bidi(void *self, const char *arg); /* order of Arabic: ours or the terminal's */
void editor_toggle_sticky(void *self, const char *arg);
/* The bracket at or before pos, looked for in at most `reach` bytes, and its partner. */
bool editor_bracket_at(struct editor *e, size_t pos, size_t reach, size_t *a, size_t *b);
/* After a line was begun: indents it as the language wants. */
void editor_indent_new_line(struct editor *e);

/* outline.c: the list of functions, classes and headings over the text */
void editor_outline(void *self, const char *arg);
bool editor_outline_key(struct editor *e, const struct tui_key *k);
void editor_outline_draw(struct editor *e, const struct pane_draw *d);
void editor_outline_close(struct editor *e);

#endif
