/*
 * The one function behind the WN_VEC macros: growth by half more, at least 8.
 */
#include "runtime/base/vec.h"

#include <stdint.h>
#include <stdlib.h>

void *
wn_vec_grow_(void *p, size_t *cap, size_t need, size_t size)
{
	size_t n = *cap + *cap / 2, bytes;

	if (n < 8)
		n = 8;
	if (n < need)
		n = need;
	if (__builtin_mul_overflow(n, size, &bytes))
		bytes = SIZE_MAX; /* wn_realloc aborts */
	p = wn_realloc(p, bytes);
	*cap = n;
	return p;
}
