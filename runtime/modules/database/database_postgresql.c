/*
 * How PostgreSQL is made, served and asked. Only argument lists and SQL: it runs nothing.
 */
#include "runtime/modules/database/database.h"

#include <dirent.h>
#include <stdlib.h>

#include "runtime/base/file.h"

#define ROOT "/usr/lib/postgresql"

/* Programs of the newest version that Debian's packages put there. */
static int
newest(void)
{
	DIR *d = opendir(ROOT);
	struct dirent *e;
	int best = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		int v = (int)strtol(e->d_name, NULL, 10);

		best = v > best ? v : best;
	}
	if (d != NULL)
		closedir(d);
	return best;
}

static const char *
program(struct wn_arena *a, const char *name)
{
	return wn_arena_printf(a, ROOT "/%d/bin/%s", newest(), name);
}

static wn_err
find(struct wn_mod *m, struct wn_ctx *ctx, const char **version_out)
{
	int v = newest();

	(void)m;
	if (v == 0 || !wn_file_exists(program(ctx->arena, "postgres")))
		return WN_FAIL(ctx, WN_E_TOOL,
			       "PostgreSQL is not installed: apt-get install postgresql");
	*version_out = wn_arena_printf(ctx->arena, "%d", v);
	return WN_OK;
}

static const char *const *
make(struct wn_arena *a)
{
	return DATABASE_ARGV(a, program(a, "initdb"), "-D", "/data", "-U", "postgres", "--pwfile",
			     "/in/password", "--auth=scram-sha-256", "--encoding=UTF8",
			     "--locale=C.UTF-8", "--no-sync");
}

/* No TCP, and small: there may be many of them. */
static const char *const *
serve(struct wn_arena *a)
{
	return DATABASE_ARGV(a, program(a, "postgres"), "-D", "/data", "-c",
			     "listen_addresses=", "-c",
			     wn_arena_printf(a, "unix_socket_directories=%s", WN_DATABASE_DIR),
			     "-c", "shared_buffers=16MB", "-c", "max_connections=60", "-c",
			     "logging_collector=off", "-c", "log_line_prefix=");
}

static const char *const *
client(struct wn_arena *a, bool admin)
{
	return DATABASE_ARGV(a, program(a, "psql"), "-X", "-q", "--csv", "-v", "ON_ERROR_STOP=1",
			     "-d", admin ? "postgres" : "app", "-f", "-");
}

static const char *const *
client_env(struct wn_arena *a, bool admin, const char *password)
{
	return DATABASE_ARGV(a, "PATH=/usr/bin:/bin", "HOME=/tmp", "LANG=C.UTF-8",
			     wn_arena_printf(a, "PGHOST=%s", WN_DATABASE_DIR),
			     "PGCONNECT_TIMEOUT=10", admin ? "PGUSER=postgres" : "PGUSER=app",
			     wn_arena_printf(a, "PGPASSWORD=%s", password));
}

static const char *
bootstrap(struct wn_arena *a, const char *admin_password, const char *app_password, bool has_app)
{
	const char *roles = wn_arena_printf(
		a, "ALTER ROLE postgres PASSWORD '%s';\n%s ROLE app %sPASSWORD '%s';\n",
		admin_password, has_app ? "ALTER" : "CREATE", has_app ? "" : "LOGIN ",
		app_password);

	return has_app ? roles
		       : wn_arena_printf(a,
					 "%sCREATE DATABASE app OWNER app;\n"
					 "REVOKE ALL ON DATABASE app FROM PUBLIC;\n"
					 "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC;\n",
					 roles);
}

static const char *const *
dump(struct wn_arena *a, const char *name)
{
	return DATABASE_ARGV(a, program(a, "pg_dump"), "-Fc", "-d", "app", "-f",
			     wn_arena_printf(a, "/backup/%s", name));
}

static const char *const *
load(struct wn_arena *a, const char *name)
{
	return DATABASE_ARGV(a, program(a, "pg_restore"), "--clean", "--if-exists", "--no-owner",
			     "--single-transaction", "-d", "app",
			     wn_arena_printf(a, "/backup/%s", name));
}

const struct database_kind database_postgresql = {
	.server = MODEL_SERVER_POSTGRESQL,
	.stop_signal = "INT",
	.format = "csv",
	.url = "postgresql://app:%s@/app?host=" WN_DATABASE_DIR,
	.find = find,
	.make = make,
	.serve = serve,
	.client = client,
	.client_env = client_env,
	.bootstrap = bootstrap,
	.dump = dump,
	.load = load,
};
