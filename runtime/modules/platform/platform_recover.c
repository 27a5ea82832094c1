/*
 * Platforms that were being made when an engine ended. Each has a card,
 * <state>/platform/<workspace>.json. Before the workspace is known nothing of it stays; afterwards
 * it is whole but for its records, and those are made. A directory is removed only when it is the
 * very one that was made (device and inode).
 */
#include "runtime/modules/platform/platform.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/abi/host.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define CARD_MAX (64u << 10)
#define MANIFEST ".webnova/manifest.json"
#define DOCUMENT_MAX (64u << 20)

static const char *
card_dir(struct wn_mod *m, struct wn_arena *a)
{
	return wn_arena_printf(a, "%s/platform", m->host->state_dir);
}

static const char *
card_path(struct wn_mod *m, struct wn_arena *a, const char *id)
{
	return wn_arena_printf(a, "%s/platform/%s.json", m->host->state_dir, id);
}

wn_err
platform_card_write(struct wn_mod *m, struct wn_ctx *ctx, const struct platform_card *card)
{
	struct wn_json *j = wn_json_new_object();
	struct wn_buf text;
	wn_err err = wn_file_mkdirs(card_dir(m, ctx->arena), 0700, &ctx->diag);

	wn_json_set_str(j, "tenant", card->tenant);
	wn_json_set_str(j, "path", card->path);
	wn_json_set_str(j, "stage", card->stage);
	wn_json_set_i64s(j, "dev", card->dev);
	wn_json_set_i64s(j, "ino", card->ino);
	wn_buf_init(&text, CARD_MAX);
	if (!err)
		err = wn_json_print(j, &text);
	if (!err)
		err = wn_file_write(card_path(m, ctx->arena, card->id), wn_buf_view(&text), 0600,
				    &ctx->diag);
	wn_buf_fini(&text);
	wn_json_free(j);
	return err;
}

void
platform_card_remove(struct wn_mod *m, struct wn_ctx *ctx, const char *id)
{
	(void)unlink(card_path(m, ctx->arena, id));
}

static wn_err
read_json(struct wn_ctx *ctx, const char *path, struct wn_json **out)
{
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, DOCUMENT_MAX);
	err = wn_file_read(path, &text, &ctx->diag);
	if (!err)
		err = wn_json_parse(wn_buf_view(&text), NULL, out, &ctx->diag);
	wn_buf_fini(&text);
	return err;
}

static bool
is_ours(const struct platform_card *c, const char *path)
{
	struct stat st;

	return c->ino != 0 && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	       (int64_t)st.st_ino == c->ino && (int64_t)st.st_dev == c->dev;
}

/* The records that were still to come: what was generated, and the first snapshot. */
static wn_err
finish(struct wn_mod *m, struct wn_ctx *ctx, const struct platform_card *c,
       const struct wn_workspace *w)
{
	struct wn_codegen_outcome outcome = { 0 };
	struct wn_json *doc = NULL, *manifest = NULL;
	char snapshot[WN_ULID_MAX];
	wn_err err = WN_OK;

	if (w->revision == 0) {
		err = read_json(ctx,
				wn_arena_printf(ctx->arena, "%s/%s", c->path, PLATFORM_BLUEPRINT),
				&doc);
		if (!err)
			err = read_json(ctx,
					wn_arena_printf(ctx->arena, "%s/%s", c->path, MANIFEST),
					&manifest);
		outcome.files = outcome.written =
			(int64_t)wn_json_len(wn_json_get(manifest, "files"));
		if (!err)
			err = platform_codegen(m)->record(m->bound[NEED_CODEGEN].mod, ctx, c->id,
							  doc, &outcome);
	}
	wn_json_free(manifest);
	wn_json_free(doc);
	return err ? err
		   : platform_snapshot(m)->take(m->bound[NEED_SNAPSHOT].mod, ctx, c->id, c->path,
						"first", "generated", snapshot);
}

static wn_err
recover_one(struct wn_mod *m, struct wn_ctx *ctx, const struct platform_card *c)
{
	struct wn_workspace w;
	wn_err err =
		is_ours(c, c->stage) || c->ino == 0 ? wn_file_rmtree(c->stage, &ctx->diag) : WN_OK;

	if (err || !is_ours(c, c->path))
		return err;
	err = platform_workspace(m)->get(m->bound[NEED_WORKSPACE].mod, ctx, wn_str(c->id), &w);
	if (!err)
		return finish(m, ctx, c, &w);
	if (err != WN_E_NOT_FOUND)
		return err;
	wn_diag_clear(&ctx->diag);
	return wn_file_rmtree(c->path, &ctx->diag);
}

static wn_err
read_card(struct wn_mod *m, struct wn_ctx *ctx, struct platform_card *c)
{
	struct wn_json *j = NULL;
	wn_err err = read_json(ctx, card_path(m, ctx->arena, c->id), &j);

	if (err)
		return err;
	c->tenant = wn_arena_strdup(ctx->arena, wn_json_get_str(j, "tenant", ""));
	c->path = wn_arena_strdup(ctx->arena, wn_json_get_str(j, "path", ""));
	c->stage = wn_arena_strdup(ctx->arena, wn_json_get_str(j, "stage", ""));
	if (!wn_json_i64(wn_json_get(j, "dev"), &c->dev) ||
	    !wn_json_i64(wn_json_get(j, "ino"), &c->ino) || c->path[0] != '/' ||
	    strcmp(wn_path_base(c->stage) + strlen(".webnova-new-"), c->id) != 0)
		err = WN_FAIL(ctx, WN_E_CORRUPT, "the card of a platform is damaged");
	wn_json_free(j);
	return err;
}

static void
recover_card(struct wn_mod *m, struct wn_ctx *ctx, const char *id)
{
	struct platform_card c = { .id = id };
	const char *tenant = ctx->tenant;
	wn_err err = read_card(m, ctx, &c);

	if (!err) {
		ctx->tenant = c.tenant;
		err = recover_one(m, ctx, &c);
		ctx->tenant = tenant;
	}
	wn_log(m->host->log, err ? WN_LOG_WARN : WN_LOG_INFO, "platform",
	       err ? "a platform that was cut short could not be cleared up"
		   : "a platform that was cut short was cleared up",
	       WN_S("workspace", id), WN_S("path", c.path ? c.path : ""),
	       WN_S("why", ctx->diag.text));
	/* A damaged card says nothing; any other failure may pass, so the card waits for the next
	 * start. */
	if (!err || err == WN_E_CORRUPT || err == WN_E_PARSE)
		platform_card_remove(m, ctx, id);
	wn_diag_clear(&ctx->diag);
}

/* "<ulid>.json": the ULID, in the arena; NULL: something else. */
static const char *
id_of(struct wn_arena *a, const char *name)
{
	size_t n = strlen(name);

	if (n != WN_ULID_MAX - 1 + 5 || strcmp(name + n - 5, ".json") != 0 ||
	    !wn_id_is_ulid(wn_strn(name, WN_ULID_MAX - 1)))
		return NULL;
	return wn_arena_strndup(a, name, WN_ULID_MAX - 1);
}

/* What wn_file_write() leaves when it is killed. */
static bool
is_torn(const char *name)
{
	return wn_str_has_prefix(wn_str(name), WN_STR(".wn-")) &&
	       wn_str_has_suffix(wn_str(name), WN_STR(".tmp"));
}

static wn_err
recover_all(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	DIR *d = opendir(card_dir(m, ctx->arena));
	struct dirent *e;

	(void)arg;
	while (d && (e = readdir(d))) {
		const char *id = id_of(ctx->arena, e->d_name);

		if (wn_cancelled(ctx))
			break;
		if (id)
			recover_card(m, ctx, id);
		else if (is_torn(e->d_name))
			(void)unlinkat(dirfd(d), e->d_name, 0);
	}
	if (d)
		closedir(d);
	return wn_buf_cstr(result, "{}");
}

wn_err
platform_recover(struct wn_mod *m, struct wn_ctx *ctx)
{
	struct wn_job_spec job = { .kind = "platform.recover", .fn = recover_all };
	DIR *d = opendir(card_dir(m, ctx->arena));
	bool any = false;
	struct dirent *e;

	while (d && !any && (e = readdir(d)))
		any = id_of(ctx->arena, e->d_name) || is_torn(e->d_name);
	if (d)
		closedir(d);
	return any ? m->host->job_start(m, ctx, &job, NULL) : WN_OK;
}
