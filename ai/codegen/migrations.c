/*
 * From the last generation's database to this one's: files of the next migration and the record for
 * the generation after.
 */
#include "ai/codegen/migrations.h"

#include <string.h>

#include "ai/codegen/change.h"
#include "runtime/base/hash.h"

#define TEXT_MAX (8u << 20)

static const char *
hash_of(struct wn_arena *a, const struct wn_buf *text)
{
	char hex[WN_SHA256_HEX];

	wn_sha256_hex(text->p ? text->p : "", text->len, hex);
	return wn_arena_strdup(a, hex);
}

static void
say(struct cg_model *m, const struct cg_plan *plan, struct cg_migrations *out)
{
	out->changes = wn_arena_array(m->arena, plan->notes.len + 1, sizeof *out->changes);
	for (size_t i = 0; i < plan->notes.len; i++)
		out->changes[out->changes_len++] = wn_arena_printf(
			m->arena, "%s: %s", plan->notes.p[i].class, plan->notes.p[i].text);
}

/* The head of both files: what happens, so that whoever applies it can read it first. */
static void
head(const struct cg_migrations *g, unsigned revision, bool first, struct wn_buf *out)
{
	wn_buf_printf(out, "-- Revision %u of the blueprint%s.\n", revision,
		      first ? ": the first tables" : "");
	for (size_t i = 0; i < g->changes_len && !first; i++)
		wn_buf_printf(out, "-- %s\n", g->changes[i]);
	wn_buf_chr(out, '\n');
}

/* Appends the statements behind a head; nothing at all when there are none. */
static wn_err
write_steps(struct cg_model *m, const struct cg_migrations *g, const struct cg_plan *p, bool up,
	    bool first, struct wn_buf *out)
{
	struct wn_buf sql;
	wn_err err;

	wn_buf_init(&sql, TEXT_MAX);
	err = up ? codegen_steps_sql(m->arena, &p->before, &p->after, p->up, &sql)
		 : codegen_steps_sql(m->arena, &p->after, &p->before, p->down, &sql);
	if (!err && sql.len > 0) {
		head(g, (unsigned)wn_json_get_num(m->doc, "revision", 1), first, out);
		wn_buf_str(out, wn_buf_view(&sql));
		while (out->len > 1 && out->p[out->len - 1] == '\n' && out->p[out->len - 2] == '\n')
			wn_buf_cut(out, out->len - 1);
	}
	wn_buf_fini(&sql);
	return err ? err : out->err;
}

static wn_err
next(struct cg_model *m, const struct cg_history *before, struct cg_migrations *out)
{
	unsigned revision = (unsigned)wn_json_get_num(m->doc, "revision", 1);
	size_t n = before->len + 1;
	struct cg_tables wanted;
	struct cg_plan plan = { 0 };
	wn_err err = codegen_tables_make(m, &wanted);

	if (!err)
		err = codegen_plan(m, before, &wanted, (unsigned)n, &plan);
	if (!err && n > 1)
		say(m, &plan, out);
	if (!err)
		err = write_steps(m, out, &plan, true, n == 1, &out->up);
	if (!err)
		err = write_steps(m, out, &plan, false, n == 1, &out->down);
	codegen_plan_fini(&plan);
	if (err)
		return err;
	out->history.tables = plan.after;
	out->history.revision = revision;
	out->history.blueprint = wn_json_get_str(m->doc, "id", "");
	if (out->up.len == 0)
		return WN_OK;
	out->name = n == 1 ? "0001_initial"
			   : wn_arena_printf(m->arena, "%04zu_revision_%u", n, revision);
	out->history.p[out->history.len++] =
		(struct cg_migration){ out->name, hash_of(m->arena, &out->up),
				       hash_of(m->arena, &out->down) };
	return WN_OK;
}

/* A migration is only ever added to the platform it was made for. */
static wn_err
same_platform(struct cg_model *m, const struct cg_history *h)
{
	if (!h->blueprint || strcmp(h->blueprint, wn_json_get_str(m->doc, "id", "")) == 0)
		return WN_OK;
	wn_fail_where(m->d, "/id");
	return wn_fail(m->d, WN_E_STATE,
		       "this platform was generated from %s, and %s is another blueprint: its data "
		       "would mean nothing",
		       h->blueprint, wn_json_get_str(m->doc, "id", ""));
}

wn_err
codegen_migrations_make(struct cg_model *m, const struct wn_json *schema, struct cg_migrations *out)
{
	struct cg_history before = { 0 };
	wn_err err = WN_OK;

	*out = (struct cg_migrations){ 0 };
	wn_buf_init(&out->up, TEXT_MAX);
	wn_buf_init(&out->down, TEXT_MAX);
	wn_buf_init(&out->schema, TEXT_MAX);
	if (schema)
		err = codegen_history_read(m->arena, schema, &before, m->d);
	if (!err)
		err = same_platform(m, &before);
	if (err)
		return err;
	out->history.p = wn_arena_array(m->arena, before.len + 1, sizeof *out->history.p);
	for (size_t i = 0; i < before.len; i++)
		out->history.p[out->history.len++] = before.p[i];
	out->kept = before.len;
	err = next(m, &before, out);
	return err ? err : codegen_history_print(&out->history, &out->schema);
}

void
codegen_migrations_fini(struct cg_migrations *g)
{
	wn_buf_fini(&g->up);
	wn_buf_fini(&g->down);
	wn_buf_fini(&g->schema);
}
