/*
 * The editor pane: one open file of the editor core on the screen. Owns a document, a view and its
 * colours; everything about text is the core's business.
 */
#include "tui/pane/editor/editor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "editor/bidi/bidi.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define PASTE_MAX ((size_t)256 << 20)
/* The worker is asked when the keys rest, or not later than that: until then what is typed is
 * coloured by what the same words look like elsewhere. */
#define REST_MS 50
#define BUSY_MS 500

static void *
make_syntax(void (*wake)(void *), void *arg)
{
	return ed_syntax_host_new(&(struct ed_syntax_opts){ .notify = wake, .arg = arg });
}

static void
free_syntax(void *p)
{
	ed_syntax_host_free(p);
}

static void *
make_register(void (*wake)(void *), void *arg)
{
	struct ed_register *r = WN_NEW(struct ed_register);

	(void)wake;
	(void)arg;
	ed_register_init(r);
	return r;
}

static void
free_register(void *p)
{
	ed_register_fini(p);
	wn_free(p);
}

static void *
make_bidi(void (*wake)(void *), void *arg)
{
	(void)wake;
	(void)arg;
	return ed_bidi_new();
}

static void
free_bidi(void *p)
{
	ed_bidi_free(p);
}

/* Terminals that put the order right themselves: doing it twice would undo it. */
static bool
terminal_orders(void)
{
	static const char *const names[] = { "VTE_VERSION", "KONSOLE_VERSION", "MLTERM" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (getenv(names[i]) != NULL && getenv("TMUX") == NULL)
			return true;
	return false;
}

const struct pane_shared editor_bidi = { "editor.bidi", make_bidi, free_bidi };
const struct pane_shared editor_syntax = { "editor.syntax", make_syntax, free_syntax };
const struct pane_shared editor_register = { "editor.register", make_register, free_register };

/* Tells of a failure; "nothing to undo" and the like are told quietly. */
void
editor_tell(struct editor *e, wn_err err, const struct wn_diag *d)
{
	if (err == 0)
		return;
	if (d->code != 0)
		e->host->ops->fail(e->host, d);
	else
		e->host->ops->say(e->host, PANE_WARN, "%s", wn_error_row(err)->text);
}

void
editor_do(struct editor *e, enum ed_cmd cmd)
{
	struct wn_diag d = { 0 };
	bool begins = cmd == ED_NEWLINE;
	wn_err err;

	if (begins)
		ed_doc_begin(e->doc);
	err = ed_view_do(e->view, cmd, &d);
	if (begins && err == 0)
		editor_indent_new_line(e);
	if (begins)
		ed_doc_end(e->doc);

	e->follow = true;
	redraw(e);
	if (err == WN_E_NOT_FOUND && (cmd == ED_UNDO || cmd == ED_REDO))
		e->host->ops->say(
			e->host, PANE_INFO, "%s",
			cmd == ED_UNDO
				? TR(e, "There is nothing more to undo.", "لا شيء آخر للتراجع عنه.")
				: TR(e, "There is nothing to redo.", "لا شيء للإعادة."));
	else
		editor_tell(e, err, &d);
}

static void
on_edit(void *arg, const struct ed_edit *ed)
{
	struct editor *e = arg;

	if (ed->pos + ed->removed <= e->top)
		e->top = e->top - ed->removed + ed->inserted;
	else if (ed->pos < e->top)
		e->top = ed->pos;
	editor_folds_edit(e, ed);
	editor_keep_soon(e);
	redraw(e);
}

/* ---- colours ------------------------------------------------------------------------------ */

static void
on_syntax_due(void *arg)
{
	struct editor *e = arg;
	int64_t now = wn_mono_ns(e->host->ops->clock(e->host)) / 1000000;

	if (ed_syntax_wants(e->syntax) == ED_SYNTAX_WANTS_SOON && now < e->ask_ms) {
		e->host->ops->timer(e->host, &e->syntax_timer, e->ask_ms - now, on_syntax_due, e);
		return;
	}
	e->unasked_ms = 0;
	ed_syntax_kick(e->syntax);
}

void
editor_syntax_due(struct editor *e)
{
	int64_t now = wn_mono_ns(e->host->ops->clock(e->host)) / 1000000;

	switch (ed_syntax_wants(e->syntax)) {
	case ED_SYNTAX_WANTS_NOW:
		e->ask_ms = now;
		e->host->ops->timer(e->host, &e->syntax_timer, 0, on_syntax_due, e);
		break;
	case ED_SYNTAX_WANTS_SOON:
		if (e->unasked_ms == 0) {
			e->unasked_ms = now;
			e->host->ops->timer(e->host, &e->syntax_timer, REST_MS, on_syntax_due, e);
		}
		e->ask_ms = now + REST_MS < e->unasked_ms + BUSY_MS ? now + REST_MS
								    : e->unasked_ms + BUSY_MS;
		break;
	case ED_SYNTAX_WANTS_NOTHING:
	default:
		e->unasked_ms = 0;
	}
}

/* Line numbers cost counting: in a file that is not counted yet the margin stays blank. */
bool
editor_numbered(const struct editor *e)
{
	return !ed_doc_info(e->doc)->huge || ed_text_indexed(text_of(e));
}

void
editor_attach(struct editor *e)
{
	const char *open, *close;

	ed_syntax_detach(e->syntax);
	e->syntax = ed_syntax_attach(e->host->ops->shared(e->host, &editor_syntax), e->doc, NULL);
	e->unasked_ms = 0;
	if (ed_language_comment(ed_syntax_language(e->syntax), &open, &close))
		ed_view_set_comment(e->view, open, close);
}

/* "path\nline\ncolumn" or a path. */
static char *
split_arg(const char *arg, long long *line, long long *col)
{
	char *path = wn_strdup(arg), *c = strrchr(path, '\n'), *l;

	*line = *col = 0;
	if (c == NULL)
		return path;
	*c = '\0';
	l = strrchr(path, '\n');
	if (l != NULL && strspn(l + 1, "0123456789") == strlen(l + 1)) {
		*line = strtoll(l + 1, NULL, 10);
		*col = strtoll(c + 1, NULL, 10);
		*l = '\0';
	} else {
		*c = '\n';
	}
	return path;
}

void
editor_goto_wanted(struct editor *e)
{
	if (e->want_cursor >= 0)
		ed_view_select(e->view, (size_t)e->want_cursor, (size_t)e->want_cursor);
	if (e->want_top >= 0)
		e->top = ed_text_line_begin(text_of(e), (size_t)e->want_top);
	if (e->want_line > 0) {
		ed_view_goto(e->view, (size_t)e->want_line - 1,
			     e->want_col > 0 ? (size_t)e->want_col - 1 : 0, false);
		e->follow = true;
	}
	e->want_cursor = e->want_top = -1;
	e->want_line = e->want_col = 0;
	redraw(e);
}

static void
again(void *self, const char *arg)
{
	struct editor *e = self;

	wn_free(split_arg(arg, &e->want_line, &e->want_col));
	if (!e->loading)
		editor_goto_wanted(e);
}

static void
wanted_of(struct editor *e, const struct wn_json *state)
{
	const char *numbers;

	if (!wn_json_i64(wn_json_get(state, "cursor"), &e->want_cursor))
		e->want_cursor = -1;
	if (!wn_json_i64(wn_json_get(state, "top"), &e->want_top))
		e->want_top = -1;
	e->wrap = wn_json_get_bool(state, "wrap", false);
	numbers = wn_json_get_str(state, "numbers", "");
	e->numbers = strcmp(numbers, "relative") == 0 ? NUMBERS_RELATIVE
		     : strcmp(numbers, "none") == 0   ? NUMBERS_NONE
						      : NUMBERS_ABSOLUTE;
}

static void *
open_editor(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct editor *e = WN_NEW(struct editor);
	const char *from = arg != NULL ? arg : wn_json_get_str(state, "path", NULL);

	(void)d;
	e->host = h;
	e->from_session = state != NULL;
	e->want_cursor = e->want_top = -1;
	if (from != NULL)
		e->path = split_arg(from, &e->want_line, &e->want_col);
	if (state != NULL)
		wanted_of(e, state);
	e->doc = ed_doc_new(&(struct ed_doc_opts){ .clock = h->ops->clock(h) });
	e->view = ed_view_new(e->doc);
	e->reg = h->ops->shared(h, &editor_register);
	e->bidi = h->ops->shared(h, &editor_bidi);
	e->bidi_off = terminal_orders();
	e->listener = (struct ed_listener){ .on_edit = on_edit, .arg = e };
	ed_doc_listen(e->doc, &e->listener);
	tui_field_init(&e->find, NULL);
	tui_field_init(&e->with, NULL);
	e->flags = ED_SEARCH_SMART_CASE;
	e->rows = 24;
	wn_buf_init(&e->paste, PASTE_MAX);
	editor_load(e, wn_json_get_str(state, "recovered", NULL));
	return e;
}

static void
close_editor(void *self)
{
	struct editor *e = self;

	if (!e->rescued)
		editor_keep_not(e);
	editor_keep_close(e);
	editor_find_close(e);
	editor_differ_close(e);
	ed_syntax_detach(e->syntax);
	ed_search_free(e->search);
	ed_doc_unlisten(e->doc, &e->listener);
	editor_modal_drop(e);
	ed_view_free(e->view);
	ed_doc_free(e->doc);
	tui_field_fini(&e->find);
	tui_field_fini(&e->with);
	wn_buf_fini(&e->paste);
	editor_outline_close(e);
	wn_vec_fini(&e->grown);
	wn_vec_fini(&e->folds);
	wn_vec_fini(&e->row);
	wn_vec_fini(&e->drawn);
	wn_free(e->path);
	wn_free(e->watched);
	wn_free(e->save_path);
	wn_free(e);
}

static void
close_after_save(void *arg, wn_err err)
{
	struct editor *e = arg;

	if (err == 0)
		e->host->ops->close_me(e->host);
}

static void
close_answer(void *arg, const char *text)
{
	struct editor *e = arg;

	if (text == NULL)
		return;
	if (text[0] == 'd') {
		e->host->ops->close_me(e->host);
	} else if (text[0] == 's') {
		e->saved = close_after_save;
		e->saved_arg = e;
		editor_save(e);
	}
}

static bool
may_close(void *self)
{
	static const struct pane_choice choices[] = {
		{ 's', TUI_TEXT("save and close", "حفظ وإغلاق") },
		{ 'd', TUI_TEXT("close without saving", "إغلاق دون حفظ") },
		{ 'c', TUI_TEXT("keep it open", "إبقاؤه مفتوحا") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};
	struct editor *e = self;

	if (e->saving) { /* closes when that is done */
		e->saved = close_after_save;
		e->saved_arg = e;
		return false;
	}
	if (!ed_doc_dirty(e->doc))
		return true;
	e->host->ops->choose(e->host, TR(e, "This text is not saved.", "هذا النص لم يحفظ."),
			     choices, close_answer, e);
	return false;
}

static bool
is_dirty(void *self)
{
	return ed_doc_dirty(((struct editor *)self)->doc);
}

static bool
is_saving(void *self)
{
	return ((struct editor *)self)->saving;
}

static bool
is_loading(void *self)
{
	return ((struct editor *)self)->loading;
}

static void
save_all(void *self, void (*done)(void *, wn_err), void *arg)
{
	struct editor *e = self;

	e->saved = done;
	e->saved_arg = arg;
	editor_save(e);
}

static void
event(void *self, const struct pane_event *ev)
{
	struct editor *e = self;

	switch (ev->type) {
	case PANE_WAKE:
		if (ed_syntax_poll(e->syntax))
			redraw(e);
		break;
	case PANE_FOCUSED:
		editor_keep_ask(e);
		editor_look_at_disk(e);
		break;
	case PANE_TERMINAL_FOCUSED:
		editor_look_at_disk(e);
		break;
	case PANE_DISK_CHANGED:
		if (e->watched != NULL && wn_str_eq(ev->path, wn_str(e->watched)))
			editor_look_at_disk(e);
		break;
	case PANE_FILE_MOVED:
		editor_moved(e, ev->path, ev->path2);
		break;
	default:
		break;
	}
}

void
editor_label(void *self, char *buf, size_t n)
{
	struct editor *e = self;
	const char *path = editor_path(e);

	snprintf(buf, n, "%s%s", path != NULL ? wn_path_base(path) : TR(e, "untitled", "بلا اسم"),
		 ed_doc_dirty(e->doc) ? " +" : "");
}

static void
status(void *self, char *buf, size_t n)
{
	static const char *const eols[] = { "", " CRLF", " mixed ends" };
	struct editor *e = self;
	const struct ed_doc_info *i = ed_doc_info(e->doc);
	const struct ed_sel *sels;
	size_t sels_n = ed_view_sels(e->view, &sels), head = editor_cursor(e);
	char name[80], where[48] = "", more[48] = "";
	size_t mode = editor_modal_status(e, buf, n);

	buf += mode;
	n -= mode;
	editor_label(self, name, sizeof name);
	if (e->hex.on)
		snprintf(where, sizeof where, " 0x%zX", e->hex.at);
	else if (editor_numbered(e))
		snprintf(where, sizeof where, " %zu:%-3zu", ed_text_line_of(text_of(e), head) + 1,
			 ed_col_of(e->doc, head) + 1);
	if (e->loading)
		snprintf(more, sizeof more, "  %s", TR(e, "reading …", "قراءة …"));
	else if (e->saving_shown)
		snprintf(more, sizeof more, "  %s", TR(e, "saving …", "حفظ …"));
	else if (ed_syntax_state(e->syntax) == ED_SYNTAX_WINDOW && sels_n <= 1)
		snprintf(more, sizeof more, "  %s", TR(e, "parsed in part", "محلل جزئيا"));
	else if (sels_n > 1)
		snprintf(more, sizeof more, "  %zu %s", sels_n, TR(e, "cursors", "مؤشرات"));
	snprintf(buf, n, "%s%s  %s%s%s%s%s%s%s%s%s", name, where, ed_syntax_language(e->syntax),
		 ed_syntax_language(e->syntax)[0] != '\0' ? "  " : "",
		 i->encoding == ED_ENC_BROKEN ? "broken " : "", i->charset, i->guessed ? "?" : "",
		 i->bom && i->encoding == ED_ENC_UTF8 ? " BOM" : "", eols[i->eol],
		 i->read_only ? TR(e, "  read-only", "  للقراءة فقط") : "", more);
}

/* The selection, or else all of the text, as far as it fits. */
static bool
context(void *self, struct pane_context *out)
{
	struct editor *e = self;
	const struct ed_sel *s = ed_view_main(e->view);
	const char *path = ed_doc_path(e->doc), *root = e->host->ops->root(e->host);
	size_t from = 0, to = ed_text_len(text_of(e)), n = strlen(root);

	if (path != NULL && strncmp(path, root, n) == 0 && path[n] == '/')
		path += n + 1;
	snprintf(out->path, sizeof out->path, "%s", path != NULL ? path : "");
	snprintf(out->language, sizeof out->language, "%s", ed_syntax_language(e->syntax));
	out->selection = s->anchor != s->head;
	if (out->selection) {
		from = s->anchor < s->head ? s->anchor : s->head;
		to = s->anchor < s->head ? s->head : s->anchor;
	}
	if (to - from > out->text.max)
		to = from + out->text.max;
	return to > from && ed_text_copy(text_of(e), from, to, &out->text) == 0;
}

static void
save_state(void *self, struct wn_jw *w)
{
	struct editor *e = self;

	if (editor_path(e) == NULL)
		return;
	wn_jw_kstr(w, "path", editor_path(e));
	wn_jw_ki64s(w, "cursor",
		    e->loading ? e->want_cursor : (int64_t)ed_view_main(e->view)->head);
	wn_jw_ki64s(w, "top", e->loading ? e->want_top : (int64_t)e->top);
	if (e->wrap)
		wn_jw_kbool(w, "wrap", true);
	if (e->numbers != NUMBERS_ABSOLUTE)
		wn_jw_kstr(w, "numbers", e->numbers == NUMBERS_RELATIVE ? "relative" : "none");
}

static bool
busy(void *self)
{
	return ed_syntax_busy(((struct editor *)self)->syntax);
}

static bool
is(void *self, const char *arg)
{
	struct editor *e = self;
	long long line, col;
	char *path = split_arg(arg, &line, &col);
	bool same = editor_path(e) != NULL && strcmp(editor_path(e), path) == 0;

	wn_free(path);
	return same;
}

/* The outline has the keys while it is open. */
static bool
grabs(void *self, const struct tui_key *k)
{
	const struct editor *e = self;

	if (!e->outline)
		return editor_grabs(self, k);
	return !tui_key_is(k, 'k', TUI_CTRL) &&
	       !((k->mods & TUI_ALT) && k->code >= '0' && k->code <= '9');
}

static bool
key(void *self, const struct tui_key *k)
{
	struct editor *e = self;
	size_t was = ed_view_main(e->view)->head;
	bool used;

	if (e->outline)
		return editor_outline_key(e, k);
	used = editor_key(self, k);
	editor_leave_fold(e, was);
	return used;
}

extern const struct pane_type pane_editor;
const struct pane_type pane_editor = {
	.name = "editor",
	.title = TUI_TEXT("Editor", "المحرر"),
	.place = PANE_CENTER,
	.flags = PANE_TYPING,
	.open = open_editor,
	.close = close_editor,
	.may_close = may_close,
	.draw = editor_modal_draw,
	.grabs = grabs,
	.key = key,
	.mouse = editor_mouse,
	.paste = editor_paste,
	.event = event,
	.commands = editor_commands,
	.label = editor_label,
	.dirty = is_dirty,
	.saving = is_saving,
	.loading = is_loading,
	.rescue = editor_rescue,
	.save_all = save_all,
	.status = status,
	.save = save_state,
	.busy = busy,
	.is = is,
	.again = again,
	.context = context,
	.keys = TUI_TEXT(
		"Shift-arrows\tselect\nCtrl-Left/Right\tby word\nCtrl-Home/End\tstart and end of "
		"the file\n"
		"Tab, Shift-Tab\tindent and back\nAlt-click\tanother cursor\nEsc\tone cursor, no "
		"selection\n",
		"Shift-arrows\tتحديد\nCtrl-Left/Right\tكلمة كلمة\nCtrl-Home/End\tبداية الملف "
		"ونهايته\n"
		"Tab, Shift-Tab\tإزاحة وعكسها\nAlt-click\tمؤشر آخر\nEsc\tمؤشر واحد بلا تحديد\n"),
};
