/*
 * The only file that calls the C library's allocator. Owns the policy "fixed
 * sizes abort, outside sizes can fail"; it knows nothing of what is stored.
 */
#include "runtime/base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void
out_of_memory(size_t size)
{
	fprintf(stderr, "webnova: out of memory (%zu bytes wanted)\n", size);
	abort();
}

void *
wn_try_alloc(size_t size)
{
	/* Sizes over PTRDIFF_MAX are bugs or attacks; some sanitizers abort on them. */
	if (size > PTRDIFF_MAX)
		return NULL;
	return calloc(1, size ? size : 1);
}

void *
wn_alloc(size_t size)
{
	void *p = wn_try_alloc(size);

	if (!p)
		out_of_memory(size);
	return p;
}

void *
wn_alloc_array(size_t n, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(n, size, &total))
		out_of_memory(SIZE_MAX);
	return wn_alloc(total);
}

void *
wn_try_realloc(void *p, size_t size)
{
	if (size > PTRDIFF_MAX)
		return NULL;
	return realloc(p, size ? size : 1);
}

void *
wn_realloc(void *p, size_t size)
{
	void *q = wn_try_realloc(p, size);

	if (!q)
		out_of_memory(size);
	return q;
}

void
wn_free(void *p)
{
	free(p);
}

char *
wn_strndup(const char *s, size_t n)
{
	char *copy;

	if (!s)
		return NULL;
	n = strnlen(s, n);
	copy = wn_alloc(n + 1);
	memcpy(copy, s, n);
	return copy;
}

char *
wn_strdup(const char *s)
{
	return s ? wn_strndup(s, strlen(s)) : NULL;
}

char *
wn_asprintf(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory(0);
	text = wn_alloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return text;
}
