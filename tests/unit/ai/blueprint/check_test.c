/* The checks of a blueprint: one small valid document, changed in one place a case. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ai/blueprint/check.h"
#include "gen/schemas.h"
#include "runtime/base/file.h"

/* People, notes that they own, tags on notes, and a workflow. */
static const char base[] =
	"{'blueprint':'1.0','id':'bp_notes','revision':1,'name':{'en':'Notes'},'locales':['en'],"
	"'identity':{'entity':'ent_user','login':['fld_mail'],'secret':'fld_pass','roleField':'fld_"
	"role'},"
	"'roles':[{'id':'rol_member','name':'reader','default':true},{'id':'rol_admin','name':'"
	"admin'}],"
	"'entities':["
	"{'id':'ent_user','name':'user','timestamps':true,'fields':["
	"{'id':'fld_mail','name':'email','type':'email','required':true,'unique':true},"
	"{'id':'fld_pass','name':'password','type':'secret','required':true,'min':8},"
	"{'id':'fld_role','name':'role','type':'enum','required':true,'default':'reader','values':["
	"{'value':'reader'},{'value':'admin'}],'write':'role:admin'}]},"
	"{'id':'ent_note','name':'note','timestamps':true,'fields':["
	"{'id':'fld_title','name':'title','type':'string','required':true,'max':20,'search':true},"
	"{'id':'fld_slug','name':'slug','type':'slug','from':'fld_title','unique':true,'system':"
	"true},"
	"{'id':'fld_stars','name':'stars','type':'int','default':0,'min':0,'max':5},"
	"{'id':'fld_state','name':'state','type':'enum','required':true,'default':'draft','system':"
	"true,'values':[{'value':'draft'},{'value':'done'}]},"
	"{'id':'fld_due','name':'due','type':'date'},"
	"{'id':'fld_sum','name':'weight','type':'int','computed':['count','tags']}],"
	"'checks':[['le','stars',5]]},"
	"{'id':'ent_tag','name':'tag','fields':[{'id':'fld_word','name':'word','type':'string','"
	"required':true}]}],"
	"'relations':["
	"{'id':'rel_note_user','kind':'belongsTo','from':'ent_note','to':'ent_user','name':'author'"
	",'required':true,'owner':true},"
	"{'id':'rel_tag_note','kind':'belongsTo','from':'ent_tag','to':'ent_note','name':'note','"
	"inverse':'tags','required':true,'part':true,'onDelete':'cascade'}],"
	"'views':["
	"{'id':'viw_user','name':'user','of':'ent_user','fields':['id','email','role']},"
	"{'id':'viw_note','name':'note','of':'ent_note','fields':['id','title','stars','state','"
	"author'],'embed':{'tags':'viw_tag'}},"
	"{'id':'viw_row','name':'row','extends':'viw_note','omit':['stars']},"
	"{'id':'viw_tag','name':'tag','of':'ent_tag','fields':['id','word']}],"
	"'workflows':[{'id':'wfl_note','entity':'ent_note','field':'fld_state','initial':'draft','"
	"transitions':["
	"{'name':'finish','from':['draft'],'to':'done','access':'owner','emits':['evt_done'],"
	"'effects':[{'set':'stars','to':['add','stars',1],'require':['lt','stars',5]}]}]}],"
	"'events':[{'id':'evt_done','name':'note.done','version':1,'payload':{'view':'viw_note'}}],"
	"'operations':["
	"{'id':'op_register','kind':'register','http':'POST "
	"/auth/register','access':'public','entity':'ent_user'},"
	"{'id':'op_login','kind':'login','http':'POST "
	"/auth/login','access':'public','entity':'ent_user'},"
	"{'id':'op_list','kind':'list','http':'GET "
	"/notes','access':'owner','entity':'ent_note','filters':{'q':'@search','by':'author.email'}"
	",'sort':'-stars','page':{'limit':10,'max':50},'output':{'as':'notes','view':'viw_row'}},"
	"{'id':'op_get','kind':'get','http':'GET "
	"/notes/"
	"{slug}','access':{'any':['owner','role:admin']},'entity':'ent_note','by':'fld_slug','"
	"output':{'view':'viw_note'}},"
	"{'id':'op_add','kind':'create','http':'POST "
	"/notes','access':'member','entity':'ent_note','input':{'fields':['title','stars']}},"
	"{'id':'op_edit','kind':'update','http':'PATCH "
	"/notes/"
	"{id}','access':{'all':['owner',{'when':['eq','state','=draft']}]},'entity':'ent_note'},"
	"{'id':'op_done','kind':'transition','http':'POST "
	"/notes/{id}/finish','access':'owner','entity':'ent_note','transition':'finish'},"
	"{'id':'op_tag','kind':'create','http':'POST "
	"/notes/{note}/"
	"tags','access':'owner','entity':'ent_tag','parent':{'relation':'rel_tag_note','param':'"
	"note'}}],"
	"'pages':["
	"{'id':'pag_home','route':'/','kind':'list','source':'op_list','access':'member'},"
	"{'id':'pag_note','route':'/n/"
	"{slug}','kind':'detail','source':'op_get','access':'member'}],"
	"'seed':["
	"{'entity':'ent_user','rows':[{'key':'me','values':{'email':'me@x.example','role':'admin'}}"
	"]},"
	"{'entity':'ent_note','rows':[{'key':'first','values':{'title':'One','stars':2,'due':'2026-"
	"01-31','author':{'ref':'me'}}}]}]}";

static struct wn_json *
json(const char *quoted)
{
	char *text = strdup(quoted);
	struct wn_json *j = NULL;
	struct wn_diag d = { 0 };
	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	if (wn_json_parse(wn_str(text), NULL, &j, &d) != WN_OK)
		fail_msg("%s: %s", quoted, d.text);
	free(text);
	return j;
}

struct fixture {
	struct wn_schema_set *set;
	const struct wn_schema *schema;
};

static int
setup(void **state)
{
	static struct fixture f;
	struct wn_json *doc = json(wn_schema_text("urn:webnova:model:blueprint"));
	f.set = wn_schema_set_new(NULL);
	int bad = wn_schema_set_add(f.set, "", doc, NULL) ||
		  wn_schema_compile(f.set, "urn:webnova:model:blueprint", &f.schema, NULL);
	wn_json_free(doc);
	*state = &f;
	return bad ? -1 : 0;
}

static int
teardown(void **state)
{
	wn_schema_set_free(((struct fixture *)*state)->set);
	return 0;
}

/* Replaces (or adds) the value at a pointer; "-" at its end appends; value NULL removes. */
static void
change(struct wn_json *doc, const char *pointer, const char *value)
{
	const char *slash = strrchr(pointer, '/');
	char *path = strndup(pointer, (size_t)(slash - pointer));
	struct wn_json *at = wn_json_mut(wn_json_at(doc, path));
	if (!at)
		fail_msg("nothing at %s", path);
	if (wn_json_type(at) == WN_JSON_ARRAY && strcmp(slash + 1, "-") != 0) {
		struct wn_json *all = wn_json_new_array();
		int i = 0, want = atoi(slash + 1); /* digits of our own */
		for (const struct wn_json *c = wn_json_first(at); c; c = wn_json_next(c), i++)
			wn_json_push(all, i == want ? json(value) : wn_json_copy(c));
		char *up = strdup(path);
		char *last = strrchr(up, '/');
		*last = 0;
		wn_json_set(wn_json_mut(wn_json_at(doc, up)), last + 1, all);
		free(up);
	} else if (wn_json_type(at) == WN_JSON_ARRAY) {
		wn_json_push(at, json(value));
	} else if (value) {
		wn_json_set(at, slash + 1, json(value));
	} else {
		wn_json_remove(at, slash + 1);
	}
	free(path);
}

static bool
has_finding(const struct blueprint_report *r, const char *rule, const char *pointer,
	    enum blueprint_severity severity)
{
	for (size_t i = 0; i < r->findings.len; i++) {
		const struct blueprint_finding *f = &r->findings.p[i];
		if (!strcmp(f->rule, rule) && !strcmp(f->pointer, pointer) &&
		    f->severity == severity && *f->text && *f->hint)
			return true;
	}
	return false;
}

static void
show(const struct blueprint_report *r)
{
	for (size_t i = 0; i < r->findings.len; i++)
		print_message("# %s %s %s\n", r->findings.p[i].rule, r->findings.p[i].pointer,
			      r->findings.p[i].text);
}

struct one_change {
	const char *pointer, *value, *rule, *found;
};

static void
run(void **state, const struct one_change *cases, size_t n, enum blueprint_severity severity)
{
	const struct fixture *f = *state;
	for (size_t i = 0; i < n; i++) {
		struct wn_json *doc = json(base);
		struct blueprint_report r;
		change(doc, cases[i].pointer, cases[i].value);
		wn_err err = blueprint_check(doc, f->schema, &r);
		bool found = has_finding(&r, cases[i].rule, cases[i].found, severity);
		if (!found || (severity == BLUEPRINT_ERROR) != (err != WN_OK)) {
			show(&r);
			fail_msg("%s = %s: expected %s at %s (returned %d)", cases[i].pointer,
				 cases[i].value ? cases[i].value : "(removed)", cases[i].rule,
				 cases[i].found, err);
		}
		blueprint_report_fini(&r);
		wn_json_free(doc);
	}
}
#define ERRORS(cases) run(state, cases, sizeof cases / sizeof *cases, BLUEPRINT_ERROR)
#define WARNINGS(cases) run(state, cases, sizeof cases / sizeof *cases, BLUEPRINT_WARNING)

static void
a_good_blueprint_has_no_findings(void **state)
{
	const struct fixture *f = *state;
	struct wn_json *doc = json(base);
	struct blueprint_report r;
	wn_err err = blueprint_check(doc, f->schema, &r);
	show(&r);
	assert_int_equal(err, WN_OK);
	assert_int_equal(r.errors + r.warnings, 0);
	blueprint_report_fini(&r);
	wn_json_free(doc);
}

static void
what_breaks_the_schema_is_told_with_its_place(void **state)
{
	static const struct one_change cases[] = {
		{ "/nonsense", "1", "schema", "/nonsense" },
		{ "/operations/0/access", NULL, "schema", "/operations/0" },
		{ "/entities/0/fields/0/type", "'colour'", "schema", "/entities/0/fields/0/type" },
		{ "/relations/0/kind", "'has'", "schema", "/relations/0/kind" },
	};
	ERRORS(cases);
}

static void
references_lead_to_things_of_the_right_kind(void **state)
{
	static const struct one_change cases[] = {
		{ "/identity/entity", "'ent_nobody'", "reference", "/identity/entity" },
		{ "/identity/secret", "'ent_user'", "reference", "/identity/secret" },
		{ "/identity/login", "['fld_title']", "reference", "/identity/login/0" },
		{ "/relations/0/to", "'fld_mail'", "reference", "/relations/0/to" },
		{ "/views/1/of", "'ent_gone'", "reference", "/views/1/of" },
		{ "/views/1/embed/tags", "'op_list'", "reference", "/views/1/embed/tags" },
		{ "/views/2/extends", "'viw_gone'", "reference", "/views/2/extends" },
		{ "/operations/2/entity", "'ent_gone'", "reference", "/operations/2/entity" },
		{ "/operations/2/output/view", "'viw_gone'", "reference",
		  "/operations/2/output/view" },
		{ "/operations/3/by", "'fld_mail'", "reference", "/operations/3/by" },
		{ "/operations/7/parent/relation", "'rel_gone'", "reference",
		  "/operations/7/parent/relation" },
		{ "/workflows/0/field", "'fld_role'", "reference", "/workflows/0/field" },
		{ "/workflows/0/transitions/0/emits/0", "'evt_gone'", "reference",
		  "/workflows/0/transitions/0/emits/0" },
		{ "/events/0/payload/view", "'viw_gone'", "reference", "/events/0/payload/view" },
		{ "/pages/0/source", "'pag_note'", "reference", "/pages/0/source" },
		{ "/pages/0/tabs", "['pag_gone']", "reference", "/pages/0/tabs/0" },
		{ "/entities/1/key", "'fld_mail'", "reference", "/entities/1/key" },
		{ "/entities/1/unique", "[['fld_title','rel_tag_note']]", "reference",
		  "/entities/1/unique/0/1" },
		{ "/entities/1/fields/1/from", "'fld_mail'", "reference",
		  "/entities/1/fields/1/from" },
		{ "/roles/1/inherits", "'rol_gone'", "reference", "/roles/1/inherits" },
		{ "/seed/0/entity", "'ent_gone'", "reference", "/seed/0/entity" },
		{ "/jobs", "[{'id':'job_x','name':'x','on':'evt_gone','handler':'h'}]", "reference",
		  "/jobs/0/on" },
		{ "/jobs",
		  "[{'id':'job_x','name':'x','on':'evt_done','handler':'integration:int_x'}]",
		  "reference", "/jobs/0/handler" },
		{ "/jobs", "[{'id':'job_x','name':'x','handler':'h'}]", "job", "/jobs/0" },
	};
	ERRORS(cases);
}

static void
ids_and_names_are_unique(void **state)
{
	static const struct one_change cases[] = {
		{ "/entities/2/id", "'ent_note'", "id", "/entities/2/id" },
		{ "/entities/1/fields/2/id", "'fld_mail'", "id", "/entities/1/fields/2/id" },
		{ "/views/0/id", "'op_list'", "id", "/operations/2/id" },
		{ "/roles/1/id", "'ent_admin'", "id", "/roles/1/id" },
		{ "/entities/2/name", "'note'", "name", "/entities/2/name" },
		{ "/entities/1/fields/2/name", "'title'", "name", "/entities/1/fields/2/name" },
		{ "/relations/0/name", "'title'", "name", "/relations/0/name" },
		{ "/relations/1/inverse", "'title'", "name", "/relations/1/inverse" },
		{ "/entities/1/fields/2/name", "'createdAt'", "name", "/entities/1/fields/2/name" },
		{ "/roles/1/inherits", "'rol_admin'", "role", "/roles/1/inherits" },
		{ "/operations/4/http", "'GET /notes'", "operation", "/operations/4/http" },
		{ "/operations/5/http", "'GET /notes/{id}'", "operation", "/operations/5/http" },
		{ "/pages/1/route", "'/'", "page", "/pages/1/route" },
	};
	ERRORS(cases);
}

static void
access_rules_can_come_true(void **state)
{
	static const struct one_change cases[] = {
		{ "/operations/2/access", "'role:king'", "access", "/operations/2/access" },
		{ "/operations/3/access", "{'any':['owner','role:king']}", "access",
		  "/operations/3/access/any/1" },
		{ "/relations/0/owner", "false", "access", "/operations/2/access" },
		{ "/relations/1/part", "false", "access", "/operations/7/access" },
		{ "/operations/2/access", "{'when':['eq','state','=draft']}", "access",
		  "/operations/2/access/when" },
		{ "/operations/5/access", "{'when':['add','stars',1]}", "expression",
		  "/operations/5/access/when" },
		{ "/identity", NULL, "access", "/operations/2/access" },
		{ "/entities/1/fields/0/read", "'role:king'", "access",
		  "/entities/1/fields/0/read" },
		{ "/pages/0/access", "'role:king'", "access", "/pages/0/access" },
		{ "/workflows/0/transitions/0/access", "'role:king'", "access",
		  "/workflows/0/transitions/0/access" },
	};
	static const struct one_change warned[] = {
		{ "/operations/4/access", "'public'", "access", "/operations/4/access" },
		{ "/operations/3/access", "{'any':['public','owner']}", "access",
		  "/operations/3/access/any/0" },
		{ "/pages/1/access", "'public'", "access", "/pages/1/access" },
	};
	ERRORS(cases);
	WARNINGS(warned);
}

static void
expressions_have_types(void **state)
{
#define CHECKS "/entities/1/checks/0"
	static const struct one_change cases[] = {
		{ CHECKS, "['le','starz',5]", "expression", CHECKS "/1" },
		{ CHECKS, "['le','stars','title']", "expression", CHECKS },
		{ CHECKS, "['add','stars',5]", "expression", CHECKS },
		{ CHECKS, "['not','stars']", "expression", CHECKS "/1" },
		{ CHECKS, "['and',['eq','stars',1],'title']", "expression", CHECKS "/2" },
		{ CHECKS, "['le','stars']", "expression", CHECKS },
		{ CHECKS, "['eq','state','=gone']", "expression", CHECKS "/2" },
		{ CHECKS, "['in','stars',['a']]", "expression", CHECKS "/2/0" },
		{ CHECKS, "['in','stars']", "expression", CHECKS },
		{ CHECKS, "['gt',['count','labels'],1]", "expression", CHECKS "/1/1" },
		{ CHECKS, "['gt',['sum','tags','word'],1]", "expression", CHECKS "/1/2" },
		{ CHECKS, "['eq','author.password','=x']", "secret", CHECKS "/1" },
		{ CHECKS, "['eq','author.nothing','=x']", "expression", CHECKS "/1" },
		{ CHECKS, "['eq','title.length',1]", "expression", CHECKS "/1" },
		{ CHECKS, "['gt','author',1]", "expression", CHECKS },
		{ "/entities/1/fields/5/computed", "['eq','stars',1]", "expression",
		  "/entities/1/fields/5/computed" },
		{ "/workflows/0/transitions/0/effects/0/to", "['now']", "workflow",
		  "/workflows/0/transitions/0/effects/0/to" },
	};
	static const char *const good[] = {
		"['or',['isNull','due'],['lt','due',['now']]]",
		"['in','state',['draft','done']]",
		"['ne','author.email','=x']",
		"['has','tags',['eq','word','=a']]",
		"['eq','due','=2026-01-01']",
		"['gt',['mul','stars',2.5],['sub',1,'stars']]",
		"['and',true,['not',false]]",
	};
	ERRORS(cases);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct wn_json *doc = json(base);
		struct blueprint_report r;
		change(doc, CHECKS, good[i]);
		if (blueprint_check(doc, ((struct fixture *)*state)->schema, &r) != WN_OK) {
			show(&r);
			fail_msg("%s is a good check", good[i]);
		}
		blueprint_report_fini(&r);
		wn_json_free(doc);
	}
}

static void
fields_make_sense(void **state)
{
#define F(i) "/entities/1/fields/" i
	static const struct one_change cases[] = {
		{ F("2") "/default", "'many'", "default", F("2") "/default" },
		{ F("2") "/default", "9", "default", F("2") "/default" },
		{ F("2") "/default", "1.5", "default", F("2") "/default" },
		{ F("3") "/default", "'gone'", "default", F("3") "/default" },
		{ F("0") "/default", "'far too long for twenty'", "default", F("0") "/default" },
		{ F("4") "/default", "'31.1.2026'", "default", F("4") "/default" },
		{ F("2") "/min", "6", "field", F("2") "/min" },
		{ F("4") "/min", "1", "field", F("4") "/min" },
		{ F("0") "/pattern", "'('", "field", F("0") "/pattern" },
		{ F("2") "/pattern", "'a'", "field", F("2") "/pattern" },
		{ F("0") "/values", "[{'value':'a'}]", "field", F("0") "/values" },
		{ F("3") "/values", "[{'value':'draft'},{'value':'done'},{'value':'draft'}]",
		  "field", F("3") "/values/2" },
		{ F("3") "/values", NULL, "field", F("3") },
		{ F("0") "/from", "'fld_slug'", "field", F("0") "/from" },
		{ F("1") "/from", "'fld_slug'", "field", F("1") "/from" },
		{ F("5") "/default", "1", "field", F("5") "/default" },
		{ F("0") "/unique", "'tenant'", "field", F("0") "/unique" },
		{ F("2") "/copy", "'author.email'", "field", F("2") "/copy" },
		{ "/entities/0/fields/1/search", "true", "secret", "/entities/0/fields/1/search" },
		{ "/entities/0/fields/1/default", "'12345678'", "secret",
		  "/entities/0/fields/1/default" },
		{ "/entities/1/key", "'fld_title'", "entity", "/entities/1/key" },
		{ "/entities/0/title", "'fld_pass'", "entity", "/entities/0/title" },
		{ "/entities/1/retention", "{'days':3,'after':'fld_stars','action':'delete'}",
		  "entity", "/entities/1/retention/after" },
		{ "/entities/2/retention", "{'days':3,'after':'createdAt','action':'delete'}",
		  "entity", "/entities/2/retention/after" },
		{ "/entities/1/tenant", "'scoped'", "entity", "/entities/1/tenant" },
	};
	static const struct one_change warned[] = {
		{ F("-"), "{'id':'fld_x','name':'x','type':'date','required':true,'system':true}",
		  "field", F("6") },
	};
	ERRORS(cases);
	WARNINGS(warned);
}

static void
relations_make_sense(void **state)
{
	static const struct one_change cases[] = {
		{ "/relations/0/onDelete", "'setNull'", "relation", "/relations/0/onDelete" },
		{ "/relations/1/required", "false", "relation", "/relations/1/part" },
		{ "/relations/0/ordered", "true", "relation", "/relations/0/ordered" },
		{ "/relations/0/kind", "'manyToMany'", "relation", "/relations/0/required" },
		{ "/relations/1/owner", "true", "relation", "/relations/1/owner" },
		{ "/relations/0/input", "{'by':'fld_role'}", "relation", "/relations/0/input/by" },
		{ "/relations/-",
		  "{'id':'rel_back','kind':'belongsTo','from':'ent_user','to':'ent_note','name':'"
		  "best','required':true}",
		  "relation", "/entities/1" },
		{ "/relations/-",
		  "{'id':'rel_self','kind':'belongsTo','from':'ent_tag','to':'ent_tag','name':'"
		  "parent','required':true}",
		  "relation", "/entities/2" },
	};
	static const struct one_change warned[] = {
		{ "/relations/0/required", "false", "relation", "/relations/0" },
	};
	ERRORS(cases);
	WARNINGS(warned);
}

static void
the_identity_is_right(void **state)
{
	static const struct one_change cases[] = {
		{ "/entities/0/fields/0/unique", "false", "identity", "/identity/login/0" },
		{ "/identity/secret", "'fld_mail'", "identity", "/identity/secret" },
		{ "/identity/roleField", "'fld_mail'", "identity", "/identity/roleField" },
		{ "/entities/0/fields/2/write", NULL, "identity", "/entities/0/fields/2" },
		{ "/roles/1/name", "'boss'", "identity", "/entities/0/fields/2/values/1" },
		{ "/roles/1/default", "true", "role", "/roles/1/default" },
		{ "/roles/0/implicit", "true", "role", "/roles/0/default" },
	};
	ERRORS(cases);
}

static void
views_show_what_there_is_and_no_secrets(void **state)
{
	static const struct one_change cases[] = {
		{ "/views/1/fields/1", "'heading'", "view", "/views/1/fields/1" },
		{ "/views/0/fields/1", "'password'", "secret", "/views/0/fields/1" },
		{ "/views/2/omit/0", "'heading'", "view", "/views/2/omit/0" },
		{ "/views/2/extends", "'viw_row'", "view", "/views/2/extends" },
		{ "/views/2/extends", NULL, "view", "/views/2" },
		{ "/views/1/embed", "{'labels':'viw_tag'}", "view", "/views/1/embed/labels" },
		{ "/views/1/embed", "{'tags':'viw_user'}", "view", "/views/1/embed/tags" },
		{ "/views/3/embed", "{'note':'viw_note'}", "view", "/views/3/embed" },
		{ "/views/1/computed", "{'n':{'fn':'count'}}", "view", "/views/1/computed/n" },
		{ "/views/1/computed", "{'title':{'fn':'hook','hook':'x'}}", "view",
		  "/views/1/computed/title" },
		{ "/views/1/computed", "{'n':{'fn':'expr','expr':['add','title',1]}}", "expression",
		  "/views/1/computed/n/expr/1" },
	};
	ERRORS(cases);
}

static void
workflows_lead_somewhere(void **state)
{
#define T "/workflows/0/transitions/0"
	static const struct one_change cases[] = {
		{ "/workflows/0/initial", "'gone'", "workflow", "/workflows/0/initial" },
		{ "/workflows/0/initial", "'done'", "workflow", "/workflows/0/initial" },
		{ T "/from/0", "'gone'", "workflow", T "/from/0" },
		{ T "/to", "'gone'", "workflow", T "/to" },
		{ "/workflows/0/field", "'fld_title'", "workflow", "/workflows/0/field" },
		{ T "/effects/0/set", "'weight'", "workflow", T "/effects/0/set" },
		{ T "/effects/0/set", "'nothing'", "expression", T "/effects/0/set" },
		{ T "/effects/0/forEach", "'rel_note_user'", "workflow", T "/effects/0/forEach" },
		{ "/workflows/-",
		  "{'id':'wfl_two','entity':'ent_note','field':'fld_state','initial':'draft','"
		  "transitions':[]}",
		  "workflow", "/workflows/1" },
		{ "/operations/6/transition", "'start'", "operation", "/operations/6/transition" },
	};
	static const struct one_change warned[] = {
		{ T "/to", "'draft'", "workflow", "/entities/1/fields/3/values/1" },
		{ "/workflows/0/transitions/-", "{'name':'reopen','from':['done'],'to':'draft'}",
		  "workflow", "/workflows/0/transitions/1" },
		{ "/entities/1/fields/3/system", "false", "workflow", "/entities/1/fields/3" },
	};
	ERRORS(cases);
	WARNINGS(warned);
}

static void
operations_have_what_they_need(void **state)
{
	static const struct one_change cases[] = {
		{ "/operations/2/entity", NULL, "operation", "/operations/2" },
		{ "/operations/2/http", "'POST /notes/all'", "operation", "/operations/2/http" },
		{ "/operations/3/http", "'GET /one'", "operation", "/operations/3/http" },
		{ "/operations/3/by", "'fld_title'", "operation", "/operations/3/by" },
		{ "/operations/5/http", "'PATCH /notes/{name}'", "operation",
		  "/operations/5/http" },
		{ "/operations/5/http", "'PATCH /notes/{title}'", "operation",
		  "/operations/5/http" },
		{ "/operations/2/http", "'GET /notes/{year}'", "operation", "/operations/2/http" },
		{ "/operations/7/http", "'POST /tags'", "operation", "/operations/7/http" },
		{ "/operations/7/parent/relation", "'rel_note_user'", "operation",
		  "/operations/7/parent" },
		{ "/operations/2/filters", "{'sort':'stars'}", "operation",
		  "/operations/2/filters/sort" },
		{ "/operations/2/filters", "{'x':'nothing'}", "expression",
		  "/operations/2/filters/x" },
		{ "/operations/2/filters", "{'x':{'path':'weight','op':'gt'}}", "operation",
		  "/operations/2/filters/x/path" },
		{ "/entities/1/fields/0/search", "false", "operation", "/operations/2/filters/q" },
		{ "/operations/2/sort", "'nothing'", "operation", "/operations/2/sort" },
		{ "/operations/2/page", "{'limit':50,'max':10}", "operation",
		  "/operations/2/page/limit" },
		{ "/operations/3/sort", "'stars'", "operation", "/operations/3/sort" },
		{ "/operations/3/output/view", "'viw_user'", "operation",
		  "/operations/3/output/view" },
		{ "/operations/4/input/fields/0", "'heading'", "operation",
		  "/operations/4/input/fields/0" },
		{ "/operations/4/input/fields/0", "'state'", "operation",
		  "/operations/4/input/fields/0" },
		{ "/operations/1/entity", "'ent_note'", "operation", "/operations/1/entity" },
		{ "/operations/5/subject", "'@viewer'", "operation", "/operations/5/subject" },
		{ "/operations/-",
		  "{'id':'op_own','kind':'custom','http':'POST /own','access':'member'}",
		  "operation", "/operations/8" },
		{ "/operations/-",
		  "{'id':'op_link','kind':'link','http':'POST "
		  "/notes/{id}/"
		  "link','access':'owner','entity':'ent_note','relation':'rel_note_user'}",
		  "operation", "/operations/8/relation" },
		{ "/operations/-",
		  "{'id':'op_v','kind':'values','http':'GET "
		  "/pw','access':'public','entity':'ent_user','field':'fld_pass'}",
		  "secret", "/operations/8/field" },
	};
	ERRORS(cases);
}

static void
pages_can_be_opened_and_reached(void **state)
{
	static const struct one_change cases[] = {
		{ "/pages/0/source", NULL, "page", "/pages/0" },
		{ "/pages/0/source", "'op_get'", "page", "/pages/0/source" },
		{ "/pages/1/route", "'/n/{id}'", "page", "/pages/1/route" },
		{ "/pages/1/nav", "true", "page", "/pages/1/nav" },
		{ "/pages/1/sections", "[{'kind':'list'}]", "page", "/pages/1/sections/0" },
		{ "/pages/1/sections", "[{'kind':'count','source':'op_get'}]", "page",
		  "/pages/1/sections/0/source" },
		{ "/pages/1/sections", "[{'kind':'text'}]", "page", "/pages/1/sections/0" },
	};
	static const struct one_change warned[] = {
		{ "/pages/-", "{'id':'pag_lost','route':'/lost','kind':'static'}", "page",
		  "/pages/2" },
	};
	ERRORS(cases);
	WARNINGS(warned);
}

static void
seed_rows_fit(void **state)
{
#define V "/seed/1/rows/0/values"
	static const struct one_change cases[] = {
		{ V "/heading", "'x'", "seed", V "/heading" },
		{ V "/stars", "7", "seed", V "/stars" },
		{ V "/stars", "'2'", "seed", V "/stars" },
		{ V "/due", "'tomorrow'", "seed", V "/due" },
		{ V "/state", "'gone'", "seed", V "/state" },
		{ V "/weight", "3", "seed", V "/weight" },
		{ V "/title", NULL, "seed", V },
		{ V "/title", "null", "seed", V "/title" },
		{ V "/title", "{'ref':'me'}", "seed", V "/title" },
		{ V "/author", NULL, "seed", V },
		{ V "/author", "'me'", "seed", V "/author" },
		{ V "/author/ref", "'you'", "seed", V "/author/ref" },
		{ V "/author/ref", "'first'", "seed", V "/author/ref" },
		{ "/seed/0/rows/0/values/password", "'12345678'", "secret",
		  "/seed/0/rows/0/values/password" },
		{ "/seed/1/rows/0/key", "'me'", "seed", "/seed/1/rows/0/key" },
		{ "/seed/0/rows/-", "{'key':'two','values':{'email':'me@x.example'}}", "seed",
		  "/seed/0/rows/1/values/email" },
	};
	ERRORS(cases);
}

static void
texts_are_in_every_locale(void **state)
{
	static const struct one_change cases[] = {
		{ "/locales", "['en','ar']", "label", "/name" },
		{ "/locales", "['en','ar']", "label", "/entities/0" },
		{ "/entities/0/label", "{'fr':'x','en':'y'}", "label", "/entities/0/label/fr" },
		{ "/entities/0/label", "{'fr':'x'}", "label", "/entities/0/label" },
	};
	WARNINGS(cases);
}

/* The examples people begin with, from the root of the project. */
static void
the_examples_have_no_findings(void **state)
{
	static const char *const paths[] = { "docs/examples/shop.blueprint.json",
					     "docs/examples/clinic.blueprint.json" };
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct blueprint_report r;
		struct wn_json *doc;
		struct wn_buf b;
		wn_buf_init(&b, 1u << 20);
		assert_int_equal(wn_file_read(paths[i], &b, NULL), WN_OK);
		assert_int_equal(wn_json_parse(wn_buf_view(&b), NULL, &doc, NULL), WN_OK);
		wn_err err = blueprint_check(doc, ((struct fixture *)*state)->schema, &r);
		show(&r);
		assert_int_equal(err, WN_OK);
		assert_int_equal(r.warnings, 0);
		blueprint_report_fini(&r);
		wn_json_free(doc);
		wn_buf_fini(&b);
	}
}

static void
very_large_blueprints_get_one_clear_error(void **state)
{
	struct wn_json *doc = json("{'views':[]}");
	struct wn_json *views = wn_json_new_array();
	struct blueprint_report r;
	(void)state;
	for (int i = 0; i < 6000; i++)
		wn_json_push(views, json("{'id':'viw_a'}"));
	wn_json_set(doc, "views", views);
	assert_int_equal(blueprint_check(doc, NULL, &r), WN_E_INVALID);
	assert_int_equal(r.errors, 1);
	assert_string_equal(r.findings.p[0].rule, "limit");
	blueprint_report_fini(&r);
	wn_json_free(doc);
}

static void
everything_wrong_is_told_at_once(void **state)
{
	const struct fixture *f = *state;
	struct wn_json *doc = json(base);
	struct blueprint_report r;
	change(doc, "/views/1/of", "'ent_gone'");
	change(doc, "/operations/2/access", "'role:king'");
	change(doc, "/nonsense", "1");
	assert_int_equal(blueprint_check(doc, f->schema, &r), WN_E_SCHEMA);
	assert_true(has_finding(&r, "schema", "/nonsense", BLUEPRINT_ERROR));
	assert_true(has_finding(&r, "reference", "/views/1/of", BLUEPRINT_ERROR));
	assert_true(has_finding(&r, "access", "/operations/2/access", BLUEPRINT_ERROR));
	blueprint_report_fini(&r);
	wn_json_free(doc);
}

static void
findings_are_bounded_but_counted(void **state)
{
	struct wn_json *doc =
		json("{'entities':[{'id':'ent_a','name':'a','fields':[]}],'views':[]}");
	struct wn_json *views = wn_json_mut(wn_json_get(doc, "views"));
	struct blueprint_report r;
	(void)state;
	for (int i = 0; i < 1000; i++)
		wn_json_push(views, json("{'id':'viw_a','name':'a','of':'ent_gone'}"));
	assert_int_equal(blueprint_check(doc, NULL, &r), WN_E_INVALID);
	assert_true(r.errors > 1000);
	assert_int_equal(r.findings.len, BLUEPRINT_ERRORS_MAX);
	blueprint_report_fini(&r);
	wn_json_free(doc);
}

static void
any_json_is_survived(void **state)
{
	static const char *const docs[] = {
		"null",
		"7",
		"'x'",
		"[]",
		"{}",
		"{'entities':7}",
		"{'entities':[7,null,[],{}]}",
		"{'identity':[],'operations':{'a':1}}",
		"{'views':[{'extends':7,'fields':{'a':{}},'embed':[1]}]}"
	};
	(void)state;
	for (size_t i = 0; i < sizeof docs / sizeof *docs; i++) {
		struct wn_json *doc = json(docs[i]);
		struct blueprint_report r;
		wn_err err = blueprint_check(doc, ((struct fixture *)*state)->schema, &r);
		assert_int_equal(err, WN_E_SCHEMA);
		blueprint_report_fini(&r);
		wn_json_free(doc);
	}
}

static void
a_report_prints_as_json(void **state)
{
	struct blueprint_report r;
	struct wn_buf b;
	struct wn_json *doc = json("{'views':[{'id':'viw_a','of':'ent_x'}]}"), *out;
	(void)state;
	assert_int_equal(blueprint_check(doc, NULL, &r), WN_E_INVALID);
	wn_buf_init(&b, 1 << 20);
	assert_int_equal(blueprint_report_print(&r, &b), WN_OK);
	assert_int_equal(wn_json_parse(wn_buf_view(&b), NULL, &out, NULL), WN_OK);
	assert_string_equal(wn_json_str(wn_json_at(out, "/findings/0/pointer"), ""), "/views/0/of");
	assert_string_equal(wn_json_str(wn_json_at(out, "/findings/0/severity"), ""), "error");
	wn_json_free(out);
	wn_json_free(doc);
	wn_buf_fini(&b);
	blueprint_report_fini(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_blueprint_has_no_findings),
		cmocka_unit_test(what_breaks_the_schema_is_told_with_its_place),
		cmocka_unit_test(references_lead_to_things_of_the_right_kind),
		cmocka_unit_test(ids_and_names_are_unique),
		cmocka_unit_test(access_rules_can_come_true),
		cmocka_unit_test(expressions_have_types),
		cmocka_unit_test(fields_make_sense),
		cmocka_unit_test(relations_make_sense),
		cmocka_unit_test(the_identity_is_right),
		cmocka_unit_test(views_show_what_there_is_and_no_secrets),
		cmocka_unit_test(workflows_lead_somewhere),
		cmocka_unit_test(operations_have_what_they_need),
		cmocka_unit_test(pages_can_be_opened_and_reached),
		cmocka_unit_test(seed_rows_fit),
		cmocka_unit_test(texts_are_in_every_locale),
		cmocka_unit_test(the_examples_have_no_findings),
		cmocka_unit_test(very_large_blueprints_get_one_clear_error),
		cmocka_unit_test(everything_wrong_is_told_at_once),
		cmocka_unit_test(findings_are_bounded_but_counted),
		cmocka_unit_test(any_json_is_survived),
		cmocka_unit_test(a_report_prints_as_json),
	};
	return cmocka_run_group_tests_name("ai/blueprint/check", tests, setup, teardown);
}
