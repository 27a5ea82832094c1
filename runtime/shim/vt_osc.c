/*
 * Strings: titles, directory, colours asked for, clipboard (OSC), and the reports of DCS.
 * A text that is no valid UTF-8 is ignored; nothing is echoed back to the child unchecked.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "runtime/shim/vt.h"

#define TITLE_MAX 512
#define CWD_MAX 4096

static bool
keep(char **to, struct wn_str s, size_t max)
{
	if (s.len > max || !wn_utf8_valid(s) || wn_str_eq(wn_str(*to), s))
		return false;
	wn_free(*to);
	*to = wn_strndup(s.p, s.len);
	return true;
}

static void
report_color(struct vt *t, const char *code, uint32_t c)
{
	unsigned r = c >> 16 & 0xFF, g = c >> 8 & 0xFF, b = c & 0xFF;

	vt_reply(t, "\033]%s;rgb:%02x%02x/%02x%02x/%02x%02x\033\\", code, r, r, g, g, b, b);
}

/* xterm's 256 colours. */
static uint32_t
palette(int n)
{
	static const uint32_t low[] = { 0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD,
					0x00CDCD, 0xE5E5E5, 0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00,
					0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF };
	static const unsigned step[] = { 0, 95, 135, 175, 215, 255 };

	if (n < 16)
		return low[n];
	if (n >= 232)
		return (uint32_t)(8 + (n - 232) * 10) * 0x010101u;
	n -= 16;
	return step[n / 36] << 16 | step[n / 6 % 6] << 8 | step[n % 6];
}

static void
ask_palette(struct vt *t, struct wn_str rest)
{
	struct wn_str index;
	int64_t n;
	char code[8];

	if (!wn_str_split(&rest, ';', &index) || !wn_str_i64(index, &n) || n < 0 || n > 255 ||
	    !wn_str_is(rest, "?"))
		return;
	snprintf(code, sizeof code, "4;%d", (int)n);
	report_color(t, code, palette((int)n));
}

/* OSC 133: where prompts and outputs begin. */
static void
prompt_mark(struct vt *t, struct wn_str rest)
{
	struct row *row = grid_row(t->grid, t->row);

	if (rest.len && rest.p[0] == 'A')
		row->flags |= WN_TR_PROMPT;
	else if (rest.len && rest.p[0] == 'C')
		row->flags |= WN_TR_OUTPUT;
	grid_touch(t->grid, t->row);
}

static void
clipboard(struct vt *t, struct wn_str rest)
{
	struct wn_str target;

	/* reading it is never answered: output of a program must not fetch what was copied */
	if (wn_str_split(&rest, ';', &target) && rest.p && !wn_str_is(rest, "?"))
		t->events.clipboard(t->events.arg, rest);
}

void
vt_osc(struct vt *t, struct wn_str s)
{
	struct wn_str code;
	int64_t n;

	if (!wn_str_split(&s, ';', &code) || !wn_str_i64(code, &n))
		return;
	if (!s.p)
		s = WN_STR("");
	if (n == 0 || n == 2) {
		if (keep(&t->title, s, TITLE_MAX))
			t->events.title(t->events.arg);
	} else if (n == 4) {
		ask_palette(t, s);
	} else if (n == 7) {
		if (keep(&t->cwd, s, CWD_MAX))
			t->events.cwd(t->events.arg);
	} else if ((n == 10 || n == 11) && wn_str_is(s, "?")) {
		report_color(t, n == 10 ? "10" : "11", n == 10 ? t->color_fg : t->color_bg);
	} else if (n == 52) {
		clipboard(t, s);
	} else if (n == 133) {
		prompt_mark(t, s);
	}
}

/* DECRQSS: what is set. */
static void
report_setting(struct vt *t, struct wn_str what)
{
	struct wn_buf sgr;

	if (wn_str_is(what, "m")) {
		wn_buf_init(&sgr, 256);
		vt_sgr_print(&t->pen, &sgr);
		vt_reply(t, "\033P1$r%.*sm\033\\", (int)sgr.len, sgr.p);
		wn_buf_fini(&sgr);
	} else if (wn_str_is(what, "r")) {
		vt_reply(t, "\033P1$r%d;%dr\033\\", t->top + 1, t->bottom);
	} else if (wn_str_is(what, "s")) {
		vt_reply(t, "\033P1$r%d;%ds\033\\", t->left + 1, t->right);
	} else if (wn_str_is(what, " q")) {
		vt_reply(t, "\033P1$r%d q\033\\",
			 t->cursor_shape * 2 + (t->modes & VT_BLINK ? 1 : 2));
	} else if (wn_str_is(what, "\"q")) {
		vt_reply(t, "\033P1$r%d\"q\033\\", t->pen.attrs & CELL_GUARDED ? 1 : 0);
	} else {
		vt_reply(t, "\033P0$r\033\\");
	}
}

void
vt_dcs(struct vt *t, struct wn_str s)
{
	if (wn_str_has_prefix(s, WN_STR("$q")))
		report_setting(t, wn_str_sub(s, 2, s.len));
	else if (wn_str_has_prefix(s, WN_STR("+q"))) /* XTGETTCAP: none is known */
		vt_reply(t, "\033P0+r\033\\");
}
