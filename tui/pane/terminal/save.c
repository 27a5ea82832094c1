/*
 * What a terminal printed, to a file: the scrollback comes a page at a time, the screen last; a
 * worker writes the file, which is then opened. And files named in the output, opened.
 */
#include <stdio.h>
#include <string.h>

#include "gen/client.h"
#include "runtime/base/file.h"
#include "tui/pane/terminal/path.h"
#include "tui/pane/terminal/terminal.h"
#include "tui/pane/talk.h"

#define PAGE 1000
#define OUTPUT_MAX ((size_t)256 << 20)

struct term_save {
	struct terminal *t;
	char *path;
	struct term_screen page;
	struct wn_buf text;
	int64_t next; /* row that is asked for */
	struct wn_diag d;
	wn_err err;
};

static void
save_free(struct term_save *s)
{
	term_screen_fini(&s->page);
	wn_buf_fini(&s->text);
	wn_free(s->path);
	wn_free(s);
}

static void
write_it(void *arg)
{
	struct term_save *s = arg;

	s->err = wn_file_write(s->path, wn_buf_view(&s->text), 0644, &s->d);
}

static void
written(void *arg, bool cancelled)
{
	struct term_save *s = arg;
	struct terminal *t = s->t;

	if (!cancelled) {
		t->saving = NULL;
		if (s->err != 0)
			t->host->ops->fail(t->host, &s->d);
		else
			t->host->ops->open_file(t->host, s->path, 0, 0);
	}
	save_free(s);
}

static void
add_rows(struct wn_buf *text, const struct term_screen *s, int64_t from, int n, bool goes_on)
{
	if (n <= 0)
		return;
	term_screen_text(s, from, 0, from + n - 1, TERM_SIDE_MAX, text);
	if (!goes_on)
		wn_buf_chr(text, '\n');
}

static void
finish(struct term_save *s)
{
	struct terminal *t = s->t;
	int n = t->screen.live.rows;

	while (n > 0) { /* empty rows at the end say nothing */
		struct wn_buf row;
		bool empty;

		wn_buf_init(&row, 1 << 16);
		term_screen_text(&t->screen, t->screen.history + n - 1, 0,
				 t->screen.history + n - 1, TERM_SIDE_MAX, &row);
		empty = row.len == 0;
		wn_buf_fini(&row);
		if (!empty)
			break;
		n--;
	}
	add_rows(&s->text, &t->screen, t->screen.history, n, false);
	t->host->ops->work(t->host, write_it, written, s);
}

static void ask_page(struct term_save *s);

static void
on_page(void *arg, wn_err err, const struct terminal_scrollback_result *r, struct wn_str rows,
	const struct wn_diag *d)
{
	struct term_save *s = arg;
	struct terminal *t = s->t;

	(void)r;
	if (err == 0)
		err = term_screen_past(&s->page, rows);
	if (err != 0) {
		if (err != WN_E_CANCELLED) {
			t->saving = NULL;
			t->host->ops->fail(t->host, d);
		}
		save_free(s);
		return;
	}
	add_rows(&s->text, &s->page, s->page.past_from, s->page.past_n,
		 s->page.past_n > 0 && s->page.past_wraps[s->page.past_n - 1]);
	s->next = s->page.past_from + s->page.past_n;
	if (s->page.past_n == 0 || s->next >= t->screen.history)
		finish(s);
	else
		ask_page(s);
}

static void
ask_page(struct term_save *s)
{
	struct terminal_scrollback_params p = { .terminal = wn_str(s->t->id),
						.from = s->next,
						.count = PAGE };
	struct wn_diag d = { 0 };

	s->page.history = INT64_MAX; /* rows of the page are all in the past */
	if (wn_call_terminal_scrollback(s->t->host->ops->engine(s->t->host), &p, on_page, s, &d) !=
	    0) {
		s->t->saving = NULL;
		s->t->host->ops->fail(s->t->host, &d);
		save_free(s);
	}
}

static void
on_name(void *arg, const char *text)
{
	struct terminal *t = arg;
	struct term_save *s;

	if (text == NULL || text[0] == '\0' || t->saving != NULL)
		return;
	s = WN_NEW(struct term_save);
	s->t = t;
	s->path = wn_path_clean(text, t->host->ops->root(t->host));
	term_screen_init(&s->page);
	wn_buf_init(&s->text, OUTPUT_MAX);
	t->saving = s;
	if (t->screen.history == 0)
		finish(s);
	else
		ask_page(s);
}

void
term_save_output(struct terminal *t)
{
	if (t->screen.known && t->saving == NULL)
		t->host->ops->ask(t->host,
				  TR(t, "Save all of the output as:", "حفظ كل الخرج باسم:"),
				  "terminal-output.txt", on_name, t);
}

/* ---- names of files ---- */

struct open_path {
	struct terminal *t;
	char *path, *other; /* other: below the open folder */
	int64_t line, col;
	bool there;
};

static void
look(void *arg)
{
	struct open_path *o = arg;

	o->there = wn_file_exists(o->path) && !wn_file_is_dir(o->path);
	if (!o->there && wn_file_exists(o->other) && !wn_file_is_dir(o->other)) {
		char *swap = o->path;

		o->path = o->other;
		o->other = swap;
		o->there = true;
	}
}

static void
looked(void *arg, bool cancelled)
{
	struct open_path *o = arg;

	if (!cancelled && o->there)
		o->t->host->ops->open_file(o->t->host, o->path, o->line, o->col);
	else if (!cancelled)
		o->t->host->ops->say(o->t->host, PANE_INFO, "%s",
				     TR(o->t, "There is no such file.", "لا ملف بهذا الاسم."));
	wn_free(o->path);
	wn_free(o->other);
	wn_free(o);
}

/* A file is opened; any other address is put on the clipboard and said, not followed: what opens it
 * is the person's to choose. */
static void
on_link(void *arg, wn_err err, const struct terminal_link_result *r, struct wn_str attachment,
	const struct wn_diag *d)
{
	struct terminal *t = arg;
	char path[1024];

	(void)attachment;
	if (err != 0) {
		if (!pane_link_lost(err))
			t->host->ops->fail(t->host, d);
	} else if (term_file_uri(r->uri, path, sizeof path)) {
		t->host->ops->open_file(t->host, path, 0, 0);
	} else {
		t->host->ops->copy(t->host, r->uri);
		t->host->ops->say(t->host, PANE_INFO, "%s %.*s", TR(t, "Copied:", "نسخ:"),
				  WN_STR_ARG(r->uri));
	}
}

static bool
follow(struct terminal *t, struct term_place at)
{
	struct terminal_link_params p = { .terminal = wn_str(t->id),
					  .link = term_screen_link(&t->screen, at.row, at.col) };
	struct wn_diag d = { 0 };

	return p.link != 0 &&
	       wn_call_terminal_link(t->host->ops->engine(t->host), &p, on_link, t, &d) == 0;
}

bool
term_open_path(struct terminal *t, struct term_place at)
{
	const char *root = t->host->ops->root(t->host);
	struct open_path *o;
	struct term_path p;
	struct wn_buf line;
	size_t before;

	if (follow(t, at))
		return true;
	wn_buf_init(&line, 1 << 16);
	term_screen_text(&t->screen, at.row, 0, at.row, at.col, &line);
	while (line.len < (size_t)at.col && line.err == 0 && line.len < 1000)
		wn_buf_chr(&line, ' '); /* blanks at the end were dropped */
	before = line.len;
	wn_buf_clear(&line);
	term_screen_text(&t->screen, at.row, 0, at.row, TERM_SIDE_MAX, &line);
	if (!term_path_at(wn_buf_view(&line), before, &p)) {
		wn_buf_fini(&line);
		return false;
	}
	o = WN_NEW(struct open_path);
	o->t = t;
	o->line = p.line;
	o->col = p.col;
	{
		char *name = wn_strndup(p.path.p, p.path.len);

		o->path = wn_path_clean(name, t->cwd[0] == '/' ? t->cwd : root);
		o->other = wn_path_clean(name, root);
		wn_free(name);
	}
	wn_buf_fini(&line);
	t->host->ops->work(t->host, look, looked, o);
	return true;
}
