/*
 * What a box fills. Its file systems are asked first, which costs nothing; only when they have
 * filled by more than the box may, its files are counted, in a job, and those that changed since it
 * began are its own.
 */
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "gen/sandbox.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/modules/sandbox/sandbox.h"

#define MIB (1024 * 1024)
#define DEPTH_MAX 64
#define ENTRIES_MAX 5000000 /* looked at in one count */
#define BLOCK 512

/* --- file systems ---- */

struct filled {
	int64_t used, files, left;
};

/* The sum over the box's places: one that is on the same file system as another counts twice, which
 * only makes the count come earlier. */
static struct filled
ask(const struct sandbox_run *r)
{
	struct filled f = { 0, 0, INT64_MAX };
	struct statvfs st;

	for (size_t i = 0; i < SANDBOX_PLACES && r->places[i]; i++) {
		int64_t left;

		if (statvfs(r->places[i], &st) != 0)
			continue;
		left = (int64_t)(st.f_bavail * st.f_frsize);
		f.used += (int64_t)((st.f_blocks - st.f_bfree) * st.f_frsize);
		f.files += (int64_t)(st.f_files - st.f_ffree);
		if (left < f.left)
			f.left = left;
	}
	return f;
}

void
sandbox_disk_begin(struct sandbox_run *r)
{
	struct filled f = ask(r);

	r->disk_used = r->measured_used = f.used;
	r->disk_files = r->measured_files = f.files;
}

/* --- counting: a job ---- */

struct count {
	char box[WN_ULID_MAX], *places[SANDBOX_PLACES];
	int64_t since; /* seconds */
	int64_t bytes, files, entries;
};

static void
count_free(void *arg)
{
	struct count *c = (struct count *)arg;

	for (size_t i = 0; i < SANDBOX_PLACES; i++)
		wn_free(c->places[i]);
	wn_free(c);
}

/* Never through a link: what it leads to is not the box's. */
static void
count_dir(struct wn_ctx *ctx, struct count *c, int at, const char *name, int depth)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;
	struct stat st;

	if (!d && fd >= 0)
		close(fd);
	while (d && c->entries < ENTRIES_MAX && !wn_cancelled(ctx) && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		c->entries++;
		if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (st.st_ctim.tv_sec >= c->since) {
			c->bytes += (int64_t)st.st_blocks * BLOCK;
			c->files++;
		}
		if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			count_dir(ctx, c, fd, e->d_name, depth + 1);
	}
	if (d)
		closedir(d);
}

/* Loop: what was counted is held against the limits. */
static wn_err
judge(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct count *c = (struct count *)arg;
	struct sandbox *s = sandbox_of(m);
	struct sandbox_run *r = (struct sandbox_run *)wn_map_get(&s->runs, wn_str(c->box));
	const struct wn_host *h = m->host;
	long long mib = h->config_int(h, "sandbox.disk_mb");
	long long most = h->config_int(h, "sandbox.disk_files");
	long long reserve = h->config_int(h, "sandbox.disk_reserve_mb");
	struct sandbox_space *p;

	(void)ctx;
	if (!r)
		return WN_OK;
	r->measuring = false;
	p = sandbox_space_of(s, r->workspace);
	p->disk_bytes = c->bytes;
	p->disk_files = c->files;
	if (mib > 0 && c->bytes > mib * MIB)
		sandbox_guard_stop(m, r, SANDBOX_STOPPED_RULE_DISK, "sandbox.disk_mb",
				   "it filled %lld MiB of disk, of the %lld it may fill",
				   (long long)(c->bytes / MIB), mib);
	else if (most > 0 && c->files > most)
		sandbox_guard_stop(m, r, SANDBOX_STOPPED_RULE_DISK_FILES, "sandbox.disk_files",
				   "it made or changed %lld files, of the %lld it may",
				   (long long)c->files, most);
	else if (reserve > 0 && ask(r).left < reserve * MIB && c->bytes > reserve * MIB / 4)
		sandbox_guard_stop(m, r, SANDBOX_STOPPED_RULE_DISK_RESERVE,
				   "sandbox.disk_reserve_mb",
				   "the disk is nearly full, and it filled %lld MiB of it",
				   (long long)(c->bytes / MIB));
	return WN_OK;
}

static wn_err
count_job(struct wn_mod *m, struct wn_ctx *ctx, void *arg, struct wn_buf *result)
{
	struct count *c = (struct count *)arg;
	wn_err err;

	for (size_t i = 0; i < SANDBOX_PLACES && c->places[i]; i++)
		count_dir(ctx, c, AT_FDCWD, c->places[i], 0);
	err = m->host->job_ask(m, ctx, judge, c);
	return err ? err
		   : wn_buf_printf(result, "{\"bytes\":%lld,\"files\":%lld}", (long long)c->bytes,
				   (long long)c->files);
}

static void
start_count(struct wn_mod *m, struct sandbox_run *r)
{
	struct count *c = WN_NEW(struct count);
	char correlation[WN_ULID_MAX];
	struct wn_arena arena;
	struct wn_ctx ctx = {
		.tenant = r->tenant, .actor = "engine", .correlation = correlation, .arena = &arena
	};
	struct wn_job_spec job = { .kind = "sandbox.count",
				   .subject = r->workspace,
				   .fn = count_job,
				   .arg = c,
				   .free_arg = count_free };

	wn_arena_init(&arena, 0);
	m->host->new_id(m->host, correlation);
	memcpy(c->box, r->id, sizeof c->box);
	c->since = r->began_ms / 1000;
	for (size_t i = 0; i < SANDBOX_PLACES && r->places[i]; i++)
		c->places[i] = wn_strdup(r->places[i]);
	r->measuring = true;
	if (m->host->job_start(m, &ctx, &job, NULL)) {
		r->measuring = false;
		count_free(c);
	}
	wn_arena_fini(&arena);
}

void
sandbox_disk_look(struct wn_mod *m, struct sandbox_run *r)
{
	const struct wn_host *h = m->host;
	int64_t bytes = h->config_int(h, "sandbox.disk_mb") * MIB;
	int64_t files = h->config_int(h, "sandbox.disk_files");
	int64_t reserve = h->config_int(h, "sandbox.disk_reserve_mb") * MIB;
	struct filled f;
	bool over;

	if (r->measuring || !r->places[0])
		return;
	f = ask(r);
	over = (bytes > 0 && f.used - r->disk_used > bytes) ||
	       (files > 0 && f.files - r->disk_files > files) ||
	       (reserve > 0 && f.left < reserve && f.used - r->disk_used > reserve / 4);
	/* Others fill the same disk: counted again only when it has filled noticeably further. */
	if (!over ||
	    (f.used - r->measured_used < bytes / 16 && f.files - r->measured_files < files / 16))
		return;
	r->measured_used = f.used;
	r->measured_files = f.files;
	start_count(m, r);
}
