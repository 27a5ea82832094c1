/*
 * Typed growable array: WN_VEC(struct thing) is a struct with p, len, cap.
 * Elements move when it grows. Aborts when memory is exhausted, so a count
 * that comes from outside must be bounded by the caller.
 */
#ifndef RUNTIME_BASE_VEC_H
#define RUNTIME_BASE_VEC_H

#include <stddef.h>
#include <string.h>

#include "runtime/base/mem.h"

#define WN_VEC(type)             \
	struct {                 \
		type *p;         \
		size_t len, cap; \
	}

/* Room for n elements in all. */
#define wn_vec_reserve(v, n) \
	((n) > (v)->cap ? ((v)->p = wn_vec_grow_((v)->p, &(v)->cap, (n), sizeof *(v)->p)) : (v)->p)
#define wn_vec_push(v, ...) \
	((void)wn_vec_reserve((v), (v)->len + 1), (v)->p[(v)->len++] = (__VA_ARGS__))
/* Removes element i, keeps the order. */
#define wn_vec_remove(v, i)                                                                    \
	(memmove((v)->p + (i), (v)->p + (i) + 1, ((v)->len - (size_t)(i)-1) * sizeof *(v)->p), \
	 (v)->len--)
/* Puts an element at index i (<= len), keeps the order. */
#define wn_vec_insert(v, i, ...)                                                             \
	((void)wn_vec_reserve((v), (v)->len + 1),                                            \
	 memmove((v)->p + (i) + 1, (v)->p + (i), ((v)->len - (size_t)(i)) * sizeof *(v)->p), \
	 (v)->p[i] = (__VA_ARGS__), (void)(v)->len++)
#define wn_vec_pop(v) ((v)->p[--(v)->len])
#define wn_vec_last(v) ((v)->p[(v)->len - 1])
#define wn_vec_clear(v) ((v)->len = 0)
#define wn_vec_fini(v) (wn_free((v)->p), (v)->p = NULL, (v)->len = (v)->cap = 0)

/* Grows p to hold at least need elements of size; sets *cap. Private to the macros. */
void *wn_vec_grow_(void *p, size_t *cap, size_t need, size_t size);

#endif
