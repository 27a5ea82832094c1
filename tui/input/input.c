/*
 * The state machine of the decoder: which bytes belong together. What a whole sequence
 * means is in input/sequence.c. Sequences: ECMA-48 and ctlseqs of xterm; the kitty
 * keyboard protocol's page.
 */
#include "tui/input/input.h"

#include <string.h>

#include "runtime/base/utf8.h"
#include "tui/input/sequence.h"

#define ESC 0x1B
#define PASTE_CHUNK 65536
#define WAIT_ESC_MS 25
#define WAIT_SEQ_MS 500

static const char paste_end[] = "\033[201~";

void
tui_input_init(struct tui_input *in, tui_event_fn emit, void *arg)
{
	*in = (struct tui_input){ .emit = emit, .arg = arg };
	wn_buf_init(&in->seq, TUI_INPUT_SEQ_MAX);
	wn_buf_init(&in->paste, PASTE_CHUNK + 16);
}

void
tui_input_fini(struct tui_input *in)
{
	wn_buf_fini(&in->seq);
	wn_buf_fini(&in->paste);
}

static void
restart(struct tui_input *in, enum tui_input_state st)
{
	in->state = st;
	in->overflow = false;
	wn_buf_clear(&in->seq);
}

static void
to_ground(struct tui_input *in)
{
	restart(in, TUI_IN_GROUND);
	in->alt = false;
}

static void
keep(struct tui_input *in, char c)
{
	if (wn_buf_chr(&in->seq, c) != 0)
		in->overflow = true;
}

/* ---- paste ---- */

static void
paste_flush(struct tui_input *in, bool end)
{
	struct tui_event ev = { .type = TUI_EV_PASTE };

	if (in->paste.len == 0 && !end)
		return;
	ev.paste = wn_buf_view(&in->paste);
	if (ev.paste.p == NULL)
		ev.paste = WN_STR("");
	ev.paste_begin = in->paste_first;
	ev.paste_end = end;
	in->paste_first = false;
	in->emit(in->arg, &ev);
	wn_buf_clear(&in->paste);
}

static void
paste_add(struct tui_input *in, char c)
{
	bool cr = in->paste_cr;

	in->paste_cr = c == '\r';
	if (c == '\n' && cr)
		return;
	wn_buf_chr(&in->paste, c == '\r' ? '\n' : c);
	if (in->paste.len >= PASTE_CHUNK)
		paste_flush(in, false);
}

static void
paste_byte(struct tui_input *in, char c)
{
	if (c == paste_end[in->paste_match]) {
		if (++in->paste_match == sizeof paste_end - 1) {
			paste_flush(in, true);
			to_ground(in);
		}
		return;
	}
	for (size_t i = 0, n = in->paste_match; i < n; i++)
		paste_add(in, paste_end[i]);
	in->paste_match = 0;
	if (c == paste_end[0])
		in->paste_match = 1;
	else
		paste_add(in, c);
}

static void
paste_start(struct tui_input *in)
{
	restart(in, TUI_IN_PASTE);
	in->alt = false;
	in->paste_first = true;
	in->paste_cr = false;
	in->paste_match = 0;
	wn_buf_clear(&in->paste);
}

/* ---- text ---- */

static size_t
utf8_need(unsigned char c)
{
	return c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
}

static void feed_byte(struct tui_input *in, char c);

/* Decodes the gathered bytes once they are enough or cannot become valid. */
static void
utf8_byte(struct tui_input *in, char c)
{
	char rest[4];
	uint32_t cp;
	size_t n, len;
	bool alt = in->alt;

	keep(in, c);
	len = in->seq.len;
	if (len == 1 ? (unsigned char)c >= 0xC2 && (unsigned char)c < 0xF5
		     : ((unsigned char)c & 0xC0) == 0x80 &&
			       len < utf8_need((unsigned char)in->seq.p[0]))
		return;
	n = wn_utf8_decode(in->seq.p, len, &cp);
	memcpy(rest, in->seq.p, len);
	to_ground(in);
	tui_seq_char(in, cp == WN_UTF8_BAD ? 0xFFFD : cp, alt);
	for (size_t i = n; i < len; i++)
		feed_byte(in, rest[i]);
}

static void
text_byte(struct tui_input *in, unsigned char c)
{
	bool alt = in->alt;

	if (c < 0x80) {
		to_ground(in);
		tui_seq_char(in, c, alt);
		return;
	}
	restart(in, TUI_IN_UTF8);
	utf8_byte(in, (char)c);
}

/* ---- sequences ---- */

static void
esc_byte(struct tui_input *in, unsigned char c)
{
	switch (c) {
	case '[':
		restart(in, TUI_IN_CSI);
		return;
	case 'O':
		restart(in, TUI_IN_SS3);
		return;
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		in->string = (char)c;
		restart(in, TUI_IN_STRING);
		return;
	case ESC:
		if (in->alt)
			tui_seq_key(in, TUI_KEY_ESC, 0);
		in->alt = true;
		return;
	default:
		in->alt = true;
		text_byte(in, c);
	}
}

static void
csi_end(struct tui_input *in, char final)
{
	struct wn_str body = wn_buf_view(&in->seq);
	bool paste = final == '~' && wn_str_is(body, "200");

	if (paste) {
		paste_start(in);
		return;
	}
	if (final == 'M' && body.len == 0) {
		restart(in, TUI_IN_X10);
		return;
	}
	if (!in->overflow)
		tui_seq_csi(in, body, final);
	to_ground(in);
}

static void
csi_byte(struct tui_input *in, unsigned char c)
{
	if (in->seq.len == 1 && in->seq.p[0] == '[') { /* Linux console: ESC [ [ A is F1 */
		if (c >= 'A' && c <= 'E')
			tui_seq_key(in, TUI_KEY_F1 + (c - 'A'), 0);
		to_ground(in);
	} else if (c == '[' && in->seq.len == 0) {
		keep(in, '[');
	} else if (c == '$' && in->seq.len > 0 && in->seq.p[0] >= '0' && in->seq.p[0] <= '9' &&
		   memchr(in->seq.p, ';', in->seq.len) == NULL) {
		csi_end(in, '$'); /* rxvt: shifted key; answers with '$' begin with '?' */
	} else if (c >= 0x20 && c < 0x40) {
		keep(in, (char)c);
	} else if (c >= 0x40 && c < 0x7F) {
		csi_end(in, (char)c);
	} else { /* a control or high byte never belongs here: the sequence was cut */
		to_ground(in);
		feed_byte(in, (char)c);
	}
}

static void
ss3_byte(struct tui_input *in, unsigned char c)
{
	if (c >= '0' && c <= '9' && in->seq.len < 2) {
		keep(in, (char)c);
		return;
	}
	if (c < 0x20 || c >= 0x7F) {
		to_ground(in);
		feed_byte(in, (char)c);
		return;
	}
	tui_seq_ss3(in, wn_buf_view(&in->seq), (char)c);
	to_ground(in);
}

static void
string_byte(struct tui_input *in, unsigned char c)
{
	if (in->state == TUI_IN_STRING_ESC) {
		if (c == '\\') {
			if (!in->overflow)
				tui_seq_string(in, in->string, wn_buf_view(&in->seq));
			to_ground(in);
			return;
		}
		/* the string was cut by a new sequence */
		to_ground(in);
		restart(in, TUI_IN_ESC);
		esc_byte(in, c);
		return;
	}
	if (c == ESC) {
		in->state = TUI_IN_STRING_ESC;
	} else if (c == 0x07) {
		if (!in->overflow)
			tui_seq_string(in, in->string, wn_buf_view(&in->seq));
		to_ground(in);
	} else if (c == 0x18 || c == 0x1A) { /* CAN, SUB end any sequence */
		to_ground(in);
	} else {
		keep(in, (char)c);
	}
}

static void
x10_byte(struct tui_input *in, char c)
{
	keep(in, c);
	if (in->seq.len < 3)
		return;
	tui_seq_x10(in, wn_buf_view(&in->seq));
	to_ground(in);
}

static void
feed_byte(struct tui_input *in, char ch)
{
	unsigned char c = (unsigned char)ch;

	switch (in->state) {
	case TUI_IN_PASTE:
		paste_byte(in, ch);
		return;
	case TUI_IN_UTF8:
		if (c == ESC) {
			bool alt = in->alt;

			to_ground(in);
			tui_seq_char(in, 0xFFFD, alt);
			restart(in, TUI_IN_ESC);
			return;
		}
		utf8_byte(in, ch);
		return;
	case TUI_IN_X10:
		x10_byte(in, ch);
		return;
	case TUI_IN_STRING:
	case TUI_IN_STRING_ESC:
		string_byte(in, c);
		return;
	case TUI_IN_ESC:
		esc_byte(in, c);
		return;
	case TUI_IN_CSI:
	case TUI_IN_SS3:
		if (c == ESC) {
			to_ground(in);
			restart(in, TUI_IN_ESC);
		} else if (in->state == TUI_IN_CSI) {
			csi_byte(in, c);
		} else {
			ss3_byte(in, c);
		}
		return;
	case TUI_IN_GROUND:
	default:
		if (c == ESC)
			restart(in, TUI_IN_ESC);
		else
			text_byte(in, c);
	}
}

void
tui_input_feed(struct tui_input *in, const char *data, size_t n)
{
	for (size_t i = 0; i < n; i++)
		feed_byte(in, data[i]);
	if (in->state == TUI_IN_PASTE)
		paste_flush(in, false);
}

int
tui_input_wait(const struct tui_input *in)
{
	switch (in->state) {
	case TUI_IN_ESC:
		return WAIT_ESC_MS;
	case TUI_IN_CSI:
	case TUI_IN_SS3:
	case TUI_IN_STRING:
		return in->seq.len == 0 && !in->expect ? WAIT_SEQ_MS : -1;
	case TUI_IN_UTF8:
		return WAIT_SEQ_MS;
	case TUI_IN_GROUND:
	case TUI_IN_STRING_ESC:
	case TUI_IN_PASTE:
	case TUI_IN_X10:
	default:
		return -1;
	}
}

void
tui_input_timeout(struct tui_input *in)
{
	enum tui_input_state st = in->state;
	bool alt = in->alt;

	if (tui_input_wait(in) < 0)
		return;
	to_ground(in);
	if (st == TUI_IN_ESC) {
		if (alt)
			tui_seq_key(in, TUI_KEY_ESC, 0);
		tui_seq_key(in, TUI_KEY_ESC, 0);
	} else if (st == TUI_IN_UTF8) {
		tui_seq_char(in, 0xFFFD, alt);
	} else {
		tui_seq_char(in,
			     st == TUI_IN_CSI	? '['
			     : st == TUI_IN_SS3 ? 'O'
						: (unsigned char)in->string,
			     true);
	}
}
