/*
 * Inside the search pane. Only tui/pane/search/ includes this.
 */
#ifndef TUI_PANE_SEARCH_SEARCH_H
#define TUI_PANE_SEARCH_SEARCH_H

#include "tui/pane/pane.h"
#include "tui/pane/search/apply.h"
#include "tui/widget/field.h"
#include "tui/widget/list.h"

enum search_part { PART_QUERY, PART_WITH, PART_LIST };

struct search_row {
	size_t file;
	size_t hit; /* SIZE_MAX: the file itself */
};

struct search {
	struct pane_host *host;
	struct tui_field query, with;
	enum search_part part;
	unsigned flags;
	struct tui_list list;
	WN_VEC(struct search_row) rows;
	WN_VEC(struct found_file *) files;
	struct finder *finder; /* of the results shown; NULL: none */
	struct finder_news news;
	void *timer;		 /* until typing rests */
	struct ed_search *shows; /* for previews; NULL: the query is not good */
	char error[160];
	struct apply *applied; /* what was replaced last and can be taken back */
	bool applying;
	int list_y; /* of the last draw */
};

#define TR(s, en, ar) (s)->host->ops->tr((s)->host, (struct tui_text)TUI_TEXT(en, ar))

/* draw.c */
void search_draw(void *self, const struct pane_draw *d);
void search_row_draw(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t,
		     struct tui_style base);
/* results.c */
void search_start(struct search *s);		   /* with what the fields hold now */
void search_forget(struct search *s);		   /* results, and the work that makes them */
void search_toggle(struct search *s, int64_t row); /* replaces this hit or file, or does not */
size_t search_chosen(const struct search *s, size_t *files_out);
void search_replace(struct search *s); /* the chosen hits; asks first */
void search_take_back(struct search *s);

#endif
