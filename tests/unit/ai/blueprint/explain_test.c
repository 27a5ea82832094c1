/* A blueprint in words, in both languages. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ai/blueprint/explain.h"
#include "runtime/base/utf8.h"

static const char base[] =
	"{'id':'bp_x','revision':3,'name':{'en':'Shop','ar':'\xD9\x85\xD8\xAA\xD8\xAC\xD8\xB1'},"
	"'provenance':{'source':'rules','assumptions':[{'path':'/x','why':'one "
	"currency','confidence':'default'}]},"
	"'identity':{'entity':'ent_u','login':['fld_mail'],'secret':'fld_pass'},"
	"'roles':[{'id':'rol_a','name':'admin','label':{'en':'Manager','ar':'"
	"\xD9\x85\xD8\xAF\xD9\x8A\xD8\xB1'}}],"
	"'entities':[{'id':'ent_u','name':'user','fields':[{'id':'fld_mail','name':'email','type':'"
	"email','required':true},"
	"{'id':'fld_pass','name':'password','type':'secret'}]},"
	"{'id':'ent_o','name':'order','label':{'en':'Order'},'fields':[{'id':'fld_s','name':'state'"
	",'type':'enum','values':[{'value':'cart','label':{'en':'In the "
	"cart'}},{'value':'paid'}]}]}],"
	"'relations':[{'id':'rel_o','kind':'belongsTo','from':'ent_o','to':'ent_u','name':'buyer','"
	"owner':true}],"
	"'workflows':[{'id':'wfl_o','entity':'ent_o','field':'fld_s','initial':'cart','transitions'"
	":[{'name':'pay','from':['cart'],'to':'paid','access':{'any':['owner','role:admin']}}]}],"
	"'views':[{'id':'viw_o','name':'o','of':'ent_o','computed':{'n':{'fn':'hook','hook':'count'"
	"}}}],"
	"'operations':[{'id':'op_l','kind':'list','http':'GET "
	"/o','access':{'any':['owner','role:admin']},'entity':'ent_o'},"
	"{'id':'op_c','kind':'custom','http':'POST /c','access':'member','hook':'c'},"
	"{'id':'op_d','kind':'delete','http':'DELETE "
	"/o/{id}','access':{'all':['owner',{'when':['eq','state','=cart']}]},'entity':'ent_o'}],"
	"'pages':[{'id':'pag_a','route':'/"
	"','kind':'custom','title':{'en':'Start'},'sections':[{'kind':'custom'}]}]}";

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

static void
expect(const char *locale, const char *const *lines)
{
	struct wn_json *doc = json(base);
	struct wn_buf b;
	wn_buf_init(&b, 65536);
	assert_int_equal(blueprint_explain(doc, locale, &b), WN_OK);
	assert_true(wn_utf8_valid(wn_buf_view(&b)));
	for (; *lines; lines++)
		if (!strstr(b.p, *lines))
			fail_msg("\"%s\" is missing in:\n%s", *lines, b.p);
	wn_buf_fini(&b);
	wn_json_free(doc);
}

static void
english_says_what_there_is(void **state)
{
	static const char *const lines[] = {
		"Shop (revision 3)\n",
		"People sign in as \"user\" with: email.\n",
		"Roles: Manager.\n",
		"  Order\n",
		"    state: choice\n",
		"    belongs to user (buyer)\n",
		"    email: e-mail, required\n",
		"    see the list: the owner or Manager\n",
		"    delete: the owner and in certain states only\n",
		"    own operation: anyone signed in\n",
		"    pay: In the cart -> paid (the owner or Manager)\n",
		"Pages: Start.\n",
		"Left to hand-written code: operations 1, hooks 1, pages 2.\n",
		"  one currency\n",
		NULL,
	};
	(void)state;
	expect("en", lines);
	expect(NULL, lines);
	expect("fr", lines);
}

static void
arabic_says_it_in_arabic(void **state)
{
	static const char *const lines[] = {
		"\xD9\x85\xD8\xAA\xD8\xAC\xD8\xB1 (",		    /* the name */
		"\xD9\x85\xD8\xAF\xD9\x8A\xD8\xB1",		    /* the role */
		"\xD8\xA7\xD9\x84\xD9\x85\xD8\xA7\xD9\x84\xD9\x83", /* the owner */
		"Order", /* a label that is missing in Arabic */
		NULL,
	};
	(void)state;
	expect("ar", lines);
	expect("ar-SA", lines);
}

static void
a_small_buffer_is_an_error_and_no_crash(void **state)
{
	struct wn_json *doc = json(base);
	struct wn_buf b;
	(void)state;
	wn_buf_init(&b, 40);
	assert_int_equal(blueprint_explain(doc, "en", &b), WN_E_LIMIT);
	wn_buf_fini(&b);
	wn_json_free(doc);
}

static void
an_empty_document_has_no_surface(void **state)
{
	struct wn_json *doc = json("{}");
	struct blueprint_surface s = blueprint_surface(doc);
	struct wn_buf b;
	(void)state;
	assert_int_equal(s.operations + s.hooks + s.pages, 0);
	wn_buf_init(&b, 65536);
	assert_int_equal(blueprint_explain(doc, "en", &b), WN_OK);
	wn_buf_fini(&b);
	wn_json_free(doc);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(english_says_what_there_is),
		cmocka_unit_test(arabic_says_it_in_arabic),
		cmocka_unit_test(a_small_buffer_is_an_error_and_no_crash),
		cmocka_unit_test(an_empty_document_has_no_surface),
	};
	return cmocka_run_group_tests_name("ai/blueprint/explain", tests, NULL, NULL);
}
