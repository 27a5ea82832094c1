/*
 * Fewer bytes for the same looks: ncurses sets attributes, foreground and background one after the
 * other and takes colours back before it resets them. Sequences that touch are melted; pure text
 * in, text out.
 */
#include <stdbool.h>
#include <string.h>

#include "tui/term/private.h"

#define PARAMS_MAX 12 /* the Linux console takes 16 */

/* Length of the SGR sequence at p, 0: it is none. */
static size_t
sgr_at(const char *p, size_t n)
{
	size_t i = 2;

	if (n < 3 || p[0] != '\033' || p[1] != '[')
		return 0;
	while (i < n && ((p[i] >= '0' && p[i] <= '9') || p[i] == ';'))
		i++;
	return i < n && p[i] == 'm' ? i + 1 : 0;
}

/* It begins by taking everything back. */
static bool
resets(const char *p, size_t n)
{
	return n == 3 || (p[2] == '0' && (p[3] == ';' || p[3] == 'm'));
}

static int
params(const char *p, size_t n)
{
	int k = 1;

	for (size_t i = 2; i < n; i++)
		k += p[i] == ';';
	return k;
}

/* Puts the sequence p behind the one that ends at p[-1]; returns the length of both. */
static size_t
melt(char *last, size_t last_n, const char *p, size_t n)
{
	size_t at = last_n - 1; /* over the 'm' */

	if (last_n == 3) {
		if (last + last_n == p) /* no room for a zero in front of what was not moved yet */
			return 0;
		last[at++] = '0';
	}
	last[at++] = ';';
	memmove(last + at, p + 2, n - 2);
	return at + n - 2;
}

size_t
tui_sgr_tidy(char *p, size_t n)
{
	size_t out = 0, last = 0, last_n = 0; /* the sequence that ends at out; last_n 0: none */

	for (size_t i = 0; i < n;) {
		size_t k = sgr_at(p + i, n - i), both;

		if (k == 0) {
			p[out++] = p[i++];
			last_n = 0;
			continue;
		}
		if (last_n > 0 && resets(p + i, k)) {
			out = last;
			last_n = 0;
		}
		if (last_n > 0 && params(p + last, last_n) + params(p + i, k) <= PARAMS_MAX &&
		    (both = melt(p + last, last_n, p + i, k)) > 0) {
			out = last + both;
			last_n = both;
		} else {
			memmove(p + out, p + i, k);
			last = out;
			last_n = k;
			out += k;
		}
		i += k;
	}
	return out;
}
