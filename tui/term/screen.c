/*
 * The curses side: a screen on a memory file. Nothing else includes curses.
 *
 * Pairs: 65,536 distinct pairs exhaust ncurses, and later cells would silently not be drawn; then
 * all pairs are forgotten and the whole screen is painted again.
 */
#include <curses.h>

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#include "runtime/base/hash.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/embed.h"
#include "tui/term/private.h"

#define MARKS_MAX 4 /* CCHARW_MAX - 1: combining characters ncurses keeps in a cell */

/* The last look asked for, so that runs of one style cost one comparison. */
struct look {
	struct tui_style style;
	attr_t attr;
	int pair;
	bool valid;
};

struct tui_screen {
	SCREEN *sp;
	FILE *out, *in;
	int fd; /* memory file behind out */
	int colors;
	bool out_of_pairs;
	struct tui_style base; /* what default colours stand for */
	bool light;
	struct look last;
};

/* Widths come from the C library's tables, so the locale must be a UTF-8 one. */
static void
utf8_locale(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static const char *
entry_name(const struct tui_caps *c, char *buf, size_t n)
{
	const char *colors = c->colors > 256	? "direct"
			     : c->colors == 256 ? "256"
			     : c->colors == 16	? "16"
			     : c->colors == 8	? "8"
						: "1";

	snprintf(buf, n, "wn-%s-%s", c->profile, colors);
	return buf;
}

/* ncurses reads an entry given in hexadecimal through TERMINFO: no file is needed. */
static char *
entry_hex(const char *entry)
{
	char name[96];
	struct wn_str data;
	char *hex;

	snprintf(name, sizeof name, "terminfo/%s", entry);
	data = tui_embedded(name);
	if (data.p == NULL)
		return NULL;
	hex = wn_alloc(data.len * 2 + 8);
	snprintf(hex, 5, "hex:");
	wn_hex((const unsigned char *)data.p, data.len, hex + 4);
	for (char *p = hex + 4; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'f')
			*p = (char)(*p - 'a' + 'A');
	return hex;
}

/* Sets a variable for newterm() and gives back what was there. */
static char *
env_swap(const char *name, const char *value)
{
	char *old = wn_strdup(getenv(name));

	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
	return old;
}

static void
env_back(const char *name, char *old)
{
	if (old != NULL)
		setenv(name, old, 1);
	else
		unsetenv(name);
	wn_free(old);
}

static bool
open_screen(struct tui_screen *s, const char *entry, int rows, int cols)
{
	char lines[16], columns[16];
	char *hex = entry_hex(entry), *info, *l, *c;

	if (hex == NULL)
		return false;
	snprintf(lines, sizeof lines, "%d", rows);
	snprintf(columns, sizeof columns, "%d", cols);
	info = env_swap("TERMINFO", hex);
	l = env_swap("LINES", lines);
	c = env_swap("COLUMNS", columns);
	s->sp = newterm(entry, s->out, s->in);
	env_back("TERMINFO", info);
	env_back("LINES", l);
	env_back("COLUMNS", c);
	wn_free(hex);
	return s->sp != NULL;
}

struct tui_screen *
tui_screen_new(const struct tui_caps *caps, int rows, int cols, struct wn_diag *d)
{
	struct tui_screen *s = WN_NEW(struct tui_screen);
	char entry[64];

	utf8_locale();
	s->fd = memfd_create("frame", MFD_CLOEXEC);
	s->out = s->fd >= 0 ? fdopen(s->fd, "w") : NULL;
	s->in = fopen("/dev/null", "re");
	s->colors = caps->colors;
	if (s->out == NULL || s->in == NULL ||
	    !open_screen(s, entry_name(caps, entry, sizeof entry), rows, cols)) {
		wn_fail(d, WN_E_TERMINAL, "the screen could not be set up (%s)", entry);
		tui_screen_free(s);
		return NULL;
	}
	if (caps->colors >= 8) {
		start_color();
		use_default_colors();
	}
	typeahead(-1);
	idlok(stdscr, TRUE);
	idcok(stdscr, TRUE);
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	return s;
}

void
tui_screen_free(struct tui_screen *s)
{
	if (s == NULL)
		return;
	if (s->sp != NULL) {
		set_term(s->sp);
		endwin();
		delscreen(s->sp);
	}
	if (s->out != NULL)
		fclose(s->out);
	else if (s->fd >= 0)
		close(s->fd);
	if (s->in != NULL)
		fclose(s->in);
	wn_free(s);
}

void
tui_screen_resize(struct tui_screen *s, int rows, int cols)
{
	set_term(s->sp);
	resizeterm(rows, cols);
}

void
tui_screen_base(struct tui_screen *s, struct tui_style base, bool light)
{
	s->base = base;
	s->light = light;
}

static attr_t
attrs_of(uint32_t a)
{
	attr_t out = A_NORMAL;

	if (a & TUI_BOLD)
		out |= A_BOLD;
	if (a & TUI_DIM)
		out |= A_DIM;
	if (a & TUI_ITALIC)
		out |= A_ITALIC;
	if (a & TUI_UNDERLINE)
		out |= A_UNDERLINE;
	if (a & TUI_REVERSE)
		out |= A_REVERSE;
	return out;
}

/* Greys in the middle, which eight colours do not have: the readable one of the two. */
static int
fit_fg(const struct tui_screen *s, uint32_t color)
{
	int v = tui_color_fit(color, s->colors);

	if (s->colors == 8 && (color & TUI_COLOR_RGB) && (v == 0 || v == 7)) {
		int max = (int)(color >> 8 & 255);

		if (max > 0x38 && max < 0xC0)
			v = s->light ? 0 : 7;
	}
	return v;
}

static const struct look *
look_of(struct tui_screen *s, struct tui_style st)
{
	struct look *l = &s->last;
	int fg, bg;

	if (l->valid && tui_style_eq(l->style, st))
		return l;
	*l = (struct look){ .style = st, .valid = true, .attr = attrs_of(st.attr) };
	if (s->colors < 8)
		return l;
	fg = fit_fg(s, st.fg == TUI_COLOR_DEFAULT ? s->base.fg : st.fg);
	bg = tui_color_fit(st.bg == TUI_COLOR_DEFAULT ? s->base.bg : st.bg, s->colors);
	if (s->colors <= 16 && fg == bg && fg >= 0)
		fg = fg == 0 ? 7 : 0; /* two tones fell on one colour: stay readable */
	l->pair = fg < 0 && bg < 0 ? 0 : alloc_pair(fg, bg);
	if (l->pair < 0) {
		s->out_of_pairs = true;
		l->pair = 0;
		l->valid = false;
	}
	return l;
}

/* Box drawing for terminals without the characters. */
static wchar_t
plain_char(uint32_t cp)
{
	if (cp < 0x80)
		return (wchar_t)cp;
	if (cp == 0x2502)
		return L'|';
	if (cp == 0x2500)
		return L'-';
	if (cp >= 0x2500 && cp < 0x2580)
		return L'+';
	return L'?';
}

/*
 * What ncurses is given for a cell. It counts columns with wcwidth(), which knows less than we do:
 * where the two differ, characters are chosen so that both agree on the columns. wide_tail is the
 * character for the second column, or 0.
 */
static void
cell_chars(const struct tui_cell *c, bool ascii, wchar_t out[MARKS_MAX + 2], wchar_t *wide_tail)
{
	struct wn_str s = wn_strn(c->text, c->len);
	uint32_t cp = ' ';
	size_t n = s.len > 0 ? wn_utf8_decode(s.p, s.len, &cp) : 0;
	int marks = 0, w;

	*wide_tail = 0;
	if (cp == WN_UTF8_BAD)
		cp = 0xFFFD;
	w = wcwidth((wchar_t)cp);
	if (ascii || w < 1 || w > c->width) {
		out[0] = ascii ? plain_char(cp) : 0xFFFD;
		out[1] = 0;
		*wide_tail = c->width == 2 ? L' ' : 0;
		return;
	}
	out[0] = (wchar_t)cp;
	if (w < c->width)
		*wide_tail = L' ';
	for (s = wn_str_sub(s, n, s.len); s.len > 0; s = wn_str_sub(s, n, s.len)) {
		n = wn_utf8_decode(s.p, s.len, &cp);
		w = cp == WN_UTF8_BAD ? -1 : wcwidth((wchar_t)cp);
		if (w == 1 && *wide_tail == L' ')
			*wide_tail = (wchar_t)cp; /* two halves of a flag */
		else if (w == 0 && *wide_tail == 0 && marks < MARKS_MAX && cp != 0x200D &&
			 cp != 0xFE0F)
			out[1 + marks++] = (wchar_t)cp;
		else
			break;
	}
	out[1 + marks] = 0;
}

static void
put_cell(struct tui_screen *s, bool ascii, int y, int x, const struct tui_cell *c)
{
	const struct look *l = look_of(s, c->style);
	wchar_t text[MARKS_MAX + 2], tail;
	cchar_t cc;
	int pair = l->pair;

	cell_chars(c, ascii, text, &tail);
	if (setcchar(&cc, text, l->attr, 0, &pair) != OK)
		return;
	mvadd_wch(y, x, &cc);
	if (tail != 0) {
		wchar_t t[2] = { tail, 0 };

		if (setcchar(&cc, t, l->attr, 0, &pair) == OK)
			mvadd_wch(y, x + 1, &cc);
	}
}

static void
put_rows(struct tui_screen *s, const struct tui_caps *caps, struct tui_grid *g, bool all)
{
	for (int y = 0; y < g->rows && y < LINES; y++) {
		int lo = all ? 0 : g->damage[y].lo, hi = all ? g->cols : g->damage[y].hi;

		if (lo >= hi)
			continue;
		if (lo > 0 && tui_grid_at(g, y, lo)->width == 0)
			lo--;
		for (int x = lo; x < hi && x < COLS; x++) {
			const struct tui_cell *c = tui_grid_at(g, y, x);

			if (c->width > 0)
				put_cell(s, caps->ascii, y, x, c);
		}
	}
}

/* Moves what curses wrote to the memory file into out. */
static void
collect(struct tui_screen *s, struct wn_buf *out)
{
	off_t n;
	char *p;

	fflush(s->out);
	n = lseek(s->fd, 0, SEEK_CUR);
	if (n <= 0)
		return;
	p = wn_buf_reserve(out, (size_t)n);
	if (p != NULL && pread(s->fd, p, (size_t)n, 0) == (ssize_t)n)
		wn_buf_commit(out, tui_sgr_tidy(p, (size_t)n));
	if (ftruncate(s->fd, 0) == 0)
		lseek(s->fd, 0, SEEK_SET);
}

void
tui_screen_draw(struct tui_screen *s, const struct tui_caps *caps, struct tui_grid *g, bool all,
		int row, int col, struct wn_buf *out)
{
	set_term(s->sp);
	if (all)
		clearok(stdscr, TRUE);
	s->last.valid = false;
	put_rows(s, caps, g, all);
	if (s->out_of_pairs) {
		s->out_of_pairs = false;
		reset_color_pairs();
		s->last.valid = false;
		clearok(stdscr, TRUE);
		put_rows(s, caps, g, true);
		s->out_of_pairs = false; /* more pairs than one screen can hold: drawn uncoloured */
	}
	curs_set(row < 0 ? 0 : 1);
	if (row >= 0)
		move(row < LINES ? row : LINES - 1, col < COLS ? col : COLS - 1);
	wnoutrefresh(stdscr);
	doupdate();
	collect(s, out);
}
