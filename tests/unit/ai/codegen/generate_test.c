/* The generator as a whole: same bytes, whole files as text, and what it refuses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <locale.h>
#include <stdio.h>
#include <cmocka.h>

#include "ai/codegen/codegen.h"
#include "runtime/base/file.h"
#include "runtime/base/hash.h"
#include "tests/unit/ai/codegen/fixture.h"

static void
generate(const struct wn_json *doc, struct codegen_files *files)
{
	struct wn_diag d = { 0 };
	wn_err err = codegen_generate(doc, NULL, files, &d);

	assert_string_equal(d.text, "");
	assert_int_equal(err, WN_OK);
}

static void
assert_same(const struct codegen_files *a, const struct codegen_files *b)
{
	size_t i;

	assert_int_equal(a->len, b->len);
	for (i = 0; i < a->len; i++) {
		assert_string_equal(a->p[i].path, b->p[i].path);
		assert_int_equal(a->p[i].content.len, b->p[i].content.len);
		assert_memory_equal(a->p[i].content.p, b->p[i].content.p, a->p[i].content.len);
	}
}

static const char *
content(const struct codegen_files *files, const char *path)
{
	const struct codegen_file *f = codegen_files_find(files, path);

	assert_non_null(f);
	return f->content.p;
}

static void
test_two_runs_give_the_same_bytes_in_every_locale(void **state)
{
	static const char *const locales[] = { "C", "C.UTF-8", "ar_SA.UTF-8", "tr_TR.UTF-8",
					       "de_DE.UTF-8" };
	struct wn_json *doc = fixture();
	struct codegen_files first, again;
	size_t i;

	(void)state;
	generate(doc, &first);
	for (i = 0; i < sizeof locales / sizeof *locales; i++) {
		/* A locale that is not installed leaves the one before: the check holds all the
		 * same. */
		(void)setlocale(LC_ALL, locales[i]);
		generate(doc, &again);
		assert_same(&first, &again);
		codegen_files_fini(&again);
	}
	(void)setlocale(LC_ALL, "C");
	codegen_files_fini(&first);
	wn_json_free(doc);
}

static void
test_paths_are_sorted_inside_and_once(void **state)
{
	struct wn_json *doc = fixture();
	struct codegen_files files;
	size_t i;

	(void)state;
	generate(doc, &files);
	for (i = 0; i < files.len; i++) {
		assert_true(wn_path_is_inside(wn_str(files.p[i].path)));
		if (i > 0)
			assert_true(strcmp(files.p[i - 1].path, files.p[i].path) < 0);
	}
	codegen_files_fini(&files);
	wn_json_free(doc);
}

static void
test_the_operation_file_reads_as_written_by_hand(void **state)
{
	static const char wanted[] = "// op_box_edit: PATCH /orders/{id}\n"
				     "import { holds, transaction } from '../lib/db.ts';\n"
				     "import { conflict } from '../lib/errors.ts';\n"
				     "import type { Operation } from '../lib/operation.ts';\n"
				     "import { owns } from '../lib/session.ts';\n"
				     "import * as table from '../entities/order.ts';\n"
				     "import { orderRecordView } from '../views/order_record.ts';\n"
				     "import { hooks } from '../../hooks/order.ts';\n"
				     "\n"
				     "export const op_box_edit: Operation = {\n"
				     "\tid: 'op_box_edit',\n"
				     "\tmethod: 'PATCH',\n"
				     "\tpath: '/orders/{id}',\n"
				     "\tstatus: 200,\n"
				     "\tsignIn: true,\n"
				     "\tnormalize: table.normalize,\n"
				     "\tfind: (ctx) => table.byId(ctx.db, ctx.params.id!),\n"
				     "\tallow: (ctx, row) => (owns(ctx.viewer, row) && "
				     "holds(ctx.db, `SELECT (t.state = 'new') FROM \"order\" t "
				     "WHERE t.id = :id`, { id: row.id })),\n";
	struct wn_json *doc = fixture();
	struct codegen_files files;

	(void)state;
	generate(doc, &files);
	assert_memory_equal(content(&files, "server/operations/op_box_edit.ts"), wanted,
			    sizeof wanted - 1);
	codegen_files_fini(&files);
	wn_json_free(doc);
}

static void
test_the_migration_makes_tables_in_order_with_their_rules(void **state)
{
	struct wn_json *doc = fixture();
	struct codegen_files files;
	const char *sql;

	(void)state;
	generate(doc, &files);
	sql = content(&files, "migrations/0001_initial.up.sql");
	assert_non_null(strstr(
		sql, "CREATE TABLE box_item (\n"
		     "\tid TEXT PRIMARY KEY NOT NULL,\n"
		     "\tprice INTEGER NOT NULL CONSTRAINT ck_fld_price CHECK (price >= 0),\n"
		     "\tcount INTEGER NOT NULL DEFAULT 1 CONSTRAINT ck_fld_count CHECK (count "
		     ">= 1),\n"
		     "\t\"group\" TEXT,\n"
		     "\torder_id TEXT NOT NULL REFERENCES \"order\" (id) ON DELETE CASCADE,\n"
		     "\tCONSTRAINT ck_ent_item__1 CHECK ((price <= 100000))\n"
		     ") STRICT;\n"
		     "CREATE INDEX ix_rel_in ON box_item (order_id);\n"));
	assert_true(strstr(sql, "CREATE TABLE user") < strstr(sql, "CREATE TABLE \"order\""));
	codegen_files_fini(&files);
	wn_json_free(doc);
}

static void
test_the_manifest_knows_kind_hash_and_ids(void **state)
{
	struct wn_json *doc = fixture(), *manifest = NULL;
	struct codegen_files files;
	const struct codegen_file *f;
	const struct wn_json *c;
	char hex[WN_SHA256_HEX];
	size_t n = 0;

	(void)state;
	generate(doc, &files);
	f = codegen_files_find(&files, ".webnova/manifest.json");
	assert_int_equal(wn_json_parse(f->content, NULL, &manifest, NULL), WN_OK);
	for (c = wn_json_first(wn_json_get(manifest, "files")); c; c = wn_json_next(c), n++) {
		f = codegen_files_find(&files, wn_json_get_str(c, "path", ""));
		assert_non_null(f);
		wn_sha256_hex(f->content.p, f->content.len, hex);
		assert_string_equal(wn_json_get_str(c, "sha256", ""), hex);
		assert_string_equal(wn_json_get_str(c, "kind", ""),
				    f->kind == CODEGEN_ONCE ? "once" : "generated");
	}
	assert_int_equal(n + 1, files.len);
	assert_int_equal(codegen_files_find(&files, "hooks/order.ts")->kind, CODEGEN_ONCE);
	assert_string_equal(codegen_files_find(&files, "server/operations/op_send.ts")->ids,
			    "op_send ent_box");
	wn_json_free(manifest);
	codegen_files_fini(&files);
	wn_json_free(doc);
}

static void
test_labels_are_data_and_never_code(void **state)
{
	struct wn_json *doc = fixture();
	struct codegen_files files;
	size_t i;

	(void)state;
	fixture_set(doc, "", "name",
		    "{'en':'</title><script>alert(1)</script> ${evil} `x` {{id}}'}");
	fixture_set(doc, "/entities/1", "label", "{'en':'*/ evil(); /*'}");
	generate(doc, &files);
	assert_null(strstr(content(&files, "web/index.html"), "<script>alert"));
	for (i = 0; i < files.len; i++)
		if (wn_str_has_suffix(wn_str(files.p[i].path), WN_STR(".ts")))
			assert_true(wn_str_find(files.p[i].content, WN_STR("evil()")) < 0 &&
				    wn_str_find(files.p[i].content, WN_STR("${evil}")) < 0);
	codegen_files_fini(&files);
	wn_json_free(doc);
}

static void
refuse(struct wn_json *doc, wn_err code, const char *where, const char *word)
{
	struct codegen_files files;
	struct wn_diag d = { 0 };

	assert_int_equal(codegen_generate(doc, NULL, &files, &d), code);
	assert_non_null(strstr(d.text, word));
	assert_string_equal(d.where, where);
	codegen_files_fini(&files);
	wn_json_free(doc);
}

#define REFUSE(test, pointer, key, json, code, where, word) \
	static void test(void **state)                      \
	{                                                   \
		struct wn_json *doc = fixture();            \
                                                            \
		(void)state;                                \
		fixture_set(doc, pointer, key, json);       \
		refuse(doc, code, where, word);             \
	}

REFUSE(test_refuses_another_stack, "", "target", "{'stack':'cobol'}", WN_E_UNSUPPORTED,
       "/target/stack", "cobol")
REFUSE(test_refuses_another_database, "", "target",
       "{'stack':'node-fastify','database':'postgresql'}", WN_E_UNSUPPORTED, "/target/database",
       "sqlite")
REFUSE(test_refuses_a_field_type_it_cannot_make, "/entities/1/fields/0", "type", "'image'",
       WN_E_UNSUPPORTED, "/entities/1", "image")
REFUSE(test_refuses_an_unknown_relation_end, "/relations/0", "to", "'ent_none'", WN_E_NOT_FOUND,
       "/relations/0", "rel_owner")
REFUSE(test_refuses_to_find_linked_rows_by_what_is_not_unique, "", "relations",
       "[{'id':'rel_x','kind':'manyToMany','from':'ent_box','to':'ent_item','name':'things','input'"
       ":"
       "{'by':'fld_group'}}]",
       WN_E_INVALID, "/relations/0", "unique")
REFUSE(test_refuses_to_link_with_what_people_are_no_side_of, "/operations/5", "kind", "'link'",
       WN_E_UNSUPPORTED, "/operations/5", "manyToMany")
REFUSE(test_refuses_a_scope_that_leads_to_nobody, "/operations/1", "scope",
       "{'path':'title','is':'@viewer'}", WN_E_UNSUPPORTED, "/operations/1", "scope")
REFUSE(test_refuses_to_compute_from_what_is_no_relation, "", "views",
       "[{'id':'viw_x','name':'box','of':'ent_box','computed':{'n':{'fn':'count','path':'title'}}}"
       "]",
       WN_E_UNSUPPORTED, "/views/0", "computed")
REFUSE(test_refuses_a_custom_operation, "/operations/1", "kind", "'custom'", WN_E_UNSUPPORTED,
       "/operations/1", "custom")
REFUSE(test_refuses_two_operations_on_one_path, "/operations/2", "http", "'GET /orders'",
       WN_E_INVALID, "/operations/2", "op_box")
REFUSE(test_refuses_an_unknown_transition, "/operations/5", "transition", "'explode'",
       WN_E_NOT_FOUND, "/operations/5", "transition")
REFUSE(test_refuses_a_page_that_cannot_show_its_source, "/pages/0", "source", "'op_send'",
       WN_E_INVALID, "/pages/0", "pag_boxes")
REFUSE(test_refuses_a_filter_that_leads_nowhere, "/operations/1", "filters", "{'q':'password'}",
       WN_E_NOT_FOUND, "/operations/1", "'q'")
REFUSE(test_refuses_a_filter_on_what_may_not_be_read, "/operations/1", "filters",
       "{'q':'keeper.password'}", WN_E_NOT_FOUND, "/operations/1", "'q'")
REFUSE(test_refuses_a_view_with_a_secret, "", "views",
       "[{'id':'viw_u','name':'u','of':'ent_user','fields':['password']}]", WN_E_NOT_FOUND,
       "/views/0", "password")
REFUSE(test_refuses_a_view_inside_itself, "", "views",
       "[{'id':'viw_a','name':'a','of':'ent_box','embed':{'items':'viw_b'}},"
       "{'id':'viw_b','name':'b','of':'ent_item','embed':{'order':'viw_a'}}]",
       WN_E_INVALID, "/views/0", "viw_a")
REFUSE(test_refuses_a_reserved_name, "/entities/1/fields/0", "name", "'createdAt'", WN_E_INVALID,
       "/entities/1", "createdAt")
REFUSE(test_refuses_a_name_that_every_object_has, "/entities/1/fields/0", "name", "'constructor'",
       WN_E_INVALID, "/entities/1", "constructor")
REFUSE(test_refuses_a_table_name_that_sqlite_keeps, "/entities/2", "name", "'sqliteThing'",
       WN_E_INVALID, "/entities/2", "SQLite")
REFUSE(test_refuses_two_things_in_one_column, "/entities/1/fields/0", "name", "'keeperId'",
       WN_E_EXISTS, "/entities/1", "keeper_id")
REFUSE(test_refuses_a_name_that_leaves_the_directory, "/entities/2", "name", "'../../evil'",
       WN_E_INVALID, "", "leave the directory")
REFUSE(test_refuses_a_seed_of_a_secret, "", "seed",
       "[{'entity':'ent_user','rows':[{'key':'a','values':{'email':'a@b.example','password':'x'}}]}"
       "]",
       WN_E_NOT_FOUND, "/seed", "password")

static void
test_refuses_required_relations_in_a_circle(void **state)
{
	struct wn_json *doc = fixture();

	(void)state;
	fixture_set(doc, "/relations/0", "to", "'ent_item'");
	refuse(doc, WN_E_INVALID, "/relations", "circle");
}

static void
test_a_blueprint_of_nothing_is_refused_and_does_not_crash(void **state)
{
	struct codegen_files files;
	struct wn_json *doc = wn_json_new_object();

	(void)state;
	assert_int_not_equal(codegen_generate(doc, NULL, &files, NULL), WN_OK);
	codegen_files_fini(&files);
	assert_int_not_equal(codegen_generate(NULL, NULL, &files, NULL), WN_OK);
	codegen_files_fini(&files);
	wn_json_free(doc);
}

static void
test_what_is_not_made_is_noted(void **state)
{
	struct wn_json *doc = fixture();
	struct codegen_files files;

	(void)state;
	fixture_set(doc, "", "jobs", "[{'id':'job_a','name':'a','handler':'x'}]");
	generate(doc, &files);
	assert_int_equal(files.notes_len, 1);
	assert_non_null(strstr(files.notes[0], "jobs"));
	assert_non_null(strstr(content(&files, "README.md"), "Not made yet"));
	codegen_files_fini(&files);
	wn_json_free(doc);
}

#define T(f) cmocka_unit_test(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_two_runs_give_the_same_bytes_in_every_locale),
		T(test_paths_are_sorted_inside_and_once),
		T(test_the_operation_file_reads_as_written_by_hand),
		T(test_the_migration_makes_tables_in_order_with_their_rules),
		T(test_the_manifest_knows_kind_hash_and_ids),
		T(test_labels_are_data_and_never_code),
		T(test_refuses_another_stack),
		T(test_refuses_another_database),
		T(test_refuses_a_field_type_it_cannot_make),
		T(test_refuses_an_unknown_relation_end),
		T(test_refuses_to_find_linked_rows_by_what_is_not_unique),
		T(test_refuses_to_link_with_what_people_are_no_side_of),
		T(test_refuses_a_scope_that_leads_to_nobody),
		T(test_refuses_to_compute_from_what_is_no_relation),
		T(test_refuses_a_custom_operation),
		T(test_refuses_two_operations_on_one_path),
		T(test_refuses_an_unknown_transition),
		T(test_refuses_a_page_that_cannot_show_its_source),
		T(test_refuses_a_filter_that_leads_nowhere),
		T(test_refuses_a_filter_on_what_may_not_be_read),
		T(test_refuses_a_view_with_a_secret),
		T(test_refuses_a_view_inside_itself),
		T(test_refuses_a_reserved_name),
		T(test_refuses_a_name_that_every_object_has),
		T(test_refuses_a_table_name_that_sqlite_keeps),
		T(test_refuses_two_things_in_one_column),
		T(test_refuses_a_name_that_leaves_the_directory),
		T(test_refuses_a_seed_of_a_secret),
		T(test_refuses_required_relations_in_a_circle),
		T(test_a_blueprint_of_nothing_is_refused_and_does_not_crash),
		T(test_what_is_not_made_is_noted),
	};

	return cmocka_run_group_tests_name("ai/codegen/generate", tests, NULL, NULL);
}
