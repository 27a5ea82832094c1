/*
 * Themes: parsing, finding, checking.
 */
#include "tui/theme/theme.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "editor/syntax/style.h"
#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/jsonschema.h"
#include "runtime/base/mem.h"
#include "tui/embed.h"

#define THEME_BYTES_MAX (256u << 10)

static const char *const look_names[UI_COUNT] = {
	[UI_TEXT] = "text",
	[UI_MUTED] = "muted",
	[UI_TITLE] = "title",
	[UI_STATUS] = "status",
	[UI_STATUS_KEY] = "status_key",
	[UI_BORDER] = "border",
	[UI_BORDER_FOCUS] = "border_focus",
	[UI_TAB] = "tab",
	[UI_TAB_ACTIVE] = "tab_active",
	[UI_SELECTION] = "selection",
	[UI_CURSOR_LINE] = "cursor_line",
	[UI_LINE_NUMBER] = "line_number",
	[UI_LINE_NUMBER_ACTIVE] = "line_number_active",
	[UI_MATCH] = "match",
	[UI_MATCH_ACTIVE] = "match_active",
	[UI_LIST] = "list",
	[UI_LIST_ACTIVE] = "list_active",
	[UI_LIST_MATCH] = "list_match",
	[UI_POPUP] = "popup",
	[UI_POPUP_BORDER] = "popup_border",
	[UI_INPUT] = "input",
	[UI_PLACEHOLDER] = "placeholder",
	[UI_SCROLLBAR] = "scrollbar",
	[UI_SCROLLBAR_THUMB] = "scrollbar_thumb",
	[UI_FOLDER] = "folder",
	[UI_FILE] = "file",
	[UI_HIDDEN] = "hidden",
	[UI_OK] = "ok",
	[UI_INFO] = "info",
	[UI_WARN] = "warn",
	[UI_ERROR] = "error",
	[UI_ADDED] = "added",
	[UI_CHANGED] = "changed",
	[UI_REMOVED] = "removed",
	[UI_LINK] = "link",
	[UI_KEY] = "key",
	[UI_INVISIBLE] = "invisible",
	[UI_BRACKET] = "bracket",
	[UI_ASSISTANT] = "assistant",
	[UI_PERSON] = "person",
};

static const char *const built_in[] = { "dark", "light", "contrast", NULL };

_Static_assert((int)ED_STYLES <= TUI_SYNTAX_MAX, "every style class has a colour slot");

int
tui_look_by_name(struct wn_str name)
{
	for (int i = 0; i < UI_COUNT; i++)
		if (wn_str_is(name, look_names[i]))
			return i;
	return -1;
}

const char *const *
tui_theme_names(void)
{
	return built_in;
}

/* "#RRGGBB", "default", "0".."255"; false when it is none of them. */
static bool
color_plain(const char *s, uint32_t *out)
{
	uint64_t v;
	char *end;

	if (s[0] == '#' && strlen(s) == 7) {
		unsigned long rgb = strtoul(s + 1, &end, 16);

		*out = TUI_RGB((uint32_t)rgb);
		return *end == '\0';
	}
	if (strcmp(s, "default") == 0) {
		*out = TUI_COLOR_DEFAULT;
		return true;
	}
	if (wn_str_u64(wn_str(s), &v) && v < 256) {
		*out = TUI_INDEX(v);
		return true;
	}
	return false;
}

static wn_err
color(const struct wn_json *root, const struct wn_json *v, uint32_t *out, struct wn_diag *d)
{
	const char *s = wn_json_str(v, NULL);
	const char *named;

	if (s == NULL)
		return 0;
	named = wn_json_get_str(wn_json_get(root, "palette"), s, NULL);
	if (color_plain(named != NULL ? named : s, out))
		return 0;
	return wn_fail(d, WN_E_SCHEMA, "\"%s\" is no colour and no name in the palette", s);
}

static wn_err
style(const struct wn_json *root, const struct wn_json *v, struct tui_style *out, struct wn_diag *d)
{
	static const char *const names[] = { "bold",	  "dim",     "italic",
					     "underline", "reverse", "strike" };
	const struct wn_json *a;
	wn_err err = color(root, wn_json_get(v, "fg"), &out->fg, d);

	if (err == 0)
		err = color(root, wn_json_get(v, "bg"), &out->bg, d);
	for (a = wn_json_first(wn_json_get(v, "attr")); a != NULL; a = wn_json_next(a))
		for (unsigned i = 0; i < 6; i++)
			if (strcmp(wn_json_str(a, ""), names[i]) == 0)
				out->attr |= 1u << i;
	return err;
}

static wn_err
fill(const struct wn_json *root, struct tui_theme *t, struct wn_diag *d)
{
	const struct wn_json *m;
	wn_err err = 0;
	size_t i = 0;

	snprintf(t->name, sizeof t->name, "%s", wn_json_get_str(root, "name", ""));
	t->dark = wn_json_get_bool(root, "dark", true);
	for (m = wn_json_first(wn_json_get(root, "ui")); m != NULL && err == 0;
	     m = wn_json_next(m)) {
		int look = tui_look_by_name(wn_str(wn_json_key(m)));

		if (look >= 0)
			err = style(root, m, &t->ui[look], d);
	}
	for (m = wn_json_first(wn_json_get(root, "syntax")); m != NULL && err == 0;
	     m = wn_json_next(m)) {
		int cls = ed_style_by_name(wn_str(wn_json_key(m)));

		if (cls >= 0 && cls < TUI_SYNTAX_MAX)
			err = style(root, m, &t->syntax[cls], d);
	}
	for (m = wn_json_first(wn_json_get(root, "ansi")); m != NULL && err == 0 && i < 16;
	     m = wn_json_next(m))
		err = color(root, m, &t->ansi[i++].fg, d);
	return err;
}

static wn_err
check(const struct wn_json *root, struct wn_diag *d)
{
	struct wn_schema_set *set = wn_schema_set_new(NULL);
	const struct wn_schema *schema = NULL;
	struct wn_json *doc = NULL;
	wn_err err;

	err = wn_json_parse(tui_embedded("themes/theme.schema.json"), NULL, &doc, d);
	if (err == 0)
		err = wn_schema_set_add(set, "", doc, d);
	if (err == 0)
		err = wn_schema_compile(set, "urn:webnova:theme", &schema, d);
	if (err == 0)
		err = wn_schema_validate(schema, root, NULL, d);
	wn_json_free(doc);
	wn_schema_set_free(set);
	return err;
}

wn_err
tui_theme_parse(struct wn_str json, bool validate, struct tui_theme *out, struct wn_diag *d)
{
	struct wn_json *root = NULL;
	wn_err err = wn_json_parse(json, NULL, &root, d);

	*out = (struct tui_theme){ 0 };
	if (err == 0 && validate)
		err = check(root, d);
	if (err == 0)
		err = fill(root, out, d);
	wn_json_free(root);
	return err;
}

/* A name is one path component of plain characters. */
static bool
name_ok(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < 32 && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == n;
}

static char *
user_path(const char *name)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return wn_asprintf("%s/webnova/themes/%s.json", xdg, name);
	if (home != NULL && home[0] == '/')
		return wn_asprintf("%s/.config/webnova/themes/%s.json", home, name);
	return NULL;
}

static char *
installed_path(const char *name)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *slash;

	if (n <= 0)
		return NULL;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	return wn_asprintf("%s/../share/webnova/themes/%s.json", exe, name);
}

/* WN_E_NOT_FOUND when there is no such file; path is freed. */
static wn_err
load_file(char *path, struct tui_theme *out, struct wn_diag *d)
{
	struct wn_buf text;
	wn_err err = WN_E_NOT_FOUND;

	if (path != NULL && wn_file_exists(path)) {
		wn_buf_init(&text, THEME_BYTES_MAX);
		err = wn_file_read(path, &text, d);
		if (err == 0)
			err = tui_theme_parse(wn_buf_view(&text), true, out, d);
		if (err != 0)
			wn_fail_note(d, "in the theme %s", path);
		wn_buf_fini(&text);
	}
	wn_free(path);
	return err;
}

wn_err
tui_theme_load(const char *name, struct tui_theme *out, struct wn_diag *d)
{
	char file[64];
	struct wn_str data;
	wn_err err;

	if (!name_ok(name))
		return wn_fail(d, WN_E_INVALID, "\"%.40s\" cannot be the name of a theme", name);
	err = load_file(user_path(name), out, d);
	if (err != WN_E_NOT_FOUND)
		return err;
	snprintf(file, sizeof file, "themes/%s.json", name);
	data = tui_embedded(file);
	if (data.p != NULL)
		return tui_theme_parse(data, false, out, d);
	err = load_file(installed_path(name), out, d);
	if (err == WN_E_NOT_FOUND)
		return wn_fail(d, WN_E_NOT_FOUND, "there is no theme \"%s\"", name);
	return err;
}
