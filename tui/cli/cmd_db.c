/*
 * db: the databases of a workspace.
 */
#include <string.h>

#include "gen/database_types.h"
#include "runtime/base/file.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

#define SQL_MAX ((size_t)1 << 20)

static const struct cli_option options[] = {
	{ "dir", 'C', "DIR", "the workspace at or above DIR" },
	{ "env", 'e', "NAME", "environment (development, where webnova run looks)" },
	{ NULL, 0, NULL, NULL },
};

struct asked {
	struct cli *c;
	struct wn_str workspace, environment;
	const char *word; /* behind the verb; nullable */
};

static void
show(struct cli *c, const struct model_database *d)
{
	if (c->json)
		cli_json_item(c, &model_database_shape, d);
	else
		cli_say(c, "%s %.*s of %.*s is %s\n", model_server_name(d->server),
			WN_STR_ARG(d->version), WN_STR_ARG(d->environment),
			model_database_state_name(d->state));
}

static void
show_backup(struct cli *c, const struct model_backup *b, const char *what)
{
	if (c->json)
		cli_json_item(c, &model_backup_shape, b);
	else
		cli_say(c, "%s %.*s, %lld bytes\n", what, WN_STR_ARG(b->id), (long long)b->bytes);
}

static int
list(struct asked *a)
{
	static const char *const heads[] = { "ENVIRONMENT", "SERVER", "VERSION", "STATE",
					     "CREATED" };
	struct database_list_params params = { .workspace = a->workspace };
	struct database_list_result r;
	struct cli *c = a->c;
	struct cli_table t;
	int code = CLI_ASK(c, database_list, "database.list", &params, &r);

	if (code != CLI_OK)
		return code;
	for (size_t i = 0; c->json && i < r.databases_len; i++)
		cli_json_item(c, &model_database_shape, &r.databases[i]);
	if (c->json)
		return CLI_OK;
	if (r.databases_len == 0) {
		cli_say(c, "no database; webnova db create postgresql makes one\n");
		return CLI_OK;
	}
	cli_table_init(&t, c, 5, heads);
	for (size_t i = 0; i < r.databases_len; i++) {
		const struct model_database *d = &r.databases[i];

		cli_table_add(&t, d->environment);
		cli_table_add(&t, wn_str(model_server_name(d->server)));
		cli_table_add(&t, d->version);
		cli_table_add(&t, wn_str(model_database_state_name(d->state)));
		cli_table_add(&t, wn_str(cli_time(c, d->created)));
	}
	cli_table_print(&t);
	return CLI_OK;
}

static int
create(struct asked *a)
{
	struct database_create_params params = { .workspace = a->workspace,
						 .environment = a->environment };
	struct database_create_result r;
	int code;

	params.server = model_server_value(wn_str(a->word));
	if (params.server == 0)
		return cli_usage(a->c, "the servers are postgresql and mariadb, not \"%s\"",
				 a->word);
	code = CLI_TASK(a->c, database_create, "database.create", &params, &r);
	if (code != CLI_OK)
		return code;
	show(a->c, &r.database);
	if (!a->c->json)
		cli_say(a->c, "the platform gets its address as DATABASE_URL when it starts\n");
	return CLI_OK;
}

static int
start(struct asked *a)
{
	struct database_start_params params = { a->workspace, a->environment };
	struct database_start_result r;
	int code = CLI_TASK(a->c, database_start, "database.start", &params, &r);

	if (code == CLI_OK)
		show(a->c, &r.database);
	return code;
}

static int
stop(struct asked *a)
{
	struct database_stop_params params = { a->workspace, a->environment };
	struct database_stop_result r;
	int code = CLI_TASK(a->c, database_stop, "database.stop", &params, &r);

	if (code == CLI_OK)
		show(a->c, &r.database);
	return code;
}

static int
delete_it(struct asked *a)
{
	struct database_delete_params params = { .workspace = a->workspace,
						 .environment = a->environment };
	struct database_delete_result r;
	int code;

	if (a->c->yes)
		params.confirm = a->environment;
	code = CLI_TASK(a->c, database_delete, "database.delete", &params, &r);
	if (code == CLI_OK)
		cli_say(a->c, "the database of %.*s is deleted\n", WN_STR_ARG(a->environment));
	return code;
}

/* The rows as they are, for pipes; a terminal gets them without controls. */
static int
query(struct asked *a)
{
	struct database_query_params params = { .workspace = a->workspace,
						.environment = a->environment,
						.sql = wn_str(a->word) };
	struct database_query_result r;
	struct cli *c = a->c;
	struct wn_buf sql;
	int code = CLI_OK;

	wn_buf_init(&sql, SQL_MAX);
	if (strcmp(a->word, "-") == 0) {
		code = cli_hidden(c, "", &sql);
		params.sql = wn_buf_view(&sql);
	}
	if (code == CLI_OK)
		code = CLI_TASK(c, database_query, "database.query", &params, &r);
	if (code == CLI_OK && c->tty_out)
		cli_put(c, wn_buf_view(&c->attachment));
	else if (code == CLI_OK)
		(void)fwrite(c->attachment.p != NULL ? c->attachment.p : "", 1, c->attachment.len,
			     stdout);
	if (code == CLI_OK && r.truncated)
		cli_say(c, "only the first %zu bytes of the rows are shown\n", c->attachment.len);
	wn_buf_fini(&sql);
	return code;
}

static int
backup(struct asked *a)
{
	struct database_backup_params params = { a->workspace, a->environment };
	struct database_backup_result r;
	int code = CLI_TASK(a->c, database_backup, "database.backup", &params, &r);

	if (code == CLI_OK)
		show_backup(a->c, &r.backup, "backup");
	return code;
}

static int
backups(struct asked *a)
{
	static const char *const heads[] = { "BACKUP", "BYTES", "TAKEN" };
	struct database_backups_params params = { a->workspace, a->environment };
	struct database_backups_result r;
	struct cli *c = a->c;
	struct cli_table t;
	int code = CLI_ASK(c, database_backups, "database.backups", &params, &r);

	if (code != CLI_OK)
		return code;
	for (size_t i = 0; c->json && i < r.backups_len; i++)
		cli_json_item(c, &model_backup_shape, &r.backups[i]);
	if (c->json)
		return CLI_OK;
	cli_table_init(&t, c, 3, heads);
	for (size_t i = 0; i < r.backups_len; i++) {
		cli_table_add(&t, r.backups[i].id);
		cli_table_add(&t, wn_str(wn_arena_printf(&c->arena, "%lld",
							 (long long)r.backups[i].bytes)));
		cli_table_add(&t, wn_str(cli_time(c, r.backups[i].created)));
	}
	cli_table_print(&t);
	return CLI_OK;
}

static int
restore(struct asked *a)
{
	struct database_restore_params params = { a->workspace, a->environment, wn_str(a->word) };
	struct database_restore_result r;
	int code = CLI_TASK(a->c, database_restore, "database.restore", &params, &r);

	if (code == CLI_OK)
		show_backup(a->c, &r.before, "restored; what it held before is backup");
	return code;
}

static int
branch(struct asked *a)
{
	struct database_branch_params params = { a->workspace, a->environment, wn_str(a->word) };
	struct database_branch_result r;
	int code = CLI_TASK(a->c, database_branch, "database.branch", &params, &r);

	if (code == CLI_OK)
		show(a->c, &r.database);
	return code;
}

static const struct verb {
	const char *name, *word; /* word: what must stand behind it; nullable */
	int (*exec)(struct asked *a);
} verbs[] = {
	{ "list", NULL, list },
	{ "create", "postgresql or mariadb", create },
	{ "start", NULL, start },
	{ "stop", NULL, stop },
	{ "query", "SQL, or - for standard input", query },
	{ "backup", NULL, backup },
	{ "backups", NULL, backups },
	{ "restore", "a backup (webnova db backups)", restore },
	{ "branch", "the environment to make", branch },
	{ "delete", NULL, delete_it },
};

static const struct verb *
verb_of(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static int
exec(struct cli *c)
{
	const char *name = c->nwords > 0 ? cli_word(c, 0) : "list";
	const char *env = cli_opt(c, "env");
	const struct verb *v = verb_of(name);
	struct asked a = { .c = c,
			   .environment = wn_str(env != NULL ? env : "development"),
			   .word = cli_word(c, 1) };
	struct model_workspace ws;
	int code;

	if (v == NULL)
		return cli_usage(c,
				 "db can list, create, start, stop, query, backup, backups, "
				 "restore, branch and delete, not \"%s\"",
				 name);
	if (v->word != NULL && a.word == NULL)
		return cli_usage(c, "name %s", v->word);
	code = cli_workspace(c, cli_opt(c, "dir"), &ws);
	if (code != CLI_OK)
		return code;
	a.workspace = ws.id;
	return v->exec(&a);
}

const struct cli_command cli_db = {
	.name = "db",
	.args = "[list | create SERVER | start | stop | query SQL | backup | backups | restore "
		"BACKUP "
		"| branch ENV | delete]",
	.summary = "a workspace's own PostgreSQL or MariaDB",
	.more = "It runs in a sandbox, on a socket only its workspace sees. webnova run starts it "
		"and "
		"gives its address as DATABASE_URL. A restore backs up first; delete needs --yes.",
	.options = options,
	.max = 2,
	.exec = exec,
};
