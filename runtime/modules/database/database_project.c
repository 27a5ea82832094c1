/*
 * The tables of databases and backups, made from events.
 */
#include "runtime/modules/database/database.h"

#include "runtime/base/arena.h"

wn_err
database_project_database_created(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct database_created e;
	struct wn_arena arena;
	wn_err err;

	(void)m;
	wn_arena_init(&arena, 0);
	err = database_created_parse(ev->data, &arena, &e, tx->diag);
	if (!err) {
		struct wn_sql_value row[] = {
			WN_SQL_T(ev->tenant),	 WN_SQL_S(e.workspace),
			WN_SQL_S(e.environment), WN_SQL_T(database_created_server_name(e.server)),
			WN_SQL_S(e.version),	 WN_SQL_I(ev->time_ms)
		};

		err = tx->exec(tx,
			       "INSERT OR REPLACE INTO database_item (tenant, workspace, "
			       "environment, server, version, created_ms) VALUES (?1, ?2, ?3, ?4, "
			       "?5, ?6)",
			       row, 6);
	}
	wn_arena_fini(&arena);
	return err;
}

wn_err
database_project_database_deleted(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct database_deleted e;
	struct wn_arena arena;
	wn_err err;

	(void)m;
	wn_arena_init(&arena, 0);
	err = database_deleted_parse(ev->data, &arena, &e, tx->diag);
	if (!err) {
		struct wn_sql_value row[] = { WN_SQL_T(ev->tenant), WN_SQL_S(e.workspace),
					      WN_SQL_S(e.environment) };

		err = tx->exec(tx,
			       "DELETE FROM database_item WHERE tenant = ?1 AND workspace = ?2 AND "
			       "environment = ?3",
			       row, 3);
		if (!err)
			err = tx->exec(tx,
				       "DELETE FROM database_backup WHERE tenant = ?1 AND "
				       "workspace = ?2 AND environment = ?3",
				       row, 3);
	}
	wn_arena_fini(&arena);
	return err;
}

wn_err
database_project_database_backed_up(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct database_backed_up e;
	struct wn_arena arena;
	wn_err err;

	(void)m;
	wn_arena_init(&arena, 0);
	err = database_backed_up_parse(ev->data, &arena, &e, tx->diag);
	if (!err) {
		struct wn_sql_value row[] = { WN_SQL_S(e.backup),    WN_SQL_T(ev->tenant),
					      WN_SQL_S(e.workspace), WN_SQL_S(e.environment),
					      WN_SQL_I(e.bytes),     WN_SQL_I(ev->time_ms) };

		err = tx->exec(tx,
			       "INSERT OR REPLACE INTO database_backup (id, tenant, workspace, "
			       "environment, bytes, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			       row, 6);
	}
	wn_arena_fini(&arena);
	return err;
}
