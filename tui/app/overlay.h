/*
 * What lies over the panes and takes the keys: a question, a choice, a picker, a page of keys.
 * One at a time; a new one closes the old (which is told).
 */
#ifndef TUI_APP_OVERLAY_H
#define TUI_APP_OVERLAY_H

#include "tui/pane/pane.h"

struct app;
struct tab;
struct overlay;

struct overlay_class {
	void (*draw)(struct overlay *, struct tui_view screen, const struct tui_theme *,
		     struct pane_cursor *cursor);
	void (*key)(struct overlay *, const struct tui_key *);
	void (*mouse)(struct overlay *, const struct tui_mouse *); /* in screen cells; nullable */
	void (*paste)(struct overlay *, struct wn_str);		   /* nullable */
	void (*free)(struct overlay *);
};

struct overlay {
	const struct overlay_class *cls;
	struct app *app;
	struct tab *tab; /* who asked; nullable: the application */
};

void app_overlay_set(struct app *a, struct overlay *o); /* takes it */
void app_overlay_close(struct app *a);			/* frees it; the person is told nothing */
/* ask.c: fn gets NULL when the person turns away or the tab closes */
void app_ask(struct app *a, struct tab *t, const char *question, const char *initial,
	     pane_answer_fn fn, void *arg);
void app_ask_secret(struct app *a, struct tab *t, const char *question, pane_answer_fn fn,
		    void *arg);
void app_choose(struct app *a, struct tab *t, const char *question, const struct pane_choice *c,
		pane_answer_fn fn, void *arg);
/* A page of text to read: lines "key\ttext". takes text (wn_free()). */
void app_page(struct app *a, const char *title, char *text);

/* pick.c: a picker. Items are added, then it is shown; it may be fed more while shown. */
struct pick;
struct pick *app_pick_new(struct app *a, const char *title, const char *placeholder, bool paths,
			  void (*chosen)(void *arg, const char *id), void *arg);
void app_pick_add(struct pick *p, const char *id, const char *text, const char *alias_nullable,
		  const char *detail_nullable);
/* The same with a place among equals: a lower rank comes first. */
void app_pick_add_ranked(struct pick *p, const char *id, const char *text,
			 const char *alias_nullable, const char *detail_nullable, uint32_t rank);
/* Many texts at once that are their own ids; takes memory, which they lie in. */
void app_pick_add_many(struct pick *p, char *memory, const char *const *texts, size_t n);
void app_pick_show(struct pick *p); /* becomes the overlay */
/* Shown before its items are there: it takes keys meanwhile, and Enter waits for them. */
void app_pick_wait(struct pick *p);
void app_pick_filled(struct pick *p); /* the items of a waiting one have been added */
bool app_pick_is_shown(const struct app *a, const struct pick *p);

#endif
