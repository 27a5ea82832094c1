/*
 * Unsaved text kept beside, for the day after a crash: one file for each document in a directory of
 * the person's, and a lock that tells a second program that the document is open already.
 * The calls are for any thread, and block; their order is kept by a generation: what is written
 * late for an older one is dropped.
 */
#ifndef EDITOR_DOCUMENT_RECOVERY_H
#define EDITOR_DOCUMENT_RECOVERY_H

#include <sys/types.h>

#include "editor/document/document.h"

struct ed_recovery; /* counted; the last one to let go gives the lock back */

/* What an earlier program left of this document. */
struct ed_recovered {
	char *file;	 /* owned; NULL: nothing */
	int64_t time_ms; /* when it was written */
	size_t bytes;
	int64_t disk_ms; /* of the document on disk now; 0: it is not there */
	size_t disk_bytes;
};

/* $XDG_STATE_HOME/webnova/recovery or below $HOME; owned; NULL: there is no home. */
char *ed_recovery_dir(void);
/* Takes the lock of path and looks what was left. path NULL: a text without a name, of the folder
 * root. NULL: the directory cannot be made, nothing is kept. */
struct ed_recovery *ed_recovery_open(const char *dir, const char *path, const char *root,
				     struct ed_recovered *left_out);
void ed_recovery_ref(struct ed_recovery *r);
void ed_recovery_unref(struct ed_recovery *r); /* nullable */
/* Another living program has the lock: its process; 0: the lock is ours. */
pid_t ed_recovery_other(const struct ed_recovery *r);

/* The generation from now on; any write of an older one comes to nothing. */
unsigned ed_recovery_next(struct ed_recovery *r);
/* Writes a snapshot, atomically. */
wn_err ed_recovery_write(struct ed_recovery *r, unsigned generation, const struct ed_text *text,
			 struct wn_diag *d) WN_MUST;
/* What was written is not needed any more, unless something newer than this generation was. */
void ed_recovery_drop(struct ed_recovery *r, unsigned generation);
/* From a handler of a fatal signal: writes what it can of the text, no memory, no locks; only a
 * whole one replaces the file that is there. */
void ed_recovery_crash(const struct ed_recovery *r, const struct ed_text *text);

/* The text that was left, or NULL (d says why). */
struct ed_text *ed_recovered_read(const struct ed_recovered *left, struct wn_diag *d);
/* Removes it (discarded, or taken over and to be written anew). */
void ed_recovered_remove(const struct ed_recovered *left);
/* Moves it aside, so that it is offered again another day and not written over. */
void ed_recovered_keep(const struct ed_recovered *left);
void ed_recovered_fini(struct ed_recovered *left);
/* The n-th text without a name that dead programs left of the folder root; false: no more. */
bool ed_recovered_unnamed(const char *dir, const char *root, size_t nth, struct ed_recovered *out);

#endif
