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
#include "tui/embed.h"
#include "tui/term/paint.h"

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

static const struct look *
look_of(struct tui_screen *s, const struct tui_fit *fit, struct tui_style st)
{
	struct look *l = &s->last;
	struct tui_pen p;

	if (l->valid && tui_style_eq(l->style, st))
		return l;
	p = tui_pen_fit(fit, st);
	*l = (struct look){ .style = st, .valid = true, .attr = attrs_of(p.attr) };
	if (s->colors < 8)
		return l;
	l->pair = p.fg < 0 && p.bg < 0 ? 0 : alloc_pair(p.fg, p.bg);
	if (l->pair < 0) {
		s->out_of_pairs = true;
		l->pair = 0;
		l->valid = false;
	}
	return l;
}

static void
put_cell(struct tui_screen *s, const struct tui_fit *fit, bool ascii, int y, int x,
	 const struct tui_cell *c)
{
	const struct look *l = look_of(s, fit, c->style);
	wchar_t text[TUI_GLYPH_MARKS + 2] = { 0 };
	struct tui_glyph g;
	cchar_t cc;
	int pair = l->pair;

	tui_glyph_of(c, ascii, &g);
	for (int i = 0; i < g.n; i++)
		text[i] = (wchar_t)g.cp[i];
	if (setcchar(&cc, text, l->attr, 0, &pair) != OK)
		return;
	mvadd_wch(y, x, &cc);
	if (g.tail != 0) {
		wchar_t t[2] = { (wchar_t)g.tail, 0 };

		if (setcchar(&cc, t, l->attr, 0, &pair) == OK)
			mvadd_wch(y, x + 1, &cc);
	}
}

static void
put_rows(struct tui_screen *s, const struct tui_fit *fit, bool ascii, const struct tui_grid *g)
{
	for (int y = 0; y < g->rows && y < LINES; y++)
		for (int x = 0; x < g->cols && x < COLS; x++) {
			const struct tui_cell *c = tui_grid_at(g, y, x);

			if (c->width > 0)
				put_cell(s, fit, ascii, y, x, c);
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
tui_screen_draw(struct tui_screen *s, const struct tui_fit *fit, bool ascii,
		const struct tui_grid *g, struct wn_buf *out)
{
	set_term(s->sp);
	clearok(stdscr, TRUE);
	s->last.valid = false;
	put_rows(s, fit, ascii, g);
	if (s->out_of_pairs) {
		s->out_of_pairs = false;
		reset_color_pairs();
		s->last.valid = false;
		put_rows(s, fit, ascii, g);
		s->out_of_pairs = false; /* more pairs than one screen can hold: drawn uncoloured */
	}
	wnoutrefresh(stdscr);
	doupdate();
	collect(s, out);
}
