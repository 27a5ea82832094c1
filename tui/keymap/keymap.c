/*
 * Keymaps: parsing and finding.
 */
#include "tui/keymap/keymap.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/json.h"
#include "tui/embed.h"

static wn_err
add(struct tui_keymap *k, const struct wn_json *j, struct wn_diag *d)
{
	struct tui_binding b = { 0 };
	const char *keys = wn_json_get_str(j, "keys", ""), *arg;
	const char *command = wn_json_get_str(j, "command", "");

	if (!tui_chord_parse(wn_str(keys), &b.chord))
		return wn_fail(d, WN_E_SCHEMA, "\"%.60s\" names no keys", keys);
	if (command[0] == '\0')
		return wn_fail(d, WN_E_SCHEMA, "the binding of \"%.60s\" has no command", keys);
	b.command = wn_arena_strdup(&k->arena, command);
	b.pane = wn_arena_strdup(&k->arena, wn_json_get_str(j, "pane", ""));
	arg = wn_json_get_str(j, "arg", NULL);
	b.arg = arg != NULL ? wn_arena_strdup(&k->arena, arg) : NULL;
	wn_vec_push(&k->b, b);
	return 0;
}

wn_err
tui_keymap_add(struct tui_keymap *k, struct wn_str json, struct wn_diag *d)
{
	struct wn_json *root = NULL;
	const struct wn_json *j;
	wn_err err = wn_json_parse(json, NULL, &root, d);

	if (err == 0 && k->name == NULL)
		k->name = wn_arena_strdup(&k->arena, wn_json_get_str(root, "name", ""));
	for (j = wn_json_first(wn_json_get(root, "bindings")); j != NULL && err == 0;
	     j = wn_json_next(j))
		err = add(k, j, d);
	wn_json_free(root);
	return err;
}

wn_err
tui_keymap_parse(struct wn_str json, struct tui_keymap *out, struct wn_diag *d)
{
	wn_err err;

	*out = (struct tui_keymap){ 0 };
	wn_arena_init(&out->arena, 0);
	err = tui_keymap_add(out, json, d);
	if (err != 0)
		tui_keymap_fini(out);
	return err;
}

wn_err
tui_keymap_load(const char *name, struct tui_keymap *out, struct wn_diag *d)
{
	char file[64];
	struct wn_str data;

	snprintf(file, sizeof file, "keymap/%s.json", name);
	data = tui_embedded(file);
	*out = (struct tui_keymap){ 0 };
	if (data.p == NULL)
		return wn_fail(d, WN_E_NOT_FOUND, "there is no keymap \"%s\"", name);
	return tui_keymap_parse(data, out, d);
}

void
tui_keymap_fini(struct tui_keymap *k)
{
	wn_vec_fini(&k->b);
	wn_arena_fini(&k->arena);
	*k = (struct tui_keymap){ 0 };
}

static bool
begins(const struct tui_chord *whole, const struct tui_chord *part)
{
	if (part->n > whole->n)
		return false;
	for (int i = 0; i < part->n; i++)
		if (!tui_key_eq(whole->key[i], part->key[i]))
			return false;
	return true;
}

enum tui_keymap_hit
tui_keymap_find(const struct tui_keymap *k, const struct tui_chord *c, const char *pane,
		const struct tui_binding **out)
{
	const struct tui_binding *own = NULL, *any = NULL;
	bool prefix = false;

	for (size_t i = 0; i < k->b.len; i++) {
		const struct tui_binding *b = &k->b.p[i];
		bool mine = strcmp(b->pane, pane) == 0;

		if ((b->pane[0] != '\0' && !mine) || !begins(&b->chord, c))
			continue;
		if (b->chord.n > c->n)
			prefix = true;
		else if (mine && b->pane[0] != '\0')
			own = b;
		else
			any = b;
	}
	if (own == NULL && any == NULL)
		return prefix ? TUI_KEYMAP_PREFIX : TUI_KEYMAP_NONE;
	*out = own != NULL ? own : any;
	return TUI_KEYMAP_FOUND;
}

static bool
key_is_legacy(struct tui_key k)
{
	if (k.mods & TUI_SUPER)
		return false;
	if (k.code >= TUI_KEY_SPECIAL)
		return true;
	if (!(k.mods & TUI_CTRL))
		return !((k.mods & TUI_SHIFT) && k.code <= 0x20 && k.code != TUI_KEY_TAB);
	if (k.mods & TUI_SHIFT)
		return false;
	/* h, i, j and m are Backspace, Tab, line feed and Enter on such terminals */
	return (k.code >= 'a' && k.code <= 'z' && strchr("him", (int)k.code) == NULL) ||
	       k.code == ' ' || k.code == '/' || k.code == '\\' || k.code == ']' || k.code == '^';
}

bool
tui_chord_is_legacy(const struct tui_chord *c)
{
	for (int i = 0; i < c->n; i++)
		if (!key_is_legacy(c->key[i]))
			return false;
	return true;
}

const struct tui_binding *
tui_keymap_of(const struct tui_keymap *k, const char *command, bool legacy)
{
	const struct tui_binding *first = NULL;

	for (size_t i = 0; i < k->b.len; i++) {
		const struct tui_binding *b = &k->b.p[i];

		if (strcmp(b->command, command) != 0 || b->arg != NULL)
			continue;
		if (!legacy || tui_chord_is_legacy(&b->chord))
			return b;
		if (first == NULL)
			first = b;
	}
	return legacy ? NULL : first;
}
