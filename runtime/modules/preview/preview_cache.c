/*
 * The cache of what npm fetches, shared by all workspaces and perhaps by several engines of a user:
 * one folder a lock file, one for Node.js. A folder is made beside its place and moved there whole,
 * so one that is there is complete. npm runs outside the sandbox: with install scripts off, and
 * with an environment that holds nothing of the engine's but what npm is configured by.
 */
#include "runtime/modules/preview/preview_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define STEPS 5
#define STAGE ".new-"

extern char **environ;

wn_err
preview_say_cancelled(struct preview_run *r, wn_err err, const char *what)
{
	if (err != WN_E_CANCELLED)
		return err;
	wn_diag_clear(&r->ctx->diag);
	return WN_FAIL(r->ctx, err, "%s was cancelled", what);
}

wn_err
preview_fail_output(struct preview_run *r, const char *what, const struct wn_exec_result *x)
{
	struct wn_str tail = x->err.len ? x->err : x->out;

	r->has_exit_code = true;
	r->exit_code = x->status;
	if (tail.len > 300)
		tail = wn_str_sub(tail, tail.len - 300, 300);
	return WN_FAIL(r->ctx, WN_E_PROCESS, "%s ended with exit code %d: %.*s", what, x->status,
		       WN_STR_ARG(wn_str_trim(tail)));
}

/* --- npm: says how far it is, because a cold cache takes long -------------------------------- */

struct npm_progress {
	struct preview_run *r;
	int64_t packages;
};

static void
npm_line(void *arg, bool is_stderr, struct wn_str line)
{
	struct npm_progress *p = (struct npm_progress *)arg;

	(void)is_stderr;
	if (wn_str_find(line, WN_STR("http fetch")) < 0)
		return;
	p->packages++;
	p->r->m->host->job_progress(p->r->ctx, 1, STEPS,
				    wn_arena_printf(p->r->ctx->arena, "fetching packages: %lld",
						    (long long)p->packages));
}

/* Where things are and how to reach the registry; nothing else of the engine's environment is npm's
 * business. */
static bool
npm_may_see(const char *var)
{
	static const char *const names[] = { "PATH=",
					     "HOME=",
					     "USER=",
					     "LOGNAME=",
					     "LANG=",
					     "LC_ALL=",
					     "TMPDIR=",
					     "TZ=",
					     "XDG_CONFIG_HOME=",
					     "XDG_CACHE_HOME=",
					     "HTTP_PROXY=",
					     "HTTPS_PROXY=",
					     "NO_PROXY=",
					     "NODE_EXTRA_CA_CERTS=",
					     "SSL_CERT_FILE=",
					     "SSL_CERT_DIR=" };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strncasecmp(var, names[i], strlen(names[i])) == 0)
			return true;
	return strncasecmp(var, "npm_config_", 11) == 0;
}

static const char *const *
npm_environment(struct wn_arena *a)
{
	size_t n = 0, k = 0;
	const char **env;

	while (environ[n])
		n++;
	env = (const char **)wn_arena_array(a, n + 1, sizeof *env);
	for (size_t i = 0; i < n; i++)
		if (npm_may_see(environ[i]))
			env[k++] = environ[i];
	return env;
}

static wn_err
npm(struct preview_run *r, const char *dir, const char *const *argv)
{
	const struct wn_host *h = r->m->host;
	struct npm_progress progress = { r, 0 };
	struct wn_exec x = { .argv = argv,
			     .cwd = dir,
			     .env = npm_environment(r->ctx->arena),
			     .on_line = npm_line,
			     .arg = &progress,
			     .timeout_ms = h->config_int(h, "preview.install_seconds") * 1000 };
	struct wn_exec_result result;
	char *found = wn_path_which("npm");
	wn_err err;

	if (!found)
		return WN_FAIL(r->ctx, WN_E_TOOL, "npm is not installed (apt install npm)");
	wn_free(found);
	err = preview_say_cancelled(r, h->exec(r->m, r->ctx, &x, &result), "fetching packages");
	if (!err && result.status != 0)
		err = preview_fail_output(r, "npm", &result);
	return err;
}

/* --- places --------------------------------------------------------------------------------------
 */

static const char *
cache_root(struct preview_run *r)
{
	return wn_arena_printf(r->ctx->arena, "%s/preview", r->m->host->cache_dir);
}

/* A folder that somebody else made could hold anything, and the platform would run it. */
static wn_err
check_owner(struct preview_run *r, const char *path, const struct stat *st)
{
	if (S_ISDIR(st->st_mode) && (st->st_uid == geteuid() || st->st_uid == 0) &&
	    (st->st_mode & 0022) == 0)
		return WN_OK;
	return WN_FAIL(r->ctx, WN_E_DENIED,
		       "%s is not a directory that only you can write; remove it, or set "
		       "XDG_CACHE_HOME to a place of "
		       "your own",
		       path);
}

wn_err
preview_is_cached(struct preview_run *r, const char *place, bool *out)
{
	const char *root = cache_root(r);
	struct stat st;
	wn_err err;

	*out = false;
	if (lstat(root, &st) != 0)
		return errno == ENOENT ? WN_OK
				       : wn_fail_errno(&r->ctx->diag, errno, "look at %s", root);
	err = check_owner(r, root, &st);
	if (err || lstat(place, &st) != 0)
		return err;
	err = check_owner(r, place, &st);
	*out = !err;
	return err;
}

/* Stages of engines that were killed: nobody holds their lock. */
static void
remove_stages(struct preview_run *r)
{
	const char *root = cache_root(r);
	DIR *d = opendir(root);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		const char *path;
		int fd;

		if (!strstr(e->d_name, STAGE))
			continue;
		path = wn_arena_printf(r->ctx->arena, "%s/%s", root, e->d_name);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && wn_file_rmtree(path, NULL))
			wn_log(r->m->host->log, WN_LOG_WARN, "preview", "leftovers stay",
			       WN_S("path", path));
		if (fd >= 0)
			close(fd);
	}
	if (d)
		closedir(d);
}

/* The lock on the stage says that somebody works in it; it ends with the process. */
static wn_err
make_stage(struct preview_run *r, const char *stage, int *fd_out)
{
	wn_err err = wn_file_rmtree(stage, &r->ctx->diag);

	*fd_out = -1;
	if (!err)
		err = wn_file_mkdirs(stage, 0755, &r->ctx->diag);
	if (err)
		return err;
	*fd_out = open(stage, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*fd_out < 0 || flock(*fd_out, LOCK_EX | LOCK_NB) != 0)
		return wn_fail_errno(&r->ctx->diag, errno, "work in %s", stage);
	return WN_OK;
}

static wn_err
copy_in(struct preview_run *r, const char *stage, const char *name)
{
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, 16u << 20);
	err = wn_file_read(wn_arena_printf(r->ctx->arena, "%s/%s", r->ws.path, name), &text,
			   &r->ctx->diag);
	if (!err)
		err = wn_file_write(wn_arena_printf(r->ctx->arena, "%s/%s", stage, name),
				    wn_buf_view(&text), 0644, &r->ctx->diag);
	wn_buf_fini(&text);
	return err;
}

/* Places that tools write to; the folder itself is shown read-only, so they are mounted over. */
static wn_err
make_mount_points(struct preview_run *r, const char *stage)
{
	wn_err err =
		wn_file_mkdirs(wn_arena_printf(r->ctx->arena, "%s/node_modules/.vite-temp", stage),
			       0755, &r->ctx->diag);

	return err ? err
		   : wn_file_mkdirs(wn_arena_printf(r->ctx->arena, "%s/node_modules/.vite", stage),
				    0755, &r->ctx->diag);
}

wn_err
preview_fetch(struct preview_run *r, const char *place, const char *const *argv,
	      const char *const *copies)
{
	const char *stage = wn_arena_printf(r->ctx->arena, "%s" STAGE "%d", place, (int)getpid());
	int fd = -1;
	wn_err err = wn_file_mkdirs(cache_root(r), 0755, &r->ctx->diag);

	if (!err)
		err = make_stage(r, stage, &fd);
	for (; copies && *copies && !err; copies++)
		err = copy_in(r, stage, *copies);
	if (!err)
		err = npm(r, stage, argv);
	if (!err)
		err = make_mount_points(r, stage);
	/* Another engine may have been faster: what it made is as good. */
	if (!err && rename(stage, place) != 0 && errno != ENOTEMPTY && errno != EEXIST)
		err = wn_fail_errno(&r->ctx->diag, errno, "keep %s", place);
	if (wn_file_exists(stage) && wn_file_rmtree(stage, NULL))
		wn_log(r->m->host->log, WN_LOG_WARN, "preview", "leftovers stay",
		       WN_S("path", stage));
	if (fd >= 0)
		close(fd);
	return err;
}

/* Waits a fifth of a second at a time so that a cancel is heard. */
wn_err
preview_fetch_lock(struct preview_run *r)
{
	struct preview *p = preview_of(r->m);
	struct timespec until;

	for (;;) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 200000000;
		until.tv_sec += until.tv_nsec / 1000000000;
		until.tv_nsec %= 1000000000;
		if (pthread_mutex_timedlock(&p->install, &until) == 0)
			break;
		if (wn_cancelled(r->ctx))
			return WN_FAIL(
				r->ctx, WN_E_CANCELLED,
				"cancelled while another platform's dependencies were fetched");
		r->m->host->job_progress(r->ctx, 1, STEPS,
					 "waiting for another platform's dependencies");
	}
	remove_stages(r);
	return WN_OK;
}

void
preview_fetch_unlock(struct preview_run *r)
{
	pthread_mutex_unlock(&preview_of(r->m)->install);
}
