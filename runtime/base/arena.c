/*
 * Arena: a list of chunks that grow in size; a request larger than a chunk gets
 * one of its own. Owns nothing but its chunks; runs no destructors.
 */
#include "runtime/base/arena.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "runtime/base/mem.h"

enum { FIRST_CHUNK = 1024, LAST_CHUNK = 64 * 1024 };

struct wn_arena_chunk {
	struct wn_arena_chunk *next;
	size_t size, used; /* of data */
	alignas(max_align_t) char data[];
};

void
wn_arena_init(struct wn_arena *a, size_t max)
{
	*a = (struct wn_arena){ .max = max };
}

void
wn_arena_fini(struct wn_arena *a)
{
	struct wn_arena_chunk *c = a->chunk, *next;

	for (; c; c = next) {
		next = c->next;
		wn_free(c);
	}
	*a = (struct wn_arena){ .max = a->max };
}

void
wn_arena_clear(struct wn_arena *a)
{
	struct wn_arena_chunk *keep = NULL, *c = a->chunk, *next;

	for (; c; c = next) {
		next = c->next;
		if (c->size > LAST_CHUNK || (keep && keep->size >= c->size)) {
			wn_free(c);
			continue;
		}
		wn_free(keep);
		keep = c;
	}
	if (keep) {
		keep->next = NULL;
		keep->used = 0;
	}
	a->chunk = keep;
	a->used = 0;
}

/* Puts a new chunk with room for size in the list; NULL when there is no memory. */
static struct wn_arena_chunk *
add_chunk(struct wn_arena *a, size_t size)
{
	struct wn_arena_chunk *head = a->chunk, *c;
	size_t room = head ? head->size * 2 : FIRST_CHUNK;

	if (room > LAST_CHUNK)
		room = LAST_CHUNK;
	if (room < size)
		room = size;
	c = wn_try_realloc(NULL, sizeof(*c) + room);
	if (!c)
		return NULL;
	c->size = room;
	c->used = 0;
	/* A large single block goes behind the head, whose free space stays in use. */
	if (head && size > LAST_CHUNK / 4) {
		c->next = head->next;
		head->next = c;
	} else {
		c->next = head;
		a->chunk = c;
	}
	return c;
}

void *
wn_arena_try(struct wn_arena *a, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct wn_arena_chunk *c = a->chunk;
	char *p;

	if (size > PTRDIFF_MAX / 2)
		return NULL;
	size = ((size ? size : 1) + align - 1) & ~(align - 1);
	if (a->max && (size > a->max || a->used > a->max - size))
		return NULL;
	if (!c || c->size - c->used < size) {
		c = add_chunk(a, size);
		if (!c)
			return NULL;
	}
	p = c->data + c->used;
	c->used += size;
	a->used += size;
	return memset(p, 0, size);
}

void *
wn_arena_alloc(struct wn_arena *a, size_t size)
{
	void *p = wn_arena_try(a, size);

	if (!p) {
		fprintf(stderr, "webnova: arena exhausted (%zu bytes wanted, %zu in use)\n", size,
			a->used);
		abort();
	}
	return p;
}

void *
wn_arena_array(struct wn_arena *a, size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		total = SIZE_MAX;
	return wn_arena_alloc(a, total);
}

char *
wn_arena_strndup(struct wn_arena *a, const char *s, size_t n)
{
	char *copy;

	if (!s)
		return NULL;
	n = strnlen(s, n);
	copy = wn_arena_alloc(a, n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *
wn_arena_strdup(struct wn_arena *a, const char *s)
{
	return s ? wn_arena_strndup(a, s, strlen(s)) : NULL;
}

struct wn_str
wn_arena_str(struct wn_arena *a, struct wn_str s)
{
	char *copy;

	if (!s.p)
		return WN_STR_NONE;
	copy = wn_arena_alloc(a, s.len + 1);
	if (s.len)
		memcpy(copy, s.p, s.len);
	return wn_strn(copy, s.len);
}

char *
wn_arena_vprintf(struct wn_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = wn_arena_alloc(a, n < 0 ? 1 : (size_t)n + 1);
	if (n > 0)
		vsnprintf(text, (size_t)n + 1, fmt, ap);
	return text;
}

char *
wn_arena_printf(struct wn_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = wn_arena_vprintf(a, fmt, ap);
	va_end(ap);
	return text;
}
