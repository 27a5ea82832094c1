/*
 * Keys to bytes in the legacy encoding of xterm, so every program understands them.
 * Ctrl-I is Tab and Ctrl-M is Return here, as on a real terminal.
 */
#include "runtime/shim/keys.h"

#include "runtime/base/utf8.h"

static const struct named {
	const char *name;
	char cursor;   /* CSI 1;mod X, SS3 X in application mode */
	uint8_t tilde; /* CSI n;mod ~ */
	char ss3;      /* F1 to F4 */
} named[] = {
	{ "Up", 'A', 0, 0 },	 { "Down", 'B', 0, 0 }, { "Right", 'C', 0, 0 },
	{ "Left", 'D', 0, 0 },	 { "Home", 'H', 0, 0 }, { "End", 'F', 0, 0 },
	{ "Insert", 0, 2, 0 },	 { "Delete", 0, 3, 0 }, { "PageUp", 0, 5, 0 },
	{ "PageDown", 0, 6, 0 }, { "F1", 0, 0, 'P' },	{ "F2", 0, 0, 'Q' },
	{ "F3", 0, 0, 'R' },	 { "F4", 0, 0, 'S' },	{ "F5", 0, 15, 0 },
	{ "F6", 0, 17, 0 },	 { "F7", 0, 18, 0 },	{ "F8", 0, 19, 0 },
	{ "F9", 0, 20, 0 },	 { "F10", 0, 21, 0 },	{ "F11", 0, 23, 0 },
	{ "F12", 0, 24, 0 },	 { "F13", 0, 25, 0 },	{ "F14", 0, 26, 0 },
	{ "F15", 0, 28, 0 },	 { "F16", 0, 29, 0 },	{ "F17", 0, 31, 0 },
	{ "F18", 0, 32, 0 },	 { "F19", 0, 33, 0 },	{ "F20", 0, 34, 0 },
};

static const struct {
	const char *name;
	char c;
} plain[] = {
	{ "Enter", '\r' },  { "Tab", '\t' },  { "Backspace", 0x7F },
	{ "Escape", 0x1B }, { "Space", ' ' },
};

static void
put_named(const struct vt *t, const struct named *k, unsigned mods, struct wn_buf *out)
{
	unsigned m = 1 + mods;

	if (k->tilde && m > 1)
		wn_buf_printf(out, "\033[%u;%u~", k->tilde, m);
	else if (k->tilde)
		wn_buf_printf(out, "\033[%u~", k->tilde);
	else if (m > 1)
		wn_buf_printf(out, "\033[1;%u%c", m, k->cursor ? k->cursor : k->ss3);
	else if (k->ss3 || (t->modes & VT_APP_CURSOR))
		wn_buf_printf(out, "\033O%c", k->cursor ? k->cursor : k->ss3);
	else
		wn_buf_printf(out, "\033[%c", k->cursor);
}

/* What Ctrl makes of an ASCII character; -1: nothing. */
static int
with_ctrl(uint32_t c)
{
	static const char digits[] = "23456789";
	static const char codes[] = { 0x00, 0x1B, 0x1C, 0x1D, 0x1E, 0x1F, 0x7F, '9' };
	const char *at;

	if ((c >= '@' && c <= '_') || (c >= 'a' && c <= 'z'))
		return (int)(c & 0x1F);
	if (c == ' ' || c == '`')
		return 0;
	if (c == '/' || c == '-')
		return 0x1F;
	if (c == '?')
		return 0x7F;
	at = c && c < 0x80 ? strchr(digits, (int)c) : NULL;
	return at ? codes[at - digits] : -1;
}

static void
put_plain(char c, unsigned mods, struct wn_buf *out)
{
	if (c == '\t' && (mods & KEY_SHIFT)) {
		wn_buf_cstr(out, mods & KEY_ALT ? "\033\033[Z" : "\033[Z");
		return;
	}
	if (mods & KEY_ALT)
		wn_buf_chr(out, '\033');
	if (c == 0x7F && (mods & KEY_CTRL))
		c = '\b';
	if (c == ' ' && (mods & KEY_CTRL))
		c = '\0';
	wn_buf_chr(out, c);
}

static wn_err
put_character(struct wn_str key, unsigned mods, struct wn_buf *out)
{
	uint32_t cp;
	size_t n = wn_utf8_decode(key.p, key.len, &cp);
	int ctrl;

	if (cp == WN_UTF8_BAD || cp < 0x20 || cp == 0x7F || n != key.len)
		return WN_E_INVALID;
	if (mods & KEY_ALT)
		wn_buf_chr(out, '\033');
	ctrl = mods & KEY_CTRL ? with_ctrl(cp) : -1;
	if (ctrl >= 0)
		return wn_buf_chr(out, (char)ctrl);
	return wn_buf_str(out, key);
}

wn_err
keys_key(const struct vt *t, struct wn_str key, unsigned mods, struct wn_buf *out)
{
	mods &= KEY_SHIFT | KEY_ALT | KEY_CTRL;
	for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
		if (wn_str_is(key, named[i].name)) {
			put_named(t, &named[i], mods, out);
			return out->err;
		}
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
		if (wn_str_is(key, plain[i].name)) {
			put_plain(plain[i].c, mods, out);
			return out->err;
		}
	return key.len ? put_character(key, mods, out) : WN_E_INVALID;
}

void
keys_paste(const struct vt *t, struct wn_str text, struct wn_buf *out)
{
	bool bracketed = t->modes & VT_PASTE;

	if (bracketed)
		wn_buf_cstr(out, "\033[200~");
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == '\n' && i > 0 && text.p[i - 1] == '\r')
			continue;
		if (c == '\n' || c == '\r')
			wn_buf_chr(out, '\r');
		else if (c == '\t' || (c >= 0x20 && c != 0x7F))
			wn_buf_chr(out, (char)c);
	}
	if (bracketed)
		wn_buf_cstr(out, "\033[201~");
}

static bool
wanted(const struct vt *t, enum mouse_action action, unsigned button)
{
	if (action == MOUSE_MOVE)
		return (t->modes & VT_MOUSE_MOVE) || ((t->modes & VT_MOUSE_DRAG) && button < 3);
	if (t->modes & VT_MOUSE_X10)
		return action == MOUSE_PRESS && button < 3;
	if (action == MOUSE_RELEASE && button > 3)
		return false;
	return t->modes & (VT_MOUSE_CLICK | VT_MOUSE_DRAG | VT_MOUSE_MOVE);
}

static unsigned
button_code(const struct vt *t, enum mouse_action action, unsigned button, unsigned mods)
{
	unsigned code = button > 3 ? 64 + button - 4 : button;

	if (t->modes & VT_MOUSE_X10)
		return code;
	if (action == MOUSE_MOVE)
		code += 32;
	return code + (mods & KEY_SHIFT ? 4 : 0) + (mods & KEY_ALT ? 8 : 0) +
	       (mods & KEY_CTRL ? 16 : 0);
}

/* The wheel over a program on the alternate screen that does not ask for the mouse: arrow keys. */
static bool
wheel_as_arrows(const struct vt *t, enum mouse_action action, unsigned button, struct wn_buf *out)
{
	if (!(t->modes & VT_ALT) || !(t->modes & VT_ALT_SCROLL) || action != MOUSE_PRESS ||
	    (button != 4 && button != 5) ||
	    (t->modes & (VT_MOUSE_X10 | VT_MOUSE_CLICK | VT_MOUSE_DRAG | VT_MOUSE_MOVE)))
		return false;
	for (int i = 0; i < 3; i++)
		put_named(t, &named[button - 4], 0, out);
	return true;
}

void
keys_mouse(const struct vt *t, enum mouse_action action, unsigned button, unsigned row,
	   unsigned col, unsigned mods, struct wn_buf *out)
{
	unsigned code;
	char utf8[4];

	if (wheel_as_arrows(t, action, button, out) || !wanted(t, action, button))
		return;
	code = button_code(t, action, button, mods);
	if (t->modes & VT_MOUSE_SGR) {
		wn_buf_printf(out, "\033[<%u;%u;%u%c", code, col + 1, row + 1,
			      action == MOUSE_RELEASE ? 'm' : 'M');
		return;
	}
	if (action == MOUSE_RELEASE)
		code = (code & ~3u) | 3;
	if (t->modes & VT_MOUSE_URXVT) {
		wn_buf_printf(out, "\033[%u;%u;%uM", code + 32, col + 1, row + 1);
		return;
	}
	if (t->modes & VT_MOUSE_UTF8) {
		if (col > 2014 || row > 2014)
			return;
		wn_buf_printf(out, "\033[M%c", (char)(code + 32));
		wn_buf_add(out, utf8, wn_utf8_encode(col + 33, utf8));
		wn_buf_add(out, utf8, wn_utf8_encode(row + 33, utf8));
		return;
	}
	if (col < 223 && row < 223)
		wn_buf_printf(out, "\033[M%c%c%c", (char)(code + 32), (char)(col + 33),
			      (char)(row + 33));
}

void
keys_focus(const struct vt *t, bool in, struct wn_buf *out)
{
	if (t->modes & VT_FOCUS)
		wn_buf_cstr(out, in ? "\033[I" : "\033[O");
}
