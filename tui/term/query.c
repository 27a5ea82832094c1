/*
 * Taking the terminal over and giving it back, asking what it can do, and hearing the answers.
 * Order and care after the editors that do this well: everything in one write, the first device
 * attributes last as the fence, never waited for; what is pushed after entering the alternate
 * screen is popped before leaving it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/term/private.h"

#define COPY_MAX 74994 /* its base 64 stays under what terminals take in one piece */

static void
modes_on(const struct tui_term *t, struct wn_buf *out)
{
	if (t->caps.mouse)
		wn_buf_cstr(out, "\033[?1000h\033[?1002h\033[?1006h");
	if (t->caps.paste)
		wn_buf_cstr(out, "\033[?2004h");
	if (t->caps.focus)
		wn_buf_cstr(out, "\033[?1004h");
	if (t->caps.kitty)
		wn_buf_cstr(out, "\033[>1u");
}

static void
ask(struct tui_term *t, struct wn_buf *out)
{
	wn_buf_cstr(out, "\033[?2026$p\033[?69$p\033[?u\033]11;?\033\\");
	if (!t->in_mux && !t->colors_fixed && t->caps.colors <= 256) {
		/* does a 24-bit colour come back as it was sent? */
		wn_buf_cstr(out, "\033[48;2;1;2;3m\033P$qm\033\\\033[m");
		t->truecolor_probe = true;
	}
	wn_buf_cstr(out, "\033[c");
}

void
tui_term_enter(struct tui_term *t, bool questions, struct wn_buf *out)
{
	if (strcmp(t->caps.profile, "linux") == 0 || strcmp(t->caps.profile, "plain") == 0)
		wn_buf_cstr(out, "\0337\033[?25l\033[H\033[2J");
	else if (questions && t->caps.mouse)
		wn_buf_cstr(out, "\033[?6n\033[22;0t\033[?1049h\033[?25l\033[H\033[2J");
	else
		wn_buf_cstr(out, "\033[22;0t\033[?1049h\033[?25l\033[H\033[2J");
	modes_on(t, out);
	if (questions && t->caps.mouse)
		ask(t, out);
	else
		t->caps.answered = true;
	t->spoiled = true;
}

void
tui_term_leave(struct tui_term *t, struct wn_buf *out)
{
	wn_buf_cstr(out, "\033[r\033[m");
	if (t->caps.sync)
		wn_buf_cstr(out, "\033[?2026l");
	if (t->caps.margins)
		wn_buf_cstr(out, "\033[?69l");
	if (t->caps.kitty)
		wn_buf_cstr(out, "\033[<u");
	if (t->caps.mouse)
		wn_buf_cstr(out, "\033[?1006l\033[?1002l\033[?1000l");
	if (t->caps.paste)
		wn_buf_cstr(out, "\033[?2004l");
	if (t->caps.focus)
		wn_buf_cstr(out, "\033[?1004l");
	if (strcmp(t->caps.profile, "linux") == 0 || strcmp(t->caps.profile, "plain") == 0)
		wn_buf_cstr(out, "\033[H\033[2J\0338");
	else
		wn_buf_cstr(out, "\033[?1049l\033[23;0t");
	/* Some have one saved cursor for both screens, and it is in use while we draw. */
	if (t->home_row > 0)
		wn_buf_printf(out, "\033[%d;%dH", t->home_row, t->home_col);
	t->home_row = 0;
	/* Last: some terminals bring a hidden cursor back with the saved position. */
	wn_buf_cstr(out, "\033[?25h");
}

/* "rgb:RRRR/GGGG/BBBB" (1 to 4 digits each) to brightness 0..1; negative: not that. */
static double
brightness(struct wn_str s)
{
	unsigned v[3], max[3];
	int at = 0;
	char buf[64];

	if (s.len >= sizeof buf)
		return -1;
	memcpy(buf, s.p, s.len);
	buf[s.len] = '\0';
	if (strncmp(buf, "rgb:", 4) != 0 && strncmp(buf, "rgba:", 5) != 0)
		return -1;
	for (char *p = strchr(buf, ':') + 1; at < 3; at++) {
		char *end;
		unsigned long x = strtoul(p, &end, 16);

		if (end == p || end - p > 4)
			return -1;
		v[at] = (unsigned)x;
		max[at] = (1u << (4 * (unsigned)(end - p))) - 1;
		p = *end == '/' ? end + 1 : end;
	}
	return 0.299 * v[0] / max[0] + 0.587 * v[1] / max[1] + 0.114 * v[2] / max[2];
}

static bool
on_osc(struct tui_term *t, struct wn_str s)
{
	double b;

	if (!wn_str_has_prefix(s, WN_STR("11;")))
		return false;
	b = brightness(wn_str_sub(s, 3, s.len));
	if (b < 0)
		return false;
	t->caps.dark = b < 0.5 ? TUI_DARK : TUI_LIGHT;
	return true;
}

/* DECRPSS "1$r...m": the pen came back with our 24-bit background. */
static bool
on_dcs(struct tui_term *t, struct wn_str s)
{
	bool semicolon = wn_str_find(s, WN_STR("48;2;1;2;3")) >= 0;
	bool colon = wn_str_find(s, WN_STR("48:2:1:2:3")) >= 0 ||
		     wn_str_find(s, WN_STR("48:2::1:2:3")) >= 0;

	if (!t->truecolor_probe || !(semicolon || colon) || t->caps.colors > 256)
		return false;
	t->caps.colors = 1 << 24;
	return true;
}

static void
on_mode(struct tui_term *t, const struct tui_reply *r)
{
	bool usable = r->n >= 2 && (r->param[1] == 1 || r->param[1] == 2);

	if (r->param[0] == 2026)
		t->caps.sync = usable;
	else if (r->param[0] == 69)
		t->caps.margins = usable;
}

bool
tui_term_reply(struct tui_term *t, const struct tui_reply *r, struct wn_buf *out)
{
	if (r->kind == TUI_REPLY_OSC)
		return on_osc(t, r->text);
	if (r->kind == TUI_REPLY_DCS) {
		if (!on_dcs(t, r->text))
			return false;
		tui_screen_free(t->screen);
		t->screen = tui_screen_new(&t->caps, t->rows, t->cols, NULL);
		t->spoiled = true;
		return true;
	}
	if (r->prefix != '?')
		return false;
	if (r->final == 'y' && r->inter == '$') {
		on_mode(t, r);
	} else if (r->final == 'u' && !t->caps.kitty) {
		t->caps.kitty = true; /* it knows the question, so it knows the push */
		wn_buf_cstr(out, "\033[>1u");
	} else if (r->final == 'R' && r->n >= 2) {
		t->home_row = r->param[0];
		t->home_col = r->param[1];
	} else if (r->final == 'c') {
		t->caps.answered = true;
	} else if (r->final == 'n' && r->param[0] == 997 && r->n > 1) {
		t->caps.dark = r->param[1] == 2 ? TUI_LIGHT : TUI_DARK;
		return true;
	}
	return false;
}

void
tui_term_title(struct tui_term *t, const char *title, struct wn_buf *out)
{
	if (!t->caps.mouse)
		return;
	wn_buf_cstr(out, "\033]2;");
	for (const char *p = title; *p != '\0'; p++)
		if ((unsigned char)*p >= 0x20 && *p != 0x7F)
			wn_buf_chr(out, *p);
	wn_buf_cstr(out, "\033\\");
}

bool
tui_term_copy(struct tui_term *t, struct wn_str s, struct wn_buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	if (!t->caps.clipboard || s.len > COPY_MAX)
		return false;
	wn_buf_cstr(out, "\033]52;c;");
	for (size_t i = 0; i < s.len; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)s.p[i] << 16;

		if (i + 1 < s.len)
			v |= (uint32_t)(unsigned char)s.p[i + 1] << 8;
		if (i + 2 < s.len)
			v |= (unsigned char)s.p[i + 2];
		wn_buf_chr(out, digits[v >> 18]);
		wn_buf_chr(out, digits[v >> 12 & 63]);
		wn_buf_chr(out, i + 1 < s.len ? digits[v >> 6 & 63] : '=');
		wn_buf_chr(out, i + 2 < s.len ? digits[v & 63] : '=');
	}
	wn_buf_cstr(out, "\033\\");
	return true;
}
