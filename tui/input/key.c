/*
 * Key names to keys and back.
 */
#include "tui/input/key.h"

#include <string.h>
#include <strings.h>

#include "runtime/base/utf8.h"

static const struct key_name {
	const char *name, *shown;
	uint32_t code;
} key_names[] = {
	{ "enter", "Enter", TUI_KEY_ENTER },
	{ "tab", "Tab", TUI_KEY_TAB },
	{ "esc", "Esc", TUI_KEY_ESC },
	{ "space", "Space", TUI_KEY_SPACE },
	{ "backspace", "Backspace", TUI_KEY_BACKSPACE },
	{ "up", "Up", TUI_KEY_UP },
	{ "down", "Down", TUI_KEY_DOWN },
	{ "left", "Left", TUI_KEY_LEFT },
	{ "right", "Right", TUI_KEY_RIGHT },
	{ "home", "Home", TUI_KEY_HOME },
	{ "end", "End", TUI_KEY_END },
	{ "pageup", "PageUp", TUI_KEY_PGUP },
	{ "pagedown", "PageDown", TUI_KEY_PGDN },
	{ "insert", "Insert", TUI_KEY_INSERT },
	{ "delete", "Delete", TUI_KEY_DELETE },
	{ "begin", "Begin", TUI_KEY_BEGIN },
	{ "menu", "Menu", TUI_KEY_MENU },
	{ "pause", "Pause", TUI_KEY_PAUSE },
	{ "print", "Print", TUI_KEY_PRINT },
	{ "minus", "-", '-' },
	{ NULL, NULL, 0 },
};

static const struct mod_name {
	const char *name, *shown;
	unsigned mod;
} mod_names[] = {
	{ "ctrl-", "Ctrl-", TUI_CTRL },
	{ "alt-", "Alt-", TUI_ALT },
	{ "shift-", "Shift-", TUI_SHIFT },
	{ "super-", "Super-", TUI_SUPER },
	{ NULL, NULL, 0 },
};

bool
tui_key_is_text(const struct tui_key *k)
{
	return (k->mods & ~(unsigned)TUI_SHIFT) == 0 && k->code >= 0x20 && k->code != 0x7F &&
	       k->code < TUI_KEY_SPECIAL && !(k->code >= 0x80 && k->code < 0xA0);
}

static bool
parse_base(struct wn_str s, uint32_t *code)
{
	uint32_t cp;
	uint64_t f;

	for (const struct key_name *n = key_names; n->name != NULL; n++)
		if (strlen(n->name) == s.len && strncasecmp(n->name, s.p, s.len) == 0) {
			*code = n->code;
			return true;
		}
	if (s.len >= 2 && (s.p[0] == 'f' || s.p[0] == 'F') &&
	    wn_str_u64(wn_str_sub(s, 1, s.len), &f) && f >= 1 && f <= 24) {
		*code = TUI_KEY_F1 + (uint32_t)f - 1;
		return true;
	}
	if (s.len == 0 || wn_utf8_decode(s.p, s.len, &cp) != s.len || cp == WN_UTF8_BAD ||
	    cp <= 0x20)
		return false;
	*code = cp;
	return true;
}

bool
tui_key_parse(struct wn_str name, struct tui_key *out)
{
	bool more = true;

	*out = (struct tui_key){ 0 };
	while (more) {
		more = false;
		for (const struct mod_name *m = mod_names; m->name != NULL; m++) {
			size_t n = strlen(m->name);

			if (name.len <= n || strncasecmp(m->name, name.p, n) != 0)
				continue;
			out->mods |= m->mod;
			name = wn_str_sub(name, n, name.len);
			more = true;
		}
	}
	if (!parse_base(name, &out->code))
		return false;
	if ((out->mods & TUI_CTRL) && out->code >= 'A' && out->code <= 'Z')
		out->code += 'a' - 'A';
	return true;
}

bool
tui_chord_parse(struct wn_str names, struct tui_chord *out)
{
	struct wn_str part;

	out->n = 0;
	while (wn_str_split(&names, ' ', &part)) {
		if (part.len == 0)
			continue;
		if (out->n == TUI_CHORD_MAX || !tui_key_parse(part, &out->key[out->n]))
			return false;
		out->n++;
	}
	return out->n > 0;
}

void
tui_key_print(struct tui_key k, struct wn_buf *out)
{
	char buf[4];

	for (const struct mod_name *m = mod_names; m->name != NULL; m++)
		if (k.mods & m->mod)
			wn_buf_cstr(out, m->shown);
	for (const struct key_name *n = key_names; n->name != NULL; n++)
		if (n->code == k.code) {
			wn_buf_cstr(out, n->shown);
			return;
		}
	if (k.code >= TUI_KEY_F1 && k.code <= TUI_KEY_F24) {
		wn_buf_printf(out, "F%u", k.code - TUI_KEY_F1 + 1);
		return;
	}
	if ((k.mods & (TUI_CTRL | TUI_ALT)) && k.code >= 'a' && k.code <= 'z')
		k.code -= 'a' - 'A';
	wn_buf_add(out, buf, wn_utf8_encode(k.code, buf));
}

void
tui_chord_print(const struct tui_chord *c, struct wn_buf *out)
{
	for (int i = 0; i < c->n; i++) {
		if (i > 0)
			wn_buf_chr(out, ' ');
		tui_key_print(c->key[i], out);
	}
}
