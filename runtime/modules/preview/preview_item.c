/*
 * The table of services, and what is heard of them. Loop thread.
 */
#include "runtime/modules/preview/preview.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"

const char *
preview_run_dir(const struct wn_host *h, struct wn_arena *a, const char *workspace)
{
	return wn_arena_printf(a, "%s/preview/%s", h->run_dir, workspace);
}

const char *
preview_socket(const struct wn_host *h, struct wn_arena *a, const char *workspace)
{
	return wn_arena_printf(a, "%s/preview/%s/shim.sock", h->run_dir, workspace);
}

const char *
preview_card(const struct wn_host *h, struct wn_arena *a, const char *workspace)
{
	return wn_arena_printf(a, "%s/preview/%s/preview.json", h->run_dir, workspace);
}

/* A workspace of another tenant is not there. */
struct preview_item *
preview_item_get(struct wn_mod *m, const char *tenant, struct wn_str workspace, bool make)
{
	struct preview *p = preview_of(m);
	struct preview_item *it = (struct preview_item *)wn_map_get(&p->items, workspace);

	if (it)
		return strcmp(it->tenant, tenant) == 0 ? it : NULL;
	if (!make)
		return NULL;
	it = WN_NEW(struct preview_item);
	it->m = m;
	it->tenant = wn_strdup(tenant);
	it->state = MODEL_PREVIEW_STATE_STOPPED;
	snprintf(it->workspace, sizeof it->workspace, "%.*s", WN_STR_ARG(workspace));
	wn_map_set(&p->items, workspace, it);
	return it;
}

void
preview_item_free(void *item)
{
	struct preview_item *it = (struct preview_item *)item;

	wn_free(it->tenant);
	wn_free(it->reason);
	wn_free(it->limits);
	wn_free(it->credentials);
	wn_free(it);
}

void
preview_item_set_reason(struct preview_item *it, const char *reason)
{
	wn_free(it->reason);
	it->reason = wn_strdup(reason);
}

void
preview_item_model(const struct preview_item *it, struct wn_arena *a, struct model_preview *out)
{
	bool running = it->state == MODEL_PREVIEW_STATE_RUNNING;

	*out = (struct model_preview){
		.workspace = wn_str(wn_arena_strdup(a, it->workspace)),
		.state = it->state,
		.url = running ? wn_str(wn_arena_strdup(a, it->url)) : WN_STR_NONE,
		.has_pid = running,
		.pid = it->pid,
		.has_started = running,
		.started = it->started_ms,
		.has_exit_code = it->has_exit_code,
		.exit_code = it->exit_code,
		.reason = it->reason ? wn_str(wn_arena_strdup(a, it->reason)) : WN_STR_NONE,
		.limits = it->limits ? wn_str(wn_arena_strdup(a, it->limits)) : WN_STR_NONE,
		.credentials =
			it->credentials ? wn_str(wn_arena_strdup(a, it->credentials)) : WN_STR_NONE,
	};
	if (running)
		out->isolation = it->isolated ? MODEL_PREVIEW_ISOLATION_SANDBOX
					      : MODEL_PREVIEW_ISOLATION_NONE;
}

/* --- the end of a service that nobody asked for --------------------------------------- */

/* stopped: by a rule, so that it is not started again. */
static void
ended_by_itself(struct preview_item *it, const char *why, bool stopped)
{
	char reason[600], next[120] = "";
	struct preview_failed e = { .workspace = wn_str(it->workspace),
				    .step = PREVIEW_FAILED_STEP_RUNNING,
				    .has_exit_code = it->has_exit_code,
				    .exit_code = it->exit_code };
	const struct wn_host *h = it->m->host;
	char correlation[WN_ULID_MAX];
	struct wn_arena arena;
	struct wn_ctx ctx = {
		.tenant = it->tenant, .actor = "engine", .correlation = correlation, .arena = &arena
	};

	it->state = MODEL_PREVIEW_STATE_FAILED;
	preview_watch_stop(it);
	if (!stopped)
		(void)preview_restart_later(it, next, sizeof next);
	snprintf(reason, sizeof reason, "%s%s", why, next);
	e.reason = wn_str(reason);
	preview_item_set_reason(it, reason);
	wn_arena_init(&arena, 0);
	(void)unlink(
		preview_card(h, &arena, it->workspace)); /* or the next engine would say it again */
	h->new_id(h, correlation);
	if (emit_preview_failed(it->m, &ctx, wn_arena_printf(&arena, "workspace/%s", it->workspace),
				&e))
		wn_log(h->log, WN_LOG_ERROR, "preview", "the end of a service was not recorded",
		       WN_S("workspace", it->workspace), WN_S("why", ctx.diag.text));
	wn_arena_fini(&arena);
}

static void
on_notify(void *arg, const char *method, struct wn_str params, struct wn_str attachment)
{
	struct preview_item *it = (struct preview_item *)arg;
	const struct wn_bound *b = &it->m->bound[NEED_SANDBOX];
	const struct wn_iface_sandbox *sandbox = (const struct wn_iface_sandbox *)b->vtable;
	struct wn_json *j = NULL;
	char reason[400];
	bool stopped;

	(void)attachment;
	if (strcmp(method, "shim.exit") != 0 || it->stopping ||
	    it->state != MODEL_PREVIEW_STATE_RUNNING)
		return;
	if (wn_json_parse(params, NULL, &j, NULL))
		j = NULL;
	it->has_exit_code = wn_json_get(j, "code") != NULL;
	it->exit_code = (int)wn_json_get_num(j, "code", 0);
	if (it->has_exit_code)
		snprintf(reason, sizeof reason, "it ended with exit code %d", it->exit_code);
	else
		snprintf(reason, sizeof reason, "it was ended by signal %d",
			 (int)wn_json_get_num(j, "signal", 0));
	wn_json_free(j);
	stopped = sandbox->why(b->mod, it->workspace, reason, sizeof reason);
	ended_by_itself(it, reason, stopped);
}

static void
on_close(void *arg, wn_err why)
{
	struct preview_item *it = (struct preview_item *)arg;

	(void)why;
	it->m->host->link_close(it->link); /* a broken link is still ours to free */
	it->link = NULL;
	if (!it->stopping && it->state == MODEL_PREVIEW_STATE_RUNNING)
		ended_by_itself(it, "its keeper process ended", false);
}

static const struct wn_link_ops link_ops = { on_notify, on_close };

static void
on_attached(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	    const struct wn_diag *d)
{
	struct preview_item *it = (struct preview_item *)arg;

	(void)result;
	(void)attachment;
	if (err)
		wn_log(it->m->host->log, WN_LOG_WARN, "preview", "a service cannot be watched",
		       WN_S("workspace", it->workspace), WN_S("why", d->text));
}

wn_err
preview_item_watch(struct preview_item *it, const char *socket, struct wn_diag *d)
{
	const struct wn_host *h = it->m->host;
	wn_err err;

	h->link_close(it->link);
	it->link = NULL;
	err = h->link_open(it->m, socket, &link_ops, it, &it->link);
	if (err)
		return wn_fail(d, err, "cannot watch the service at %s", socket);
	err = h->link_call(it->link, "shim.attach", WN_STR("{}"), WN_STR_NONE, on_attached, it);
	if (!err)
		preview_watch_start(it);
	return err;
}

/* --- adoption ----------------------------------------------------------------------------- */

static void
ignore_reply(void *arg, wn_err err, struct wn_str result, struct wn_str bytes,
	     const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)result;
	(void)bytes;
	(void)d;
}

static void
remove_dir(struct wn_mod *m, const char *dir)
{
	struct wn_diag d = { 0 };

	if (wn_file_rmtree(dir, &d))
		wn_log(m->host->log, WN_LOG_WARN, "preview", "what is left of a service stays",
		       WN_S("why", d.text));
}

/* A keeper without a card: an engine ended while it was starting that service. Nobody was told that
 * it runs. What is left of one that is gone goes too. */
static void
discard(struct wn_mod *m, const char *dir, const char *socket)
{
	static const struct wn_link_ops nothing = { NULL, NULL };
	struct wn_link *link;

	if (m->host->link_open(m, socket, &nothing, NULL, &link)) {
		remove_dir(m, dir);
		return;
	}
	(void)m->host->link_call(link, "shim.forget", WN_STR("{}"), WN_STR_NONE, ignore_reply,
				 NULL);
	m->host->link_close(link);
}

/* What a start left beside the shim's socket for the next engine. */
static void
adopt_one(struct wn_mod *m, const char *dir, const char *workspace)
{
	char *path = wn_path_join(dir, "preview.json"), *socket = wn_path_join(dir, "shim.sock");
	struct wn_json *j = NULL;
	struct preview_item *it;
	struct wn_buf text;

	wn_buf_init(&text, 65536);
	if (wn_file_read(path, &text, NULL) == WN_OK &&
	    wn_json_parse(wn_buf_view(&text), NULL, &j, NULL) == WN_OK) {
		it = preview_item_get(m, wn_json_get_str(j, "tenant", "local"), wn_str(workspace),
				      true);
		it->port = (int)wn_json_get_num(j, "port", 0);
		it->pid = (int64_t)wn_json_get_num(j, "pid", 0);
		it->isolated = wn_json_get_bool(j, "isolated", false);
		it->limits = wn_strdup(wn_json_get_str(j, "limits", NULL));
		it->credentials = wn_strdup(wn_json_get_str(j, "credentials", NULL));
		if (!wn_json_i64(wn_json_get(j, "started_ms"), &it->started_ms))
			it->started_ms = 0;
		snprintf(it->url, sizeof it->url, "http://127.0.0.1:%d/", it->port);
		it->state = MODEL_PREVIEW_STATE_RUNNING;
		if (preview_item_watch(it, socket, NULL)) {
			ended_by_itself(it, "it ended while no engine ran", false);
			remove_dir(m, dir);
		}
	} else {
		discard(m, dir, socket);
	}
	wn_json_free(j);
	wn_buf_fini(&text);
	wn_free(path);
	wn_free(socket);
}

void
preview_adopt(struct wn_mod *m)
{
	char *root = wn_path_join(m->host->run_dir, "preview");
	DIR *d = opendir(root);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char *dir;

		if (!wn_id_is_ulid(wn_str(e->d_name)))
			continue;
		dir = wn_path_join(root, e->d_name);
		adopt_one(m, dir, e->d_name);
		wn_free(dir);
	}
	if (d)
		closedir(d);
	wn_free(root);
}
