/*
 * What differs between the file on disk and the text here, in the place of the text. Read and
 * compared on a worker.
 */
#include <string.h>

#include "editor/document/diff.h"
#include "runtime/base/mem.h"
#include "tui/pane/editor/editor.h"

#define SHOWN_MAX ((size_t)4 << 20)
#define AROUND 3

struct editor_differ {
	struct wn_buf text; /* as ed_diff_print() writes it */
	WN_VEC(size_t) at;  /* where its lines begin */
	size_t top;
	bool rough;
};

struct differing {
	struct editor *e;
	char *path, charset[24];
	struct ed_text *mine;
	struct editor_differ *out;
	struct wn_diag d;
};

static void
differ_free(struct editor_differ *f)
{
	if (f == NULL)
		return;
	wn_buf_fini(&f->text);
	wn_vec_fini(&f->at);
	wn_free(f);
}

static void
differ_work(void *arg)
{
	struct differing *w = arg;
	struct ed_doc_opts opts = { .charset = w->charset[0] != '\0' ? w->charset : NULL };
	struct ed_doc *doc = NULL;
	struct ed_diff diff = { 0 };
	wn_err err = ed_doc_open(w->path, &opts, &doc, &w->d);

	wn_buf_init(&w->out->text, SHOWN_MAX);
	if (err == 0)
		err = ed_diff_lines(ed_doc_text(doc), w->mine, &diff);
	if (err == WN_E_LIMIT)
		wn_fail(&w->d, err, "the texts are too large to be compared here");
	if (err == 0) {
		w->out->rough = diff.rough;
		ed_diff_print(&diff, ed_doc_text(doc), w->mine, AROUND, &w->out->text);
		for (size_t at = 0; at < w->out->text.len;) {
			const char *p = w->out->text.p + at;
			const char *nl = memchr(p, '\n', w->out->text.len - at);

			wn_vec_push(&w->out->at, at);
			at = nl != NULL ? (size_t)(nl + 1 - w->out->text.p) : w->out->text.len;
		}
	}
	ed_diff_fini(&diff);
	ed_doc_free(doc);
}

static void
differ_done(void *arg, bool cancelled)
{
	struct differing *w = arg;
	struct editor *e = w->e;

	if (!cancelled && w->d.code != 0) {
		e->host->ops->fail(e->host, &w->d);
	} else if (!cancelled && w->out->at.len == 0) {
		e->host->ops->say(e->host, PANE_INFO, "%s",
				  TR(e, "Nothing differs from the file on disk.",
				     "لا فرق عن الملف على القرص."));
	} else if (!cancelled) {
		editor_differ_close(e);
		e->differ = w->out;
		w->out = NULL;
		redraw(e);
	}
	differ_free(w->out);
	ed_text_free(w->mine);
	wn_free(w->path);
	wn_free(w);
}

void
editor_c_differ(void *self, const char *arg)
{
	struct editor *e = self;
	struct differing *w;

	(void)arg;
	if (e->loading || ed_doc_path(e->doc) == NULL)
		return;
	w = WN_NEW(struct differing);
	*w = (struct differing){ .e = e,
				 .path = wn_strdup(ed_doc_path(e->doc)),
				 .mine = ed_text_snap(text_of(e)),
				 .out = WN_NEW(struct editor_differ) };
	if (ed_doc_chosen_charset(e->doc) != NULL)
		memcpy(w->charset, ed_doc_info(e->doc)->charset, sizeof w->charset);
	e->host->ops->work(e->host, differ_work, differ_done, w);
}

void
editor_differ_close(struct editor *e)
{
	if (e->differ == NULL)
		return;
	differ_free(e->differ);
	e->differ = NULL;
	wn_vec_clear(&e->drawn);
}

void
editor_differ_draw(struct editor *e, const struct pane_draw *d)
{
	const struct editor_differ *f = e->differ;
	const struct tui_style *ui = d->theme->ui;

	tui_clear(d->view, ui[UI_TEXT]);
	tui_put_cut(d->view, 0, 0, d->view.cols,
		    wn_str(f->rough ? TR(e,
					 "They differ much: - on disk, + here. r reads the file, "
					 "Esc goes back",
					 "الفرق كبير: - على القرص، + هنا. r يقرأ الملف، Esc للرجوع")
				    : TR(e, "- on disk, + here. r reads the file, Esc goes back",
					 "- على القرص، + هنا. r يقرأ الملف، Esc للرجوع")),
		    ui[UI_TITLE]);
	for (size_t y = 1; y < (size_t)d->view.rows && f->top + y - 1 < f->at.len; y++) {
		size_t i = f->top + y - 1, from = f->at.p[i];
		size_t to = i + 1 < f->at.len ? f->at.p[i + 1] : f->text.len;
		const char *p = f->text.p + from;
		enum tui_look look = p[0] == '+'   ? UI_ADDED
				     : p[0] == '-' ? UI_REMOVED
				     : p[0] == '@' ? UI_MUTED
						   : UI_TEXT;

		tui_put(d->view, (int)y, 0, wn_strn(p, to - from - (f->text.p[to - 1] == '\n')),
			ui[look]);
	}
}

bool
editor_differ_key(struct editor *e, const struct tui_key *k)
{
	struct editor_differ *f = e->differ;
	size_t page = e->rows > 2 ? (size_t)e->rows - 2 : 1, last = f->at.len - 1;

	redraw(e);
	switch (k->code) {
	case TUI_KEY_UP:
		f->top -= f->top > 0;
		return true;
	case TUI_KEY_DOWN:
		f->top += f->top < last;
		return true;
	case TUI_KEY_PGUP:
		f->top = f->top > page ? f->top - page : 0;
		return true;
	case TUI_KEY_PGDN:
		f->top = last - f->top > page ? f->top + page : last;
		return true;
	case TUI_KEY_HOME:
		f->top = 0;
		return true;
	case TUI_KEY_END:
		f->top = last;
		return true;
	case 'r':
		editor_differ_close(e);
		editor_reload(e);
		return true;
	case TUI_KEY_ESC:
		editor_differ_close(e);
		editor_look_at_disk(e); /* asks again when that is still to be decided */
		return true;
	default:
		return true; /* nothing is typed into a text that is not seen */
	}
}
