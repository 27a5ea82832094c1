/*
 * The pictures of the history pane: snapshots, changed files, a diff.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "runtime/base/utf8.h"
#include "tui/pane/history/history.h"

static struct tui_style
in(struct tui_style base, const struct tui_theme *t, enum tui_look look)
{
	return tui_style_over(base, (struct tui_style){ t->ui[look].fg, 0, t->ui[look].attr });
}

/* "14:02" of today, else with the date. */
static void
print_time(const struct history *h, int64_t ms, char *buf, size_t n)
{
	time_t then = (time_t)(ms / 1000),
	       now = (time_t)(wn_now_ms(h->host->ops->clock(h->host)) / 1000);
	struct tm a, b;

	if (localtime_r(&then, &a) == NULL || localtime_r(&now, &b) == NULL) {
		snprintf(buf, n, "?");
		return;
	}
	strftime(buf, n,
		 a.tm_year == b.tm_year && a.tm_yday == b.tm_yday ? "%H:%M" : "%Y-%m-%d %H:%M", &a);
}

static const char *
kind_words(const struct history *h, const struct hist_snapshot *s)
{
	switch (s->kind) {
	case 'f':
		return TR(h, "first", "الأولى");
	case 'b':
		return TR(h, "before a restore", "قبل استعادة");
	case 'a':
		return TR(h, "by itself", "تلقائية");
	default:
		return TR(h, "snapshot", "لقطة");
	}
}

static void
snapshot_row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t,
	     struct tui_style base)
{
	struct history *h = arg;
	const struct hist_snapshot *s;
	char when[32], right[64] = "";
	int w;

	if (i == 0) {
		tui_puts(v, 0, 1, "▸", in(base, t, UI_INFO));
		tui_put_cut(
			v, 0, 3, v.cols - 4,
			wn_str(TR(h, "now, against the last snapshot", "الآن، مقارنة بآخر لقطة")),
			base);
		return;
	}
	s = &h->snaps.p[i - 1];
	print_time(h, s->created_ms, when, sizeof when);
	snprintf(right, sizeof right, "%lld %s", (long long)s->changed, TR(h, "changed", "تغير"));
	w = wn_utf8_width(wn_str(right));
	if (v.cols < 34)
		w = 0;
	else
		tui_puts(v, 0, v.cols - w - 1, right,
			 in(base, t, s->changed > 0 ? UI_CHANGED : UI_MUTED));
	tui_puts(v, 0, 1, s->kind == 'b' ? "↶" : "●",
		 in(base, t, s->kind == 'b' ? UI_WARN : UI_OK));
	tui_puts(v, 0, 3, when, in(base, t, UI_MUTED));
	w = v.cols - w - 6 - (int)strlen(when);
	tui_put_cut(v, 0, 4 + (int)strlen(when), w,
		    wn_str(s->label[0] != '\0' ? s->label : kind_words(h, s)), base);
}

static void
file_row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	static const char letters[] = { 'A', 'M', 'D', 'T' };
	static const enum tui_look looks[] = { UI_ADDED, UI_CHANGED, UI_REMOVED, UI_WARN };
	struct history *h = arg;
	const struct hist_file *f = &h->files.p[i];
	char plus[32], minus[32];
	int w = 1;

	tui_printf(v, 0, 1, in(base, t, looks[f->change]), "%c", letters[f->change]);
	snprintf(plus, sizeof plus, "+%lld", (long long)f->added);
	snprintf(minus, sizeof minus, "-%lld", (long long)f->removed);
	if (f->binary) {
		const char *bin = TR(h, "binary", "ثنائي");

		w = wn_utf8_width(wn_str(bin)) + 2;
		tui_puts(v, 0, v.cols - w, bin, in(base, t, UI_MUTED));
	} else if (v.cols >= 30) {
		w = (int)(strlen(plus) + strlen(minus)) + 3;
		tui_puts(v, 0, v.cols - w, plus, in(base, t, UI_ADDED));
		tui_puts(v, 0, v.cols - 1 - (int)strlen(minus), minus, in(base, t, UI_REMOVED));
	}
	tui_put_cut(v, 0, 3, v.cols - w - 4, wn_str(f->path), base);
}

void
hist_draw_init(struct history *h)
{
	h->list.row = snapshot_row;
	h->list.arg = h;
	h->file_list.row = file_row;
	h->file_list.arg = h;
	tui_list_set(&h->list, 1);
}

/* ---- the three views ---- */

static enum tui_look
line_look(struct wn_str s)
{
	if (wn_str_has_prefix(s, WN_STR("+++")) || wn_str_has_prefix(s, WN_STR("---")))
		return UI_MUTED;
	if (wn_str_has_prefix(s, WN_STR("@@")))
		return UI_INFO;
	if (s.len > 0 && s.p[0] == '+')
		return UI_ADDED;
	if (s.len > 0 && s.p[0] == '-')
		return UI_REMOVED;
	return UI_TEXT;
}

static void
draw_diff(struct history *h, struct tui_view v, const struct tui_theme *t)
{
	struct tui_style base = t->ui[UI_TEXT];
	int64_t n = (int64_t)h->lines.len, last = n > v.rows ? n - v.rows : 0;

	h->rows = v.rows;
	h->top = h->top > last ? last : h->top < 0 ? 0 : h->top;
	if (!h->diff_known || n == 0) {
		tui_put_cut(
			v, 0, 1, v.cols - 2,
			wn_str(!h->diff_known
				       ? TR(h, "reading …", "قراءة …")
				       : TR(h,
					    "No text to compare: a binary file, or only its mode "
					    "changed.",
					    "لا نص للمقارنة: ملف ثنائي أو تغيرت صلاحياته فقط.")),
			in(base, t, UI_MUTED));
		return;
	}
	for (int y = 0; y < v.rows && h->top + y < n; y++) {
		size_t a = h->lines.p[h->top + y];
		size_t b = h->top + y + 1 < n ? h->lines.p[h->top + y + 1] : h->diff.len;
		struct wn_str s = wn_strn(h->diff.p + a, b - a);

		if (s.len > 0 && s.p[s.len - 1] == '\n')
			s.len--;
		tui_put_cut(v, y, 1, v.cols - 2, s, in(base, t, line_look(s)));
	}
}

static void
draw_files(struct history *h, struct tui_view v, const struct pane_draw *d)
{
	if (h->files.len > 0) {
		tui_list_class.draw(&h->file_list, v, d->theme, d->focused);
		return;
	}
	tui_put_cut(v, 0, 1, v.cols - 2,
		    wn_str(h->files_known ? TR(h, "No file differs.", "لا ملف مختلفا.")
					  : TR(h, "comparing …", "مقارنة …")),
		    in(d->theme->ui[UI_TEXT], d->theme, UI_MUTED));
}

/* The line above: where we are. */
static void
draw_head(struct history *h, struct tui_view v, const struct tui_theme *t)
{
	char buf[300], when[32] = "";
	const char *of = TR(h, "now", "الآن");
	struct tui_style st = in(t->ui[UI_TEXT], t, UI_FOLDER);

	for (size_t i = 0; i < h->snaps.len; i++)
		if (h->of[0] != '\0' && strcmp(h->snaps.p[i].id, h->of) == 0) {
			print_time(h, h->snaps.p[i].created_ms, when, sizeof when);
			of = h->snaps.p[i].label[0] != '\0' ? h->snaps.p[i].label
							    : kind_words(h, &h->snaps.p[i]);
		}
	if (h->doing != NULL) {
		snprintf(buf, sizeof buf, "%s", h->doing);
		st = in(t->ui[UI_TEXT], t, UI_WARN);
	} else if (h->view == HIST_SNAPSHOTS) {
		snprintf(buf, sizeof buf, "%zu %s   s %s  r %s  Enter %s", h->snaps.len,
			 h->snaps.len == 1 ? TR(h, "snapshot", "لقطة")
					   : TR(h, "snapshots", "لقطات"),
			 TR(h, "take one", "أخذ لقطة"), TR(h, "restore", "استعادة"),
			 TR(h, "look in", "عرض"));
		st = in(t->ui[UI_TEXT], t, UI_MUTED);
	} else if (h->view == HIST_CHANGES) {
		snprintf(buf, sizeof buf, "‹ %s%s%s · %zu %s%s", when, when[0] != '\0' ? " " : "",
			 of, h->files.len, TR(h, "files", "ملفات"),
			 h->truncated ? TR(h, " (more are not shown)", " (والباقي غير معروض)")
				      : "");
	} else {
		snprintf(buf, sizeof buf, "‹ %s", h->path);
	}
	tui_put_cut(v, 0, 1, v.cols - 2, wn_str(buf), st);
}

static const char *
nothing(const struct history *h)
{
	switch (h->phase) {
	case HIST_AWAY:
		return TR(h, "Snapshots need the engine, which does not answer.",
			  "اللقطات تحتاج المحرّك، وهو لا يجيب.");
	case HIST_LOADING:
		return TR(h, "asking …", "سؤال …");
	case HIST_FAILED:
		return h->why;
	case HIST_READY:
	default:
		return NULL;
	}
}

void
hist_draw(void *self, const struct pane_draw *d)
{
	struct history *h = self;
	struct tui_view body = tui_view_sub(d->view, 1, 0, d->view.rows - 1, d->view.cols);
	struct tui_style base = d->theme->ui[UI_TEXT];
	const char *why = nothing(h);

	tui_clear(d->view, base);
	if (why != NULL && (h->phase != HIST_AWAY || h->snaps.len == 0)) {
		tui_put_cut(d->view, 1, 1, d->view.cols - 2, wn_str(why),
			    in(base, d->theme, h->phase == HIST_FAILED ? UI_ERROR : UI_MUTED));
		if (h->phase == HIST_FAILED)
			tui_put_cut(d->view, 2, 1, d->view.cols - 2,
				    wn_str(TR(h, "g asks again.", "g يسأل من جديد.")),
				    in(base, d->theme, UI_MUTED));
		return;
	}
	draw_head(h, d->view, d->theme);
	if (h->view == HIST_DIFF)
		draw_diff(h, body, d->theme);
	else if (h->view == HIST_CHANGES)
		draw_files(h, body, d);
	else
		tui_list_class.draw(&h->list, body, d->theme, d->focused);
	if (h->view == HIST_SNAPSHOTS && h->snaps.len == 0 && body.rows > 3)
		tui_put_cut(body, 2, 3, body.cols - 4,
			    wn_str(TR(h,
				      "No snapshot yet. s takes the first one; nothing in your "
				      "folder changes.",
				      "لا لقطة بعد. s يأخذ الأولى؛ ولا يتغير شيء في مجلدك.")),
			    in(base, d->theme, UI_MUTED));
}
