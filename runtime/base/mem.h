/*
 * Allocation. Fixed sizes abort on failure; sizes that come from outside go
 * through wn_try_alloc(). Nothing else in the project calls malloc.
 */
#ifndef RUNTIME_BASE_MEM_H
#define RUNTIME_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory; aborts when there is none. Freed with wn_free(). Any thread. */
void *wn_alloc(size_t size);
void *wn_alloc_array(size_t n, size_t size); /* overflow-checked */
/* Zeroed memory or NULL; for sizes that come from outside. */
void *wn_try_alloc(size_t size);
/* Resizes; new bytes are not zeroed. Aborts when there is none. */
void *wn_realloc(void *p, size_t size);
void *wn_try_realloc(void *p, size_t size); /* NULL: p is untouched */
void wn_free(void *p);
/* Owned copies, NUL-terminated. s nullable (gives NULL). */
char *wn_strdup(const char *s);
char *wn_strndup(const char *s, size_t n);
/* Owned formatted text. */
char *wn_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#define WN_NEW(type) ((type *)wn_alloc(sizeof(type)))

#endif
