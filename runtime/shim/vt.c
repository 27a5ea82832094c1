/*
 * Cuts the child's output into text, controls, sequences and strings, so that a piece
 * of any size gives the same result, and hands each to its file. Nothing unknown passes.
 */
#include "runtime/shim/vt_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"

void
vt_tabs_reset(struct vt *t)
{
	memset(t->tabs, 0x01, sizeof t->tabs); /* every eighth column */
}

void
vt_init(struct vt *t, struct grid *grid, const struct vt_events *events)
{
	*t = (struct vt){ .grid = grid, .events = *events };
	t->title = wn_strdup("");
	t->cwd = wn_strdup("");
	t->color_fg = 0xD8D8D8;
	t->color_bg = 0x181818;
	wn_buf_init(&t->str, VT_STR_MAX);
	t->vterm = vterm_new(grid->rows, grid->cols);
	vt_engine_start(t);
	vt_reset(t, true);
}

void
vt_fini(struct vt *t)
{
	vterm_free(t->vterm);
	wn_buf_fini(&t->str);
	wn_free(t->title);
	while (t->n_titles > 0)
		wn_free(t->titles[--t->n_titles]);
	wn_free(t->cwd);
	for (size_t i = 0; i < t->links.v.len; i++)
		wn_free(t->links.v.p[i]);
	wn_vec_fini(&t->links.v);
}

void
vt_reply(struct vt *t, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (n > 0 && (size_t)n < sizeof text)
		t->events.reply(t->events.arg, text, (size_t)n);
}

uint32_t
vt_wire_modes(const struct vt *t)
{
	static const struct {
		uint32_t ours, wire;
	} map[] = {
		{ VT_CURSOR, WN_TM_CURSOR },   { VT_PASTE, WN_TM_PASTE },
		{ VT_FOCUS, WN_TM_FOCUS },     { VT_APP_CURSOR, WN_TM_APP_CURSOR },
		{ VT_REVERSE, WN_TM_REVERSE }, { VT_BLINK, WN_TM_CURSOR_BLINK },
		{ VT_MOUSE_X10, 1 << 8 },      { VT_MOUSE_CLICK, 1 << 8 },
		{ VT_MOUSE_DRAG, 2 << 8 },     { VT_MOUSE_MOVE, 3 << 8 },
	};
	uint32_t out = 0;

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		if (t->modes & map[i].ours)
			out |= map[i].wire;
	return out;
}

/* ---- controls ---- */

static void
control(struct vt *t, unsigned char c)
{
	switch (c) {
	case '\a':
		t->bells++;
		t->events.bell(t->events.arg);
		return;
	case '\b':
		vt_left(t, 1);
		return;
	case '\t':
		vt_tab_forward(t, 1);
		return;
	case '\n':
	case '\v':
	case '\f':
		vt_linefeed(t);
		if (!(t->modes & VT_NEWLINE))
			return;
		/* fallthrough */
	case '\r':
		vt_carriage_return(t);
		return;
	case 0x0E:
		t->gl = 1;
		return;
	case 0x0F:
		t->gl = 0;
		return;
	default:
		return;
	}
}

/* ---- escape sequences without parameters ---- */

static void
set_tab(struct vt *t)
{
	t->tabs[t->col / 8] |= (unsigned char)(1 << (t->col % 8));
}

/* What came with the VT420 and ISO 6429. */
static void
escape_later(struct vt *t, char c)
{
	switch (c) {
	case '6':
	case '9':
		vt_column_index(t, c == '9');
		break;
	case 'V': /* SPA, EPA: guarded from every erase, not from the selective one alone */
		t->pen.attrs |= CELL_GUARDED;
		t->iso_guard = true;
		break;
	case 'W':
		t->pen.attrs &= (uint16_t)~CELL_GUARDED;
		break;
	case 'Z':
		vt_attributes_report(t, &(struct vt_csi){ .n = 1, .p = { -1 } });
		break;
	default:
		break;
	}
}

static void
escape_plain(struct vt *t, char c)
{
	switch (c) {
	case '7':
		vt_save_cursor(t);
		break;
	case '8':
		vt_restore_cursor(t);
		break;
	case '=':
		t->modes |= VT_APP_KEYPAD;
		break;
	case '>':
		t->modes &= ~(uint32_t)VT_APP_KEYPAD;
		break;
	case 'D':
		vt_linefeed(t);
		break;
	case 'E':
		vt_linefeed(t);
		control(t, '\r');
		break;
	case 'H':
		set_tab(t);
		break;
	case 'M':
		vt_reverse_index(t);
		break;
	case 'N':
	case 'O':
		t->single = c == 'N' ? 2 : 3;
		break;
	case 'c':
		vt_reset(t, true);
		break;
	case 'n':
	case 'o':
		t->gl = c == 'n' ? 2 : 3;
		break;
	default:
		escape_later(t, c);
		break;
	}
}

static void
align_test(struct vt *t)
{
	static const struct wn_tstyle plain;

	t->top = t->left = 0;
	t->bottom = t->grid->rows;
	t->right = t->grid->cols;
	vt_engine_do(t, "\033[r");
	t->row = t->col = 0;
	t->wrap_due = false;
	for (int r = 0; r < t->grid->rows; r++)
		for (int c = 0; c < t->grid->cols; c++)
			grid_put_ascii(t->grid, r, c, "E", 1, &plain);
}

static void
escape_done(struct vt *t, char final)
{
	if (t->seq_len == 0)
		escape_plain(t, final);
	else if (t->seq[0] == '#' && final == '8')
		align_test(t);
	else if (t->seq_len == 1 && t->seq[0] >= '(' && t->seq[0] <= '+')
		t->charset[t->seq[0] - '('] = (uint8_t) final;
}

/* ---- control sequences ---- */

static bool
csi_split(const char *p, size_t n, struct vt_csi *c)
{
	size_t i = 0;

	*c = (struct vt_csi){ .final = p[n - 1] };
	if (p[0] >= '<' && p[0] <= '?')
		c->leader = p[i++];
	c->p[0] = -1;
	c->n = 1;
	for (; i < n - 1; i++) {
		int *v = &c->p[c->n - 1];

		if (p[i] >= '0' && p[i] <= '9') {
			*v = (*v < 0 ? 0 : *v) * 10 + (p[i] - '0');
			if (*v > 65535)
				*v = 65535;
		} else if (p[i] == ';' || p[i] == ':') {
			if (c->n == VT_PARAM_MAX)
				return false;
			c->p[c->n] = -1;
			c->sub[c->n++] = p[i] == ':';
		} else if (p[i] >= 0x20 && p[i] <= 0x2F && !c->inter) {
			c->inter = p[i];
		} else {
			return false;
		}
	}
	return true;
}

static void
csi_done(struct vt *t)
{
	struct vt_csi c;

	if (csi_split(t->seq, t->seq_len, &c))
		vt_csi_run(t, &c);
}

static void
string_done(struct vt *t)
{
	int kind = t->token;

	t->token = T_GROUND;
	if (t->str.err)
		return;
	if (kind == T_OSC)
		vt_osc(t, wn_buf_view(&t->str));
	else if (kind == T_DCS)
		vt_dcs(t, wn_buf_view(&t->str));
}

/* ---- tokenizer ---- */

static void
begin_string(struct vt *t, int kind)
{
	t->token = kind;
	t->str_esc = false;
	wn_buf_clear(&t->str);
}

static void
after_esc(struct vt *t, unsigned char c)
{
	t->token = T_GROUND;
	t->seq_len = 0;
	if (c >= 0x20 && c <= 0x2F) {
		t->seq[t->seq_len++] = (char)c;
		t->token = T_ESC_INTER;
	} else if (c == '[') {
		t->token = T_CSI;
	} else if (c == ']') {
		begin_string(t, T_OSC);
	} else if (c == 'P') {
		begin_string(t, T_DCS);
	} else if (c == 'X' || c == '^' || c == '_') {
		begin_string(t, T_SKIP_STR);
	} else if (c < 0x7F) {
		escape_done(t, (char)c);
	}
}

/* A byte inside an escape or control sequence. */
static void
in_sequence(struct vt *t, unsigned char c)
{
	if (c == 0x7F)
		return;
	if (t->token == T_ESC) {
		after_esc(t, c);
		return;
	}
	if (c >= 0x80) { /* no sequence holds such a byte */
		t->token = T_GROUND;
		return;
	}
	if (t->seq_len == VT_SEQ_MAX)
		t->token = t->token == T_ESC_INTER ? T_GROUND : T_CSI_SKIP;
	else
		t->seq[t->seq_len++] = (char)c;
	if (t->token == T_ESC_INTER && c >= 0x30) {
		t->token = T_GROUND;
		t->seq_len--;
		escape_done(t, (char)c);
	} else if (t->token >= T_CSI && c >= 0x40) {
		bool whole = t->token == T_CSI;

		t->token = T_GROUND;
		if (whole)
			csi_done(t);
	}
}

/* Eats a part of a string; returns how much. */
static size_t
in_string(struct vt *t, const char *p, size_t n)
{
	size_t i = 0;

	if (t->str_esc) {
		t->str_esc = false;
		if (p[0] == '\\') {
			t->str_bell = false;
			string_done(t);
			return 1;
		}
		t->token = T_ESC; /* the string was cut short */
		return 0;
	}
	while (i < n && (unsigned char)p[i] >= 0x20)
		i++;
	if (t->token != T_SKIP_STR)
		wn_buf_add(&t->str, p, i);
	if (i == n)
		return n;
	if (p[i] == 0x1B) {
		t->str_esc = true;
	} else if (p[i] == '\a' && t->token == T_OSC) {
		t->str_bell = true;
		string_done(t);
	} else if (p[i] == 0x18 || p[i] == 0x1A) {
		t->token = T_GROUND;
	}
	return i + 1;
}

static void
begun_character_ends(struct vt *t)
{
	t->part_len = 0;
	vt_text(t, "\xEF\xBF\xBD", 3);
}

/* One byte below space, in any state but a string. */
static void
any_control(struct vt *t, unsigned char c)
{
	if (t->part_len)
		begun_character_ends(t);
	if (c == 0x1B) {
		t->token = T_ESC;
		t->seq_len = 0;
	} else if (c == 0x18 || c == 0x1A) {
		t->token = T_GROUND;
	} else {
		control(t, c);
	}
}

/* The middle of a control sequence comes in one piece mostly. */
static size_t
in_csi(struct vt *t, const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && (unsigned char)p[i] >= 0x20 && (unsigned char)p[i] < 0x40 &&
	       t->seq_len < VT_SEQ_MAX)
		t->seq[t->seq_len++] = p[i++];
	if (i > 0)
		return i;
	in_sequence(t, (unsigned char)*p);
	return 1;
}

void
vt_feed(struct vt *t, const char *p, size_t n)
{
	while (n) {
		size_t used = 1;

		if (t->token >= T_OSC)
			used = in_string(t, p, n);
		else if ((unsigned char)*p < 0x20)
			any_control(t, (unsigned char)*p);
		else if (t->token == T_GROUND)
			used = vt_text(t, p, n);
		else if (t->token == T_CSI)
			used = in_csi(t, p, n);
		else
			in_sequence(t, (unsigned char)*p);
		p += used;
		n -= used;
	}
}
