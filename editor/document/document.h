/*
 * One open document: text, path, what it was on disk, undo tree, listeners.
 * Not thread-safe: one thread (the client's loop) owns it. Positions are bytes.
 *
 * Line ends and invalid UTF-8 stay as they were. A byte order mark is taken off, another character
 * set is decoded (charset.h); saving puts both back.
 */
#ifndef EDITOR_DOCUMENT_DOCUMENT_H
#define EDITOR_DOCUMENT_DOCUMENT_H

#include "editor/document/types.h"
#include "editor/text/text.h"
#include "editor/undo/undo.h"

struct ed_doc;

/* An empty document without a path. opts nullable. */
struct ed_doc *ed_doc_new(const struct ed_doc_opts *opts);
/* Opens path; one that does not exist gives an empty document with is_new. Errors: WN_E_DENIED,
 * WN_E_IO, WN_E_UNSUPPORTED (a directory, a device). */
wn_err ed_doc_open(const char *path, const struct ed_doc_opts *opts, struct ed_doc **out,
		   struct wn_diag *d) WN_MUST;
void ed_doc_free(struct ed_doc *doc); /* nullable; views and syntax go first */

/* Saves to its path, atomically where the file's owner and links allow, else in place.
 * WN_E_CONFLICT when the file changed on disk since it was read, unless force. Failing changes
 * nothing. */
wn_err ed_doc_save(struct ed_doc *doc, bool force, struct wn_diag *d) WN_MUST;
/* Saves elsewhere and goes on there; WN_E_EXISTS when it exists already, unless force. */
wn_err ed_doc_save_as(struct ed_doc *doc, const char *path, bool force, struct wn_diag *d) WN_MUST;
/* Compares with the disk (stat only). */
enum ed_disk ed_doc_disk(const struct ed_doc *doc);
/* Reads the file again as one undoable edit of what differs; views and undo stay. */
wn_err ed_doc_reload(struct ed_doc *doc, struct wn_diag *d) WN_MUST;

const char *ed_doc_path(const struct ed_doc *doc); /* NULL: none yet */
const struct ed_doc_info *ed_doc_info(const struct ed_doc *doc);
const struct ed_text *ed_doc_text(const struct ed_doc *doc);
uint64_t ed_doc_version(const struct ed_doc *doc); /* rises with each edit */
bool ed_doc_dirty(const struct ed_doc *doc);	   /* differs from what was saved */
/* Lifts or sets the read-only mark (not the file's mode). */
void ed_doc_set_read_only(struct ed_doc *doc, bool on);
/* Saving writes it in another set from now on, with or without a byte order mark; it counts as
 * unsaved. WN_E_UNSUPPORTED: nobody knows the set. Reading a file in another set: open it with
 * ed_doc_opts. */
wn_err ed_doc_set_charset(struct ed_doc *doc, const char *name, bool bom,
			  struct wn_diag *d) WN_MUST;
/* The set to read the file in when it is read again: what a person chose or nothing in the file
 * says; NULL: by the file. */
const char *ed_doc_chosen_charset(const struct ed_doc *doc);
/* End of the line pos is in, before its "\n" or "\r\n". */
size_t ed_doc_line_end(const struct ed_doc *doc, size_t pos);

/* One change. WN_E_READ_ONLY, WN_E_NO_MEMORY. Edits between begin and end (which nest) are one undo
 * step; a lone edit is one of its own. */
wn_err ed_doc_edit(struct ed_doc *doc, size_t pos, size_t n, struct wn_str bytes) WN_MUST;
/* The same with another text (nullable), without copying. */
wn_err ed_doc_replace_with(struct ed_doc *doc, size_t pos, size_t n,
			   const struct ed_text *ins) WN_MUST;
void ed_doc_begin(struct ed_doc *doc);
void ed_doc_end(struct ed_doc *doc);
/* The same with the selections before and after, which undo brings back; melt: the next group joins
 * the step before it when that is fresh. For views. */
void ed_doc_begin_with(struct ed_doc *doc, const struct ed_mark *before, size_t n);
void ed_doc_end_with(struct ed_doc *doc, const struct ed_mark *after, size_t n);
void ed_doc_melt(struct ed_doc *doc);

/* Undo (direction < 0) or redo one step; the step crossed holds the selections around it.
 * WN_E_NOT_FOUND at the end of the line. */
wn_err ed_doc_step(struct ed_doc *doc, int direction, const struct ed_step **crossed_out) WN_MUST;
/* Goes to any step of the tree (undo/undo.h), over branches too. */
wn_err ed_doc_goto_step(struct ed_doc *doc, size_t index) WN_MUST;
/* Goes n units back (below 0) or on in the order of time, over branches (ed_undo_find()).
 * WN_E_NOT_FOUND: it is there already. */
wn_err ed_doc_travel(struct ed_doc *doc, enum ed_undo_unit unit, int64_t n) WN_MUST;
struct ed_undo *ed_doc_undo(struct ed_doc *doc);
/* Percent of a huge text whose lines are counted; 100: all line numbers are known. */
int ed_doc_indexed(const struct ed_doc *doc);

/* l is borrowed until removed. */
void ed_doc_listen(struct ed_doc *doc, struct ed_listener *l);
void ed_doc_unlisten(struct ed_doc *doc, struct ed_listener *l);

#endif
