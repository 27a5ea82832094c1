/*
 * How MariaDB is made, served and asked. Only argument lists and SQL: it runs nothing.
 */
#include "runtime/modules/database/database.h"

#include <string.h>

#include "runtime/base/file.h"

#define SOCKET WN_DATABASE_DIR "/mysqld.sock"

#define OWN "--no-defaults"

/* "mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for ...": up to what is no number. */
static wn_err
find(struct wn_mod *m, struct wn_ctx *ctx, const char **version_out)
{
	const char *argv[] = { "/usr/sbin/mariadbd", OWN, "--version", NULL };
	struct wn_exec x = { .argv = argv, .timeout_ms = 10000 };
	struct wn_exec_result result;
	const char *text, *ver;
	wn_err err;

	if (!wn_file_exists(argv[0]) || !wn_file_exists("/usr/bin/mariadb-install-db"))
		return WN_FAIL(ctx, WN_E_TOOL,
			       "MariaDB is not installed: apt-get install mariadb-server");
	err = m->host->exec(m, ctx, &x, &result);
	if (err)
		return err;
	text = wn_arena_strndup(ctx->arena, result.out.p != NULL ? result.out.p : "",
				result.out.len);
	ver = strstr(text, "Ver ");
	if (ver == NULL)
		return WN_FAIL(ctx, WN_E_TOOL, "mariadbd does not say its version");
	*version_out = wn_arena_strndup(ctx->arena, ver + 4, strspn(ver + 4, "0123456789."));
	return WN_OK;
}

static const char *const *
make(struct wn_arena *a)
{
	return DATABASE_ARGV(a, "/usr/bin/mariadb-install-db", OWN, "--datadir=/data",
			     "--auth-root-authentication-method=normal", "--skip-test-db",
			     "--force", "--skip-name-resolve");
}

/* No TCP, and small: there may be many of them. */
static const char *const *
serve(struct wn_arena *a)
{
	return DATABASE_ARGV(a, "/usr/sbin/mariadbd", OWN, "--datadir=/data",
			     wn_arena_printf(a, "--socket=%s", SOCKET), "--skip-networking",
			     "--pid-file=/tmp/mariadbd.pid", "--tmpdir=/tmp",
			     "--innodb-buffer-pool-size=16M", "--max-connections=60",
			     "--performance-schema=OFF", "--character-set-server=utf8mb4");
}

static const char *const *
client(struct wn_arena *a, bool admin)
{
	return DATABASE_ARGV(a, "/usr/bin/mariadb", OWN, "--batch",
			     wn_arena_printf(a, "--socket=%s", SOCKET),
			     "--default-character-set=utf8mb4",
			     admin ? "--user=root" : "--user=app", admin ? "mysql" : "app");
}

static const char *const *
client_env(struct wn_arena *a, bool admin, const char *password)
{
	(void)admin;
	return DATABASE_ARGV(a, "PATH=/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8",
			     wn_arena_printf(a, "MYSQL_PWD=%s", password));
}

static const char *
bootstrap(struct wn_arena *a, const char *admin_password, const char *app_password, bool has_app)
{
	const char *root = wn_arena_printf(a, "ALTER USER root@localhost IDENTIFIED BY '%s';\n",
					   admin_password);

	if (has_app)
		return wn_arena_printf(a, "ALTER USER app@localhost IDENTIFIED BY '%s';\n%s",
				       app_password, root);
	return wn_arena_printf(a,
			       "DROP USER IF EXISTS ''@localhost, ''@webnova;\n"
			       "CREATE DATABASE app CHARACTER SET utf8mb4;\n"
			       "CREATE USER app@localhost IDENTIFIED BY '%s';\n"
			       "GRANT ALL ON app.* TO app@localhost;\n%s",
			       app_password, root);
}

static const char *const *
dump(struct wn_arena *a, const char *name)
{
	return DATABASE_ARGV(a, "/usr/bin/mariadb-dump", OWN,
			     wn_arena_printf(a, "--socket=%s", SOCKET), "--user=app",
			     "--single-transaction", "--routines", "--triggers",
			     wn_arena_printf(a, "--result-file=/backup/%s", name), "app");
}

static const char *const *
load(struct wn_arena *a, const char *name)
{
	return DATABASE_ARGV(a, "/usr/bin/mariadb", OWN, wn_arena_printf(a, "--socket=%s", SOCKET),
			     "--user=app", "-e", wn_arena_printf(a, "source /backup/%s", name),
			     "app");
}

const struct database_kind database_mariadb = {
	.server = MODEL_SERVER_MARIADB,
	.stop_signal = "TERM",
	.format = "tsv",
	.url = "mysql://app:%s@localhost/app?socket=" SOCKET,
	.find = find,
	.make = make,
	.serve = serve,
	.client = client,
	.client_env = client_env,
	.bootstrap = bootstrap,
	.dump = dump,
	.load = load,
};
