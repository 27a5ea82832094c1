/*
 * Saving, reading again and looking at the disk in three steps, so that the middle one, which may
 * take long, runs on any thread while the document is edited on. begin and end belong to the
 * document's thread; end frees. doc NULL in end: the document is gone meanwhile.
 */
#ifndef EDITOR_DOCUMENT_DISK_H
#define EDITOR_DOCUMENT_DISK_H

#include "editor/document/document.h"

/* path NULL: where the document is; else elsewhere, and it goes on there. */
struct ed_save *ed_save_begin(struct ed_doc *doc, const char *path, bool force);
/* Any thread. Errors as ed_doc_save() and ed_doc_save_as(). */
wn_err ed_save_run(struct ed_save *s, struct wn_diag *d) WN_MUST;
/* As run, but the file itself is written by put, from a temporary file of ours that holds the text:
 * for a way to write that the process itself has not. */
typedef wn_err (*ed_put_fn)(void *arg, const char *from, const char *to, struct wn_diag *d);
wn_err ed_save_run_with(struct ed_save *s, ed_put_fn put, void *arg, struct wn_diag *d) WN_MUST;
/* err: what run returned. What was typed since begin stays unsaved. */
void ed_save_end(struct ed_save *s, struct ed_doc *doc, wn_err err);

struct ed_reload *ed_reload_begin(const struct ed_doc *doc);
/* Any thread. */
wn_err ed_reload_run(struct ed_reload *r, struct wn_diag *d) WN_MUST;
/* Takes the new text over as one undoable edit. */
wn_err ed_reload_end(struct ed_reload *r, struct ed_doc *doc, wn_err err);

struct ed_look *ed_look_begin(const struct ed_doc *doc);
enum ed_disk ed_look_run(const struct ed_look *l); /* any thread */
/* False: the document was saved, read again or moved since; what was seen is old. */
bool ed_look_fits(const struct ed_look *l, const struct ed_doc *doc);
void ed_look_end(struct ed_look *l);

/* The file has another name now; text, undo and what is known of the disk stay. */
void ed_doc_moved(struct ed_doc *doc, const char *path);
/* The file is gone: the text counts as unsaved, and saving makes the file again without asking. */
void ed_doc_forget_disk(struct ed_doc *doc);
/* Bytes that two texts have in common at their starts and at their ends. Any thread; takes long for
 * long texts. */
struct ed_stretch {
	size_t head, tail;
};
struct ed_stretch ed_text_differ(const struct ed_text *a, const struct ed_text *b);
/* Takes another text over as one undoable edit of what differs; the second one is told that. */
wn_err ed_doc_take(struct ed_doc *doc, const struct ed_text *now) WN_MUST;
wn_err ed_doc_take_stretch(struct ed_doc *doc, const struct ed_text *now,
			   struct ed_stretch differs) WN_MUST;

#endif
