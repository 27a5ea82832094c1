/*
 * Folders that panes want to hear of: one inotify watch each, told to all panes a moment after the
 * last change. Our own temporary files are no news. Where there are no watches left, nothing comes.
 */
#include <string.h>

#include "runtime/base/mem.h"
#include "tui/app/app.h"

#define SETTLE_MS 50
#define WATCHES_MAX 1024

struct app_watch {
	uv_fs_event_t handle;
	struct app *app;
	struct app_watch *next;
	char *dir;
	int users;
	bool changed;
};

static void
on_settled(void *arg)
{
	struct app *a = arg;

	/* A pane that is told may add and remove watches. */
	for (struct app_watch *w = a->watches; w != NULL;) {
		char *dir;

		if (!w->changed) {
			w = w->next;
			continue;
		}
		w->changed = false;
		dir = wn_strdup(w->dir);
		app_tell(a, NULL,
			 &(struct pane_event){ .type = PANE_DISK_CHANGED, .path = wn_str(dir) });
		wn_free(dir);
		w = a->watches;
	}
}

static bool
is_ours(const char *name)
{
	struct wn_str s = wn_str(name);

	return wn_str_has_prefix(s, WN_STR(".wn-")) && wn_str_has_suffix(s, WN_STR(".tmp"));
}

static void
on_change(uv_fs_event_t *h, const char *name, int events, int status)
{
	struct app_watch *w = h->data;

	(void)events;
	if (status < 0 || (name != NULL && is_ours(name)))
		return;
	w->changed = true;
	if (w->app->settle_timer == NULL)
		app_timer(w->app, NULL, &w->app->settle_timer, SETTLE_MS, on_settled, w->app);
}

static void
on_closed(uv_handle_t *h)
{
	struct app_watch *w = h->data;

	wn_free(w->dir);
	wn_free(w);
}

static struct app_watch **
find_watch(struct app *a, const char *dir)
{
	struct app_watch **at = &a->watches;

	while (*at != NULL && strcmp((*at)->dir, dir) != 0)
		at = &(*at)->next;
	return at;
}

void
app_watch(struct app *a, const char *dir)
{
	struct app_watch *w = *find_watch(a, dir);
	size_t n = 0;

	if (w != NULL) {
		w->users++;
		return;
	}
	for (w = a->watches; w != NULL; w = w->next)
		n++;
	if (n >= WATCHES_MAX)
		return;
	w = WN_NEW(struct app_watch);
	w->app = a;
	w->dir = wn_strdup(dir);
	w->users = 1;
	w->next = a->watches;
	a->watches = w;
	uv_fs_event_init(a->loop, &w->handle);
	w->handle.data = w;
	(void)uv_fs_event_start(&w->handle, on_change, dir, 0);
}

void
app_unwatch(struct app *a, const char *dir)
{
	struct app_watch **at = find_watch(a, dir), *w = *at;

	if (w == NULL || --w->users > 0)
		return;
	*at = w->next;
	uv_close((uv_handle_t *)&w->handle, on_closed);
}
