/*
 * Arena: memory that dies all at once with a request, an event or a frame.
 * Not shared between threads. May not be used for objects that escape.
 */
#ifndef RUNTIME_BASE_ARENA_H
#define RUNTIME_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "runtime/base/str.h"

struct wn_arena_chunk;

struct wn_arena {
	struct wn_arena_chunk *chunk; /* newest first */
	size_t used;		      /* bytes handed out in all */
	size_t max;		      /* 0: no limit */
};

/* max bytes in all (0: unlimited); allocates nothing yet. */
void wn_arena_init(struct wn_arena *a, size_t max);
/* Frees everything; the arena may be used again. */
void wn_arena_fini(struct wn_arena *a);
/* Forgets everything, keeps one chunk for reuse. */
void wn_arena_clear(struct wn_arena *a);
/* Zeroed, aligned for any type. Aborts when memory or `max` is exhausted. */
void *wn_arena_alloc(struct wn_arena *a, size_t size);
void *wn_arena_array(struct wn_arena *a, size_t n, size_t size);
/* NULL when memory or `max` is exhausted; for sizes that come from outside. */
void *wn_arena_try(struct wn_arena *a, size_t size);
/* NUL-terminated copies. */
char *wn_arena_strdup(struct wn_arena *a, const char *s);
char *wn_arena_strndup(struct wn_arena *a, const char *s, size_t n);
struct wn_str wn_arena_str(struct wn_arena *a, struct wn_str s);
char *wn_arena_printf(struct wn_arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
char *wn_arena_vprintf(struct wn_arena *a, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));

#define WN_ARENA_NEW(a, type) ((type *)wn_arena_alloc((a), sizeof(type)))

#endif
