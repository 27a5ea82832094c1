/* The diff of two revisions: every change has a class, and renames are never losses. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ai/blueprint/diff.h"

static const char base[] =
	"{'id':'bp_x','revision':1,'name':{'en':'X'},"
	"'identity':{'entity':'ent_user','login':['fld_mail'],'secret':'fld_pass'},"
	"'entities':[{'id':'ent_user','name':'user','timestamps':true,'softDelete':true,'fields':["
	"{'id':'fld_mail','name':'email','type':'email','unique':true},"
	"{'id':'fld_pass','name':'password','type':'secret'},"
	"{'id':'fld_age','name':'age','type':'int','min':1,'max':9},"
	"{'id':'fld_kind','name':'kind','type':'enum','values':[{'value':'a'},{'value':'b'}]},"
	"{'id':'fld_sum','name':'sum','type':'int','computed':['count','notes']},"
	"{'id':'fld_need','name':'need','type':'string','required':true}]},"
	"{'id':'ent_note','name':'note','fields':[{'id':'fld_text','name':'text','type':'text'}]}],"
	"'relations':[{'id':'rel_a','kind':'belongsTo','from':'ent_note','to':'ent_user','name':'"
	"author'}],"
	"'views':[{'id':'viw_a','name':'a','of':'ent_note','fields':['id','text']}],"
	"'operations':[{'id':'op_a','kind':'list','http':'GET "
	"/notes','access':'public','entity':'ent_note'}],"
	"'pages':[{'id':'pag_a','route':'/','kind':'list','source':'op_a'}]}";

static struct wn_json *
json(const char *quoted)
{
	char *text = strdup(quoted);
	struct wn_json *j = NULL;
	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	if (wn_json_parse(wn_str(text), NULL, &j, NULL) != WN_OK)
		fail_msg("%s", quoted);
	free(text);
	return j;
}

/* The base with the first `from` replaced by `to`. */
static struct wn_json *
edited(const char *from, const char *to)
{
	const char *at = strstr(base, from);
	if (!at)
		fail_msg("%s is not in the base", from);
	size_t size = sizeof base + strlen(to);
	char *text = malloc(size);
	snprintf(text, size, "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
	struct wn_json *j = json(text);
	free(text);
	return j;
}

struct change_case {
	const char *from, *to, *id, *verb;
	enum blueprint_class class;
	bool breaking;
};

static const struct blueprint_change *
find(const struct blueprint_diff *d, const char *id, const char *verb)
{
	for (size_t i = 0; i < d->changes.len; i++)
		if (!strcmp(d->changes.p[i].id, id) && !strcmp(d->changes.p[i].verb, verb))
			return &d->changes.p[i];
	return NULL;
}

static void
run(const struct change_case *c)
{
	struct wn_json *a = json(base), *b = edited(c->from, c->to);
	struct blueprint_diff d;
	assert_int_equal(blueprint_diff(a, b, &d, NULL), WN_OK);
	const struct blueprint_change *found = find(&d, c->id, c->verb);
	if (!found || found->class != c->class || found->breaking != c->breaking)
		fail_msg("%s -> %s: got %s, %d", c->from, c->to,
			 found ? blueprint_class_name(found->class) : "nothing",
			 found ? found->breaking : 0);
	assert_int_equal(d.safe + d.needs_data + d.destructive, d.changes.len);
	blueprint_diff_fini(&d);
	wn_json_free(a);
	wn_json_free(b);
}

#define SAFE BLUEPRINT_SAFE
#define NEEDS BLUEPRINT_NEEDS_DATA
#define LOSS BLUEPRINT_DESTRUCTIVE

static void
every_change_has_its_class(void **state)
{
	static const struct change_case cases[] = {
		{ "'name':'age'", "'name':'years'", "fld_age", "rename", SAFE, true },
		{ "'name':'note'", "'name':'memo'", "ent_note", "rename", SAFE, true },
		{ "'type':'text'", "'type':'markdown'", "fld_text", "retype", SAFE, true },
		{ "'type':'int','min'", "'type':'decimal','min'", "fld_age", "retype", SAFE, true },
		{ "'type':'int','min'", "'type':'string','min'", "fld_age", "retype", NEEDS, true },
		{ "'type':'secret'", "'type':'string'", "fld_pass", "retype", LOSS, true },
		{ "'min':1", "'min':0", "fld_age", "widen", SAFE, false },
		{ "'min':1", "'min':2", "fld_age", "narrow", NEEDS, true },
		{ "'max':9", "'max':8", "fld_age", "narrow", NEEDS, true },
		{ ",'max':9", "", "fld_age", "widen", SAFE, false },
		{ ",{'value':'b'}", "", "fld_kind", "narrow", NEEDS, true },
		{ "{'value':'b'}", "{'value':'b'},{'value':'c'}", "fld_kind", "widen", SAFE,
		  false },
		{ "'name':'age',", "'name':'age','required':true,", "fld_age", "require", NEEDS,
		  true },
		{ "'name':'age',", "'name':'age','required':true,'default':3,", "fld_age",
		  "require", SAFE, true },
		{ "'name':'age',", "'name':'age','unique':true,", "fld_age", "narrow", NEEDS,
		  true },
		{ ",'required':true", "", "fld_need", "relax", SAFE, false },
		{ ",'unique':true", "", "fld_mail", "relax", SAFE, false },
		{ "'name':'text',", "'name':'text','pattern':'x',", "fld_text", "narrow", NEEDS,
		  true },
		{ ",'computed':['count','notes']", "", "fld_sum", "change", NEEDS, false },
		{ "'name':'age',", "'name':'age','computed':['count','notes'],", "fld_age",
		  "change", LOSS, false },
		{ ",{'id':'fld_need','name':'need','type':'string','required':true}", "",
		  "fld_need", "remove", LOSS, true },
		{ ",{'id':'fld_sum','name':'sum','type':'int','computed':['count','notes']}", "",
		  "fld_sum", "remove", SAFE, true },
		{ "{'id':'fld_text'", "{'id':'fld_n','name':'n','type':'int'},{'id':'fld_text'",
		  "fld_n", "add", SAFE, false },
		{ "{'id':'fld_text'",
		  "{'id':'fld_n','name':'n','type':'int','required':true},{'id':'fld_text'",
		  "fld_n", "add", NEEDS, true },
		{ "{'id':'fld_text'",
		  "{'id':'fld_n','name':'n','type':'int','required':true,'default':1},{'id':'fld_"
		  "text'",
		  "fld_n", "add", SAFE, false },
		{ "'timestamps':true,", "", "ent_user", "change", LOSS, true },
		{ "'softDelete':true,", "", "ent_user", "change", NEEDS, false },
		{ "'name':'note',", "'name':'note','checks':[['eq','text','=a']],", "ent_note",
		  "narrow", NEEDS, true },
		{ "'name':'note',", "'name':'note','unique':[['fld_text']],", "ent_note", "narrow",
		  NEEDS, true },
		{ "'to':'ent_user','name'", "'to':'ent_note','name'", "rel_a", "retype", LOSS,
		  true },
		{ "'name':'author'", "'name':'author','required':true", "rel_a", "require", NEEDS,
		  true },
		{ "'name':'author'", "'name':'writer'", "rel_a", "rename", SAFE, true },
		{ "'fields':['id','text']", "'fields':['id']", "viw_a", "change", SAFE, true },
		{ "GET /notes", "GET /memos", "op_a", "change", SAFE, true },
		{ "'route':'/'", "'route':'/n'", "pag_a", "change", SAFE, false },
		{ "'entity':'ent_user','login'", "'entity':'ent_note','login'", "bp_x", "change",
		  LOSS, true },
		{ "'name':{'en':'X'}", "'name':{'en':'Y'}", "bp_x", "change", SAFE, false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run(&cases[i]);
}

static void
the_same_document_has_no_changes(void **state)
{
	struct wn_json *a = json(base), *b = json(base);
	struct blueprint_diff d;
	(void)state;
	assert_int_equal(blueprint_diff(a, b, &d, NULL), WN_OK);
	assert_int_equal(d.changes.len, 0);
	blueprint_diff_fini(&d);
	wn_json_free(a);
	wn_json_free(b);
}

static void
a_removed_entity_is_told_once_and_first(void **state)
{
	struct wn_json *a = json(base), *b = json(base);
	struct wn_json *list = wn_json_new_array();
	struct blueprint_diff d;
	(void)state;
	wn_json_push(list, wn_json_copy(wn_json_at(b, "/entities/0")));
	wn_json_set(b, "entities", list);
	assert_int_equal(blueprint_diff(a, b, &d, NULL), WN_OK);
	assert_int_equal(d.destructive, 1);
	assert_string_equal(d.changes.p[0].id, "ent_note");
	assert_string_equal(d.changes.p[0].pointer, "/entities/1");
	assert_null(find(&d, "fld_text", "remove"));
	blueprint_diff_fini(&d);
	wn_json_free(a);
	wn_json_free(b);
}

static void
a_new_entity_asks_nothing_of_old_rows(void **state)
{
	struct wn_json *a = json(base), *b = json(base);
	struct blueprint_diff d;
	(void)state;
	wn_json_push(wn_json_mut(wn_json_get(b, "entities")),
		     json("{'id':'ent_z','name':'z','fields':[{'id':'fld_z','name':'z','type':'int'"
			  ",'required':true}]}"));
	wn_json_push(wn_json_mut(wn_json_get(b, "relations")),
		     json("{'id':'rel_z','kind':'belongsTo','from':'ent_z','to':'ent_user','name':'"
			  "u','required':true}"));
	assert_int_equal(blueprint_diff(a, b, &d, NULL), WN_OK);
	assert_int_equal(d.needs_data + d.destructive, 0);
	assert_int_equal(d.safe, 3);
	blueprint_diff_fini(&d);
	wn_json_free(a);
	wn_json_free(b);
}

static void
a_field_that_moves_needs_its_data(void **state)
{
	struct wn_json *a = json(base), *b = json(base);
	struct wn_json *fields = wn_json_new_array();
	struct blueprint_diff d;
	(void)state;
	for (int i = 0; i < 5; i++) {
		char at[32];
		snprintf(at, sizeof at, "/entities/0/fields/%d", i);
		wn_json_push(fields, wn_json_copy(wn_json_at(b, at)));
	}
	wn_json_push(wn_json_mut(wn_json_at(b, "/entities/1/fields")),
		     wn_json_copy(wn_json_at(b, "/entities/0/fields/5")));
	wn_json_set(wn_json_mut(wn_json_at(b, "/entities/0")), "fields", fields);
	assert_int_equal(blueprint_diff(a, b, &d, NULL), WN_OK);
	assert_non_null(find(&d, "fld_need", "move"));
	assert_int_equal(d.destructive, 0);
	blueprint_diff_fini(&d);
	wn_json_free(a);
	wn_json_free(b);
}

static void
a_backfill_covers_its_change(void **state)
{
	struct wn_json *a = json(base),
		       *b = edited("'name':'age',", "'name':'age','required':true,");
	struct blueprint_diff d;
	(void)state;
	wn_json_set(
		b, "migrations",
		json("[{'revision':2,'changes':[{'kind':'backfill','of':'fld_age','value':1}]}]"));
	assert_int_equal(blueprint_diff(a, b, &d, NULL), WN_OK);
	assert_true(find(&d, "fld_age", "require")->covered);
	blueprint_diff_fini(&d);
	wn_json_free(a);
	wn_json_free(b);
}

static void
two_blueprints_are_not_compared(void **state)
{
	struct wn_json *a = json(base), *b = edited("bp_x", "bp_y");
	struct blueprint_diff d;
	struct wn_diag diag = { 0 };
	(void)state;
	assert_int_equal(blueprint_diff(a, b, &d, &diag), WN_E_INVALID);
	assert_true(*diag.text);
	blueprint_diff_fini(&d);
	wn_json_free(a);
	wn_json_free(b);
}

static void
a_diff_prints_as_json(void **state)
{
	struct wn_json *a = json(base), *b = edited("'min':1", "'min':2"), *out;
	struct blueprint_diff d;
	struct wn_buf text;
	(void)state;
	wn_buf_init(&text, 65536);
	assert_int_equal(blueprint_diff(a, b, &d, NULL), WN_OK);
	assert_int_equal(blueprint_diff_print(&d, &text), WN_OK);
	assert_int_equal(wn_json_parse(wn_buf_view(&text), NULL, &out, NULL), WN_OK);
	assert_string_equal(wn_json_str(wn_json_at(out, "/changes/0/class"), ""), "needsData");
	assert_string_equal(wn_json_str(wn_json_at(out, "/changes/0/pointer"), ""),
			    "/entities/0/fields/2");
	wn_json_free(out);
	wn_buf_fini(&text);
	blueprint_diff_fini(&d);
	wn_json_free(a);
	wn_json_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_has_its_class),
		cmocka_unit_test(the_same_document_has_no_changes),
		cmocka_unit_test(a_removed_entity_is_told_once_and_first),
		cmocka_unit_test(a_new_entity_asks_nothing_of_old_rows),
		cmocka_unit_test(a_field_that_moves_needs_its_data),
		cmocka_unit_test(a_backfill_covers_its_change),
		cmocka_unit_test(two_blueprints_are_not_compared),
		cmocka_unit_test(a_diff_prints_as_json),
	};
	return cmocka_run_group_tests_name("ai/blueprint/diff", tests, NULL, NULL);
}
