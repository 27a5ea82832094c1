/*
 * A spec to an argv: the mounts, the environment and the limits of one confined program, written
 * for the launcher. The box sees /usr read-only, its workspace, its binds, and nothing else of this
 * machine.
 */
#include "runtime/modules/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"

#define MIB (1024 * 1024)
#define FILTER_FD "4" /* where the launcher puts the seccomp program */
#define OOM_SCORE 500 /* when the machine's memory runs out, boxes go before the engine */

static void
arg(struct wn_json *args, const char *text)
{
	(void)wn_json_push(args, wn_json_new_str(wn_str(text)));
}

static void
args3(struct wn_json *args, const char *a, const char *b, const char *c)
{
	arg(args, a);
	arg(args, b);
	if (c)
		arg(args, c);
}

/* /bin and its kin are links into /usr on a merged system, directories elsewhere. */
static void
system_dirs(struct wn_json *args)
{
	static const char *const names[] = { "bin", "sbin", "lib", "lib32", "lib64", "libx32" };
	char path[32], link[64];

	args3(args, "--ro-bind", "/usr", "/usr");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		ssize_t n;

		snprintf(path, sizeof path, "/%s", names[i]);
		n = readlink(path, link, sizeof link - 1);
		if (n > 0) {
			link[n] = '\0';
			args3(args, "--symlink", link, path);
		} else if (wn_file_is_dir(path)) {
			args3(args, "--ro-bind", path, path);
		}
	}
}

static void
system_files(struct wn_json *args, bool network)
{
	static const char *const always[] = { "/etc/ld.so.cache", "/etc/alternatives", "/etc/ssl",
					      "/etc/localtime", "/etc/ca-certificates" };
	static const char *const linked[] = { "/etc/resolv.conf", "/etc/hosts",
					      "/etc/nsswitch.conf" };

	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
		args3(args, "--ro-bind-try", always[i], always[i]);
	for (size_t i = 0; network && i < sizeof linked / sizeof linked[0]; i++)
		args3(args, "--ro-bind-try", linked[i], linked[i]);
}

static void
namespaces(struct wn_json *args, const struct wn_sandbox_spec *spec)
{
	static const char *const fixed[] = { "--unshare-all",
					     "--unshare-user",
					     "--disable-userns",
					     "--uid",
					     "1000",
					     "--gid",
					     "1000",
					     "--hostname",
					     "webnova",
					     "--die-with-parent",
					     "--cap-drop",
					     "ALL" };

	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
		arg(args, fixed[i]);
	if (spec->network)
		arg(args, "--share-net");
	if (!spec->terminal)
		arg(args, "--new-session");
}

static void
environment(struct wn_json *args, struct wn_arena *a, const char *const *env)
{
	arg(args, "--clearenv");
	for (; env && *env; env++) {
		const char *eq = strchr(*env, '=');

		if (eq)
			args3(args, "--setenv", wn_arena_strndup(a, *env, (size_t)(eq - *env)),
			      eq + 1);
	}
}

/* The kernel takes a box of root's for root where it asks for the owner of a file of its own,
 * whatever the box's rights: values of the kernel could be written (a program to run at every
 * crash, as root), and what it tells of all memory read. */
static void
hide_kernel(struct wn_json *args)
{
	static const char *const fixed[] = { "/proc/sys", "/proc/pressure" };
	static const char *const hidden[] = { "/proc/kpagecount",  "/proc/kpageflags",
					      "/proc/kpagecgroup", "/proc/slabinfo",
					      "/proc/vmallocinfo", "/proc/timer_list",
					      "/proc/pagetypeinfo" };

	for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
		if (wn_file_exists(fixed[i]))
			args3(args, "--ro-bind", fixed[i], fixed[i]);
	for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (geteuid() == 0 && wn_file_exists(hidden[i]))
			args3(args, "--ro-bind", "/dev/null", hidden[i]);
}

static void
mounts(struct wn_json *args, struct wn_arena *a, const struct wn_sandbox_spec *spec,
       int64_t tmp_bytes)
{
	const char *size = wn_arena_printf(a, "%lld", (long long)tmp_bytes);

	args3(args, "--proc", "/proc", NULL);
	hide_kernel(args);
	args3(args, "--dev", "/dev", NULL);
	args3(args, "--size", size, NULL);
	args3(args, "--tmpfs", "/tmp", NULL);
	args3(args, "--size", size, NULL);
	args3(args, "--tmpfs", "/dev/shm", NULL);
	if (spec->workspace) {
		const char *git = wn_arena_printf(a, "%s/.git", spec->workspace);

		args3(args, "--bind", spec->workspace, spec->workspace);
		args3(args, "--ro-bind-try", git, git);
	}
	for (size_t i = 0; i < spec->nbinds; i++) {
		const struct wn_sandbox_bind *b = &spec->binds[i];

		args3(args, b->writable ? "--bind" : "--ro-bind", b->from, b->to ? b->to : b->from);
	}
	for (const char *const *place = spec->scratch; place && *place; place++)
		args3(args, "--tmpfs", *place, NULL);
	/* What holds the mounts is memory without a size. */
	args3(args, "--remount-ro", "/dev", NULL);
	args3(args, "--remount-ro", "/", NULL);
	if (spec->cwd || spec->workspace)
		args3(args, "--chdir", spec->cwd ? spec->cwd : spec->workspace, NULL);
}

/* --- limits ---- */

struct limits {
	struct sandbox_limits workspace, own; /* of all boxes of a workspace; of this one */
	int64_t tmp, file, files;
};

static struct limits
limits_of(const struct wn_host *h, const struct wn_sandbox_spec *spec)
{
	struct limits l = {
		.workspace = { .memory_bytes = h->config_int(h, "sandbox.memory_mb") * MIB,
			       .pids = h->config_int(h, "sandbox.pids"),
			       .cpu_percent = h->config_int(h, "sandbox.cpu_percent") },
		.own = { .memory_bytes = spec->memory_bytes,
			 .pids = spec->pids,
			 .cpu_percent = spec->cpu_percent },
		.tmp = spec->tmp_bytes ? spec->tmp_bytes : h->config_int(h, "sandbox.tmp_mb") * MIB,
		.file = spec->file_bytes ? spec->file_bytes
					 : h->config_int(h, "sandbox.file_mb") * MIB,
		.files = h->config_int(h, "sandbox.open_files"),
	};

	return l;
}

static const char *
limits_text(struct wn_arena *a, const struct limits *l, const struct sandbox_limits *held,
	    bool network)
{
	return wn_arena_printf(
		a, "memory %s, processes %s, processor %s, /tmp %lld MiB, open files %lld, %s",
		held->memory_bytes ? wn_arena_printf(a, "%lld MiB",
						     (long long)(l->workspace.memory_bytes / MIB))
				   : "not limited here",
		held->pids ? wn_arena_printf(a, "%lld", (long long)l->workspace.pids)
			   : "not limited here",
		held->cpu_percent
			? wn_arena_printf(a, "%lld %%", (long long)l->workspace.cpu_percent)
			: "not limited here",
		(long long)(l->tmp / MIB), (long long)l->files, network ? "network" : "no network");
}

/* --- the spec ---- */

/* The arguments, each with its NUL: the launcher hands them on as they are. */
static void
add_args(struct wn_buf *out, const struct wn_json *args)
{
	for (const struct wn_json *a = wn_json_first(args); a; a = wn_json_next(a)) {
		(void)wn_buf_cstr(out, wn_json_str(a, ""));
		(void)wn_buf_chr(out, '\0');
	}
}

static wn_err
create(const char *path, struct wn_str data, struct wn_diag *d)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	ssize_t n = fd < 0 ? -1 : write(fd, data.p, data.len);
	int error = errno;

	if (fd >= 0)
		close(fd);
	return n == (ssize_t)data.len ? WN_OK : wn_fail_errno(d, error, "write %s", path);
}

/* What a workspace's group was set to: writing it again for each box costs as much as its own. */
struct sandbox_set {
	struct sandbox_limits asked, held;
};

static bool
same(const struct sandbox_limits *a, const struct sandbox_limits *b)
{
	return a->memory_bytes == b->memory_bytes && a->pids == b->pids &&
	       a->cpu_percent == b->cpu_percent;
}

/* A workspace's group may be removed with its last box: no box comes in between. */
static void
add_groups(struct sandbox *s, const char *workspace, const char *id, const struct limits *l,
	   struct wn_buf *out, struct sandbox_limits *held)
{
	struct wn_str key = wn_str(workspace);
	struct sandbox_set *set;

	pthread_mutex_lock(&s->lock);
	set = (struct sandbox_set *)wn_map_get(&s->set, key);
	if (!set) {
		set = WN_NEW(struct sandbox_set);
		wn_map_set(&s->set, key, set);
	}
	if (!same(&set->asked, &l->workspace)) {
		sandbox_group_limit(&s->groups, workspace, &l->workspace, &set->held);
		set->asked = l->workspace;
	}
	*held = set->held;
	if (!sandbox_group_make(&s->groups, workspace, id, &l->own, out))
		*held = (struct sandbox_limits){ 0 };
	pthread_mutex_unlock(&s->lock);
}

static void
add_arguments(struct wn_ctx *ctx, const struct wn_sandbox_spec *spec, const struct limits *l,
	      struct wn_buf *out)
{
	struct wn_json *args = wn_json_new_array();

	args3(args, "--seccomp", FILTER_FD, NULL);
	namespaces(args, spec);
	environment(args, ctx->arena, spec->env);
	system_dirs(args);
	system_files(args, spec->network);
	mounts(args, ctx->arena, spec, l->tmp);
	add_args(out, args);
	wn_json_free(args);
}

static wn_err
write_spec(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_sandbox_spec *spec,
	   const struct sandbox_run *r, const char *path, struct sandbox_limits *held)
{
	struct sandbox *s = sandbox_of(m);
	struct limits l = limits_of(m->host, spec);
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, 1u << 20);
	(void)wn_buf_printf(&text, "bwrap %s\nfilter %s\nnote %s/%s ", s->bwrap, s->filter,
			    s->runs_dir, r->id);
	sandbox_run_card(r, &text);
	(void)wn_buf_chr(&text, '\n');
	add_groups(s, r->workspace, r->id, &l, &text, held);
	(void)wn_buf_printf(&text, "oom %d\ncore 0\nnofile %lld\nfsize %lld\nargs\n", OOM_SCORE,
			    (long long)l.files, (long long)l.file);
	add_arguments(ctx, spec, &l, &text);
	err = text.err ? wn_fail(&ctx->diag, text.err, "the box's description is too long")
		       : create(path, wn_buf_view(&text), &ctx->diag);
	if (text.p)
		explicit_bzero(text.p, text.len);
	wn_buf_fini(&text);
	return err;
}

wn_err
sandbox_box(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_sandbox_spec *spec,
	    const char *const *argv, const char *const **argv_out, struct sandbox_limits *held_out)
{
	struct sandbox *s = sandbox_of(m);
	struct sandbox_run *r;
	const char **out, *path;
	char id[WN_ULID_MAX];
	size_t n = 0, k = 0;
	wn_err err;

	s->host->new_id(s->host, id);
	path = wn_arena_printf(ctx->arena, "%s/%s.spec", s->spec_dir, id);
	r = sandbox_run_new(m, ctx, id, spec);
	err = write_spec(m, ctx, spec, r, path, held_out);
	if (err)
		sandbox_run_free(r);
	else
		err = sandbox_run_begin(m, ctx, r);
	if (err)
		return err;
	while (argv[n])
		n++;
	out = (const char **)wn_arena_array(ctx->arena, n + 5, sizeof *out);
	out[k++] = s->launcher ? s->launcher : m->host->self_path;
	if (!s->launcher)
		out[k++] = "--launch";
	out[k++] = path;
	out[k++] = "--";
	memcpy(out + k, argv, n * sizeof *out);
	*argv_out = out;
	return WN_OK;
}

/* Without a sandbox: only when the configuration says so, and said in words. */
static wn_err
unconfined(struct wn_mod *m, struct wn_ctx *ctx, const struct sandbox_facts *f,
	   const struct wn_sandbox_spec *spec, const char *const *argv,
	   const char *const **argv_out, const char **limits_out)
{
	const struct wn_host *h = m->host;
	const char **out;
	size_t n = 0, k = 0, e = 0;

	if (!h->config_bool(h, "sandbox.allow_unconfined"))
		return WN_FAIL(
			ctx, WN_E_SANDBOX,
			"%s; it does not run unconfined unless sandbox.allow_unconfined is set",
			f->why);
	while (argv[n])
		n++;
	while (spec->env && spec->env[e])
		e++;
	out = (const char **)wn_arena_array(ctx->arena, n + e + 5, sizeof *out);
	out[k++] = "env";
	out[k++] = "-i";
	out[k++] = "-C";
	out[k++] = spec->cwd ? spec->cwd : spec->workspace ? spec->workspace : "/";
	for (size_t i = 0; i < e; i++)
		out[k++] = spec->env[i];
	for (size_t i = 0; i < n; i++)
		out[k++] = argv[i];
	*argv_out = out;
	*limits_out = "none: it runs unconfined";
	return WN_OK;
}

/* A link anywhere in the path would be followed when it is mounted: a program confined to a
 * directory above could have put one there and would be shown what it points to. */
static wn_err
check_workspace(struct wn_ctx *ctx, const char *path)
{
	char real[PATH_MAX];

	if (!path)
		return WN_OK;
	if (!realpath(path, real))
		return errno == ENOENT || errno == ENOTDIR
			       ? WN_FAIL(ctx, WN_E_NOT_FOUND,
					 "the workspace's directory %s is not there any more; put "
					 "it back, or forget the "
					 "workspace",
					 path)
			       : wn_fail_errno(&ctx->diag, errno, "look at %s", path);
	if (strcmp(real, path) != 0)
		return WN_FAIL(ctx, WN_E_SANDBOX,
			       "%s leads to %s now; open that directory as a workspace instead",
			       path, real);
	if (!wn_file_is_dir(path))
		return WN_FAIL(ctx, WN_E_NOT_FOUND, "%s is not a directory any more", path);
	return WN_OK;
}

wn_err
sandbox_command(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_sandbox_spec *spec,
		const char *const *argv, const char *const **argv_out, bool *isolated_out,
		const char **limits_out)
{
	struct limits l = limits_of(m->host, spec);
	struct sandbox_limits held;
	struct sandbox_facts f;
	wn_err err = check_workspace(ctx, spec->workspace);

	if (!err)
		err = sandbox_facts_get(m, ctx, &f);
	if (err)
		return err;
	*isolated_out = f.bwrap && f.namespaces && f.seccomp;
	if (!*isolated_out)
		return unconfined(m, ctx, &f, spec, argv, argv_out, limits_out);
	err = sandbox_box(m, ctx, spec, argv, argv_out, &held);
	if (!err)
		*limits_out = limits_text(ctx->arena, &l, &held, spec->network);
	return err;
}
