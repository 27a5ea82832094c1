/*
 * What keys, the mouse and commands do in the editor.
 */
#include <stdlib.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/pane/editor/editor.h"

#define WHEEL_LINES 3
#define PASTE_MAX ((size_t)256 << 20)

static void
c_save(void *s, const char *a)
{
	(void)a;
	editor_save(s);
}
static void
c_undo(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_UNDO);
}
static void
c_redo(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_REDO);
}
static void
c_all(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_SELECT_ALL);
}
static void
c_find(void *s, const char *a)
{
	(void)a;
	editor_open_bar(s, BAR_FIND);
}
static void
c_replace(void *s, const char *a)
{
	(void)a;
	editor_open_bar(s, BAR_REPLACE);
}
static void
c_next(void *s, const char *a)
{
	(void)a;
	editor_search_step(s, false);
}
static void
c_prev(void *s, const char *a)
{
	(void)a;
	editor_search_step(s, true);
}
static void
c_comment(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_TOGGLE_COMMENT);
}
static void
c_up(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_MOVE_LINE_UP);
}
static void
c_down(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_MOVE_LINE_DOWN);
}
static void
c_duplicate(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_DUPLICATE_LINE);
}
static void
c_delete_line(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_DELETE_LINE);
}
static void
c_join(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_JOIN_LINES);
}
static void
c_line(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_SELECT_LINE);
}
static void
c_word(void *s, const char *a)
{
	(void)a;
	editor_do(s, ED_SELECT_WORD);
}
static void
c_reload(void *s, const char *a)
{
	(void)a;
	editor_reload(s);
}

static void
c_save_as(void *s, const char *a)
{
	(void)a;
	editor_save_as(s);
}

static void
copy_out(struct editor *e, bool cut)
{
	struct wn_diag d = { 0 };
	wn_err err = cut ? ed_view_cut(e->view, e->reg, &d) : ed_view_copy(e->view, e->reg, &d);

	if (err == 0)
		e->host->ops->copy(e->host, wn_buf_view(&e->reg->text));
	editor_tell(e, err, &d);
	e->follow = true;
	redraw(e);
}

static void
c_cut(void *s, const char *a)
{
	(void)a;
	copy_out(s, true);
}
static void
c_copy(void *s, const char *a)
{
	(void)a;
	copy_out(s, false);
}

static void
c_paste(void *self, const char *arg)
{
	struct editor *e = self;
	struct wn_str clip = e->host->ops->clipboard(e->host);
	struct wn_diag d = { 0 };
	wn_err err = 0;

	(void)arg;
	e->follow = true;
	redraw(e);
	if (e->bar != BAR_NONE) {
		tui_field_insert(e->in_replace ? &e->with : &e->find, clip);
		editor_new_search(e, true);
	} else if (wn_str_eq(clip, wn_buf_view(&e->reg->text))) {
		if (clip.len > 0)
			err = ed_view_paste(e->view, e->reg, &d);
	} else {
		err = ed_view_insert(e->view, clip, &d); /* copied in another kind of pane */
	}
	editor_tell(e, err, &d);
}

/* "LINE", "LINE:COLUMN", "+N", "-N" or "N%". */
static void
go_to(struct editor *e, const char *text)
{
	const struct ed_text *t = text_of(e);
	size_t here = ed_text_line_of(t, ed_view_main(e->view)->head);
	char *end;
	long long n = strtoll(text, &end, 10);
	long long line = n - 1, col = 1;

	if (end == text) {
		e->host->ops->say(e->host, PANE_WARN, "%s",
				  TR(e, "Write a line: 12, 12:5, +10, -10 or 50%.",
				     "اكتب سطرا: 12 أو 12:5 أو +10 أو -10 أو 50%."));
		return;
	}
	if (text[0] == '+' || text[0] == '-')
		line = (long long)here + n;
	else if (*end == '%')
		line = (long long)ed_text_lines(t) * n / 100;
	else if (*end == ':' || *end == ',' || *end == ' ')
		col = strtoll(end + 1, NULL, 10);
	ed_view_goto(e->view, line > 0 ? (size_t)line : 0, col > 0 ? (size_t)(col - 1) : 0, false);
	e->follow = true;
	redraw(e);
}

static void
goto_answer(void *arg, const char *text)
{
	if (text != NULL && text[0] != '\0')
		go_to(arg, text);
}

static void
c_goto(void *self, const char *arg)
{
	struct editor *e = self;

	if (arg != NULL)
		go_to(e, arg);
	else
		e->host->ops->ask(e->host,
				  TR(e, "Go to line (or line:column):", "إلى السطر (أو سطر:عمود):"),
				  NULL, goto_answer, e);
}

/* Selects the word first; then each time one more place with the same text. */
static void
c_add_next(void *self, const char *arg)
{
	struct editor *e = self;
	const struct ed_sel *s = ed_view_main(e->view);
	size_t lo = s->anchor < s->head ? s->anchor : s->head,
	       hi = s->anchor < s->head ? s->head : s->anchor;
	struct ed_search *q = NULL;
	struct ed_match m;
	struct wn_buf b;

	(void)arg;
	if (lo == hi) {
		editor_do(e, ED_SELECT_WORD);
		return;
	}
	wn_buf_init(&b, (size_t)1 << 16);
	if (ed_text_copy(text_of(e), lo, hi, &b) == 0 &&
	    ed_search_new(wn_buf_view(&b), 0, &q, NULL) == 0 &&
	    editor_search_around(q, text_of(e), hi, false, &m) == 0)
		ed_view_add(e->view, m.from, m.to);
	ed_search_free(q);
	wn_buf_fini(&b);
	e->follow = true;
	redraw(e);
}

const struct tui_command editor_commands[] = {
	{ "editor.save", TUI_TEXT("Save", "حفظ"), c_save, false },
	{ "editor.save_as", TUI_TEXT("Save as", "حفظ باسم"), c_save_as, false },
	{ "editor.undo", TUI_TEXT("Undo", "تراجع"), c_undo, false },
	{ "editor.redo", TUI_TEXT("Redo", "إعادة"), c_redo, false },
	{ "editor.cut", TUI_TEXT("Cut", "قص"), c_cut, false },
	{ "editor.copy", TUI_TEXT("Copy", "نسخ"), c_copy, false },
	{ "editor.paste", TUI_TEXT("Paste", "لصق"), c_paste, false },
	{ "editor.select_all", TUI_TEXT("Select all", "تحديد الكل"), c_all, false },
	{ "editor.select_line", TUI_TEXT("Select the line", "تحديد السطر"), c_line, false },
	{ "editor.select_word", TUI_TEXT("Select the word", "تحديد الكلمة"), c_word, false },
	{ "editor.add_next", TUI_TEXT("Add the next occurrence", "إضافة الموضع التالي"), c_add_next,
	  false },
	{ "editor.add_all", TUI_TEXT("Select all occurrences", "تحديد كل المواضع"),
	  editor_c_add_all, false },
	{ "editor.add_above", TUI_TEXT("Cursor in the line above", "مؤشر في السطر الأعلى"),
	  editor_c_add_above, false },
	{ "editor.add_below", TUI_TEXT("Cursor in the line below", "مؤشر في السطر الأسفل"),
	  editor_c_add_below, false },
	{ "editor.split", TUI_TEXT("Split the selection by a pattern", "تقسيم التحديد بنمط"),
	  editor_c_split, false },
	{ "editor.split_lines", TUI_TEXT("A cursor in each selected line", "مؤشر في كل سطر محدد"),
	  editor_c_split_lines, false },
	{ "editor.select_in",
	  TUI_TEXT("Select a pattern in the selection", "تحديد نمط داخل التحديد"),
	  editor_c_select_in, false },
	{ "editor.upper", TUI_TEXT("Upper case", "أحرف كبيرة"), editor_c_upper, false },
	{ "editor.lower", TUI_TEXT("Lower case", "أحرف صغيرة"), editor_c_lower, false },
	{ "editor.sort", TUI_TEXT("Sort lines", "ترتيب الأسطر"), editor_c_sort, false },
	{ "editor.find", TUI_TEXT("Find", "بحث"), c_find, false },
	{ "editor.find_next", TUI_TEXT("Find next", "البحث عن التالي"), c_next, false },
	{ "editor.find_prev", TUI_TEXT("Find previous", "البحث عن السابق"), c_prev, false },
	{ "editor.replace", TUI_TEXT("Replace", "استبدال"), c_replace, false },
	{ "editor.goto", TUI_TEXT("Go to line", "إلى سطر"), c_goto, false },
	{ "editor.comment", TUI_TEXT("Toggle comment", "تعليق الأسطر"), c_comment, false },
	{ "editor.line_up", TUI_TEXT("Move line up", "رفع السطر"), c_up, false },
	{ "editor.line_down", TUI_TEXT("Move line down", "خفض السطر"), c_down, false },
	{ "editor.duplicate", TUI_TEXT("Duplicate line", "تكرار السطر"), c_duplicate, false },
	{ "editor.delete_line", TUI_TEXT("Delete line", "حذف السطر"), c_delete_line, false },
	{ "editor.join", TUI_TEXT("Join lines", "وصل الأسطر"), c_join, false },
	{ "editor.reload", TUI_TEXT("Read the file again", "إعادة قراءة الملف"), c_reload, false },
	{ "editor.reopen_with",
	  TUI_TEXT("Read the file in another encoding", "قراءة الملف بترميز آخر"), editor_c_reopen,
	  false },
	{ "editor.save_with", TUI_TEXT("Save in another encoding", "الحفظ بترميز آخر"),
	  editor_c_charset, false },
	{ "editor.differ", TUI_TEXT("What differs from the file", "الفرق عن الملف"),
	  editor_c_differ, false },
	{ "editor.steps", TUI_TEXT("Undo steps and branches", "خطوات التراجع وفروعه"),
	  editor_c_steps, false },
	{ "editor.earlier", TUI_TEXT("As it was some time ago", "كما كان قبل مدة"),
	  editor_c_earlier, false },
	{ "editor.later", TUI_TEXT("Forward again in time", "إلى الأمام في الزمن"), editor_c_later,
	  false },
	{ "editor.hex", TUI_TEXT("Bytes or text", "البايتات أو النص"), editor_c_hex, false },
	{ "editor.read_only", TUI_TEXT("Read-only on or off", "للقراءة فقط أو لا"),
	  editor_c_read_only, false },
	{ "editor.fold", TUI_TEXT("Fold or unfold here", "طي أو فتح هنا"), editor_fold, false },
	{ "editor.fold_all", TUI_TEXT("Fold all", "طي الكل"), editor_fold_all, false },
	{ "editor.unfold_all", TUI_TEXT("Unfold all", "فتح كل الطيات"), editor_unfold_all, false },
	{ "editor.grow", TUI_TEXT("Grow the selection", "توسيع التحديد"), editor_grow, false },
	{ "editor.shrink", TUI_TEXT("Shrink the selection", "تضييق التحديد"), editor_shrink,
	  false },
	{ "editor.select_function", TUI_TEXT("Select the function", "تحديد الدالة"),
	  editor_select_function, false },
	{ "editor.select_class", TUI_TEXT("Select the class", "تحديد الصنف"), editor_select_class,
	  false },
	{ "editor.select_parameter", TUI_TEXT("Select the parameter", "تحديد المعامل"),
	  editor_select_parameter, false },
	{ "editor.next_function", TUI_TEXT("Next function", "الدالة التالية"), editor_next_function,
	  false },
	{ "editor.prev_function", TUI_TEXT("Previous function", "الدالة السابقة"),
	  editor_prev_function, false },
	{ "editor.bracket", TUI_TEXT("Go to the matching bracket", "إلى القوس المقابل"),
	  editor_bracket, false },
	{ "editor.outline", TUI_TEXT("Outline", "المخطط"), editor_outline, false },
	{ "editor.wrap", TUI_TEXT("Wrap long lines", "لف الأسطر الطويلة"), editor_toggle_wrap,
	  false },
	{ "editor.numbers",
	  TUI_TEXT("Line numbers: absolute, relative, none", "أرقام الأسطر: مطلقة، نسبية، دون"),
	  editor_toggle_numbers, false },
	{ "editor.guides", TUI_TEXT("Indent guides", "خطوط الإزاحة"), editor_toggle_guides, false },
	{ "editor.blanks", TUI_TEXT("Show blanks", "إظهار الفراغات"), editor_toggle_blanks, false },
	{ "editor.bidi",
	  TUI_TEXT("Order of Arabic by the editor or the terminal",
		   "ترتيب العربية من المحرر أو الطرفية"),
	  editor_toggle_bidi, false },
	{ "editor.sticky",
	  TUI_TEXT("Keep the enclosing function in view", "إبقاء الدالة المحيطة ظاهرة"),
	  editor_toggle_sticky, false },
	{ 0 },
};

/* The move of a key; false: it is none. */
static bool
move_of(uint32_t code, bool ctrl, enum ed_move *m)
{
	switch (code) {
	case TUI_KEY_LEFT:
		*m = ctrl ? ED_WORD_LEFT : ED_LEFT;
		return true;
	case TUI_KEY_RIGHT:
		*m = ctrl ? ED_WORD_RIGHT : ED_RIGHT;
		return true;
	case TUI_KEY_HOME:
		*m = ctrl ? ED_DOC_START : ED_HOME;
		return true;
	case TUI_KEY_END:
		*m = ctrl ? ED_DOC_END : ED_LINE_END;
		return true;
	case TUI_KEY_UP:
	case TUI_KEY_PGUP:
		*m = ED_UP;
		return true;
	case TUI_KEY_DOWN:
	case TUI_KEY_PGDN:
		*m = ED_DOWN;
		return true;
	default:
		return false;
	}
}

static bool
move_key(struct editor *e, const struct tui_key *k)
{
	bool ctrl = k->mods & TUI_CTRL, page = k->code == TUI_KEY_PGUP || k->code == TUI_KEY_PGDN;
	int n = page && e->rows > 2 ? e->rows - 1 : 1;
	enum ed_move m;

	if ((k->mods & (TUI_ALT | TUI_SUPER)) || !move_of(k->code, ctrl, &m))
		return false;
	if (ctrl && (m == ED_UP || m == ED_DOWN)) {
		editor_scroll(e, m == ED_UP ? -n : n);
		return true;
	}
	if (page)
		editor_scroll(e, m == ED_UP ? -n : n);
	ed_view_move(e->view, m, (size_t)n, k->mods & TUI_SHIFT);
	e->follow = true;
	return true;
}

static bool
edit_key(struct editor *e, const struct tui_key *k)
{
	bool ctrl = (k->mods & (TUI_CTRL | TUI_ALT)) != 0;

	switch (k->code) {
	case TUI_KEY_ENTER:
		editor_do(e, ED_NEWLINE);
		return true;
	case TUI_KEY_TAB:
		editor_do(e, k->mods & TUI_SHIFT ? ED_DEDENT : ED_TAB);
		return true;
	case TUI_KEY_BACKSPACE:
		editor_do(e, ctrl ? ED_DELETE_WORD_LEFT : ED_DELETE_LEFT);
		return true;
	case TUI_KEY_DELETE:
		editor_do(e, ctrl ? ED_DELETE_WORD_RIGHT : ED_DELETE_RIGHT);
		return true;
	case TUI_KEY_ESC:
		editor_do(e, ED_SELECT_NONE);
		return true;
	default:
		return false;
	}
}

bool
editor_key(void *self, const struct tui_key *k)
{
	struct editor *e = self;
	struct wn_diag d = { 0 };
	char buf[4];

	if (e->bar != BAR_NONE)
		return editor_bar_key(e, k);
	if (e->differ != NULL)
		return editor_differ_key(e, k);
	if (e->steps_on)
		return editor_steps_key(e, k);
	if (e->hex.on)
		return editor_hex_key(e, k);
	if (editor_modal(e) != NULL)
		return editor_modal_key(e, k);
	if (tui_key_is_text(k)) {
		editor_tell(e,
			    ed_view_type(e->view, wn_strn(buf, wn_utf8_encode(k->code, buf)), &d),
			    &d);
		e->follow = true;
		return true;
	}
	return move_key(e, k) || edit_key(e, k);
}

void
editor_paste(void *self, struct wn_str piece, bool first, bool last)
{
	struct editor *e = self;
	struct wn_diag d = { 0 };
	wn_err err;

	if (e->bar != BAR_NONE) {
		tui_field_insert(e->in_replace ? &e->with : &e->find, piece);
		editor_new_search(e, true);
		return;
	}
	if (first)
		wn_buf_clear(&e->paste);
	wn_buf_str(&e->paste, piece);
	if (!last)
		return;
	if (e->paste.err != 0)
		e->host->ops->say(
			e->host, PANE_ERROR, "%s",
			TR(e, "The pasted text is larger than 256 MiB; nothing was inserted.",
			   "النص الملصق أكبر من 256 م.ب؛ لم يدرج شيء."));
	else if (editor_modal_paste(e, wn_buf_view(&e->paste), &err, &d))
		editor_tell(e, err, &d);
	else
		editor_tell(e, ed_view_insert(e->view, wn_buf_view(&e->paste), &d), &d);
	wn_buf_fini(&e->paste);
	wn_buf_init(&e->paste, PASTE_MAX);
	e->follow = true;
}

bool
editor_mouse(void *self, const struct tui_mouse *m)
{
	struct editor *e = self;
	size_t pos;
	int y = m->y < 0 ? 0 : m->y >= e->rows ? e->rows - 1 : m->y;

	if (e->hex.on)
		return editor_hex_mouse(e, m);
	if (m->kind == TUI_MOUSE_WHEEL) {
		if (m->button == 1 || m->button == -1)
			editor_scroll(e, m->button * WHEEL_LINES);
		return true;
	}
	if (m->kind == TUI_MOUSE_DRAG && (m->y < 0 || m->y >= e->rows))
		editor_scroll(e, m->y < 0 ? -1 : 1);
	pos = editor_pos_at(e, y, m->x - e->gutter);
	if (m->kind == TUI_MOUSE_DRAG) {
		ed_view_select(e->view, e->drag_from, pos);
	} else if (m->kind == TUI_MOUSE_PRESS && m->button == 1) {
		e->drag_from = pos;
		if (m->mods & TUI_ALT)
			ed_view_add(e->view, pos, pos);
		else
			ed_view_select(e->view,
				       m->mods & TUI_SHIFT ? ed_view_main(e->view)->anchor : pos,
				       pos);
		if (m->clicks == 2 || m->clicks == 3)
			(void)ed_view_do(e->view, m->clicks == 2 ? ED_SELECT_WORD : ED_SELECT_LINE,
					 NULL);
	}
	redraw(e);
	return true;
}
