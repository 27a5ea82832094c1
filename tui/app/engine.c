/*
 * The client's link to the engine, in the background: nothing on the screen waits for it.
 */
#include <stdio.h>
#include <string.h>

#include "tui/app/app.h"

static void
on_state(void *arg, enum wn_client_state st, const struct wn_diag *why)
{
	struct app *a = arg;
	bool up = st == WN_CLIENT_UP;
	enum pane_event_type type = up ? PANE_ENGINE_UP : PANE_ENGINE_DOWN;

	if (why != NULL && strcmp(a->engine_why, why->text) != 0) {
		snprintf(a->engine_why, sizeof a->engine_why, "%s", why->text);
		app_say(a, PANE_WARN, "%s: %s",
			app_tr(a, (struct tui_text)TUI_TEXT("Engine", "المحرّك")), why->text);
	}
	a->redraw = true;
	if (up == a->engine_up)
		return;
	a->engine_up = up;
	if (up)
		a->engine_why[0] = '\0';
	app_tell(a, NULL, &(struct pane_event){ .type = type });
}

static void
on_notify(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	app_notify(arg, method, params, attachment);
}

void
app_engine_start(struct app *a)
{
	struct wn_client_opts o = {
		.engine = a->opts.engine,
		.program = a->opts.program,
		.name = "webnova",
		.autostart = true,
		.reconnect = true,
		.on_state = on_state,
		.on_notify = on_notify,
		.arg = a,
	};
	struct wn_diag d = { 0 };

	if (a->opts.engine != NULL && strcmp(a->opts.engine, "none") == 0)
		return;
	if (wn_client_new(a->loop, &o, &a->client, &d) != 0) {
		app_fail(a, &d);
		return;
	}
	wn_client_start(a->client);
}
