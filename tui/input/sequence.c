/*
 * Tables of sequences: keys, mouse reports, answers.
 */
#include "tui/input/sequence.h"

#define SYNC_PARAM 7770

struct params {
	char prefix, inter;
	int n;
	int v[TUI_REPLY_PARAMS];   /* -1: left out */
	int sub[TUI_REPLY_PARAMS]; /* first sub-parameter (after ':'), -1: none */
};

static const uint32_t tilde_keys[] = {
	[1] = TUI_KEY_HOME,	[2] = TUI_KEY_INSERT,	[3] = TUI_KEY_DELETE,
	[4] = TUI_KEY_END,	[5] = TUI_KEY_PGUP,	[6] = TUI_KEY_PGDN,
	[7] = TUI_KEY_HOME,	[8] = TUI_KEY_END,	[11] = TUI_KEY_F1,
	[12] = TUI_KEY_F1 + 1,	[13] = TUI_KEY_F1 + 2,	[14] = TUI_KEY_F1 + 3,
	[15] = TUI_KEY_F1 + 4,	[17] = TUI_KEY_F1 + 5,	[18] = TUI_KEY_F1 + 6,
	[19] = TUI_KEY_F1 + 7,	[20] = TUI_KEY_F1 + 8,	[21] = TUI_KEY_F1 + 9,
	[23] = TUI_KEY_F1 + 10, [24] = TUI_KEY_F1 + 11, [25] = TUI_KEY_F1 + 12,
	[26] = TUI_KEY_F1 + 13, [28] = TUI_KEY_F1 + 14, [29] = TUI_KEY_MENU,
	[31] = TUI_KEY_F1 + 16, [32] = TUI_KEY_F1 + 17, [33] = TUI_KEY_F1 + 18,
	[34] = TUI_KEY_F1 + 19,
};

/* Kitty's private code points for keys of the key pad, from 57399. */
static const uint32_t kitty_pad[] = {
	'0',
	'1',
	'2',
	'3',
	'4',
	'5',
	'6',
	'7',
	'8',
	'9',
	'.',
	'/',
	'*',
	'-',
	'+',
	TUI_KEY_ENTER,
	'=',
	',',
	TUI_KEY_LEFT,
	TUI_KEY_RIGHT,
	TUI_KEY_UP,
	TUI_KEY_DOWN,
	TUI_KEY_PGUP,
	TUI_KEY_PGDN,
	TUI_KEY_HOME,
	TUI_KEY_END,
	TUI_KEY_INSERT,
	TUI_KEY_DELETE,
	TUI_KEY_BEGIN,
};

static uint32_t
letter_key(char final)
{
	switch (final) {
	case 'A':
		return TUI_KEY_UP;
	case 'B':
		return TUI_KEY_DOWN;
	case 'C':
		return TUI_KEY_RIGHT;
	case 'D':
		return TUI_KEY_LEFT;
	case 'E':
		return TUI_KEY_BEGIN;
	case 'F':
		return TUI_KEY_END;
	case 'H':
		return TUI_KEY_HOME;
	case 'P':
		return TUI_KEY_F1;
	case 'Q':
		return TUI_KEY_F1 + 1;
	case 'R':
		return TUI_KEY_F1 + 2;
	case 'S':
		return TUI_KEY_F1 + 3;
	default:
		return TUI_KEY_NONE;
	}
}

/* Modifier parameters are 1 + bits; the first four bits are ours in the same order. */
static unsigned
mods_of(int param)
{
	unsigned bits = param > 1 ? (unsigned)(param - 1) : 0;

	return (bits & 15u) | (bits & 32u ? TUI_ALT : 0); /* meta counts as Alt */
}

void
tui_seq_key(struct tui_input *in, uint32_t code, unsigned mods)
{
	struct tui_event ev = { .type = TUI_EV_KEY };

	if (code < 0x80 && (mods & ~(unsigned)TUI_SHIFT) && code >= 'A' && code <= 'Z') {
		code += 'a' - 'A';
		if (mods & (TUI_ALT | TUI_SUPER))
			mods |= TUI_SHIFT;
	}
	if (mods == TUI_SHIFT && code > 0x20 && code != 0x7F && code < TUI_KEY_SPECIAL) {
		if (code >= 'a' && code <= 'z')
			code -= 'a' - 'A';
		mods = 0;
	}
	ev.key = (struct tui_key){ code, mods };
	in->emit(in->arg, &ev);
}

void
tui_seq_char(struct tui_input *in, uint32_t cp, bool alt)
{
	unsigned mods = alt ? TUI_ALT : 0;

	if (cp == 0) {
		tui_seq_key(in, TUI_KEY_SPACE, mods | TUI_CTRL);
	} else if (cp == 8) {
		if (in->backspace)
			tui_seq_key(in, TUI_KEY_BACKSPACE, mods);
		else
			tui_seq_key(in, 'h', mods | TUI_CTRL);
	} else if (cp == 9 || cp == 13 || cp == 0x7F) {
		tui_seq_key(in, cp, mods);
	} else if (cp < 27) {
		tui_seq_key(in, cp + 'a' - 1, mods | TUI_CTRL);
	} else if (cp == 31) { /* what Ctrl-/ and Ctrl-_ send */
		tui_seq_key(in, '/', mods | TUI_CTRL);
	} else if (cp < 0x20) {
		tui_seq_key(in, cp + 0x40, mods | TUI_CTRL);
	} else if (cp < 0x80 || cp >= 0xA0) {
		tui_seq_key(in, cp, mods);
	}
}

/* "?1;2:3$" to numbers; false when it is no parameter string. */
static bool
params_parse(struct wn_str s, struct params *p)
{
	size_t i = 0;
	int subs = 0, *at;

	*p = (struct params){ .n = 0 };
	if (i < s.len && s.p[i] >= '<' && s.p[i] <= '?')
		p->prefix = s.p[i++];
	p->n = 1;
	p->v[0] = p->sub[0] = -1;
	at = &p->v[0];
	for (; i < s.len; i++) {
		char c = s.p[i];

		if (c >= '0' && c <= '9') {
			if (at != NULL)
				*at = (*at < 0 ? 0 : *at > 1000000 ? *at : *at * 10) + (c - '0');
		} else if (c == ';') {
			if (p->n == TUI_REPLY_PARAMS)
				return false;
			p->v[p->n] = p->sub[p->n] = -1;
			at = &p->v[p->n++];
			subs = 0;
		} else if (c == ':') {
			at = subs++ == 0 ? &p->sub[p->n - 1] : NULL;
		} else if (c < 0x30) {
			p->inter = c;
		} else {
			return false;
		}
	}
	return true;
}

/* An ESC before something that is no key was the key ESC. */
static void
settle_esc(struct tui_input *in)
{
	if (!in->alt)
		return;
	in->alt = false;
	tui_seq_key(in, TUI_KEY_ESC, 0);
}

static void
reply(struct tui_input *in, const struct params *p, char final)
{
	struct tui_event ev = { .type = TUI_EV_REPLY };

	settle_esc(in);
	if (in->sync && p->prefix == '?' && final == 'n' && p->v[0] == SYNC_PARAM && p->n >= 3) {
		ev.type = TUI_EV_SYNC;
		ev.sync_id = p->v[1];
		ev.sync_ms = p->v[2];
		in->emit(in->arg, &ev);
		return;
	}
	ev.reply.kind = TUI_REPLY_CSI;
	ev.reply.prefix = p->prefix;
	ev.reply.inter = p->inter;
	ev.reply.final = final;
	ev.reply.n = p->n;
	for (int i = 0; i < p->n; i++)
		ev.reply.param[i] = p->v[i];
	in->emit(in->arg, &ev);
}

static void
mouse(struct tui_input *in, int b, int x, int y, bool release)
{
	struct tui_event ev = { .type = TUI_EV_MOUSE };
	unsigned low = (unsigned)b & 3u;

	settle_esc(in);
	if (b < 0 || x < 1 || y < 1)
		return;
	ev.mouse.y = y - 1;
	ev.mouse.x = x - 1;
	ev.mouse.clicks = 1;
	ev.mouse.mods = (b & 4 ? TUI_SHIFT : 0) | (b & 8 ? TUI_ALT : 0) | (b & 16 ? TUI_CTRL : 0);
	if (b & 64) {
		static const int wheel[4] = { -1, 1, -2, 2 };

		if (release)
			return;
		ev.mouse.kind = TUI_MOUSE_WHEEL;
		ev.mouse.button = wheel[low];
	} else {
		ev.mouse.button = b & 128 ? (int)low + 8 : low == 3 ? 0 : (int)low + 1;
		if (b & 32)
			ev.mouse.kind = low == 3 ? TUI_MOUSE_MOVE : TUI_MOUSE_DRAG;
		else
			ev.mouse.kind = release || low == 3 ? TUI_MOUSE_RELEASE : TUI_MOUSE_PRESS;
	}
	in->emit(in->arg, &ev);
}

void
tui_seq_x10(struct tui_input *in, struct wn_str b)
{
	mouse(in, (unsigned char)b.p[0] - 32, (unsigned char)b.p[1] - 32,
	      (unsigned char)b.p[2] - 32, false);
}

/* CSI code ; mods : event u */
static void
kitty_key(struct tui_input *in, const struct params *p)
{
	uint32_t code = p->v[0] > 0 ? (uint32_t)p->v[0] : 0;
	unsigned mods = p->n > 1 ? mods_of(p->v[1]) : 0;

	if (code == 0 || code >= TUI_KEY_SPECIAL || (p->n > 1 && p->sub[1] == 3))
		return; /* no character, or a release */
	if (code >= 57399 && code < 57399 + sizeof kitty_pad / sizeof kitty_pad[0])
		code = kitty_pad[code - 57399];
	else if (code >= 57376 && code < 57376 + 12)
		code = TUI_KEY_F1 + 12 + (code - 57376);
	else if (code == 57363)
		code = TUI_KEY_MENU;
	else if (code >= 57344 && code < 63744)
		return; /* lock, media and modifier keys alone */
	if (code == 8)
		code = TUI_KEY_BACKSPACE;
	tui_seq_key(in, code, mods);
}

static void
tilde_key(struct tui_input *in, const struct params *p, unsigned extra)
{
	int n = p->v[0];

	if (n == 27 && p->n >= 3) { /* modifyOtherKeys */
		if (p->v[2] > 0 && p->v[2] < TUI_KEY_SPECIAL)
			tui_seq_key(in, p->v[2] == 8 ? TUI_KEY_BACKSPACE : (uint32_t)p->v[2],
				    mods_of(p->v[1]));
		return;
	}
	if (p->n > 1 && p->sub[1] == 3)
		return;
	if (n > 0 && n < (int)(sizeof tilde_keys / sizeof tilde_keys[0]) && tilde_keys[n] != 0)
		tui_seq_key(in, tilde_keys[n], extra | (p->n > 1 ? mods_of(p->v[1]) : 0));
}

static void
focus(struct tui_input *in, bool in_front)
{
	struct tui_event ev = { .type = TUI_EV_FOCUS, .focused = in_front };

	settle_esc(in);
	in->emit(in->arg, &ev);
}

/* rxvt says modifiers by the last byte. */
static bool
rxvt_key(struct tui_input *in, const struct params *p, char final)
{
	switch (final) {
	case '^':
		tilde_key(in, p, TUI_CTRL);
		return true;
	case '$':
		tilde_key(in, p, TUI_SHIFT);
		return true;
	case '@':
		tilde_key(in, p, TUI_CTRL | TUI_SHIFT);
		return true;
	case 'a':
	case 'b':
	case 'c':
	case 'd':
		if (p->v[0] >= 0) /* device attributes and the like */
			return false;
		tui_seq_key(in, letter_key((char)(final - 'a' + 'A')), TUI_SHIFT);
		return true;
	default:
		return false;
	}
}

/* A letter that ends a key or a report without prefix; false: it is an answer. */
static bool
csi_plain(struct tui_input *in, const struct params *p, char final)
{
	uint32_t code = letter_key(final);
	unsigned mods = p->n > 1 ? mods_of(p->v[1]) : 0;

	if (final == 'R' && !(p->v[0] < 0 || (p->v[0] == 1 && p->n == 2)))
		return false;
	if (code != TUI_KEY_NONE) {
		if (!(p->n > 1 && p->sub[1] == 3))
			tui_seq_key(in, code, mods | (in->alt ? TUI_ALT : 0));
		return true;
	}
	switch (final) {
	case 'Z':
		tui_seq_key(in, TUI_KEY_TAB, mods | TUI_SHIFT);
		return true;
	case '~':
		tilde_key(in, p, in->alt ? TUI_ALT : 0);
		return true;
	case 'u':
		kitty_key(in, p);
		return true;
	case 'I':
	case 'O':
		focus(in, final == 'I');
		return true;
	default:
		return rxvt_key(in, p, final);
	}
}

void
tui_seq_csi(struct tui_input *in, struct wn_str body, char final)
{
	struct params p;

	if (!params_parse(body, &p))
		return;
	if (p.prefix == '<' && (final == 'M' || final == 'm')) {
		if (p.n >= 3)
			mouse(in, p.v[0], p.v[1], p.v[2], final == 'm');
		return;
	}
	if (p.prefix == 0 && p.inter == 0 && csi_plain(in, &p, final))
		return;
	reply(in, &p, final);
}

void
tui_seq_ss3(struct tui_input *in, struct wn_str body, char final)
{
	uint64_t mod = 1;
	uint32_t code = letter_key(final);

	if (body.len > 0 && !wn_str_u64(body, &mod))
		mod = 1;
	if (code == TUI_KEY_NONE) {
		if (final == 'M')
			code = TUI_KEY_ENTER;
		else if (final == 'I')
			code = TUI_KEY_TAB;
		else if (final == 'X')
			code = '=';
		else if (final == ' ')
			code = TUI_KEY_SPACE;
		else if (final >= 'j' && final <= 'y') /* key pad: * + , - . / 0..9 */
			code = (uint32_t)(final - 'j') + '*';
		else if (final >= 'a' && final <= 'd') { /* rxvt: Ctrl-arrows */
			code = letter_key((char)(final - 'a' + 'A'));
			mod = 5;
		} else
			return;
	}
	tui_seq_key(in, code, mods_of((int)mod) | (in->alt ? TUI_ALT : 0));
}

void
tui_seq_string(struct tui_input *in, char kind, struct wn_str text)
{
	struct tui_event ev = { .type = TUI_EV_REPLY };

	settle_esc(in);
	if (kind != ']' && kind != 'P')
		return;
	ev.reply.kind = kind == ']' ? TUI_REPLY_OSC : TUI_REPLY_DCS;
	ev.reply.text = text;
	in->emit(in->arg, &ev);
}
