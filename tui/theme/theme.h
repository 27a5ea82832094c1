/*
 * Themes: names of looks to styles. A theme is a file, themes/<name>.json, checked against
 * themes/theme.schema.json; dark, light and contrast are also inside the program.
 */
#ifndef TUI_THEME_THEME_H
#define TUI_THEME_THEME_H

#include <stdbool.h>
#include <stddef.h>

#include "runtime/base/error.h"
#include "runtime/base/str.h"
#include "tui/cell/style.h"

/* Looks of the interface; the name in the file is the lower-case word after UI_. */
enum tui_look {
	UI_TEXT,
	UI_MUTED,
	UI_TITLE,
	UI_STATUS,
	UI_STATUS_KEY,
	UI_BORDER,
	UI_BORDER_FOCUS,
	UI_TAB,
	UI_TAB_ACTIVE,
	UI_SELECTION,
	UI_CURSOR_LINE,
	UI_LINE_NUMBER,
	UI_LINE_NUMBER_ACTIVE,
	UI_MATCH,
	UI_MATCH_ACTIVE,
	UI_LIST,
	UI_LIST_ACTIVE,
	UI_LIST_MATCH,
	UI_POPUP,
	UI_POPUP_BORDER,
	UI_INPUT,
	UI_PLACEHOLDER,
	UI_SCROLLBAR,
	UI_SCROLLBAR_THUMB,
	UI_FOLDER,
	UI_FILE,
	UI_HIDDEN,
	UI_OK,
	UI_INFO,
	UI_WARN,
	UI_ERROR,
	UI_ADDED,
	UI_CHANGED,
	UI_REMOVED,
	UI_LINK,
	UI_KEY,
	UI_INVISIBLE,
	UI_BRACKET,
	UI_ASSISTANT,
	UI_PERSON,
	UI_COUNT
};

#define TUI_SYNTAX_MAX 64 /* style classes of editor/syntax/style.h fit */

struct tui_theme {
	char name[32];
	bool dark;
	struct tui_style ui[UI_COUNT];
	struct tui_style syntax[TUI_SYNTAX_MAX]; /* by class of editor/syntax/style.h */
	struct tui_style ansi[16]; /* the 16 colours of terminals shown inside panes (fg) */
};

/* Parses a theme's JSON. validate: check against the schema first (user files). d says where. */
wn_err tui_theme_parse(struct wn_str json, bool validate, struct tui_theme *out,
		       struct wn_diag *d) WN_MUST;
/* By name: the person's config directory first, then the installed, then the built-in ones.
 * Reads small local files: at start and on the person's command only. */
wn_err tui_theme_load(const char *name, struct tui_theme *out, struct wn_diag *d) WN_MUST;
/* Names of the built-in themes, ended by NULL. */
const char *const *tui_theme_names(void);
/* "cursor_line" to UI_CURSOR_LINE; -1: none. */
int tui_look_by_name(struct wn_str name);

#endif
