/*
 * Where an event goes: overlay, chord, keymap, pane.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/app/app.h"
#include "tui/widget/widget.h"

#define WHICH_MS 300
#define CLICK_MS 400

void
app_which_stop(struct app *a)
{
	app_timer_stop(a, &a->which_timer);
	if (a->which || a->chord.n > 0)
		a->redraw = true;
	a->which = false;
	a->chord.n = 0;
}

static void
on_which(void *arg)
{
	struct app *a = arg;

	if (a->chord.n > 0) {
		a->which = true;
		a->redraw = true;
	}
}

static bool
typing(const struct tab *t)
{
	return t != NULL && (t->type->flags & PANE_TYPING);
}

/* True: the key was used or belongs to a chord. */
static bool
try_keymap(struct app *a, const struct tui_key *k, const char *pane)
{
	const struct tui_binding *b = NULL;
	bool begun = a->chord.n > 0;

	if (begun && k->code == TUI_KEY_ESC) {
		app_which_stop(a);
		return true;
	}
	if (a->chord.n == TUI_CHORD_MAX)
		app_which_stop(a);
	a->chord.key[a->chord.n++] = *k;
	switch (tui_keymap_find(&a->keymap, &a->chord, pane, &b)) {
	case TUI_KEYMAP_FOUND:
		app_which_stop(a);
		app_run(a, b->command, b->arg);
		return true;
	case TUI_KEYMAP_PREFIX:
		app_timer(a, NULL, &a->which_timer, WHICH_MS, on_which, a);
		a->redraw = true;
		return true;
	case TUI_KEYMAP_NONE:
	default:
		app_which_stop(a);
		if (begun) {
			struct wn_buf n;

			wn_buf_init(&n, 64);
			tui_key_print(*k, &n);
			app_say(a, PANE_WARN, "%s %s", n.p,
				app_tr(a, (struct tui_text)TUI_TEXT("is not bound there.",
								    "غير معرّف هنا.")));
			wn_buf_fini(&n);
		}
		return begun;
	}
}

static bool
wants_first(const struct tab *t, const struct tui_key *k)
{
	if (typing(t) && tui_key_is_text(k))
		return true;
	return t->type->grabs != NULL && t->type->grabs(t->self, k);
}

static void
on_key(struct app *a, const struct tui_key *k)
{
	struct tab *t;
	bool tried = false;

	if (a->message[0] != '\0') {
		a->message[0] = '\0';
		a->redraw = true;
	}
	if (a->quit_waits && k->code == TUI_KEY_ESC) {
		a->quit_waits = false;
		return;
	}
	if (a->overlay != NULL) {
		a->redraw = true;
		a->overlay->cls->key(a->overlay, k);
		return;
	}
	t = app_focus(a);
	if (t != NULL && a->chord.n == 0 && wants_first(t, k)) {
		t->dirty = true;
		if (t->type->key != NULL && t->type->key(t->self, k))
			return;
		tried = true;
	}
	if (try_keymap(a, k, t != NULL ? t->type->name : ""))
		return;
	if (t == NULL)
		return;
	t->dirty = true;
	if (!tried && t->type->key != NULL && t->type->key(t->self, k))
		return;
	if (typing(t))
		return;
	if (tui_key_is(k, '?', 0))
		app_run(a, "app.keys", NULL);
	else if (tui_key_is(k, 'q', 0))
		app_close(a, t);
}

/* ---- mouse ---- */

static void
count_clicks(struct app *a, struct tui_mouse *m)
{
	int64_t now = wn_mono_ns(a->clock) / 1000000;

	if (m->kind != TUI_MOUSE_PRESS)
		return;
	if (now - a->click_ms < CLICK_MS && m->y == a->click_y && m->x == a->click_x)
		a->clicks = a->clicks % 3 + 1;
	else
		a->clicks = 1;
	a->click_ms = now;
	a->click_y = m->y;
	a->click_x = m->x;
	m->clicks = a->clicks;
}

static void
tab_bar_label(void *arg, int i, char *buf, size_t n)
{
	struct tui_node *leaf = arg;

	app_tab_label(leaf->tabs.p[i], buf, n);
}

/* A press on the line of tabs; the middle button closes. True: it was on a tab. */
static bool
on_tab_bar(struct app *a, struct tui_node *leaf, const struct tui_mouse *m)
{
	struct tui_tabs tabs = { (int)leaf->tabs.len, (int)leaf->active, tab_bar_label, leaf, -1 };
	struct tui_mouse in = *m;

	in.x -= leaf->rect.x + 1;
	if (m->y != leaf->rect.y || in.x < 0 || !tui_tabs_class.mouse(&tabs, &in))
		return false;
	app_set_focus(a, leaf, (size_t)tabs.hit);
	if (m->button == 2)
		app_close(a, leaf->tabs.p[tabs.hit]);
	return true;
}

static void
to_pane(struct app *a, struct tab *t, const struct tui_node *leaf, const struct tui_mouse *m)
{
	struct tui_rect r = app_inside(a, leaf);
	struct tui_mouse in = *m;

	in.y -= r.y;
	in.x -= r.x;
	t->dirty = true;
	if (t->type->mouse != NULL)
		t->type->mouse(t->self, &in);
}

/* The rest of what a press began: dragging a border, or in a pane. */
static bool
goes_on(struct app *a, const struct tui_mouse *m)
{
	struct tab *t = a->mouse_tab;
	struct tui_node *leaf;

	if (a->drag != NULL) {
		if (m->kind == TUI_MOUSE_DRAG)
			tui_layout_drag(a->drag, m->y, m->x);
		else
			a->drag = NULL;
		a->redraw = true;
		return true;
	}
	if (t == NULL || m->kind == TUI_MOUSE_PRESS || m->kind == TUI_MOUSE_WHEEL)
		return false;
	leaf = tui_layout_find(&a->layout, t, NULL);
	if (m->kind == TUI_MOUSE_RELEASE)
		a->mouse_tab = NULL;
	if (leaf != NULL)
		to_pane(a, t, leaf, m);
	return true;
}

static void
on_mouse(struct app *a, const struct tui_mouse *ev)
{
	struct tui_mouse m = *ev;
	struct tui_node *leaf;
	struct tui_rect r;

	count_clicks(a, &m);
	if (a->overlay != NULL) {
		a->redraw = true;
		if (a->overlay->cls->mouse != NULL)
			a->overlay->cls->mouse(a->overlay, &m);
		return;
	}
	if (goes_on(a, &m))
		return;
	leaf = tui_layout_at(&a->layout, m.y, m.x);
	if (leaf == NULL || leaf->tabs.len == 0)
		return;
	if (m.kind == TUI_MOUSE_PRESS &&
	    (on_tab_bar(a, leaf, &m) || tui_layout_grab(&a->layout, m.y, m.x, &a->drag)))
		return;
	r = app_inside(a, leaf);
	if (m.y < r.y || m.y >= r.y + r.rows || m.x < r.x || m.x >= r.x + r.cols)
		return;
	if (m.kind == TUI_MOUSE_PRESS) {
		app_set_focus(a, leaf, leaf->active);
		a->mouse_tab = leaf->tabs.p[leaf->active];
	}
	to_pane(a, leaf->tabs.p[leaf->active], leaf, &m);
}

/* ---- the rest ---- */

static void
on_paste(struct app *a, const struct tui_event *ev)
{
	struct tab *t = app_focus(a);

	a->message[0] = '\0';
	if (a->overlay != NULL) {
		a->redraw = true;
		if (a->overlay->cls->paste != NULL)
			a->overlay->cls->paste(a->overlay, ev->paste);
	} else if (t != NULL && t->type->paste != NULL) {
		t->dirty = true;
		t->type->paste(t->self, ev->paste, ev->paste_begin, ev->paste_end);
	}
}

static void
on_reply(struct app *a, const struct tui_reply *r)
{
	const struct tui_caps *caps = tui_term_caps(a->term);
	enum tui_dark dark = caps->dark;

	if (tui_term_reply(a->term, r, &a->tty.buf))
		a->redraw = true;
	a->input.kitty = caps->kitty;
	if (caps->answered)
		a->input.expect = false;
	if (caps->dark != dark && caps->dark != TUI_DARK_UNKNOWN && !a->theme_chosen &&
	    a->theme.dark != (caps->dark == TUI_DARK)) {
		struct tui_theme now;

		if (tui_theme_load(caps->dark == TUI_DARK ? "dark" : "light", &now, NULL) == 0)
			app_use_theme(a, &now);
	}
}

void
app_event(void *app, const struct tui_event *ev)
{
	struct app *a = app;

	if (ev->type == TUI_EV_KEY || ev->type == TUI_EV_MOUSE || ev->type == TUI_EV_PASTE)
		a->typed = true;
	if ((ev->type == TUI_EV_KEY || ev->type == TUI_EV_PASTE) && app_ahead_take(a, ev))
		return;
	switch (ev->type) {
	case TUI_EV_KEY:
		on_key(a, &ev->key);
		break;
	case TUI_EV_MOUSE:
		on_mouse(a, &ev->mouse);
		break;
	case TUI_EV_PASTE:
		on_paste(a, ev);
		break;
	case TUI_EV_FOCUS:
		if (ev->focused)
			app_tell(a, NULL, &(struct pane_event){ .type = PANE_TERMINAL_FOCUSED });
		break;
	case TUI_EV_REPLY:
		on_reply(a, &ev->reply);
		break;
	case TUI_EV_SYNC:
		wn_clock_fake_advance(&a->fake, ev->sync_ms);
		app_timers_run(a);
		a->sync_id = ev->sync_id;
		break;
	default:
		break;
	}
}
