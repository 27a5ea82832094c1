/*
 * The conversation of the history pane with the engine. The list follows the engine's events.
 */
#include <stdio.h>
#include <string.h>

#include "tui/pane/history/history.h"
#include "tui/pane/talk.h"

#define LIST_MAX 1000
#define FILES_MAX 20000
#define EVENTS 1000000
#define DIFF_MAX ((size_t)16 << 20)

static void
fail(struct history *h, const struct wn_diag *d)
{
	h->phase = HIST_FAILED;
	snprintf(h->why, sizeof h->why, "%s", pane_why(d));
	hist_redraw(h);
}

void
hist_clear_snaps(struct history *h)
{
	for (size_t i = 0; i < h->snaps.len; i++)
		wn_free(h->snaps.p[i].label);
	wn_vec_clear(&h->snaps);
}

void
hist_clear_files(struct history *h)
{
	for (size_t i = 0; i < h->files.len; i++)
		wn_free(h->files.p[i].path);
	wn_vec_clear(&h->files);
	h->files_known = false;
	tui_list_set(&h->file_list, 0);
}

/* ---- the list ---- */

static void list(struct history *h);

static char
kind_of(enum model_snapshot_kind k)
{
	return k == MODEL_SNAPSHOT_KIND_FIRST		 ? 'f'
	       : k == MODEL_SNAPSHOT_KIND_MANUAL	 ? 'm'
	       : k == MODEL_SNAPSHOT_KIND_BEFORE_RESTORE ? 'b'
							 : 'a';
}

static void
take_list(struct history *h, const struct snapshot_list_result *r)
{
	int64_t row = h->list.current;
	char keep[WN_ULID_MAX] = "";

	if (row > 0 && (size_t)row <= h->snaps.len)
		memcpy(keep, h->snaps.p[row - 1].id, sizeof keep);
	hist_clear_snaps(h);
	for (size_t i = 0; i < r->snapshots_len; i++) {
		const struct model_snapshot *m = &r->snapshots[i];
		struct hist_snapshot s = { .label = wn_strndup(m->label.p, m->label.len),
					   .kind = kind_of(m->kind),
					   .created_ms = m->created,
					   .files = m->files,
					   .changed = m->changed,
					   .skipped = m->skipped };

		pane_copy(s.id, sizeof s.id, m->id);
		wn_vec_push(&h->snaps, s);
	}
	tui_list_set(&h->list, (int64_t)h->snaps.len + 1);
	for (size_t i = 0; keep[0] != '\0' && i < h->snaps.len; i++)
		if (strcmp(h->snaps.p[i].id, keep) == 0)
			tui_list_go(&h->list, (int64_t)i + 1);
	h->phase = HIST_READY;
	hist_redraw(h);
}

static void
on_list(void *arg, wn_err err, const struct snapshot_list_result *r, struct wn_str attachment,
	const struct wn_diag *d)
{
	struct history *h = arg;

	(void)attachment;
	h->listing = false;
	if (pane_link_lost(err))
		return;
	if (err != 0) {
		fail(h, d);
		return;
	}
	take_list(h, r);
	if (h->list_again) {
		h->list_again = false;
		list(h);
	}
}

static void
list(struct history *h)
{
	struct snapshot_list_params p = { .workspace = wn_str(h->workspace),
					  .has_limit = true,
					  .limit = LIST_MAX };
	struct wn_diag d = { 0 };

	if (h->listing) {
		h->list_again = true;
		return;
	}
	h->listing = wn_call_snapshot_list(h->host->ops->engine(h->host), &p, on_list, h, &d) == 0;
	if (!h->listing)
		fail(h, &d);
}

static void
on_subscribed(void *arg, wn_err err, const struct event_subscribe_result *r,
	      struct wn_str attachment, const struct wn_diag *d)
{
	struct history *h = arg;

	(void)attachment;
	(void)d;
	if (err == 0)
		h->event_stream = r->stream;
}

static void
on_workspace(void *arg, wn_err err, const struct workspace_open_result *r, struct wn_str attachment,
	     const struct wn_diag *d)
{
	static struct wn_str const types[] = { { "snapshot.*", 10 } };
	struct event_subscribe_params p = { .credit = EVENTS,
					    .types = (struct wn_str *)(uintptr_t)types,
					    .types_len = 1 };
	struct history *h = arg;
	struct wn_diag own = { 0 };

	(void)attachment;
	if (pane_link_lost(err))
		return;
	if (err != 0) {
		fail(h, d);
		return;
	}
	pane_copy(h->workspace, sizeof h->workspace, r->workspace.id);
	if (h->event_stream == 0)
		(void)!wn_call_event_subscribe(h->host->ops->engine(h->host), &p, on_subscribed, h,
					       &own);
	list(h);
}

void
hist_begin(struct history *h)
{
	struct wn_diag d = { 0 };

	if (!h->host->ops->engine_up(h->host)) {
		h->phase = HIST_AWAY;
		return;
	}
	if (h->snaps.len == 0)
		h->phase = HIST_LOADING;
	if (pane_open_workspace(h->host, on_workspace, h, &d) != 0)
		fail(h, &d);
	hist_redraw(h);
}

void
hist_engine_down(struct history *h)
{
	h->phase = HIST_AWAY;
	h->event_stream = 0;
	h->listing = h->list_again = false;
	h->doing = NULL;
	hist_redraw(h);
}

static void
on_event(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct history *h = arg;
	struct event_item_note note;
	struct wn_arena arena;

	(void)method;
	(void)attachment;
	if (h->event_stream == 0)
		return;
	wn_arena_init(&arena, (size_t)1 << 20);
	if (event_item_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == h->event_stream &&
	    wn_str_find(note.event.data, wn_str(h->workspace)) >= 0)
		list(h);
	wn_arena_fini(&arena);
}

void
hist_listen(struct history *h)
{
	h->host->ops->listen(h->host, "event.item", on_event, h);
}

/* ---- what changed ---- */

/* Which question an answer belongs to: the person may have gone on meanwhile. */
struct question {
	struct history *h;
	unsigned n;
};

static struct question *
question(struct history *h)
{
	struct question *q = WN_NEW(struct question);

	*q = (struct question){ h, ++h->asked };
	return q;
}

/* Parameters for what `of` changed: against its parent, or the present against the newest. */
static struct snapshot_diff_params
diff_params(const struct history *h)
{
	struct snapshot_diff_params p = { .workspace = wn_str(h->workspace) };

	if (h->of[0] != '\0')
		p.to = wn_str(h->of);
	return p;
}

static void
on_files(void *arg, wn_err err, const struct snapshot_diff_result *r, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct question *q = arg;
	struct history *h = q->h;
	bool ours = q->n == h->asked;

	(void)attachment;
	wn_free(q);
	if (!ours || pane_link_lost(err))
		return;
	if (err != 0) {
		h->host->ops->fail(h->host, d);
		h->view = HIST_SNAPSHOTS;
		hist_redraw(h);
		return;
	}
	hist_clear_files(h);
	for (size_t i = 0; i < r->changes_len && i < FILES_MAX; i++) {
		const struct model_file_change *m = &r->changes[i];
		struct hist_file f = { wn_strndup(m->path.p, m->path.len), HIST_MODIFIED, m->added,
				       m->removed, m->binary };

		if (m->change == MODEL_FILE_CHANGE_CHANGE_ADDED)
			f.change = HIST_ADDED;
		else if (m->change == MODEL_FILE_CHANGE_CHANGE_DELETED)
			f.change = HIST_DELETED;
		else if (m->change == MODEL_FILE_CHANGE_CHANGE_TYPE_CHANGED)
			f.change = HIST_TYPE;
		wn_vec_push(&h->files, f);
	}
	h->truncated = r->truncated || r->changes_len > FILES_MAX;
	h->files_known = true;
	tui_list_set(&h->file_list, (int64_t)h->files.len);
	hist_redraw(h);
}

void
hist_ask_files(struct history *h)
{
	struct snapshot_diff_params p = diff_params(h);
	struct question *q = question(h);
	struct wn_diag d = { 0 };

	hist_clear_files(h);
	if (wn_call_snapshot_diff(h->host->ops->engine(h->host), &p, on_files, q, &d) != 0) {
		wn_free(q);
		h->host->ops->fail(h->host, &d);
	}
	hist_redraw(h);
}

static void
on_diff(void *arg, wn_err err, const struct snapshot_diff_result *r, struct wn_str text,
	const struct wn_diag *d)
{
	struct question *q = arg;
	struct history *h = q->h;
	bool ours = q->n == h->asked;

	(void)r;
	wn_free(q);
	if (!ours || pane_link_lost(err))
		return;
	if (err != 0) {
		h->host->ops->fail(h->host, d);
		h->view = HIST_CHANGES;
		hist_redraw(h);
		return;
	}
	wn_buf_clear(&h->diff);
	wn_vec_clear(&h->lines);
	wn_buf_str(&h->diff, wn_str_sub(text, 0, DIFF_MAX));
	for (size_t i = 0; i < h->diff.len; i++)
		if (i == 0 || h->diff.p[i - 1] == '\n')
			wn_vec_push(&h->lines, i);
	h->top = 0;
	h->diff_known = true;
	hist_redraw(h);
}

void
hist_ask_diff(struct history *h)
{
	struct snapshot_diff_params p = diff_params(h);
	struct question *q = question(h);
	struct wn_diag d = { 0 };

	p.path = wn_str(h->path);
	h->diff_known = false;
	wn_vec_clear(&h->lines);
	if (wn_call_snapshot_diff(h->host->ops->engine(h->host), &p, on_diff, q, &d) != 0) {
		wn_free(q);
		h->host->ops->fail(h->host, &d);
	}
	hist_redraw(h);
}

/* ---- taking and going back ---- */

static void
on_taken(void *arg, wn_err err, const struct snapshot_create_result *r, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct history *h = arg;

	(void)attachment;
	h->doing = NULL;
	hist_redraw(h);
	if (pane_link_lost(err))
		return;
	if (err != 0) {
		h->host->ops->fail(h->host, d);
		return;
	}
	h->host->ops->say(
		h->host, PANE_INFO, "%s",
		r->created ? TR(h, "The snapshot is taken.", "أخذت اللقطة.")
			   : TR(h, "Nothing has changed since the last snapshot; it is as good.",
				"لم يتغير شيء منذ آخر لقطة؛ وهي تكفي."));
	if (r->created)
		list(h);
}

void
hist_take(struct history *h, const char *label)
{
	struct snapshot_create_params p = { .workspace = wn_str(h->workspace),
					    .label = wn_str(label) };
	struct wn_diag d = { 0 };

	if (h->doing != NULL)
		return;
	if (wn_call_snapshot_create(h->host->ops->engine(h->host), &p, on_taken, h, &d) != 0)
		h->host->ops->fail(h->host, &d);
	else
		h->doing = TR(h, "taking a snapshot …", "أخذ لقطة …");
	hist_redraw(h);
}

static void
on_restored(void *arg, wn_err err, const struct snapshot_restore_result *r,
	    struct wn_str attachment, const struct wn_diag *d)
{
	struct history *h = arg;

	(void)attachment;
	h->doing = NULL;
	hist_redraw(h);
	if (pane_link_lost(err))
		return;
	if (err != 0) {
		h->host->ops->fail(h->host, d);
		return;
	}
	pane_copy(h->before, sizeof h->before, r->before);
	h->host->ops->say(h->host, PANE_INFO, "%s: %lld %s, %lld %s. %s",
			  TR(h, "Restored", "استعيد"), (long long)r->written,
			  TR(h, "written", "كتب"), (long long)r->removed, TR(h, "removed", "حذف"),
			  TR(h, "u goes back to the state before.", "u يعود إلى الحال قبلها."));
	/* files changed below open editors */
	h->host->ops->tell(h->host, &(struct pane_event){ .type = PANE_TERMINAL_FOCUSED });
	list(h);
	if (h->view == HIST_CHANGES)
		hist_ask_files(h);
}

void
hist_restore(struct history *h, const char *snapshot, const char *path)
{
	struct wn_str one = wn_str(path);
	struct snapshot_restore_params p = { .workspace = wn_str(h->workspace),
					     .snapshot = wn_str(snapshot),
					     .paths = path != NULL ? &one : NULL,
					     .paths_len = path != NULL };
	struct wn_diag d = { 0 };

	if (h->doing != NULL)
		return;
	if (wn_call_snapshot_restore(h->host->ops->engine(h->host), &p, on_restored, h, &d) != 0)
		h->host->ops->fail(h->host, &d);
	else
		h->doing = TR(h, "restoring …", "استعادة …");
	hist_redraw(h);
}
