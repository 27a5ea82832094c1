/*
 * Generated files to a directory: the plan, then the writing. May not delete or overwrite anything
 * that does not carry the hash of the last generation.
 */
#include "ai/codegen/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/map.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define FILE_MAX_BYTES (64u << 20)

enum action { ACTION_WRITE, ACTION_UNCHANGED, ACTION_KEEP, ACTION_ABSENT };

struct plan {
	const struct codegen_files *files;
	const char *dir;
	struct wn_ctx *ctx;
	struct wn_json *old;  /* manifest of the generation before; NULL: none */
	struct wn_map hashes; /* path to its hash in it, borrowed from old */
	enum action *actions; /* one a file */
	WN_VEC(const char *) removed;
	WN_VEC(const char *) kept;
};

static char *
in_dir(struct plan *p, const char *path)
{
	return wn_arena_printf(p->ctx->arena, "%s/%s", p->dir, path);
}

static wn_err
read_manifest(struct plan *p)
{
	char *path = in_dir(p, CODEGEN_MANIFEST);
	struct wn_buf text;
	wn_err err = WN_OK;

	if (!wn_file_exists(path))
		return WN_OK;
	wn_buf_init(&text, FILE_MAX_BYTES);
	err = wn_file_read(path, &text, &p->ctx->diag);
	if (!err)
		err = wn_json_parse(wn_buf_view(&text), NULL, &p->old, &p->ctx->diag);
	wn_buf_fini(&text);
	if (err) {
		wn_fail_note(&p->ctx->diag, "%s cannot be read; restore it from a snapshot",
			     CODEGEN_MANIFEST);
		return err;
	}
	for (const struct wn_json *f = wn_json_first(wn_json_get(p->old, "files")); f;
	     f = wn_json_next(f)) {
		const char *name = wn_json_get_str(f, "path", "");
		const char *hash = wn_json_get_str(f, "sha256", "");

		if (wn_path_is_inside(wn_str(name)))
			wn_map_set(&p->hashes, wn_str(name), (void *)(uintptr_t)hash);
	}
	return WN_OK;
}

/* True when a part of the path above its last is a link: what lies behind it is not the
 * workspace's, and a program that ran there may have put the link. */
static bool
behind_link(struct plan *p, const char *path)
{
	char *full = in_dir(p, path);
	struct stat st;

	for (char *slash = full + strlen(p->dir); (slash = strchr(slash + 1, '/'));) {
		bool is_link;

		*slash = '\0';
		is_link = lstat(full, &st) == 0 && !S_ISDIR(st.st_mode);
		*slash = '/';
		if (is_link)
			return true;
	}
	return false;
}

/* Hash of a file on disk; "" when there is none. Links and other non-files count as edited ("-").
 */
static wn_err
hash_of(struct plan *p, const char *path, char out[WN_SHA256_HEX])
{
	char *full = in_dir(p, path);
	struct stat st;
	struct wn_buf text;
	wn_err err;

	out[0] = '\0';
	if (behind_link(p, path)) {
		memcpy(out, "-", 2);
		return WN_OK;
	}
	if (lstat(full, &st) != 0)
		return errno == ENOENT || errno == ENOTDIR
			       ? WN_OK
			       : wn_fail_errno(&p->ctx->diag, errno, "look at %s", path);
	if (!S_ISREG(st.st_mode)) {
		memcpy(out, "-", 2);
		return WN_OK;
	}
	wn_buf_init(&text, FILE_MAX_BYTES);
	err = wn_file_read(full, &text, &p->ctx->diag);
	if (!err)
		wn_sha256_hex(text.p ? text.p : "", text.len, out);
	wn_buf_fini(&text);
	return err;
}

/* What the next generation stands on: never a person's to edit, always as it was generated. */
static bool
is_record(const char *path)
{
	return strcmp(path, CODEGEN_MANIFEST) == 0 || strcmp(path, CODEGEN_SCHEMA) == 0;
}

static wn_err
decide(struct plan *p, const struct codegen_file *f, enum action *out)
{
	const char *before = (const char *)wn_map_get(&p->hashes, wn_str(f->path));
	char now[WN_SHA256_HEX], fresh[WN_SHA256_HEX];
	wn_err err = hash_of(p, f->path, now);

	if (err)
		return err;
	if (f->kind == CODEGEN_KEPT) {
		*out = ACTION_UNCHANGED;
		return WN_OK;
	}
	wn_sha256_hex(f->content.p, f->content.len, fresh);
	if (strcmp(now, fresh) == 0)
		*out = ACTION_UNCHANGED;
	else if (!now[0])
		*out = before ? ACTION_ABSENT : ACTION_WRITE;
	else if (f->kind == CODEGEN_ONCE || (before && strcmp(before, fresh) == 0))
		*out = ACTION_UNCHANGED; /* the person's, and the generator has nothing new */
	else if (before && strcmp(before, now) == 0)
		*out = ACTION_WRITE;
	else
		*out = ACTION_KEEP;
	if (is_record(f->path) && strcmp(now, "-") == 0)
		return WN_FAIL(p->ctx, WN_E_STATE,
			       "%s is a link or no file; remove it, or restore it from a snapshot",
			       f->path);
	if (is_record(f->path))
		*out = strcmp(now, fresh) == 0 ? ACTION_UNCHANGED : ACTION_WRITE;
	if (*out == ACTION_KEEP)
		wn_vec_push(&p->kept, wn_arena_strdup(p->ctx->arena, f->path));
	return WN_OK;
}

/* Generated before, not any more: removed when nobody touched it, else kept and said. */
static wn_err
find_removed(struct plan *p)
{
	char now[WN_SHA256_HEX];
	struct wn_map_iter it;
	wn_err err = WN_OK;

	wn_map_iter_init(&it, &p->hashes);
	while (!err && wn_map_iter_next(&it)) {
		const char *path = wn_arena_strndup(p->ctx->arena, it.key.p, it.key.len);

		if (codegen_files_find(p->files, path))
			continue;
		err = hash_of(p, path, now);
		if (!err && now[0] && strcmp(now, (const char *)it.value) == 0)
			wn_vec_push(&p->removed, path);
		else if (!err && now[0])
			wn_vec_push(&p->kept, path);
	}
	return err;
}

static wn_err
make_plan(struct plan *p)
{
	wn_err err = read_manifest(p);

	p->actions =
		(enum action *)wn_arena_array(p->ctx->arena, p->files->len, sizeof *p->actions);
	for (size_t i = 0; i < p->files->len && !err; i++) {
		if (wn_cancelled(p->ctx))
			return WN_FAIL(p->ctx, WN_E_CANCELLED, "generating was cancelled");
		err = decide(p, &p->files->p[i], &p->actions[i]);
	}
	return err ? err : find_removed(p);
}

static wn_err
write_one(struct plan *p, const struct codegen_file *f)
{
	char *full = in_dir(p, f->path), *slash = strrchr(full, '/');
	wn_err err;

	*slash = '\0';
	err = wn_file_mkdirs(full, 0755, &p->ctx->diag);
	*slash = '/';
	return err ? err : wn_file_write(full, f->content, (mode_t)f->mode, &p->ctx->diag);
}

/* The manifest goes last: cut short, the next generation sees new files as its own by their
 * content. */
static wn_err
carry_out(struct plan *p)
{
	const struct codegen_file *manifest = NULL;
	wn_err err = WN_OK;

	for (size_t i = 0; i < p->files->len && !err; i++) {
		if (p->actions[i] != ACTION_WRITE)
			continue;
		if (strcmp(p->files->p[i].path, CODEGEN_MANIFEST) == 0)
			manifest = &p->files->p[i];
		else
			err = write_one(p, &p->files->p[i]);
	}
	for (size_t i = 0; i < p->removed.len && !err; i++)
		if (unlink(in_dir(p, p->removed.p[i])) != 0 && errno != ENOENT)
			err = wn_fail_errno(&p->ctx->diag, errno, "remove %s", p->removed.p[i]);
	return err || !manifest ? err : write_one(p, manifest);
}

static void
tell_migration(struct plan *p, struct wn_codegen_outcome *out)
{
	const struct codegen_files *f = p->files;
	const char **changes =
		(const char **)wn_arena_array(p->ctx->arena, f->changes_len + 1, sizeof *changes);

	for (size_t i = 0; i < f->changes_len; i++)
		changes[i] = wn_arena_strdup(p->ctx->arena, f->changes[i]);
	out->migration = f->migration ? wn_arena_strdup(p->ctx->arena, f->migration) : NULL;
	out->changes = changes;
	out->changes_len = f->changes_len;
}

static void
tell(struct plan *p, struct wn_codegen_outcome *out)
{
	const char **kept =
		(const char **)wn_arena_array(p->ctx->arena, p->kept.len + 1, sizeof *kept);

	*out = (struct wn_codegen_outcome){ .files = (int64_t)p->files->len,
					    .removed = (int64_t)p->removed.len,
					    .kept = kept,
					    .kept_len = p->kept.len };
	for (size_t i = 0; i < p->kept.len; i++)
		kept[i] = p->kept.p[i];
	tell_migration(p, out);
	for (size_t i = 0; i < p->files->len; i++) {
		out->written += p->actions[i] == ACTION_WRITE;
		out->unchanged += p->actions[i] == ACTION_UNCHANGED;
	}
}

wn_err
codegen_output(const struct codegen_files *files, const char *dir, bool dry_run, struct wn_ctx *ctx,
	       struct wn_codegen_outcome *out)
{
	struct plan p = { .files = files, .dir = dir, .ctx = ctx };
	wn_err err;

	wn_map_init(&p.hashes);
	err = make_plan(&p);
	if (!err && !dry_run)
		err = carry_out(&p);
	if (!err)
		tell(&p, out);
	wn_vec_fini(&p.kept);
	wn_vec_fini(&p.removed);
	wn_map_fini(&p.hashes, NULL);
	wn_json_free(p.old);
	return err;
}

wn_err
codegen_read_schema(const char *dir, struct wn_ctx *ctx, struct wn_json **out)
{
	struct plan p = { .dir = dir, .ctx = ctx };
	const char *path = in_dir(&p, CODEGEN_SCHEMA);
	struct stat st;
	struct wn_buf text;
	wn_err err;

	*out = NULL;
	if (behind_link(&p, CODEGEN_SCHEMA) || (lstat(path, &st) == 0 && !S_ISREG(st.st_mode)))
		return WN_FAIL(ctx, WN_E_STATE,
			       "%s is behind a link; remove it, or restore it from a snapshot",
			       CODEGEN_SCHEMA);
	if (!wn_file_exists(path))
		return wn_file_exists(in_dir(&p, "migrations/0001_initial.up.sql"))
			       ? WN_FAIL(ctx, WN_E_STATE,
					 "there are migrations, but %s, which says where they "
					 "lead, is "
					 "not there; restore it from a snapshot",
					 CODEGEN_SCHEMA)
			       : WN_OK;
	wn_buf_init(&text, FILE_MAX_BYTES);
	err = wn_file_read(path, &text, &ctx->diag);
	if (!err)
		err = wn_json_parse(wn_buf_view(&text), NULL, out, &ctx->diag);
	wn_buf_fini(&text);
	if (err)
		wn_fail_note(&ctx->diag, "%s cannot be read; restore it from a snapshot",
			     CODEGEN_SCHEMA);
	return err;
}
