/*
 * The table of workspaces, made from events.
 */
#include "runtime/modules/workspace/workspace.h"

#include "runtime/base/arena.h"
#include "runtime/base/json.h"

wn_err
workspace_project_workspace_created(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct workspace_created e;
	struct wn_arena arena;
	wn_err err;

	(void)m;
	wn_arena_init(&arena, 0);
	err = workspace_created_parse(ev->data, &arena, &e, tx->diag);
	if (!err) {
		struct wn_sql_value row[] = { WN_SQL_S(e.id),	    WN_SQL_T(ev->tenant),
					      WN_SQL_S(e.name),	    WN_SQL_S(e.path),
					      WN_SQL_I(e.platform), WN_SQL_I(ev->time_ms) };
		/* A directory that was forgotten and is made again takes its path over. */
		err = tx->exec(
			tx,
			"INSERT OR REPLACE INTO workspace_item (id, tenant, name, path, platform, "
			"created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
			row, 6);
	}
	wn_arena_fini(&arena);
	return err;
}

wn_err
workspace_project_workspace_forgotten(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct wn_sql_value row[] = { WN_SQL_T(ev->subject), WN_SQL_T(ev->tenant) };

	(void)m;
	return tx->exec(tx, "DELETE FROM workspace_item WHERE id = ?1 AND tenant = ?2", row, 2);
}

wn_err
workspace_project_codegen_generated(struct wn_mod *m, struct wn_tx *tx, const struct wn_event *ev)
{
	struct wn_json *j = NULL;
	wn_err err = wn_json_parse(ev->data, NULL, &j, tx->diag);

	(void)m;
	if (!err) {
		struct wn_sql_value row[] = { WN_SQL_I((int64_t)wn_json_get_num(j, "revision", 0)),
					      WN_SQL_T(ev->subject), WN_SQL_T(ev->tenant) };
		err = tx->exec(
			tx,
			"UPDATE workspace_item SET revision = ?1, platform = 1 WHERE id = ?2 AND "
			"tenant = ?3",
			row, 3);
	}
	wn_json_free(j);
	return err;
}
