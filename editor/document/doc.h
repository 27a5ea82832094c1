/*
 * The inside of a document; private to editor/document.
 */
#ifndef EDITOR_DOCUMENT_DOC_H
#define EDITOR_DOCUMENT_DOC_H

#include <pthread.h>
#include <sys/stat.h>

#include "editor/document/document.h"
#include "editor/undo/undo.h"

/* Up to this size a file is read into memory; above it stays on disk. A file of a million lines
 * (23 MB) must open at once and fit in 25 MB of memory, so this is below it. */
#define ED_HUGE_BYTES ((size_t)16 << 20)
/* What is looked at to tell encoding, line ends and indent. */
#define ED_PROBE_BYTES ((size_t)256 << 10)

/* What tells that a file is the one that was read. */
struct ed_identity {
	bool known;
	dev_t dev;
	ino_t ino;
	off_t size;
	struct timespec mtime;
};

/* Columns remembered every 4 KiB of the last long line that was measured. */
struct ed_checkpoint {
	size_t pos, col;
};
struct ed_columns {
	bool valid;
	size_t line_start;
	WN_VEC(struct ed_checkpoint) at;
};

/* Counts the lines of a huge text in a thread of its own. */
struct ed_indexer {
	bool started;
	pthread_t thread;
	struct ed_text *snap;
	atomic_bool cancel;
	atomic_size_t done;
	atomic_bool finished;
};

struct ed_doc {
	struct ed_text *text;
	struct ed_undo *undo;
	const struct wn_clock *clock;
	char *path; /* owned; NULL: none */
	struct ed_doc_info info;
	struct ed_identity disk;
	int huge_fd; /* the file under a huge text, borrowed from its block; -1 */
	uint64_t version;
	uint64_t saved_step; /* UINT64_MAX: no step is what is on disk */
	bool locked;	     /* edits are refused */
	struct ed_listener *listeners;
	struct ed_columns columns;
	struct ed_indexer index;
};

/* document.c: replaces n bytes by ins (nullable), tells listeners; the undo tree is not touched. */
void ed_doc_apply(struct ed_doc *doc, size_t pos, size_t n, const struct ed_text *ins);

/* load.c */
struct ed_loaded {
	struct ed_text *text; /* owned */
	struct ed_identity disk;
	struct ed_doc_info info;
	int huge_fd; /* borrowed from the text */
};
/* charset nullable: by its byte order mark, as UTF-8, or guessed. */
wn_err ed_load(const char *path, const char *charset, struct ed_loaded *out,
	       struct wn_diag *d) WN_MUST;
void ed_identity_set(struct ed_identity *id, const struct stat *st);
bool ed_identity_same(const struct ed_identity *id, const struct stat *st);

/* layout.c: keeps remembered columns true after an edit. */
void ed_columns_edit(struct ed_columns *c, const struct ed_edit *e);

/* index.c */
void ed_indexer_start(struct ed_indexer *x, const struct ed_text *t);
void ed_indexer_stop(struct ed_indexer *x);

#endif
