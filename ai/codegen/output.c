/*
 * Generated files to a directory: the plan, then the writing. May not delete or overwrite anything
 * that does not carry the hash of the last generation, but for what a merge made of both sides.
 */
#include "ai/codegen/output.h"

#include <string.h>

#include "ai/codegen/merge_json.h"
#include "ai/codegen/output_disk.h"
#include "runtime/base/file.h"
#include "runtime/base/map.h"
#include "runtime/base/mem.h"

enum action {
	ACTION_WRITE, /* the generator's text */
	ACTION_MERGE, /* both sides' */
	ACTION_MOVE,  /* the person's, to the file's new path; up to here something is written */
	ACTION_UNCHANGED, /* nothing to do */
	ACTION_KEEP,	  /* the person's stays; the generator's waits */
	ACTION_ABSENT	  /* deleted by hand */
};

/* A file of the generation before. */
struct former {
	const char *path, *hash, *ids, *kind;
	bool taken; /* its thing has another path now */
};

struct step {
	enum action action;
	bool same;	    /* the person has just what the generator made */
	const char *from;   /* path before, when it is another one; nullable */
	struct wn_str text; /* of a merge, a move; arena */
};

struct plan {
	const struct codegen_files *files;
	const struct wn_codegen_past *past;
	struct wn_ctx *ctx;
	struct disk disk;
	struct wn_json *old;  /* manifest of the generation before; NULL: none */
	const char *pristine; /* hash of what it made; nullable */
	struct former *former;
	size_t n_former;
	struct wn_map by_path; /* of former */
	struct step *steps;    /* one a file */
	WN_VEC(const char *) removed;
	WN_VEC(const char *) kept;
	WN_VEC(const char *) merged;
	WN_VEC(const char *) review;
	WN_VEC(const char *) settled; /* their entries of the review queue are done with */
};

/* ---- the generation before ----------------------------------------------------------------------
 */

static wn_err
read_json(struct plan *p, const char *path, struct wn_json **out)
{
	enum disk_kind kind;
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, CODEGEN_FILE_MAX);
	err = codegen_disk_read(&p->disk, path, &kind, &text);
	if (!err && kind == DISK_OTHER)
		err = WN_FAIL(
			p->ctx, WN_E_STATE,
			"%s is a link, behind one, or no file; remove it, or restore it from a "
			"snapshot",
			path);
	if (!err && kind == DISK_FILE)
		err = wn_json_parse(wn_buf_view(&text), NULL, out, &p->ctx->diag);
	wn_buf_fini(&text);
	if (err)
		wn_fail_note(&p->ctx->diag, "%s cannot be read; restore it from a snapshot", path);
	return err;
}

static const char *
joined(struct plan *p, const struct wn_json *ids)
{
	const struct wn_json *c;
	const char *s = "";

	for (c = wn_json_first(ids); c; c = wn_json_next(c))
		s = wn_arena_printf(p->ctx->arena, "%s%s%s", s, *s ? " " : "", wn_json_str(c, ""));
	return s;
}

static wn_err
read_manifest(struct plan *p)
{
	const struct wn_json *f, *list;
	wn_err err = read_json(p, CODEGEN_MANIFEST, &p->old);

	if (err || !p->old)
		return err;
	list = wn_json_get(p->old, "files");
	p->pristine = wn_json_get_str(p->old, "pristine", NULL);
	p->former = wn_arena_array(p->ctx->arena, wn_json_len(list) + 1, sizeof *p->former);
	for (f = wn_json_first(list); f; f = wn_json_next(f)) {
		struct former *o = &p->former[p->n_former];

		*o = (struct former){ .path = wn_json_get_str(f, "path", ""),
				      .hash = wn_json_get_str(f, "sha256", ""),
				      .kind = wn_json_get_str(f, "kind", ""),
				      .ids = joined(p, wn_json_get(f, "ids")) };
		if (!wn_path_is_inside(wn_str(o->path)) || wn_map_has(&p->by_path, wn_str(o->path)))
			continue;
		wn_map_set(&p->by_path, wn_str(o->path), o);
		p->n_former++;
	}
	return WN_OK;
}

static bool
same_directory(const char *a, const char *b)
{
	const char *x = wn_path_base(a), *y = wn_path_base(b);

	return x - a == y - b && strncmp(a, b, (size_t)(x - a)) == 0;
}

/* The path before of a file whose thing was renamed: the same ids in the same directory, and
 * nothing else is made there any more. */
static struct former *
moved_from(struct plan *p, const struct codegen_file *f)
{
	const char *kind = f->kind == CODEGEN_ONCE ? "once" : "generated";

	if (!f->ids[0])
		return NULL;
	for (size_t i = 0; i < p->n_former; i++) {
		struct former *o = &p->former[i];

		if (!o->taken && strcmp(o->ids, f->ids) == 0 && strcmp(o->kind, kind) == 0 &&
		    same_directory(o->path, f->path) && !codegen_files_find(p->files, o->path))
			return o;
	}
	return NULL;
}

/* ---- one file -----------------------------------------------------------------------------------
 */

/* What the next generation stands on: never a person's to edit, always as it was generated. */
static bool
is_record(const char *path)
{
	return strcmp(path, CODEGEN_MANIFEST) == 0 || strcmp(path, CODEGEN_SCHEMA) == 0;
}

static const char *
review_path(struct plan *p, const char *path)
{
	return wn_arena_printf(p->ctx->arena, "%s/%s", CODEGEN_REVIEW, path);
}

/* Something is there, whatever it is. */
static bool
stands(struct plan *p, const char *path)
{
	enum disk_kind kind;

	return codegen_disk_read(&p->disk, path, &kind, NULL) != WN_OK || kind != DISK_NONE;
}

static bool
waits(struct plan *p, const char *path)
{
	enum disk_kind kind = DISK_NONE;

	return codegen_disk_read(&p->disk, review_path(p, path), &kind, NULL) == WN_OK &&
	       kind == DISK_FILE;
}

/* By structure, for what a comparison of lines cannot tell apart. */
static bool
merge_structure(struct plan *p, struct wn_str base, struct wn_str ours, struct wn_str theirs,
		struct wn_buf *out)
{
	struct wn_json *a = NULL, *b = NULL, *c = NULL, *merged = NULL;
	struct wn_diag quiet = { 0 };

	(void)p;
	if (!wn_json_parse(base, NULL, &a, &quiet) && !wn_json_parse(ours, NULL, &b, &quiet) &&
	    !wn_json_parse(theirs, NULL, &c, &quiet))
		merged = codegen_merge_json(a, b, c);
	if (merged)
		(void)wn_json_print_pretty(merged, out);
	wn_json_free(a);
	wn_json_free(b);
	wn_json_free(c);
	wn_json_free(merged);
	return merged != NULL;
}

/* Edited by hand, and the generator has something new. */
static wn_err
reconcile(struct plan *p, const struct codegen_file *f, const char *before, struct wn_str ours,
	  struct step *s)
{
	bool is_json = wn_str_has_suffix(wn_str(f->path), WN_STR(".json")), clean = false;
	struct wn_buf base, out;
	wn_err err = WN_E_NOT_FOUND;

	wn_buf_init(&base, CODEGEN_FILE_MAX);
	wn_buf_init(&out, CODEGEN_FILE_MAX);
	if (p->past && p->pristine)
		err = p->past->read(p->past->arg, p->ctx, p->pristine, before, &base);
	if (!err)
		err = p->past->merge(p->past->arg, p->ctx, wn_buf_view(&base), ours, f->content,
				     &out, &clean);
	if (!err && !clean && is_json)
		clean = merge_structure(p, wn_buf_view(&base), ours, f->content, &out);
	if (!err && clean) {
		s->action = ACTION_MERGE;
		s->text = wn_arena_str(p->ctx->arena, wn_buf_view(&out));
	} else if (err == WN_E_NOT_FOUND || !err) {
		s->action = s->from ? ACTION_MOVE : ACTION_KEEP;
		s->text = wn_arena_str(p->ctx->arena, ours);
		err = WN_OK;
	}
	wn_buf_fini(&base);
	wn_buf_fini(&out);
	return err;
}

static wn_err
decide_file(struct plan *p, const struct codegen_file *f, const struct former *before,
	    enum disk_kind kind, struct wn_str ours, struct step *s)
{
	char now[WN_SHA256_HEX];

	if (kind == DISK_NONE) {
		s->action = before ? ACTION_ABSENT : ACTION_WRITE;
		return WN_OK;
	}
	if (kind == DISK_OTHER) {
		s->action = ACTION_KEEP;
		return WN_OK;
	}
	wn_sha256_hex(ours.p ? ours.p : "", ours.len, now);
	s->same = strcmp(now, f->sha256) == 0;
	if (s->same)
		s->action = s->from ? ACTION_WRITE : ACTION_UNCHANGED;
	else if (before && strcmp(before->hash, now) == 0 && (s->from || f->kind != CODEGEN_ONCE))
		s->action = ACTION_WRITE;
	else if (f->kind == CODEGEN_ONCE || (before && strcmp(before->hash, f->sha256) == 0))
		s->action = s->from ? ACTION_MOVE : ACTION_UNCHANGED;
	else
		return reconcile(p, f, before ? before->path : f->path, ours, s);
	s->text = s->action == ACTION_MOVE ? wn_arena_str(p->ctx->arena, ours) : WN_STR_NONE;
	return WN_OK;
}

static wn_err
decide_record(struct plan *p, const struct codegen_file *f, enum disk_kind kind, struct wn_str now,
	      struct step *s)
{
	if (kind == DISK_OTHER)
		return WN_FAIL(p->ctx, WN_E_STATE,
			       "%s is a link or no file; remove it, or restore it from a snapshot",
			       f->path);
	s->action =
		kind == DISK_FILE && wn_str_eq(now, f->content) ? ACTION_UNCHANGED : ACTION_WRITE;
	return WN_OK;
}

/* A new migration may not be left out: the next one stands on it. */
static wn_err
check_migration(struct plan *p, const struct codegen_file *f, const struct step *s)
{
	bool is_new = p->files->migration && strstr(f->path, p->files->migration) != NULL;

	if (is_new && s->action != ACTION_WRITE && s->action != ACTION_UNCHANGED)
		return WN_FAIL(
			p->ctx, WN_E_CONFLICT,
			"%s is to be the next migration, and another file stands there; move "
			"it away",
			f->path);
	return WN_OK;
}

static wn_err
decide(struct plan *p, size_t i)
{
	const struct codegen_file *f = &p->files->p[i];
	struct former *before = wn_map_get(&p->by_path, wn_str(f->path));
	struct step *s = &p->steps[i];
	enum disk_kind kind;
	struct wn_buf text;
	wn_err err;

	if (f->kind == CODEGEN_KEPT) {
		s->action = ACTION_UNCHANGED;
		return WN_OK;
	}
	if (!before && !stands(p, f->path) && (before = moved_from(p, f)) != NULL) {
		before->taken = true;
		s->from = before->path;
	}
	wn_buf_init(&text, CODEGEN_FILE_MAX);
	err = codegen_disk_read(&p->disk, s->from ? s->from : f->path, &kind, &text);
	if (!err && is_record(f->path))
		err = decide_record(p, f, kind, wn_buf_view(&text), s);
	else if (!err)
		err = decide_file(p, f, before, kind, wn_buf_view(&text), s);
	wn_buf_fini(&text);
	return err ? err : check_migration(p, f, s);
}

/* ---- all of them --------------------------------------------------------------------------------
 */

/* Generated before, not any more: removed when nobody touched it, else kept and said. */
static wn_err
find_removed(struct plan *p)
{
	char now[WN_SHA256_HEX];
	wn_err err = WN_OK;

	for (size_t i = 0; i < p->n_former && !err; i++) {
		const struct former *o = &p->former[i];
		enum disk_kind kind;
		struct wn_buf text;

		if (o->taken || codegen_files_find(p->files, o->path))
			continue;
		wn_buf_init(&text, CODEGEN_FILE_MAX);
		err = codegen_disk_read(&p->disk, o->path, &kind, &text);
		wn_sha256_hex(text.p ? text.p : "", text.len, now);
		wn_buf_fini(&text);
		if (err || kind == DISK_NONE)
			continue;
		if (kind == DISK_FILE && strcmp(now, o->hash) == 0)
			wn_vec_push(&p->removed, o->path);
		else
			wn_vec_push(&p->kept, o->path);
	}
	return err;
}

/* What waits in the review queue, and what has been settled by hand meanwhile. */
static void
look_at_queue(struct plan *p, size_t i)
{
	const struct codegen_file *f = &p->files->p[i];
	const struct step *s = &p->steps[i];
	bool conflict =
		s->action == ACTION_KEEP || (s->action == ACTION_MOVE && f->kind != CODEGEN_ONCE);

	if (s->action == ACTION_MERGE)
		wn_vec_push(&p->merged, f->path);
	if (conflict)
		wn_vec_push(&p->kept, f->path);
	if (!conflict && !waits(p, f->path))
		return;
	if (conflict || s->action == ACTION_MERGE)
		wn_vec_push(&p->review, f->path); /* it waits on, with the newest text */
	else if (s->action == ACTION_WRITE || s->same)
		wn_vec_push(&p->settled, f->path);
}

static wn_err
make_plan(struct plan *p)
{
	wn_err err = read_manifest(p);

	p->disk.fresh = !err && !p->old;
	p->steps = wn_arena_array(p->ctx->arena, p->files->len + 1, sizeof *p->steps);
	for (size_t i = 0; i < p->files->len && !err; i++) {
		if (wn_cancelled(p->ctx))
			return WN_FAIL(p->ctx, WN_E_CANCELLED, "generating was cancelled");
		err = decide(p, i);
		if (!err && p->steps[i].action != ACTION_WRITE)
			p->disk.fresh = false;
		if (!err && p->old)
			look_at_queue(p, i);
	}
	return err ? err : find_removed(p);
}

/* ---- writing ------------------------------------------------------------------------------------
 */

static wn_err
write_file(struct plan *p, size_t i)
{
	const struct codegen_file *f = &p->files->p[i];
	const struct step *s = &p->steps[i];

	if (s->action == ACTION_WRITE)
		return codegen_disk_write(&p->disk, f->path, f->content, f->mode);
	if (s->action == ACTION_MERGE || s->action == ACTION_MOVE)
		return codegen_disk_write(&p->disk, f->path, s->text, f->mode);
	return WN_OK;
}

static wn_err
write_queue(struct plan *p)
{
	wn_err err = WN_OK;

	for (size_t i = 0; i < p->review.len && !err; i++) {
		const struct codegen_file *f = codegen_files_find(p->files, p->review.p[i]);

		err = codegen_disk_write(&p->disk, review_path(p, f->path), f->content, 0644);
	}
	for (size_t i = 0; i < p->settled.len && !err; i++)
		err = codegen_disk_remove(&p->disk, review_path(p, p->settled.p[i]));
	return err;
}

/* The manifest goes last: cut short, the next generation sees new files as its own by their
 * content. */
static wn_err
carry_out(struct plan *p)
{
	size_t manifest = p->files->len;
	wn_err err = WN_OK;

	for (size_t i = 0; i < p->files->len && !err; i++) {
		if (strcmp(p->files->p[i].path, CODEGEN_MANIFEST) == 0)
			manifest = i;
		else
			err = write_file(p, i);
	}
	if (!err)
		err = write_queue(p);
	if (!err)
		err = codegen_disk_sync(&p->disk);
	for (size_t i = 0; i < p->files->len && !err; i++)
		if (p->steps[i].from && p->steps[i].action <= ACTION_MOVE)
			err = codegen_disk_remove(&p->disk, p->steps[i].from);
	for (size_t i = 0; i < p->removed.len && !err; i++)
		err = codegen_disk_remove(&p->disk, p->removed.p[i]);
	if (!err && manifest < p->files->len)
		err = write_file(p, manifest);
	return err ? err : codegen_disk_sync(&p->disk);
}

/* ---- telling ------------------------------------------------------------------------------------
 */

static struct wn_codegen_list
list(struct plan *p, const char *const *texts, size_t n)
{
	const char **copy = wn_arena_array(p->ctx->arena, n + 1, sizeof *copy);

	for (size_t i = 0; i < n; i++)
		copy[i] = wn_arena_strdup(p->ctx->arena, texts[i]);
	return (struct wn_codegen_list){ copy, n };
}

static void
tell_made(struct plan *p, struct wn_codegen_outcome *out)
{
	struct wn_pristine *made = wn_arena_array(p->ctx->arena, p->files->len + 1, sizeof *made);

	for (size_t i = 0; i < p->files->len; i++) {
		const struct codegen_file *f = &p->files->p[i];

		if (f->kind == CODEGEN_KEPT || is_record(f->path))
			continue;
		made[out->files_made_len++] =
			(struct wn_pristine){ wn_arena_strdup(p->ctx->arena, f->path),
					      wn_arena_str(p->ctx->arena, f->content) };
	}
	out->files_made = made;
	out->pristine = wn_arena_strdup(p->ctx->arena, p->files->pristine);
}

static void
tell(struct plan *p, struct wn_codegen_outcome *out)
{
	const struct codegen_files *f = p->files;

	*out = (struct wn_codegen_outcome){
		.files = (int64_t)f->len,
		.removed = (int64_t)p->removed.len,
		.kept = list(p, p->kept.p, p->kept.len),
		.merged = list(p, p->merged.p, p->merged.len),
		.review = list(p, p->review.p, p->review.len),
		.changes = list(p, f->changes, f->changes_len),
		.migration = f->migration ? wn_arena_strdup(p->ctx->arena, f->migration) : NULL,
	};
	for (size_t i = 0; i < f->len; i++) {
		out->written += p->steps[i].action == ACTION_WRITE ||
				p->steps[i].action == ACTION_MERGE ||
				p->steps[i].action == ACTION_MOVE;
		out->unchanged += p->steps[i].action == ACTION_UNCHANGED;
	}
	tell_made(p, out);
}

wn_err
codegen_output(const struct codegen_files *files, const char *dir, bool dry_run,
	       const struct wn_codegen_past *past, struct wn_ctx *ctx,
	       struct wn_codegen_outcome *out)
{
	struct plan p = { .files = files, .past = past, .ctx = ctx };
	wn_err err;

	p.disk = (struct disk){ .dir = dir, .ctx = ctx };
	wn_map_init(&p.by_path);
	err = make_plan(&p);
	if (!err && !dry_run)
		err = carry_out(&p);
	if (!err)
		tell(&p, out);
	codegen_disk_fini(&p.disk);
	wn_vec_fini(&p.kept);
	wn_vec_fini(&p.merged);
	wn_vec_fini(&p.review);
	wn_vec_fini(&p.settled);
	wn_vec_fini(&p.removed);
	wn_map_fini(&p.by_path, NULL);
	wn_json_free(p.old);
	return err;
}

wn_err
codegen_read_schema(const char *dir, struct wn_ctx *ctx, struct wn_json **out)
{
	struct plan p = { .ctx = ctx, .disk = { .dir = dir, .ctx = ctx } };
	wn_err err;

	*out = NULL;
	err = read_json(&p, CODEGEN_SCHEMA, out);
	if (!err && !*out &&
	    wn_file_exists(codegen_disk_path(&p.disk, "migrations/0001_initial.up.sql")))
		return WN_FAIL(ctx, WN_E_STATE,
			       "there are migrations, but %s, which says where they lead, is not "
			       "there; restore it from a snapshot",
			       CODEGEN_SCHEMA);
	return err;
}
