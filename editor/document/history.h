/*
 * The undo tree of a document kept beside, so that undo goes on after a restart: one file for each
 * document in a directory of the person's, good for exactly the text it was written with. Small and
 * bounded; what is damaged or of another text is left alone.
 */
#ifndef EDITOR_DOCUMENT_HISTORY_H
#define EDITOR_DOCUMENT_HISTORY_H

#include "editor/document/document.h"

struct ed_history;

/* $XDG_STATE_HOME/webnova/undo or below $HOME; owned; NULL: there is no home. */
char *ed_history_dir(void);
/* The tree as it is now; the document's thread. */
struct ed_history *ed_history_take(const struct ed_doc *doc);
void ed_history_free(struct ed_history *h); /* nullable */
/* Writes it for path, whose text must be what the document held when it was taken. Any thread;
 * blocks; also removes the oldest of too many files. */
wn_err ed_history_write(const struct ed_history *h, const char *dir, const char *path,
			struct wn_diag *d) WN_MUST;
/* Gives a document that was just opened its tree. WN_E_NOT_FOUND: none; WN_E_CONFLICT: it is of
 * another text; WN_E_CORRUPT: it is damaged. Blocks; any thread that has the document for itself.
 */
wn_err ed_history_read(struct ed_doc *doc, const char *dir, struct wn_diag *d) WN_MUST;

#endif
