/*
 * Strings: titles, directory, marks, clipboard (OSC), and the reports of DCS.
 * A text that is no valid UTF-8 is ignored; nothing is echoed back to the child unchecked.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "runtime/shim/vt_priv.h"

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

void
vt_title_push(struct vt *t)
{
	if (t->n_titles < VT_TITLES)
		t->titles[t->n_titles++] = wn_strdup(t->title);
}

void
vt_title_pop(struct vt *t)
{
	if (t->n_titles == 0)
		return;
	wn_free(t->title);
	t->title = t->titles[--t->n_titles];
	t->events.title(t->events.arg);
}

/* OSC 133: where prompts and outputs begin, and how a command ended. */
static void
prompt_mark(struct vt *t, struct wn_str rest)
{
	struct row *row = grid_row(t->grid, t->row);
	struct wn_str kind, code;
	int64_t n = -1;

	if (!wn_str_split(&rest, ';', &kind) || kind.len != 1 || !strchr("ABCD", kind.p[0]))
		return;
	if (kind.p[0] == 'A')
		row->flags |= WN_TR_PROMPT;
	else if (kind.p[0] == 'C')
		row->flags |= WN_TR_OUTPUT;
	grid_touch(t->grid, t->row);
	if (!wn_str_split(&rest, ';', &code) || !wn_str_i64(code, &n) || n < 0 || n > 255)
		n = -1;
	if (t->events.mark)
		t->events.mark(t->events.arg, kind.p[0], (int)n);
}

const char *
vt_link(const struct vt *t, int64_t link)
{
	return link > 0 && (size_t)link <= t->links.v.len ? t->links.v.p[link - 1] : NULL;
}

/* The link's number; the newest are looked at first, as they come in runs. 0: no room. */
static uint16_t
intern_link(struct vt *t, struct wn_str uri)
{
	size_t n = t->links.v.len;

	for (size_t i = n; i > 0 && n - i < 256; i--)
		if (wn_str_is(uri, t->links.v.p[i - 1]))
			return (uint16_t)i;
	if (n == VT_LINKS_MAX || t->links.bytes + uri.len > VT_LINKS_BYTES)
		return 0;
	t->links.bytes += uri.len;
	wn_vec_push(&t->links.v, wn_strndup(uri.p, uri.len));
	return (uint16_t)(n + 1);
}

/* OSC 8 ; parameters ; URI: text from now on is a link, or, with an empty URI, no longer. */
static void
hyperlink(struct vt *t, struct wn_str rest)
{
	struct wn_str params;

	t->pen.link = 0;
	if (wn_str_split(&rest, ';', &params) && rest.p && rest.len > 0 &&
	    rest.len <= VT_LINK_MAX && wn_utf8_valid(rest))
		t->pen.link = intern_link(t, rest);
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
	if (vt_color_osc(t, n, s))
		return;
	if (n == 0 || n == 2) {
		if (keep(&t->title, s, TITLE_MAX))
			t->events.title(t->events.arg);
	} else if (n == 7) {
		if (keep(&t->cwd, s, CWD_MAX))
			t->events.cwd(t->events.arg);
	} else if (n == 8) {
		hyperlink(t, s);
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
	int shape = t->cursor_shape * 2 + (t->modes & VT_BLINK ? 1 : 2);
	const struct {
		const char *name;
		int a, b; /* b 0: there is one number */
	} numbers[] = {
		{ "r", t->top + 1, t->bottom },
		{ "s", t->left + 1, t->right },
		{ " q", shape, 0 },
		{ "\"q", t->pen.attrs & CELL_GUARDED ? 1 : 0, 0 },
		{ "\"p", 60 + t->level, 1 },
		{ "t", t->grid->rows, 0 },
		{ "$|", t->grid->cols, 0 },
		{ "*|", t->grid->rows, 0 },
		{ "*x", t->rect_extent ? 2 : 1, 0 },
	};
	struct wn_buf sgr;

	if (wn_str_is(what, "m")) {
		wn_buf_init(&sgr, 256);
		vt_sgr_print(&t->pen, &sgr);
		vt_reply(t, "\033P1$r%.*sm\033\\", (int)sgr.len, sgr.p);
		wn_buf_fini(&sgr);
		return;
	}
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		if (!wn_str_is(what, numbers[i].name))
			continue;
		if (numbers[i].b)
			vt_reply(t, "\033P1$r%d;%d%s\033\\", numbers[i].a, numbers[i].b,
				 numbers[i].name);
		else
			vt_reply(t, "\033P1$r%d%s\033\\", numbers[i].a, numbers[i].name);
		return;
	}
	vt_reply(t, "\033P0$r\033\\");
}

void
vt_dcs(struct vt *t, struct wn_str s)
{
	if (wn_str_has_prefix(s, WN_STR("$q")))
		report_setting(t, wn_str_sub(s, 2, s.len));
	else if (wn_str_has_prefix(s, WN_STR("+q"))) /* XTGETTCAP: none is known */
		vt_reply(t, "\033P0+r\033\\");
}
