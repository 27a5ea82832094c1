/*
 * platform.create: from a blueprint to a directory with its first snapshot. Everything is generated
 * beside the target and moved there in one step; a failure takes back what was done before it.
 */
#include "runtime/modules/platform/platform.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/abi/host.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define STEPS 5

struct create {
	struct wn_mod *m;
	struct wn_ctx *ctx;
	const char *path, *name, *stage;
	char id[WN_ULID_MAX], snapshot[WN_ULID_MAX];
	struct wn_json *doc;
	struct wn_codegen_outcome outcome;
	bool moved, added, replaced; /* replaced: an empty directory stood there */
};

/* The parent must be there; links in it are resolved, the last part is taken as it is. */
static wn_err
resolve_target(struct create *c, struct wn_str path)
{
	char *text = wn_arena_strndup(c->ctx->arena, path.p, path.len), *slash;
	char real[PATH_MAX];

	if (text[0] != '/' || strlen(text) != path.len)
		return WN_FAIL(c->ctx, WN_E_INVALID, "the path must be absolute: %s", text);
	text = wn_path_clean(text, "/");
	c->path = wn_arena_strdup(c->ctx->arena, text);
	wn_free(text);
	slash = strrchr(c->path, '/');
	if (!slash[1])
		return WN_FAIL(c->ctx, WN_E_EXISTS, "/ is not empty");
	text = wn_arena_strndup(c->ctx->arena, c->path,
				slash == c->path ? 1 : (size_t)(slash - c->path));
	if (!realpath(text, real))
		return WN_FAIL(c->ctx, WN_E_NOT_FOUND, "there is no directory %s to make it in",
			       text);
	c->path = wn_arena_printf(c->ctx->arena, "%s/%s", strcmp(real, "/") == 0 ? "" : real,
				  slash + 1);
	c->m->host->new_id(c->m->host, c->id);
	c->stage = wn_arena_printf(c->ctx->arena, "%s/.webnova-new-%s",
				   strcmp(real, "/") == 0 ? "" : real, c->id);
	if (!wn_utf8_valid(wn_str(c->path)))
		return WN_FAIL(c->ctx, WN_E_INVALID,
			       "the path leads to a directory whose name is not UTF-8");
	return WN_OK;
}

/* An existing empty directory is taken over; rmdir is the test that nobody can race. */
static wn_err
clear_target(struct create *c)
{
	struct stat st;

	if (lstat(c->path, &st) != 0)
		return errno == ENOENT ? WN_OK
				       : wn_fail_errno(&c->ctx->diag, errno, "look at %s", c->path);
	if (!S_ISDIR(st.st_mode))
		return WN_FAIL(c->ctx, WN_E_EXISTS, "%s exists and is not a directory", c->path);
	c->replaced = rmdir(c->path) == 0;
	if (c->replaced)
		return WN_OK;
	if (errno == ENOTEMPTY || errno == EEXIST)
		return WN_FAIL(c->ctx, WN_E_EXISTS, "%s is not empty", c->path);
	return wn_fail_errno(&c->ctx->diag, errno, "take over %s", c->path);
}

static wn_err
target_is_free(struct create *c)
{
	struct stat st;

	if (lstat(c->path, &st) != 0)
		return WN_OK;
	if (!S_ISDIR(st.st_mode) || st.st_nlink > 2)
		return WN_FAIL(c->ctx, WN_E_EXISTS, "%s exists and is not an empty directory",
			       c->path);
	return WN_OK;
}

/* The card comes first: whenever the engine ends, the next one knows what to look for. */
static wn_err
make_stage(struct create *c)
{
	struct platform_card card = {
		.id = c->id, .tenant = c->ctx->tenant, .path = c->path, .stage = c->stage
	};
	struct stat st;
	wn_err err = platform_card_write(c->m, c->ctx, &card);

	if (err)
		return err;
	if (mkdir(c->stage, 0700) != 0 || lstat(c->stage, &st) != 0)
		return wn_fail_errno(&c->ctx->diag, errno, "make a directory beside %s", c->path);
	card.dev = (int64_t)st.st_dev;
	card.ino = (int64_t)st.st_ino;
	return platform_card_write(c->m, c->ctx, &card);
}

static wn_err
generate(struct create *c)
{
	wn_err err = make_stage(c);

	if (!err)
		err = platform_codegen(c->m)->generate_into(c->m->bound[NEED_CODEGEN].mod, c->ctx,
							    c->stage, c->doc, false, NULL,
							    &c->outcome);
	if (!err)
		err = platform_store_blueprint(c->ctx, c->stage, c->doc);
	if (!err && chmod(c->stage, 0755) != 0)
		err = wn_fail_errno(&c->ctx->diag, errno, "open %s to others", c->stage);
	return err;
}

static wn_err
move_in(struct create *c)
{
	wn_err err = clear_target(c);

	if (!err && rename(c->stage, c->path) != 0)
		err = errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR
			      ? WN_FAIL(c->ctx, WN_E_EXISTS,
					"something else was put at %s meanwhile", c->path)
			      : wn_fail_errno(&c->ctx->diag, errno, "move the platform to %s",
					      c->path);
	c->moved = !err;
	return err;
}

static wn_err
make_known(struct create *c)
{
	wn_err err = platform_workspace(c->m)->add(c->m->bound[NEED_WORKSPACE].mod, c->ctx, c->id,
						   c->path, c->name, true);

	c->added = !err;
	if (!err)
		err = platform_codegen(c->m)->record(c->m->bound[NEED_CODEGEN].mod, c->ctx, c->id,
						     c->doc, &c->outcome);
	return err;
}

static wn_err
first_snapshot(struct create *c)
{
	wn_err err = platform_snapshot(c->m)->take(c->m->bound[NEED_SNAPSHOT].mod, c->ctx, c->id,
						   c->path, "first", "generated", c->snapshot);

	/* Nobody has edited anything yet: the snapshot is what was generated. */
	return err ? err
		   : platform_snapshot(c->m)->keep_pristine(c->m->bound[NEED_SNAPSHOT].mod, c->ctx,
							    c->id, c->path, c->outcome.pristine,
							    NULL, 0);
}

/* Takes back what was done, also when it was cancelled. The first failure's text stays; what fails
 * here is only logged. */
static void
undo(struct create *c)
{
	struct wn_diag d = { 0 };
	const char *dir = c->moved ? c->path : c->stage;
	const atomic_int *cancelled = c->ctx->cancelled;
	struct wn_diag first = c->ctx->diag;

	c->ctx->cancelled = NULL;
	if (c->added &&
	    platform_workspace(c->m)->forget(c->m->bound[NEED_WORKSPACE].mod, c->ctx, c->id))
		wn_log(c->m->host->log, WN_LOG_WARN, "platform",
		       "a failed workspace stays on the list", WN_S("workspace", c->id));
	if (dir && wn_file_rmtree(dir, &d))
		wn_log(c->m->host->log, WN_LOG_WARN, "platform", "a failed platform's files stay",
		       WN_S("path", dir), WN_S("why", d.text));
	else
		platform_card_remove(c->m, c->ctx, c->id);
	if (c->replaced && c->path)
		(void)mkdir(c->path, 0755);
	c->ctx->cancelled = cancelled;
	c->ctx->diag = first;
}

static wn_err
step(struct create *c, int64_t n, const char *text, wn_err (*fn)(struct create *))
{
	if (wn_cancelled(c->ctx))
		return WN_FAIL(c->ctx, WN_E_CANCELLED,
			       "making the platform was cancelled; nothing is left of it");
	c->m->host->job_progress(c->ctx, n, STEPS, text);
	return fn(c);
}

static wn_err
may_create(struct create *c)
{
	const struct wn_question q = { .action = "platform.create",
				       .resource =
					       wn_arena_printf(c->ctx->arena, "path:%s", c->path) };

	return wn_may(&c->m->bound[NEED_COMPLIANCE], DECIDERS, c->ctx, q);
}

wn_err
platform_on_create(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct platform_create_params *params,
		   struct platform_create_result *result)
{
	struct create c = { .m = m, .ctx = ctx, .path = "" };
	struct wn_workspace w;
	wn_err err = resolve_target(&c, params->path);

	if (!err)
		err = target_is_free(&c);
	if (!err)
		err = may_create(&c);
	m->host->job_progress(ctx, 0, STEPS, "checking the blueprint");
	if (!err)
		err = platform_check(m, ctx, params->blueprint, &c.doc, &result->warnings,
				     &result->warnings_len);
	if (err)
		return err;
	c.name = params->name.p && params->name.len
			 ? wn_arena_strndup(ctx->arena, params->name.p, params->name.len)
			 : wn_path_base(c.path);
	err = step(&c, 1, "generating files", generate);
	if (!err)
		err = step(&c, 2, "moving them into place", move_in);
	if (!err)
		err = step(&c, 3, "making the workspace known", make_known);
	if (!err)
		err = step(&c, 4, "taking the first snapshot", first_snapshot);
	if (err)
		undo(&c);
	else
		platform_card_remove(m, ctx, c.id);
	wn_json_free(c.doc);
	if (!err)
		err = platform_workspace(m)->get(m->bound[NEED_WORKSPACE].mod, ctx, wn_str(c.id),
						 &w);
	if (err)
		return err;
	result->workspace = (struct model_workspace){
		.id = wn_str(w.id),
		.name = wn_str(w.name),
		.path = wn_str(w.path),
		.platform = true,
		.blueprint_revision = w.revision,
		.created = w.created_ms,
	};
	result->files = c.outcome.files;
	result->snapshot = wn_str(wn_arena_strdup(ctx->arena, c.snapshot));
	m->host->job_progress(ctx, STEPS, STEPS, "done");
	return WN_OK;
}
