/*
 * Embedding levels from fribidi, laid out by rule L2. Owns the loaded library.
 */
#include "editor/bidi/bidi.h"

#include <dlfcn.h>
#include <fribidi/fribidi.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define POINTS_MAX 8192

/* For one paragraph; kept, since it is large and rows come by the screen. */
struct room {
	FriBidiChar points[POINTS_MAX];
	uint32_t starts[POINTS_MAX];
	FriBidiCharType types[POINTS_MAX];
	FriBidiBracketType brackets[POINTS_MAX];
	FriBidiLevel levels[POINTS_MAX];
};

struct ed_bidi {
	struct room *room;
	bool tried;
	void *lib; /* NULL: not loaded, or not there */
	void (*types)(const FriBidiChar *, const FriBidiStrIndex, FriBidiCharType *);
	void (*brackets)(const FriBidiChar *, const FriBidiStrIndex, const FriBidiCharType *,
			 FriBidiBracketType *);
	FriBidiLevel (*levels)(const FriBidiCharType *, const FriBidiBracketType *,
			       const FriBidiStrIndex, FriBidiParType *, FriBidiLevel *);
	fribidi_boolean (*mirror)(FriBidiChar, FriBidiChar *);
};

struct ed_bidi *
ed_bidi_new(void)
{
	return WN_NEW(struct ed_bidi);
}

void
ed_bidi_free(struct ed_bidi *b)
{
	if (!b)
		return;
	if (b->lib)
		(void)dlclose(b->lib);
	wn_free(b->room);
	wn_free(b);
}

static bool
load(struct ed_bidi *b)
{
	void *types, *brackets, *levels, *mirror;

	if (b->tried)
		return b->lib != NULL;
	b->tried = true;
	b->lib = dlopen("libfribidi.so.0", RTLD_NOW | RTLD_LOCAL);
	if (!b->lib)
		return false;
	types = dlsym(b->lib, "fribidi_get_bidi_types");
	brackets = dlsym(b->lib, "fribidi_get_bracket_types");
	levels = dlsym(b->lib, "fribidi_get_par_embedding_levels_ex");
	mirror = dlsym(b->lib, "fribidi_get_mirror_char");
	if (!types || !brackets || !levels || !mirror) {
		(void)dlclose(b->lib);
		b->lib = NULL;
		return false;
	}
	/* The way POSIX has for turning dlsym's answers into functions. */
	memcpy(&b->types, &types, sizeof types);
	memcpy(&b->brackets, &brackets, sizeof brackets);
	memcpy(&b->levels, &levels, sizeof levels);
	memcpy(&b->mirror, &mirror, sizeof mirror);
	return true;
}

bool
ed_bidi_needed(struct wn_str s)
{
	for (size_t i = 0; i < s.len;) {
		uint32_t cp;
		/* Nothing below U+0590 goes from right to left. */
		if ((unsigned char)s.p[i] < 0xD6) {
			i++;
			continue;
		}
		i += wn_utf8_decode(s.p + i, s.len - i, &cp);
		if (cp != WN_UTF8_BAD && (wn_utf8_is_rtl(cp) || cp == 0x202E || cp == 0x2067))
			return true;
	}
	return false;
}

/* Levels of all code points; starts[i] is where the i-th begins. Returns how many, 0: too long. */
static size_t
decode(struct wn_str text, FriBidiChar *points, uint32_t *starts)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; n++) {
		uint32_t cp;
		if (n == POINTS_MAX)
			return 0;
		starts[n] = (uint32_t)i;
		i += wn_utf8_decode(text.p + i, text.len - i, &cp);
		points[n] = cp == WN_UTF8_BAD ? 0xFFFD : cp;
	}
	return n;
}

static bool
is_blank(FriBidiChar c)
{
	return c == ' ' || c == '\t' || c == 0x3000;
}

/* Rule L2: from the highest level to the lowest odd one, turn every run of at least that level. */
static void
lay_out(const FriBidiLevel *level, size_t n, size_t *order)
{
	int high = 0, low = 127;

	for (size_t i = 0; i < n; i++) {
		int at = (unsigned char)level[i];

		order[i] = i;
		high = at > high ? at : high;
		low = (at & 1) && at < low ? at : low;
	}
	for (int l = high; l >= low && l > 0; l--) {
		for (size_t a = 0; a < n;) {
			size_t b = a;
			while (b < n && level[b] >= l)
				b++;
			for (size_t i = a, k = b; i + 1 < k; i++) {
				size_t swap = order[i];
				order[i] = order[--k];
				order[k] = swap;
			}
			a = b > a ? b : a + 1;
		}
	}
}

static bool
levels_of(struct ed_bidi *b, struct wn_str text, enum ed_bidi_base base,
	  const struct ed_bidi_cell *cells, size_t n, FriBidiLevel *out, bool *rtl)
{
	struct room *r = b->room;
	FriBidiParType dir = base == ED_BIDI_AUTO ? FRIBIDI_PAR_ON : FRIBIDI_PAR_LTR;
	size_t len = decode(text, r->points, r->starts), k = 0;
	bool tail = true;

	if (len == 0)
		return false;
	b->types(r->points, (FriBidiStrIndex)len, r->types);
	b->brackets(r->points, (FriBidiStrIndex)len, r->types, r->brackets);
	if (b->levels(r->types, r->brackets, (FriBidiStrIndex)len, &dir, r->levels) == 0)
		return false;
	*rtl = FRIBIDI_IS_RTL(dir);
	for (size_t i = 0; i < n; i++) {
		while (k + 1 < len && r->starts[k + 1] <= cells[i].at)
			k++;
		out[i] = r->levels[k];
	}
	/* Rule L1: blanks at the row's end lie at the end of the paragraph's direction. */
	for (size_t i = n; i-- > 0 && tail;) {
		while (k > 0 && r->starts[k] > cells[i].at)
			k--;
		tail = is_blank(r->points[k]);
		if (tail)
			out[i] = *rtl ? 1 : 0;
	}
	return true;
}

bool
ed_bidi_place(struct ed_bidi *b, struct wn_str text, enum ed_bidi_base base,
	      const struct ed_bidi_cell *cells, size_t n, int *x_out, bool *odd_out, bool *rtl_out)
{
	FriBidiLevel *level;
	size_t *order;
	int x = 0;
	bool done;

	*rtl_out = false;
	if (n == 0 || text.len > POINTS_MAX * 4 || !load(b))
		return false;
	if (!b->room)
		b->room = WN_NEW(struct room);
	level = wn_alloc_array(n, sizeof *level);
	order = wn_alloc_array(n, sizeof *order);
	done = levels_of(b, text, base, cells, n, level, rtl_out);
	if (done)
		lay_out(level, n, order);
	for (size_t i = 0; done && i < n; i++) {
		x_out[order[i]] = x;
		if (odd_out)
			odd_out[order[i]] = level[order[i]] & 1;
		x += cells[order[i]].width;
	}
	wn_free(order);
	wn_free(level);
	return done;
}

uint32_t
ed_bidi_mirror(struct ed_bidi *b, uint32_t cp)
{
	FriBidiChar out = cp;

	return load(b) && b->mirror(cp, &out) ? out : cp;
}
