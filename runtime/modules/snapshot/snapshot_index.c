/*
 * What is remembered of files between scans: one record a file in a plain file beside the
 * repository. It only saves work: losing it costs one full read, so a damaged one is thrown away.
 */
#include "runtime/modules/snapshot/snapshot.h"

#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/mem.h"

#define INDEX_MAX (512u << 20)

/* "WNIX" 2, then records: struct, length of the path, path; then a 64-bit hash of all before it. */
static const char magic[8] = "WNIX\0\0\0\2";

static char *
index_path(const struct snapshot_repo *r)
{
	return wn_arena_printf(r->ctx->arena, "%.*s.index", (int)(strlen(r->path) - strlen(".git")),
			       r->path);
}

static void
read_records(struct wn_str s, struct wn_map *out)
{
	size_t at = sizeof magic;

	while (at + sizeof(struct snapshot_entry) + sizeof(uint32_t) <= s.len) {
		struct snapshot_entry *e = WN_NEW(struct snapshot_entry);
		uint32_t n;

		memcpy(e, s.p + at, sizeof *e);
		at += sizeof *e;
		memcpy(&n, s.p + at, sizeof n);
		at += sizeof n;
		if (n > s.len - at) {
			wn_free(e);
			return;
		}
		wn_free(wn_map_set(out, wn_strn(s.p + at, n), e));
		at += n;
	}
}

void
snapshot_index_load(struct snapshot_repo *r, struct wn_map *out)
{
	struct wn_buf b;
	uint64_t sum;

	wn_map_init(out);
	wn_buf_init(&b, INDEX_MAX);
	if (wn_file_read(index_path(r), &b, NULL) == WN_OK && b.len >= sizeof magic + sizeof sum &&
	    memcmp(b.p, magic, sizeof magic) == 0) {
		memcpy(&sum, b.p + b.len - sizeof sum, sizeof sum);
		if (sum == wn_hash64(b.p, b.len - sizeof sum, 0))
			read_records(wn_strn(b.p, b.len - sizeof sum), out);
	}
	wn_buf_fini(&b);
}

wn_err
snapshot_index_save(struct snapshot_repo *r, const struct wn_map *index)
{
	struct wn_map_iter it;
	struct wn_buf b;
	uint64_t sum;
	wn_err err;

	wn_buf_init(&b, INDEX_MAX);
	(void)wn_buf_add(&b, magic, sizeof magic);
	wn_map_iter_init(&it, index);
	while (wn_map_iter_next(&it)) {
		uint32_t n = (uint32_t)it.key.len;

		(void)wn_buf_add(&b, it.value, sizeof(struct snapshot_entry));
		(void)wn_buf_add(&b, &n, sizeof n);
		(void)wn_buf_str(&b, it.key);
	}
	sum = wn_hash64(b.p, b.len, 0);
	(void)wn_buf_add(&b, &sum, sizeof sum);
	err = b.err ? b.err : wn_file_write(index_path(r), wn_buf_view(&b), 0600, &r->ctx->diag);
	wn_buf_fini(&b);
	return err;
}

void
snapshot_index_drop(struct snapshot_repo *r)
{
	(void)unlink(index_path(r));
}
