/*
 * The picture of the search pane: two fields, a line that says how it stands, results with what
 * each becomes.
 */
#include <stdio.h>

#include "runtime/base/mem.h"
#include "tui/pane/search/search.h"

static void
draw_hit(struct search *s, const struct hit *h, struct tui_view v, const struct tui_theme *t,
	 struct tui_style base)
{
	struct tui_style lit = tui_style_over(base, t->ui[UI_LIST_MATCH]);
	size_t skip = 0;
	struct wn_buf now;
	int x;

	while (skip < h->at && (h->line[skip] == ' ' || h->line[skip] == '\t'))
		skip++;
	tui_puts(v, 0, 1, h->off ? "[ ]" : "[x]", base);
	x = 5 + tui_printf(v, 0, 5, tui_style_over(base, t->ui[UI_MUTED]), "%5zu ", h->row + 1);
	x += tui_put(v, 0, x, wn_strn(h->line + skip, h->at - skip), base);
	wn_buf_init(&now, 4096);
	if (s->with.text.len > 0 && !h->off && s->shows != NULL &&
	    apply_preview(h, s->shows, wn_str(tui_field_text(&s->with)), &now)) {
		x += tui_put(v, 0, x, wn_strn(h->line + h->at, h->len),
			     tui_style_over(base, t->ui[UI_REMOVED]));
		x += tui_put(v, 0, x, wn_buf_view(&now), tui_style_over(base, t->ui[UI_ADDED]));
	} else {
		x += tui_put(v, 0, x, wn_strn(h->line + h->at, h->len), lit);
	}
	wn_buf_fini(&now);
	(void)tui_put(v, 0, x, wn_str(h->line + h->at + h->len), base);
}

void
search_row_draw(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t,
		struct tui_style base)
{
	struct search *s = arg;
	struct search_row r = s->rows.p[i];
	const struct found_file *f = s->files.p[r.file];

	if (r.hit != SIZE_MAX)
		draw_hit(s, &f->hits.p[r.hit], v, t, base);
	else
		tui_printf(v, 0, 0, tui_style_over(base, t->ui[UI_TITLE]), "%s (%zu)", f->path,
			   f->hits.len);
}

static void
draw_field(struct search *s, const struct pane_draw *d, int y, const char *label,
	   struct tui_field *f, bool focused)
{
	int x = tui_puts(d->view, y, 1, label, d->theme->ui[UI_KEY]) + 2;
	int cols = d->view.cols - x - 26 > 10 ? d->view.cols - x - 26 : d->view.cols - x - 1;

	(void)s;
	tui_field_class.draw(f, tui_view_sub(d->view, y, x, 1, cols), d->theme, focused);
	if (focused && d->focused)
		*d->cursor = (struct pane_cursor){ y, x + f->cursor };
}

static void
draw_state(struct search *s, const struct pane_draw *d, int y)
{
	const struct tui_style *ui = d->theme->ui;
	size_t files, chosen = search_chosen(s, &files);

	if (s->error[0] != '\0')
		tui_put_cut(d->view, y, 1, d->view.cols - 2, wn_str(s->error), ui[UI_ERROR]);
	else if (s->finder == NULL)
		tui_puts(d->view, y, 1,
			 TR(s, "Type what to look for in the folder.",
			    "اكتب ما تبحث عنه في المجلد."),
			 ui[UI_MUTED]);
	else
		tui_printf(d->view, y, 1, ui[UI_MUTED], "%zu %s %zu %s%s%s", s->news.hits,
			   TR(s, "places in", "موضع في"), s->news.files, TR(s, "files", "ملف"),
			   !s->news.over ? TR(s, ", searching …", "، يبحث …")
			   : s->news.skipped > 0
				   ? TR(s, ", more are not shown", "، والمزيد لا يعرض")
				   : "",
			   chosen < s->news.hits && s->news.over
				   ? TR(s, ", some are left out", "، بعضها مستثنى")
				   : "");
}

void
search_draw(void *self, const struct pane_draw *d)
{
	struct search *s = self;
	const struct tui_style *ui = d->theme->ui;
	struct tui_view v = d->view;

	tui_clear(v, ui[UI_TEXT]);
	draw_field(s, d, 0, TR(s, "Find", "بحث"), &s->query, s->part == PART_QUERY);
	tui_printf(v, 0, v.cols - 25, ui[UI_MUTED], "%s %s %s",
		   s->flags & ED_SEARCH_REGEX ? "[r]egex" : "Alt-r",
		   s->flags & ED_SEARCH_ICASE ? "any [c]ase" : "Alt-c",
		   s->flags & ED_SEARCH_WORD ? "[w]ord" : "Alt-w");
	draw_field(s, d, 1, TR(s, "With", "بـ  "), &s->with, s->part == PART_WITH);
	tui_printf(v, 1, v.cols - 25, ui[UI_MUTED], "%s %s",
		   s->flags & ED_SEARCH_KEEP_CASE ? "ke[p]t case" : "Alt-p",
		   TR(s, "all Alt-Enter", "الكل Alt-Enter"));
	draw_state(s, d, 2);
	s->list_y = 3;
	tui_list_class.draw(&s->list, tui_view_sub(v, s->list_y, 0, v.rows - s->list_y, v.cols),
			    d->theme, d->focused && s->part == PART_LIST);
}
