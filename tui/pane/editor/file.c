/*
 * Commands about the file as a whole: its character set, its bytes, whether it may be edited.
 */
#include <string.h>

#include "editor/document/charset.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

/* The question with the names worth knowing; owned. */
static char *
charset_question(const struct editor *e, const char *question)
{
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	(void)wn_buf_cstr(&b, question);
	(void)wn_buf_printf(&b, " (utf-8, utf-16le, windows-1256, iso-8859-1, shift_jis, %s)",
			    TR(e, "binary …", "binary …"));
	return wn_buf_take(&b, NULL);
}

static void
ask_charset(struct editor *e, const char *question, pane_answer_fn answer)
{
	char *text = charset_question(e, question);

	e->host->ops->ask(e->host, text, ed_doc_info(e->doc)->charset, answer, e);
	wn_free(text);
}

static void
reopen_answer(void *arg, const char *text)
{
	if (text != NULL && text[0] != '\0')
		editor_reopen(arg, text);
}

void
editor_c_reopen(void *self, const char *arg)
{
	struct editor *e = self;

	if (ed_doc_path(e->doc) == NULL || ed_doc_dirty(e->doc))
		e->host->ops->say(e->host, PANE_WARN, "%s",
				  TR(e, "Save or undo first: reading again begins from the file.",
				     "احفظ أو تراجع أولا: إعادة القراءة تبدأ من الملف."));
	else if (arg != NULL)
		editor_reopen(e, arg);
	else
		ask_charset(e, TR(e, "Read it as", "قراءته بترميز"), reopen_answer);
}

/* "utf-8-bom" is UTF-8 with its mark; UTF-16 and UTF-32 always get theirs. */
static void
charset_answer(void *arg, const char *text)
{
	struct editor *e = arg;
	struct wn_diag d = { 0 };
	bool bom = text != NULL && wn_str_has_suffix(wn_str(text), WN_STR("-bom"));
	char *name;
	wn_err err;

	if (text == NULL || text[0] == '\0')
		return;
	name = wn_strndup(text, strlen(text) - (bom ? 4 : 0));
	err = ed_doc_set_charset(e->doc, name, bom || strncmp(name, "utf-8", 5) != 0, &d);
	editor_tell(e, err, &d);
	if (err == 0)
		editor_save(e);
	wn_free(name);
	redraw(e);
}

void
editor_c_charset(void *self, const char *arg)
{
	struct editor *e = self;

	if (e->loading || e->saving)
		return;
	if (arg != NULL)
		charset_answer(e, arg);
	else
		ask_charset(e, TR(e, "Save it as", "حفظه بترميز"), charset_answer);
}

/* What was decoded is read again as it is on disk, so that the bytes shown are the file's. */
void
editor_c_hex(void *self, const char *arg)
{
	struct editor *e = self;
	const struct ed_doc_info *i = ed_doc_info(e->doc);

	(void)arg;
	if (e->hex.on && i->encoding == ED_ENC_BINARY && e->charset[0] != '\0')
		editor_c_reopen(e, "");
	else if (e->hex.on || (i->encoding <= ED_ENC_BROKEN && !i->bom) ||
		 i->encoding == ED_ENC_BINARY)
		editor_hex_show(e, !e->hex.on);
	else
		editor_c_reopen(e, "binary");
}

void
editor_c_read_only(void *self, const char *arg)
{
	struct editor *e = self;
	bool on = !ed_doc_info(e->doc)->read_only;

	(void)arg;
	if (e->loading)
		return;
	ed_doc_set_read_only(e->doc, on);
	e->host->ops->say(e->host, PANE_INFO, "%s",
			  on ? TR(e, "Read-only now.", "للقراءة فقط الآن.")
			     : TR(e, "It may be edited now.", "يمكن تحريره الآن."));
	redraw(e);
}
