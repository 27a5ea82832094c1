/*
 * Keys that come before what they are for: while the focused pane reads its file, keys and pastes
 * wait in order. A pane that reads for long (a slow disk) lets the ways out of it pass.
 */
#include <string.h>

#include "runtime/base/mem.h"
#include "tui/app/app.h"

#define PATIENCE_MS 400
#define AHEAD_MAX 4096

static bool
must_wait(const struct app *a)
{
	const struct tab *t = app_focus(a);

	return t != NULL && a->overlay == NULL && t->self != NULL && t->type->loading != NULL &&
	       t->type->loading(t->self);
}

/* Keys that lead away from the pane. */
static bool
leads_out(const struct app *a, const struct tui_event *ev)
{
	const struct tui_key *k = &ev->key;

	if (ev->type != TUI_EV_KEY || wn_mono_ns(a->clock) / 1000000 - a->ahead_ms < PATIENCE_MS)
		return false;
	if (k->mods == TUI_ALT)
		return true;
	return k->mods == TUI_CTRL && strchr("qwkpo", (int)k->code) != NULL && k->code < 128;
}

bool
app_ahead_take(struct app *a, const struct tui_event *ev)
{
	struct tui_event copy = *ev;

	if (a->replaying || (a->ahead.len == 0 && !must_wait(a)))
		return false;
	if (ev->type == TUI_EV_KEY && (a->chord.n > 0 || leads_out(a, ev)))
		return false;
	if (a->ahead.len >= AHEAD_MAX)
		return true;
	if (a->ahead.len == 0)
		a->ahead_ms = wn_mono_ns(a->clock) / 1000000;
	if (ev->type == TUI_EV_PASTE)
		copy.paste = wn_strn(wn_strndup(ev->paste.p, ev->paste.len), ev->paste.len);
	wn_vec_push(&a->ahead, copy);
	return true;
}

void
app_ahead_run(struct app *a)
{
	size_t n = 0;

	while (n < a->ahead.len && !a->quit && !must_wait(a)) {
		struct tui_event ev = a->ahead.p[n++];

		a->replaying = true;
		app_event(a, &ev);
		a->replaying = false;
		if (ev.type == TUI_EV_PASTE)
			wn_free((char *)(uintptr_t)ev.paste.p);
	}
	while (n-- > 0)
		wn_vec_remove(&a->ahead, 0);
}

void
app_ahead_fini(struct app *a)
{
	for (size_t i = 0; i < a->ahead.len; i++)
		if (a->ahead.p[i].type == TUI_EV_PASTE)
			wn_free((char *)(uintptr_t)a->ahead.p[i].paste.p);
	wn_vec_fini(&a->ahead);
}
