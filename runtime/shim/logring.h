/*
 * A service's output: the last bytes as lines with time and stream, and optionally the
 * same in a file that is rotated by size.
 */
#ifndef RUNTIME_SHIM_LOGRING_H
#define RUNTIME_SHIM_LOGRING_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/json_write.h"
#include "runtime/base/str.h"

#define LOGRING_LINE_MAX 16384 /* a longer line is cut into several */

struct logline;

struct logring {
	struct logline *first, *last;
	size_t bytes, bytes_max;
	uint64_t next; /* number of the next line; the first is 0 */
	char *path;    /* owned; NULL: no file */
	int fd;	       /* -1: closed */
	int64_t file_bytes, file_max;
	bool file_failed;   /* the last write failed (full disk): tried again with the next line */
	uint64_t file_lost; /* lines that could not be written */
	struct {
		char text[LOGRING_LINE_MAX];
		size_t len;
		bool cut; /* what comes continues a line that was cut */
	} part[2];	  /* begun lines of stdout, stderr */
};

/* path nullable. */
void logring_init(struct logring *r, size_t bytes_max, const char *path, int64_t file_max);
void logring_fini(struct logring *r);
/* Takes output of stream 0 (stdout) or 1 (stderr); whole lines are stamped with now_ms. */
void logring_add(struct logring *r, int stream, struct wn_str bytes, int64_t now_ms);
/* Ends begun lines (the child has closed its output). */
void logring_end(struct logring *r, int64_t now_ms);
/* Writes lines from number `from` on as JSON array values, until max_bytes of text; returns the
 * number behind the last one written. Lines already dropped are passed over. */
uint64_t logring_read(const struct logring *r, uint64_t from, size_t max_bytes, struct wn_jw *w);
/* Number of the oldest line kept (== next when there is none). */
uint64_t logring_first(const struct logring *r);

#endif
