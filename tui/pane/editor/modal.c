/*
 * The editor pane under the vim keymap: keys to the modal engine, its line and mode on the screen,
 * its commands on files. What keys mean is editor/vim's business.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/pane/editor/editor.h"

/* DECSCUSR: steady block, underline, bar. */
enum { SHAPE_BLOCK = 2, SHAPE_UNDERLINE = 4, SHAPE_BAR = 6 };

static void *
make_shared(void (*wake)(void *), void *arg)
{
	(void)wake;
	(void)arg;
	return ed_vim_shared_new();
}

static void
free_shared(void *p)
{
	ed_vim_shared_free(p);
}

static const struct pane_shared editor_vim_shared = { "editor.vim", make_shared, free_shared };

/* ---- what the engine asks -------------------------------------------------------------------- */

static void
v_say(void *arg, bool error, const char *text)
{
	struct editor *e = arg;

	e->host->ops->say(e->host, error ? PANE_WARN : PANE_INFO, "%s", text);
}

static struct wn_str
v_clipboard(void *arg)
{
	struct editor *e = arg;

	return e->host->ops->clipboard(e->host);
}

static void
v_copy(void *arg, struct wn_str text)
{
	struct editor *e = arg;

	e->host->ops->copy(e->host, text);
}

static void
v_window(void *arg, size_t *top, size_t *rows)
{
	struct editor *e = arg;

	*top = e->top;
	*rows = e->rows > 0 ? (size_t)e->rows : 1;
}

static void
v_set_top(void *arg, size_t line)
{
	struct editor *e = arg;

	e->top = line;
	e->follow = false;
}

static void
close_behind(void *arg, wn_err err)
{
	struct editor *e = arg;

	if (err == 0)
		e->host->ops->close_me(e->host);
}

static wn_err
write_file(struct editor *e, bool close, struct wn_str name, struct wn_diag *d)
{
	const char *path = editor_path(e);

	if (name.len > 0 && (path == NULL || !wn_str_eq(name, wn_str(path))))
		return wn_fail(d, WN_E_UNSUPPORTED, "to write elsewhere use :saveas");
	if (close) {
		e->saved = close_behind;
		e->saved_arg = e;
	}
	editor_save(e);
	return 0;
}

static wn_err
quit(struct editor *e, bool bang, struct wn_diag *d)
{
	if (!bang && ed_doc_dirty(e->doc))
		return wn_fail(d, WN_E_CONFLICT,
			       "this text is not saved (:w saves it, :q! throws it away)");
	e->host->ops->close_me(e->host);
	return 0;
}

static wn_err
edit_file(struct editor *e, bool bang, struct wn_str name, struct wn_diag *d)
{
	char *rel, *path;

	if (name.len == 0) {
		if (!bang && ed_doc_dirty(e->doc))
			return wn_fail(d, WN_E_CONFLICT,
				       "this text is not saved (:e! throws it away)");
		editor_reload(e);
		return 0;
	}
	rel = wn_strndup(name.p, name.len);
	path = rel[0] == '/' ? wn_strdup(rel) : wn_path_join(e->host->ops->root(e->host), rel);
	e->host->ops->open_file(e->host, path, 0, 0);
	wn_free(path);
	wn_free(rel);
	return 0;
}

/* Names of ex commands that are commands of the IDE. */
static const struct {
	const char *name;
	size_t min;
	const char *command;
} ide[] = {
	{ "saveas", 3, "editor.save_as" },
	{ "bnext", 2, "app.tab_next" },
	{ "tabnext", 4, "app.tab_next" },
	{ "bprevious", 2, "app.tab_prev" },
	{ "tabprevious", 4, "app.tab_prev" },
	{ "qall", 2, "app.quit" },
	{ "enew", 3, "app.new_file" },
	{ "terminal", 3, "terminal.new" },
	{ "help", 1, "app.help" },
	{ "files", 5, "app.find_file" },
	{ "find", 3, "app.find_file" },
	{ "undolist", 5, "editor.steps" },
};

static bool
is_short_for(const char *name, const char *whole, size_t min)
{
	size_t n = strlen(name);

	return n >= min && n <= strlen(whole) && strncmp(name, whole, n) == 0;
}

/* ":set number" and ":set wrap" are switches of the pane. */
static wn_err
set_option(struct editor *e, struct wn_str word)
{
	bool no = wn_str_has_prefix(word, WN_STR("no"));
	struct wn_str name = no ? wn_str_sub(word, 2, word.len) : word;

	if (wn_str_is(name, "number") || wn_str_is(name, "nu"))
		e->numbers = no ? NUMBERS_NONE : NUMBERS_ABSOLUTE;
	else if (wn_str_is(name, "relativenumber") || wn_str_is(name, "rnu"))
		e->numbers = no ? NUMBERS_ABSOLUTE : NUMBERS_RELATIVE;
	else if (wn_str_is(name, "wrap"))
		e->wrap = !no;
	else
		return WN_E_NOT_FOUND;
	return 0;
}

static wn_err
v_command(void *arg, const char *name, bool bang, struct wn_str rest, size_t from, size_t to,
	  struct wn_diag *d)
{
	struct editor *e = arg;

	(void)from;
	(void)to;
	if (strcmp(name, "set") == 0)
		return set_option(e, rest);
	if (is_short_for(name, "write", 1) || is_short_for(name, "update", 2))
		return write_file(e, false, rest, d);
	if (strcmp(name, "wq") == 0 || is_short_for(name, "xit", 1) ||
	    is_short_for(name, "exit", 3))
		return ed_doc_dirty(e->doc) || name[0] == 'w' ? write_file(e, true, rest, d)
							      : quit(e, false, d);
	if (is_short_for(name, "quit", 1) || is_short_for(name, "close", 3) ||
	    is_short_for(name, "bdelete", 2))
		return quit(e, bang, d);
	if (is_short_for(name, "edit", 1))
		return edit_file(e, bang, rest, d);
	for (size_t i = 0; i < sizeof ide / sizeof *ide; i++)
		if (is_short_for(name, ide[i].name, ide[i].min))
			return e->host->ops->run(e->host, ide[i].command, NULL) ? 0
										: WN_E_NOT_FOUND;
	return WN_E_NOT_FOUND;
}

/* ---- life --------------------------------------------------------------------------------------
 */

static bool
wanted(const struct editor *e)
{
	return e->host->ops->keymap != NULL && strcmp(e->host->ops->keymap(e->host), "vim") == 0;
}

/* In files of a language the indent is the file's and new lines take it, as Vim does with its file
 * types; elsewhere Vim's own defaults hold. */
static void
set_indent(struct editor *e)
{
	const struct ed_doc_info *info = ed_doc_info(e->doc);
	char line[96];

	if (ed_syntax_language(e->syntax)[0] == '\0')
		return;
	snprintf(line, sizeof line, "set ai sw=%d sts=%d %s", info->indent_width,
		 info->indent_tabs ? 0 : info->indent_width, info->indent_tabs ? "noet" : "et");
	(void)ed_vim_ex(e->vim, wn_str(line));
}

struct ed_vim *
editor_modal(struct editor *e)
{
	struct ed_vim_host host = { e,	    v_say,    v_command, v_clipboard,
				    v_copy, v_window, v_set_top, NULL };

	if (!wanted(e)) {
		editor_modal_drop(e);
	} else if (e->vim == NULL && !e->loading) {
		e->vim = ed_vim_new(e->view, e->host->ops->shared(e->host, &editor_vim_shared),
				    &host);
		set_indent(e);
	}
	return e->hex.on || e->bar != BAR_NONE || e->steps_on ? NULL : e->vim;
}

void
editor_modal_drop(struct editor *e)
{
	ed_vim_free(e->vim);
	e->vim = NULL;
}

/* ---- keys
 * ----------------------------------------------------------------------------------------- */

static const struct {
	uint32_t theirs, ours, ctrl;
} keys[] = {
	{ TUI_KEY_UP, ED_KEY_UP, 0 },
	{ TUI_KEY_DOWN, ED_KEY_DOWN, 0 },
	{ TUI_KEY_LEFT, ED_KEY_LEFT, ED_KEY_CTRL_LEFT },
	{ TUI_KEY_RIGHT, ED_KEY_RIGHT, ED_KEY_CTRL_RIGHT },
	{ TUI_KEY_HOME, ED_KEY_HOME, ED_KEY_CTRL_HOME },
	{ TUI_KEY_END, ED_KEY_END, ED_KEY_CTRL_END },
	{ TUI_KEY_PGUP, ED_KEY_PGUP, 0 },
	{ TUI_KEY_PGDN, ED_KEY_PGDN, 0 },
	{ TUI_KEY_INSERT, ED_KEY_INSERT, 0 },
	{ TUI_KEY_DELETE, ED_KEY_DELETE, 0 },
	{ TUI_KEY_BACKSPACE, ED_KEY_BS, 23 },
	{ TUI_KEY_ENTER, ED_KEY_ENTER, 0 },
	{ TUI_KEY_TAB, ED_KEY_TAB, 0 },
	{ TUI_KEY_ESC, ED_KEY_ESC, 0 },
};

/* The engine's name for a key; UINT32_MAX: it has none. */
static uint32_t
key_of(const struct tui_key *k)
{
	bool ctrl = k->mods & TUI_CTRL;

	if (k->mods & (TUI_ALT | TUI_SUPER))
		return UINT32_MAX;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (k->code == keys[i].theirs)
			return !ctrl ? keys[i].ours : keys[i].ctrl != 0 ? keys[i].ctrl : UINT32_MAX;
	if (k->code >= TUI_KEY_SPECIAL)
		return UINT32_MAX;
	if (!ctrl)
		return k->code;
	if ((k->code >= 'a' && k->code <= 'z') || (k->code >= '@' && k->code <= '_'))
		return k->code & 31;
	return k->code == ' ' ? 0 : UINT32_MAX;
}

/* Nothing is begun: Space and the chords of the keymap lead to the IDE. */
static bool
at_rest(const struct ed_vim *v)
{
	enum ed_vim_mode m = ed_vim_mode(v);
	char pending[8];

	ed_vim_pending(v, pending, sizeof pending);
	return pending[0] == '\0' && (m == ED_VIM_NORMAL || m == ED_VIM_VISUAL ||
				      m == ED_VIM_VISUAL_LINE || m == ED_VIM_VISUAL_BLOCK);
}

/* Esc and the key behind it, sent together, look like Alt on most terminals: where Esc means
 * something that is what was typed. */
static bool
is_escape(const struct ed_vim *v, const struct tui_key *k)
{
	return (k->mods & TUI_ALT) && k->code < TUI_KEY_SPECIAL && ed_vim_mode(v) != ED_VIM_NORMAL;
}

bool
editor_modal_grabs(struct editor *e, const struct tui_key *k)
{
	struct ed_vim *v = editor_modal(e);

	if (v != NULL && is_escape(v, k))
		return true;
	return v != NULL && !at_rest(v) && key_of(k) != UINT32_MAX && !tui_key_is(k, 'k', TUI_CTRL);
}

bool
editor_modal_key(struct editor *e, const struct tui_key *k)
{
	struct tui_key plain = { k->code, k->mods & ~(unsigned)TUI_ALT };
	bool escape = is_escape(e->vim, k);
	uint32_t key = key_of(escape ? &plain : k);
	enum ed_vim_mode was = ed_vim_mode(e->vim);
	uint64_t version = ed_doc_version(e->doc);
	size_t cursor = ed_vim_cursor(e->vim);

	if (key == UINT32_MAX || (key == ' ' && at_rest(e->vim)))
		return false;
	e->follow = true;
	if (escape)
		(void)ed_vim_key(e->vim, ED_KEY_ESC);
	(void)ed_vim_key(e->vim, key);
	/* The engine is gone when the key closed the pane or switched the keymap. */
	if (e->vim != NULL && cursor == ed_vim_cursor(e->vim) && was == ed_vim_mode(e->vim) &&
	    version == ed_doc_version(e->doc) && was == ED_VIM_NORMAL)
		e->follow = false;
	redraw(e);
	return true;
}

bool
editor_modal_paste(struct editor *e, struct wn_str text, wn_err *err, struct wn_diag *d)
{
	struct ed_vim *v = editor_modal(e);

	if (v == NULL)
		return false;
	*err = ed_vim_paste(v, text, d);
	return true;
}

/* ---- the screen
 * ----------------------------------------------------------------------------------- */

size_t
editor_cursor(const struct editor *e)
{
	return e->vim != NULL && ed_view_main(e->view)->anchor != ed_view_main(e->view)->head
		       ? ed_vim_cursor(e->vim)
		       : ed_view_main(e->view)->head;
}

static int
shape_of(enum ed_vim_mode m)
{
	switch (m) {
	case ED_VIM_INSERT:
	case ED_VIM_COMMAND:
		return SHAPE_BAR;
	case ED_VIM_REPLACE:
	case ED_VIM_PENDING:
		return SHAPE_UNDERLINE;
	default:
		return SHAPE_BLOCK;
	}
}

/* The line being typed covers the last row. */
static void
draw_line(struct editor *e, const struct pane_draw *d, struct wn_str line, size_t at)
{
	int y = d->view.rows - 1, x;
	struct tui_view row = tui_view_sub(d->view, y, 0, 1, d->view.cols);

	tui_clear(row, d->theme->ui[UI_INPUT]);
	tui_put_cut(row, 0, 0, d->view.cols, line, d->theme->ui[UI_INPUT]);
	x = wn_utf8_width(wn_str_sub(line, 0, at));
	if (d->focused && x < d->view.cols)
		*d->cursor = (struct pane_cursor){ y, x };
	if (e->drawn.len > 0) /* what is under it is drawn again */
		wn_vec_clear(&e->drawn);
}

void
editor_modal_draw(void *self, const struct pane_draw *d)
{
	struct editor *e = self;
	struct ed_vim *v = editor_modal(e);
	struct wn_str line;
	size_t at;

	editor_draw(self, d);
	if (e->host->ops->cursor_shape != NULL)
		e->host->ops->cursor_shape(e->host, v != NULL ? shape_of(ed_vim_mode(v)) : 0);
	if (v == NULL)
		return;
	line = ed_vim_line(v, &at);
	if (line.len > 0)
		draw_line(e, d, line, at);
}

size_t
editor_modal_status(struct editor *e, char *buf, size_t n)
{
	static const struct tui_text names[] = {
		[ED_VIM_NORMAL] = TUI_TEXT("NORMAL", "عادي"),
		[ED_VIM_PENDING] = TUI_TEXT("PENDING", "معلق"),
		[ED_VIM_INSERT] = TUI_TEXT("INSERT", "إدراج"),
		[ED_VIM_REPLACE] = TUI_TEXT("REPLACE", "استبدال"),
		[ED_VIM_VISUAL] = TUI_TEXT("VISUAL", "تحديد"),
		[ED_VIM_VISUAL_LINE] = TUI_TEXT("V-LINE", "تحديد أسطر"),
		[ED_VIM_VISUAL_BLOCK] = TUI_TEXT("V-BLOCK", "تحديد كتلة"),
		[ED_VIM_COMMAND] = TUI_TEXT("COMMAND", "أمر"),
	};
	struct ed_vim *v = editor_modal(e);
	char pending[24], rec[8] = "";
	int k;

	if (v == NULL)
		return 0;
	ed_vim_pending(v, pending, sizeof pending);
	if (ed_vim_recording(v))
		snprintf(rec, sizeof rec, "  @%c", ed_vim_recording(v));
	k = snprintf(buf, n, "%s%s%s%s  ", e->host->ops->tr(e->host, names[ed_vim_mode(v)]), rec,
		     pending[0] ? "  " : "", pending);
	return k < 0 ? 0 : (size_t)k < n ? (size_t)k : n - 1;
}
