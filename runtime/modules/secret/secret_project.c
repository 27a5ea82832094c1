/*
 * The table of what secrets there are, made from events.
 */
#include "runtime/modules/secret/secret.h"

#include "runtime/base/arena.h"

wn_err
secret_project_secret_stored(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct secret_stored e;
	struct wn_arena arena;
	wn_err err;

	(void)m;
	wn_arena_init(&arena, 0);
	err = secret_stored_parse(ev->data, &arena, &e, tx->diag);
	if (!err) {
		struct wn_sql_value row[] = { WN_SQL_T(ev->tenant),    WN_SQL_S(e.workspace),
					      WN_SQL_S(e.environment), WN_SQL_S(e.name),
					      WN_SQL_I(e.version),     WN_SQL_I(e.readable),
					      WN_SQL_I(ev->time_ms) };

		err = tx->exec(
			tx,
			"INSERT OR REPLACE INTO secret_item (tenant, workspace, environment, name, "
			"version, readable, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
			row, 7);
	}
	wn_arena_fini(&arena);
	return err;
}

wn_err
secret_project_secret_deleted(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct secret_deleted e;
	struct wn_arena arena;
	wn_err err;

	(void)m;
	wn_arena_init(&arena, 0);
	err = secret_deleted_parse(ev->data, &arena, &e, tx->diag);
	if (!err) {
		struct wn_sql_value row[] = { WN_SQL_T(ev->tenant), WN_SQL_S(e.workspace),
					      WN_SQL_S(e.environment), WN_SQL_S(e.name) };

		err = tx->exec(tx,
			       "DELETE FROM secret_item WHERE tenant = ?1 AND workspace = ?2 AND "
			       "environment = ?3 AND name = ?4",
			       row, 4);
	}
	wn_arena_fini(&arena);
	return err;
}

wn_err
secret_project_workspace_forgotten(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct wn_sql_value row[] = { WN_SQL_T(ev->tenant), WN_SQL_T(ev->subject) };

	(void)m;
	return tx->exec(tx, "DELETE FROM secret_item WHERE tenant = ?1 AND workspace = ?2", row, 2);
}
