/*
 * platform.generate: a workspace's files again, from its stored blueprint or a new revision of it.
 * A snapshot is taken first, so a generation can always be taken back.
 */
#include "runtime/modules/platform/platform.h"

#include <sys/stat.h>

#include "runtime/abi/host.h"
#include "runtime/base/file.h"

#define BLUEPRINT_MAX (16u << 20)

wn_err
platform_check(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str text, struct wn_json **doc_out,
	       struct model_finding **warnings_out, size_t *n_out)
{
	const struct wn_finding *all, *first = NULL;
	size_t n = 0, errors = 0, k = 0;
	wn_err err = wn_json_parse(text, NULL, doc_out, &ctx->diag);

	if (err)
		return err;
	err = platform_blueprint(m)->check(m->bound[NEED_BLUEPRINT].mod, ctx, *doc_out, &all, &n,
					   &errors);
	if (err)
		goto fail;
	*warnings_out =
		(struct model_finding *)wn_arena_array(ctx->arena, n + 1, sizeof **warnings_out);
	for (size_t i = 0; i < n; i++) {
		if (all[i].is_error) {
			first = first ? first : &all[i];
			continue;
		}
		(*warnings_out)[k++] = (struct model_finding){
			.severity = MODEL_FINDING_SEVERITY_WARNING,
			.pointer = wn_str(all[i].pointer),
			.text = wn_str(all[i].text),
			.hint = wn_str(all[i].hint),
		};
	}
	*n_out = k;
	if (!first)
		return WN_OK;
	wn_fail_where(&ctx->diag, "%s", first->pointer);
	err = WN_FAIL(ctx, WN_E_SCHEMA, "the blueprint has %zu error%s; the first at %s: %s",
		      errors, errors == 1 ? "" : "s", first->pointer, first->text);
fail:
	wn_json_free(*doc_out);
	*doc_out = NULL;
	return err;
}

wn_err
platform_store_blueprint(struct wn_ctx *ctx, const char *dir, const struct wn_json *doc)
{
	const char *path = wn_arena_printf(ctx->arena, "%s/%s", dir, PLATFORM_BLUEPRINT);
	struct wn_buf text;
	struct stat st;
	wn_err err;

	/* Writing would follow a link, and a program that ran here may have put one. */
	if (lstat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return WN_FAIL(ctx, WN_E_STATE,
			       "%s is a link or no file; remove it, or restore it from a snapshot",
			       path);
	wn_buf_init(&text, BLUEPRINT_MAX);
	err = wn_json_print_pretty(doc, &text);
	if (!err)
		err = wn_file_write(path, wn_buf_view(&text), 0644, &ctx->diag);
	wn_buf_fini(&text);
	return err;
}

static wn_err
blueprint_text(struct wn_ctx *ctx, const struct platform_generate_params *params, const char *dir,
	       struct wn_buf *out)
{
	if (params->blueprint.p)
		return wn_buf_str(out, params->blueprint);
	return wn_file_read(wn_arena_printf(ctx->arena, "%s/%s", dir, PLATFORM_BLUEPRINT), out,
			    &ctx->diag);
}

/* ---- the generation before ----------------------------------------------------------------------
 */

struct past {
	struct wn_mod *m;
	const char *workspace, *dir;
};

static wn_err
read_past(void *arg, struct wn_ctx *ctx, const char *hash, const char *path, struct wn_buf *out)
{
	const struct past *p = (const struct past *)arg;

	return platform_snapshot(p->m)->read_pristine(p->m->bound[NEED_SNAPSHOT].mod, ctx,
						      p->workspace, p->dir, hash, path, out);
}

static wn_err
merge_past(void *arg, struct wn_ctx *ctx, struct wn_str base, struct wn_str ours,
	   struct wn_str theirs, struct wn_buf *out, bool *clean_out)
{
	const struct past *p = (const struct past *)arg;

	return platform_snapshot(p->m)->merge(p->m->bound[NEED_SNAPSHOT].mod, ctx, base, ours,
					      theirs, out, clean_out);
}

/* What was generated is the base of the next merge. */
static wn_err
keep_pristine(struct wn_mod *m, struct wn_ctx *ctx, const char *workspace, const char *dir,
	      const struct wn_codegen_outcome *outcome)
{
	return platform_snapshot(m)->keep_pristine(m->bound[NEED_SNAPSHOT].mod, ctx, workspace, dir,
						   outcome->pristine, outcome->files_made,
						   outcome->files_made_len);
}

static wn_err
generate(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_workspace *w,
	 const struct wn_json *doc, bool dry_run, struct wn_codegen_outcome *outcome)
{
	const struct wn_iface_codegen *codegen = platform_codegen(m);
	struct past past = { m, w->id, w->path };
	const struct wn_codegen_past before = { &past, read_past, merge_past };
	struct wn_mod *cm = m->bound[NEED_CODEGEN].mod;
	char snapshot[WN_ULID_MAX];
	wn_err err = WN_OK;

	m->host->job_progress(ctx, 1, 3, "keeping the present state");
	if (!dry_run)
		err = platform_snapshot(m)->take(m->bound[NEED_SNAPSHOT].mod, ctx, w->id, w->path,
						 "auto", "before generating", snapshot);
	m->host->job_progress(ctx, 2, 3, "generating files");
	if (!err)
		err = codegen->generate_into(cm, ctx, w->path, doc, dry_run, &before, outcome);
	if (!err && !dry_run)
		err = keep_pristine(m, ctx, w->id, w->path, outcome);
	if (!err && !dry_run)
		err = platform_store_blueprint(ctx, w->path, doc);
	return err || dry_run ? err : codegen->record(cm, ctx, w->id, doc, outcome);
}

static void
tell_list(struct wn_ctx *ctx, const struct wn_codegen_list *list, size_t max, struct wn_str **out,
	  size_t *len_out)
{
	size_t n = list->len < max ? list->len : max;
	struct wn_str *texts = (struct wn_str *)wn_arena_array(ctx->arena, n + 1, sizeof *texts);

	for (size_t i = 0; i < n; i++)
		texts[i] = wn_str(list->p[i]);
	*out = texts;
	*len_out = n;
}

wn_err
platform_on_generate(struct wn_mod *m, struct wn_ctx *ctx,
		     const struct platform_generate_params *params,
		     struct platform_generate_result *result)
{
	struct wn_codegen_outcome outcome = { 0 };
	struct wn_json *doc = NULL;
	struct wn_workspace w;
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, BLUEPRINT_MAX);
	m->host->job_progress(ctx, 0, 3, "checking the blueprint");
	err = platform_workspace(m)->get(m->bound[NEED_WORKSPACE].mod, ctx, params->workspace, &w);
	if (!err && !wn_file_is_dir(w.path))
		err = WN_FAIL(ctx, WN_E_NOT_FOUND,
			      "the workspace's directory %s is not there any more; put it back, or "
			      "forget the workspace",
			      w.path);
	if (!err)
		err = blueprint_text(ctx, params, w.path, &text);
	if (!err)
		err = platform_check(m, ctx, wn_buf_view(&text), &doc, &result->warnings,
				     &result->warnings_len);
	if (!err)
		err = generate(m, ctx, &w, doc, params->dry_run, &outcome);
	if (!err) {
		tell_list(ctx, &outcome.kept, 10000, &result->kept, &result->kept_len);
		tell_list(ctx, &outcome.merged, 10000, &result->merged, &result->merged_len);
		tell_list(ctx, &outcome.review, 10000, &result->review, &result->review_len);
		tell_list(ctx, &outcome.changes, 2000, &result->changes, &result->changes_len);
		if (outcome.migration)
			result->migration = wn_str(outcome.migration);
		result->written = outcome.written;
		result->unchanged = outcome.unchanged;
		result->removed = outcome.removed;
	}
	wn_json_free(doc);
	wn_buf_fini(&text);
	return err;
}
