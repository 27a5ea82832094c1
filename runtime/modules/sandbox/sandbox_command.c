/*
 * A spec to an argv: the mounts, the environment and the limits of one confined program, written
 * for the launcher. The box sees /usr read-only, its workspace, its binds, and nothing else of this
 * machine.
 */
#include "runtime/modules/sandbox/sandbox.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"

#define MIB (1024 * 1024)

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

static void
mounts(struct wn_json *args, struct wn_arena *a, const struct wn_sandbox_spec *spec,
       int64_t tmp_bytes)
{
	args3(args, "--proc", "/proc", NULL);
	args3(args, "--dev", "/dev", NULL);
	args3(args, "--size", wn_arena_printf(a, "%lld", (long long)tmp_bytes), NULL);
	args3(args, "--tmpfs", "/tmp", NULL);
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
	if (spec->cwd || spec->workspace)
		args3(args, "--chdir", spec->cwd ? spec->cwd : spec->workspace, NULL);
}

struct limits {
	int64_t memory, pids, cpu, tmp, file;
};

static struct limits
limits_of(const struct wn_host *h, const struct wn_sandbox_spec *spec)
{
	struct limits l = {
		.memory = spec->memory_bytes ? spec->memory_bytes
					     : h->config_int(h, "sandbox.memory_mb") * MIB,
		.pids = spec->pids ? spec->pids : h->config_int(h, "sandbox.pids"),
		.cpu = spec->cpu_percent ? spec->cpu_percent
					 : h->config_int(h, "sandbox.cpu_percent"),
		.tmp = spec->tmp_bytes ? spec->tmp_bytes : h->config_int(h, "sandbox.tmp_mb") * MIB,
		.file = spec->file_bytes ? spec->file_bytes
					 : h->config_int(h, "sandbox.file_mb") * MIB,
	};

	return l;
}

static wn_err
write_spec(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_sandbox_spec *spec,
	   const struct limits *l, const char **path_out)
{
	struct sandbox *s = sandbox_of(m);
	struct wn_json *doc = wn_json_new_object();
	struct wn_json *args = wn_json_set(doc, "args", wn_json_new_array());
	char id[WN_ULID_MAX];
	struct wn_buf text;
	wn_err err;

	wn_json_set_str(doc, "name", spec->name ? spec->name : "run");
	wn_json_set_num(doc, "memory_bytes", (double)l->memory);
	wn_json_set_num(doc, "pids", (double)l->pids);
	wn_json_set_num(doc, "cpu_percent", (double)l->cpu);
	wn_json_set_num(doc, "file_bytes", (double)l->file);
	namespaces(args, spec);
	environment(args, ctx->arena, spec->env);
	system_dirs(args);
	system_files(args, spec->network);
	mounts(args, ctx->arena, spec, l->tmp);
	s->host->new_id(s->host, id);
	*path_out = wn_arena_printf(ctx->arena, "%s/%s.json", s->spec_dir, id);
	wn_buf_init(&text, 1u << 20);
	err = wn_json_print(doc, &text);
	if (!err)
		err = wn_file_write(*path_out, wn_buf_view(&text), 0600, &ctx->diag);
	if (text.p)
		explicit_bzero(text.p, text.len);
	wn_buf_fini(&text);
	wn_json_free(doc);
	return err;
}

static const char *
limits_text(struct wn_arena *a, const struct limits *l, const struct sandbox_facts *f, bool network)
{
	return wn_arena_printf(
		a, "memory %s, processes %s, processor %s, /tmp %lld MiB, %s",
		f->memory ? wn_arena_printf(a, "%lld MiB", (long long)(l->memory / MIB))
			  : "not limited here",
		f->pids ? wn_arena_printf(a, "%lld", (long long)l->pids) : "not limited here",
		f->cpu ? wn_arena_printf(a, "%lld %%", (long long)l->cpu) : "not limited here",
		(long long)(l->tmp / MIB), network ? "network" : "no network");
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
			f->bwrap ? "this machine does not allow user namespaces"
				 : "bubblewrap (bwrap) is not installed");
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
	struct sandbox_facts f;
	const char **out, *path;
	size_t n = 0;
	wn_err err = check_workspace(ctx, spec->workspace);

	if (!err)
		err = sandbox_facts_get(m, ctx, &f);
	if (err)
		return err;
	*isolated_out = f.bwrap && f.namespaces && f.seccomp;
	if (!*isolated_out)
		return unconfined(m, ctx, &f, spec, argv, argv_out, limits_out);
	err = write_spec(m, ctx, spec, &l, &path);
	if (err)
		return err;
	while (argv[n])
		n++;
	out = (const char **)wn_arena_array(ctx->arena, n + 5, sizeof *out);
	out[0] = m->host->self_path;
	out[1] = "--launch";
	out[2] = path;
	out[3] = "--";
	memcpy(out + 4, argv, n * sizeof *out);
	*argv_out = out;
	*limits_out = limits_text(ctx->arena, &l, &f, spec->network);
	return WN_OK;
}
