/*
 * The table of terminals and what is heard of them. Loop thread.
 */
#include "runtime/modules/terminal/terminal.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

char *
terminal_path(const struct wn_host *h, const char *id, const char *file)
{
	return wn_asprintf("%s/terminal/%s/%s", h->run_dir, id, file);
}

struct terminal_item *
terminal_item_new(struct wn_mod *m, const char *id, const char *tenant)
{
	struct terminal_item *it = WN_NEW(struct terminal_item);

	it->m = m;
	it->tenant = wn_strdup(tenant);
	it->title = wn_strdup("");
	it->program = wn_strdup("");
	snprintf(it->id, sizeof it->id, "%s", id);
	wn_map_set(&terminal_of(m)->items, wn_str(it->id), it);
	return it;
}

void
terminal_item_free(void *item)
{
	struct terminal_item *it = (struct terminal_item *)item;

	wn_free(it->tenant);
	wn_free(it->title);
	wn_free(it->program);
	wn_free(it);
}

wn_err
terminal_item_find(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id,
		   struct terminal_item **out)
{
	*out = (struct terminal_item *)wn_map_get(&terminal_of(m)->items, id);
	if (*out && strcmp((*out)->tenant, ctx->tenant) == 0)
		return WN_OK;
	return WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no terminal %.*s", WN_STR_ARG(id));
}

void
terminal_item_model(const struct terminal_item *it, struct wn_arena *a, struct model_terminal *out)
{
	*out = (struct model_terminal){
		.id = wn_str(wn_arena_strdup(a, it->id)),
		.workspace =
			it->workspace[0] ? wn_str(wn_arena_strdup(a, it->workspace)) : WN_STR_NONE,
		.title = wn_str(wn_arena_strdup(a, it->title[0] ? it->title : it->program)),
		.rows = it->rows,
		.cols = it->cols,
		.has_pid = it->running,
		.pid = it->pid,
		.running = it->running,
		.has_exit_code = it->has_exit_code,
		.exit_code = it->exit_code,
		.sandboxed = it->sandboxed,
	};
}

static void
record_end(struct terminal_item *it)
{
	struct terminal_closed e = { .terminal = wn_str(it->id),
				     .has_exit_code = it->has_exit_code,
				     .exit_code = it->exit_code };
	const struct wn_host *h = it->m->host;
	char correlation[WN_ULID_MAX];
	struct wn_arena arena;
	struct wn_ctx ctx = {
		.tenant = it->tenant, .actor = "engine", .correlation = correlation, .arena = &arena
	};

	wn_arena_init(&arena, 0);
	h->new_id(h, correlation);
	if (emit_terminal_closed(it->m, &ctx, wn_arena_printf(&arena, "terminal/%s", it->id), &e))
		wn_log(h->log, WN_LOG_ERROR, "terminal", "the end of a terminal was not recorded",
		       WN_S("terminal", it->id), WN_S("why", ctx.diag.text));
	wn_arena_fini(&arena);
}

static void
set_title(struct terminal_item *it, const char *title)
{
	wn_free(it->title);
	it->title = wn_strndup(title, strlen(title) > 300 ? 300 : strlen(title));
}

void
terminal_item_exited(struct terminal_item *it, const struct wn_json *exit)
{
	if (!it->running)
		return;
	it->running = false;
	it->has_exit_code = wn_json_get(exit, "code") != NULL;
	it->exit_code = (int)wn_json_get_num(exit, "code", 0);
	record_end(it);
}

static void
on_notify(void *arg, const char *method, struct wn_str params, struct wn_str attachment)
{
	struct terminal_item *it = (struct terminal_item *)arg;
	struct wn_json *j = NULL;

	(void)attachment;
	if (wn_json_parse(params, NULL, &j, NULL))
		return;
	if (strcmp(method, "shim.title") == 0)
		set_title(it, wn_json_get_str(j, "title", ""));
	if (strcmp(method, "shim.exit") == 0)
		terminal_item_exited(it, j);
	wn_json_free(j);
}

/* The shim is gone: nothing of the terminal is left. */
static void
on_close(void *arg, wn_err why)
{
	struct terminal_item *it = (struct terminal_item *)arg;

	(void)why;
	it->m->host->link_close(it->link); /* a broken link is still ours to free */
	it->link = NULL;
	terminal_item_remove(it);
}

static void
on_hello(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct terminal_item *it = (struct terminal_item *)arg;
	struct wn_json *j = NULL;

	(void)attachment;
	(void)d;
	if (err || wn_json_parse(result, NULL, &j, NULL))
		return;
	it->rows = (int64_t)wn_json_get_num(j, "rows", (double)it->rows);
	it->cols = (int64_t)wn_json_get_num(j, "cols", (double)it->cols);
	it->pid = (int64_t)wn_json_get_num(j, "child", (double)it->pid);
	set_title(it, wn_json_get_str(j, "title", ""));
	wn_json_free(j);
}

static const struct wn_link_ops link_ops = { on_notify, on_close };

/* Attached without credit: it hears of titles and the end, and is sent no frame. */
wn_err
terminal_item_watch(struct terminal_item *it, struct wn_diag *d)
{
	const struct wn_host *h = it->m->host;
	char *socket = terminal_path(h, it->id, "shim.sock");
	wn_err err = h->link_open(it->m, socket, &link_ops, it, &it->link);

	wn_free(socket);
	if (err)
		return wn_fail(d, err, "cannot reach the terminal %s", it->id);
	return h->link_call(it->link, "shim.attach", WN_STR("{\"credit\":0}"), WN_STR_NONE,
			    on_hello, it);
}

void
terminal_item_remove(struct terminal_item *it)
{
	struct wn_mod *m = it->m;
	char *dir = terminal_path(m->host, it->id, "");

	if (it->running)
		record_end(it);
	m->host->link_close(it->link);
	(void)wn_map_remove(&terminal_of(m)->items, wn_str(it->id));
	terminal_item_free(it);
	if (wn_file_rmtree(dir, NULL))
		wn_log(m->host->log, WN_LOG_WARN, "terminal", "leftovers stay", WN_S("path", dir));
	wn_free(dir);
}

/* --- adoption ------------------------------------------------------------------------- */

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

/* An engine ended before it had written down what this is: nobody was told of it, so it goes. */
static void
discard(struct wn_mod *m, const char *id)
{
	static const struct wn_link_ops nothing = { NULL, NULL };
	char *dir = terminal_path(m->host, id, ""),
	     *socket = terminal_path(m->host, id, "shim.sock");
	struct wn_link *link;

	if (m->host->link_open(m, socket, &nothing, NULL, &link) == WN_OK) {
		(void)m->host->link_call(link, "shim.forget", WN_STR("{}"), WN_STR_NONE,
					 ignore_reply, NULL);
		m->host->link_close(link);
	}
	if (wn_file_rmtree(dir, NULL))
		wn_log(m->host->log, WN_LOG_WARN, "terminal", "leftovers stay", WN_S("path", dir));
	wn_free(socket);
	wn_free(dir);
}

static void
adopt_one(struct wn_mod *m, const char *id)
{
	char *path = terminal_path(m->host, id, "terminal.json");
	struct terminal_item *it;
	struct wn_json *j = NULL;
	struct wn_buf text;

	wn_buf_init(&text, 65536);
	if (wn_file_read(path, &text, NULL) == WN_OK &&
	    wn_json_parse(wn_buf_view(&text), NULL, &j, NULL) == WN_OK) {
		it = terminal_item_new(m, id, wn_json_get_str(j, "tenant", "local"));
		snprintf(it->workspace, sizeof it->workspace, "%s",
			 wn_json_get_str(j, "workspace", ""));
		wn_free(it->program);
		it->program = wn_strdup(wn_json_get_str(j, "program", ""));
		it->sandboxed = wn_json_get_bool(j, "sandboxed", false);
		it->rows = 24;
		it->cols = 80;
		it->running = true;
		if (terminal_item_watch(it, NULL))
			terminal_item_remove(it);
	} else {
		discard(m, id);
	}
	wn_json_free(j);
	wn_buf_fini(&text);
	wn_free(path);
}

void
terminal_adopt(struct wn_mod *m)
{
	char *root = wn_path_join(m->host->run_dir, "terminal");
	DIR *d = opendir(root);
	struct dirent *e;

	while (d && (e = readdir(d)))
		if (wn_id_is_ulid(wn_str(e->d_name)))
			adopt_one(m, e->d_name);
	if (d)
		closedir(d);
	wn_free(root);
}
