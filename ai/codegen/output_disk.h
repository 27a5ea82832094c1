/*
 * The directory below an output: looked at and changed without following a link that somebody put
 * there. Private to output*.c.
 */
#ifndef AI_CODEGEN_OUTPUT_DISK_H
#define AI_CODEGEN_OUTPUT_DISK_H

#include "runtime/abi/ctx.h"
#include "runtime/base/buf.h"
#include "runtime/base/hash.h"
#include "runtime/base/vec.h"

#define CODEGEN_FILE_MAX (64u << 20)

enum disk_kind {
	DISK_NONE,
	DISK_FILE,
	DISK_OTHER /* a link, something behind one, or no file: not ours to touch */
};

/* Written, and not yet in its place. */
struct disk_pending {
	int fd;
	const char *from, *to; /* from NULL: it is in its place already */
};

struct disk {
	const char *dir;
	struct wn_ctx *ctx;
	bool fresh; /* nothing was there: no need to replace anything atomically */
	WN_VEC(struct disk_pending) pending;
};

/* The full path of a relative one; arena. */
char *codegen_disk_path(struct disk *d, const char *path);
/* What stands there. text nullable: its content, appended. */
wn_err codegen_disk_read(struct disk *d, const char *path, enum disk_kind *kind_out,
			 struct wn_buf *text) WN_MUST;
/* Writes a file; it is in its place, durable, after codegen_disk_sync(). Replaced atomically unless
 * d->fresh. */
wn_err codegen_disk_write(struct disk *d, const char *path, struct wn_str text,
			  unsigned mode) WN_MUST;
/* Makes what was written durable, all at once, and puts it into place. */
wn_err codegen_disk_sync(struct disk *d) WN_MUST;
/* A missing file is no error. Empty directories above it go too. */
wn_err codegen_disk_remove(struct disk *d, const char *path) WN_MUST;
void codegen_disk_fini(struct disk *d);

#endif
