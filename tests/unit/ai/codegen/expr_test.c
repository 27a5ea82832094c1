/* Expressions to SQL and access rules to conditions, over a resolved model. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "ai/codegen/expr.h"
#include "ai/codegen/sql.h"
#include "tests/unit/ai/codegen/fixture.h"

struct bench {
	struct wn_arena arena;
	struct codegen_files files;
	struct wn_diag d;
	struct cg_model m;
	struct wn_json *doc;
};

static int
setup(void **state)
{
	struct bench *b = WN_NEW(struct bench);

	wn_arena_init(&b->arena, 0);
	b->doc = fixture();
	b->m.arena = &b->arena;
	b->m.doc = b->doc;
	b->m.files = &b->files;
	b->m.d = &b->d;
	*state = b;
	return codegen_model_build(&b->m);
}

static int
teardown(void **state)
{
	struct bench *b = *state;

	wn_json_free(b->doc);
	wn_arena_fini(&b->arena);
	wn_free(b);
	return 0;
}

static struct wn_json *
parse(struct bench *b, const char *json)
{
	struct wn_json *j = NULL;

	assert_int_equal(wn_json_parse(wn_str(json), NULL, &j, &b->d), WN_OK);
	return j;
}

static const char *
sql(struct bench *b, const char *entity, const char *json)
{
	struct wn_json *j = parse(b, json);
	const char *s = codegen_expr_sql(&b->m, codegen_entity(&b->m, entity), "t", j);

	wn_json_free(j);
	return s;
}

static const char *
access_ts(struct bench *b, const char *json, const struct codegen_access *env)
{
	struct wn_json *j = parse(b, json);
	const char *s = codegen_access_ts(&b->m, j, env);

	wn_json_free(j);
	return s;
}

static void
test_comparisons_and_logic(void **state)
{
	assert_string_equal(sql(*state, "ent_item",
				"[\"and\",[\"ge\",\"count\",1],[\"not\",[\"isNull\",\"group\"]]]"),
			    "((t.count >= 1) AND (NOT (t.\"group\" IS NULL)))");
	assert_string_equal(sql(*state, "ent_box", "[\"in\",\"state\",[\"new\",\"it's\"]]"),
			    "(t.state IN ('new', 'it''s'))");
}

static void
test_text_literals_are_quoted(void **state)
{
	assert_string_equal(sql(*state, "ent_box", "[\"eq\",\"title\",\"=o'clock\"]"),
			    "(t.title = 'o''clock')");
}

static void
test_numbers_beside_money_are_in_minor_units(void **state)
{
	assert_string_equal(sql(*state, "ent_item", "[\"le\",\"price\",10.5]"),
			    "(t.price <= 1050)");
	assert_string_equal(sql(*state, "ent_item", "[\"mul\",\"price\",3]"), "(t.price * 3)");
	assert_string_equal(sql(*state, "ent_item", "[\"le\",\"count\",10]"), "(t.count <= 10)");
}

static void
test_paths_go_through_relations(void **state)
{
	assert_string_equal(
		sql(*state, "ent_item", "[\"eq\",\"order.state\",\"=new\"]"),
		"((SELECT r1.state FROM \"order\" r1 WHERE r1.id = t.order_id) = 'new')");
}

static void
test_a_sum_counts_the_rows_that_point_here(void **state)
{
	assert_string_equal(
		sql(*state, "ent_box", "[\"sum\",\"items\",[\"mul\",\"price\",\"count\"]]"),
		"(SELECT coalesce(sum((a0.price * a0.count)), 0) FROM box_item a0 WHERE "
		"a0.order_id = t.id)");
	assert_string_equal(sql(*state, "ent_box", "[\"count\",\"items\"]"),
			    "(SELECT count(*) FROM box_item a0 WHERE a0.order_id = t.id)");
}

static void
test_what_is_unknown_is_refused(void **state)
{
	struct bench *b = *state;

	assert_null(sql(b, "ent_box", "[\"eval\",\"title\"]"));
	assert_non_null(strstr(b->d.text, "eval"));
	assert_null(sql(b, "ent_box", "[\"eq\",\"nothing\",1]"));
	assert_null(sql(b, "ent_user", "[\"eq\",\"password\",\"=x\"]"));
	assert_null(sql(b, "ent_box", "[\"eq\"]"));
}

static void
test_owners_are_found_through_parts(void **state)
{
	struct bench *b = *state;

	assert_string_equal(codegen_entity(&b->m, "ent_box")->owner_sql, "t.keeper_id");
	assert_string_equal(codegen_entity(&b->m, "ent_item")->owner_sql,
			    "(SELECT o0.keeper_id FROM \"order\" o0 WHERE o0.id = t.order_id)");
	assert_string_equal(codegen_entity(&b->m, "ent_user")->owner_sql, "t.id");
}

static void
test_access_rules_become_conditions(void **state)
{
	struct bench *b = *state;
	struct codegen_access env = { .viewer = "v", .owner = "own" };

	assert_string_equal(access_ts(b, "\"public\"", &env), "true");
	assert_string_equal(access_ts(b, "{\"any\":[\"owner\",\"role:admin\"]}", &env),
			    "(own || is(v, 'admin'))");
	assert_string_equal(access_ts(b, "{\"all\":[\"member\",\"public\"]}", &env), "v !== null");
	assert_string_equal(access_ts(b, "{\"any\":[\"member\",\"public\"]}", &env), "true");
}

static void
test_access_without_a_meaning_is_refused(void **state)
{
	struct bench *b = *state;
	struct codegen_access env = { .viewer = "v" };

	assert_null(access_ts(b, "\"owner\"", &env));
	assert_null(access_ts(b, "\"role:emperor\"", &env));
	assert_null(access_ts(b, "{\"when\":[\"eq\",\"state\",\"=new\"]}", &env));
	assert_null(access_ts(b, "{}", &env));
}

static void
test_when_looks_at_the_row_or_its_parent(void **state)
{
	struct bench *b = *state;
	struct codegen_access env = { .viewer = "v", .when_id = "row.id", .strip = "order" };

	env.when = codegen_entity(&b->m, "ent_box");
	assert_string_equal(access_ts(b, "{\"when\":[\"eq\",\"order.state\",\"=new\"]}", &env),
			    "holds(ctx.db, `SELECT (t.state = 'new') FROM \"order\" t WHERE t.id = "
			    ":id`, { id: row.id })");
}

static int
eval(struct bench *b, const char *json, const char *role, bool owner)
{
	struct codegen_actor actor = { .role = role,
				       .owner = owner,
				       .fresh = codegen_entity(&b->m, "ent_box") };
	struct wn_json *j = parse(b, json);
	int result = codegen_access_eval(&b->m, j, &actor);

	wn_json_free(j);
	return result;
}

static void
test_rules_are_evaluated_for_tests_and_roles_inherit(void **state)
{
	assert_int_equal(eval(*state, "\"role:reader\"", "admin", false), 1);
	assert_int_equal(eval(*state, "\"role:admin\"", "clerk", true), 0);
	assert_int_equal(eval(*state, "\"owner\"", NULL, true), 0);
	assert_int_equal(eval(*state,
			      "{\"all\":[\"owner\",{\"when\":[\"eq\",\"state\",\"=new\"]}]}",
			      "reader", true),
			 1);
	assert_int_equal(eval(*state, "{\"all\":[\"owner\",{\"when\":[\"eq\",\"title\",\"=x\"]}]}",
			      "reader", true),
			 -1);
	assert_int_equal(eval(*state, "{\"all\":[\"owner\",{\"when\":[\"eq\",\"title\",\"=x\"]}]}",
			      "reader", false),
			 0);
}

static void
test_the_select_never_holds_a_secret(void **state)
{
	struct bench *b = *state;
	const char *select = codegen_sql_select(&b->m, b->m.user);

	assert_null(strstr(select, "password"));
	assert_non_null(strstr(select, "t.email"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_comparisons_and_logic),
		T(test_text_literals_are_quoted),
		T(test_numbers_beside_money_are_in_minor_units),
		T(test_paths_go_through_relations),
		T(test_a_sum_counts_the_rows_that_point_here),
		T(test_what_is_unknown_is_refused),
		T(test_owners_are_found_through_parts),
		T(test_access_rules_become_conditions),
		T(test_access_without_a_meaning_is_refused),
		T(test_when_looks_at_the_row_or_its_parent),
		T(test_rules_are_evaluated_for_tests_and_roles_inherit),
		T(test_the_select_never_holds_a_secret),
	};

	return cmocka_run_group_tests_name("ai/codegen/expr", tests, NULL, NULL);
}
