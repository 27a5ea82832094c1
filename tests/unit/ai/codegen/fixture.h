/* A small blueprint for the tests of the generator, and ways to change it. */
#ifndef TESTS_UNIT_AI_CODEGEN_FIXTURE_H
#define TESTS_UNIT_AI_CODEGEN_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "runtime/base/json.h"
#include "runtime/base/mem.h"

/* People, boxes they own, items in boxes. Single quotes stand for double ones. */
static const char fixture_text[] =
	"{'blueprint':'1.0','id':'bp_t','revision':3,'name':{'en':'T','ar':'ت'},'locales':['en','"
	"ar'],"
	"'conventions':{'currency':'SAR','moneyScale':2},"
	"'identity':{'entity':'ent_user','login':['fld_mail'],'secret':'fld_pass','roleField':'fld_"
	"role'},"
	"'roles':[{'id':'rol_reader','name':'reader','default':true},"
	"{'id':'rol_clerk','name':'clerk','inherits':'rol_reader'},{'id':'rol_admin','name':'admin'"
	",'inherits':'rol_clerk'}],"
	"'entities':["
	"{'id':'ent_user','name':'user','timestamps':true,'fields':["
	"{'id':'fld_mail','name':'email','type':'email','required':true,'unique':true,'class':'"
	"personal'},"
	"{'id':'fld_pass','name':'password','type':'secret','required':true},"
	"{'id':'fld_role','name':'role','type':'enum','required':true,'default':'reader','values':["
	"{'value':'reader'},{'value':'clerk'},{'value':'admin'}],'write':'role:admin'}]},"
	"{'id':'ent_box','name':'order','timestamps':true,'fields':["
	"{'id':'fld_title','name':'title','type':'string','required':true,'max':40,'search':true},"
	"{'id':'fld_state','name':'state','type':'enum','required':true,'default':'new','system':"
	"true,'values':[{'value':'new'},{'value':'sent'}]},"
	"{'id':'fld_sum','name':'total','type':'money','computed':['sum','items',['mul','price','"
	"count']]}]},"
	"{'id':'ent_item','name':'boxItem','fields':["
	"{'id':'fld_price','name':'price','type':'money','required':true,'min':0},"
	"{'id':'fld_count','name':'count','type':'int','required':true,'default':1,'min':1},"
	"{'id':'fld_group','name':'group','type':'string'}],"
	"'checks':[['le','price',1000]]}],"
	"'relations':["
	"{'id':'rel_owner','kind':'belongsTo','from':'ent_box','to':'ent_user','name':'keeper','"
	"required':true,'owner':true},"
	"{'id':'rel_in','kind':'belongsTo','from':'ent_item','to':'ent_box','name':'order','"
	"inverse':'items','required':true,'part':true,'onDelete':'cascade'}],"
	"'workflows':[{'id':'wfl_box','entity':'ent_box','field':'fld_state','initial':'new','"
	"transitions':[{'name':'send','from':['new'],'to':'sent','access':'owner'}]}],"
	"'operations':["
	"{'id':'op_login','kind':'login','http':'POST "
	"/login','access':'public','entity':'ent_user'},"
	"{'id':'op_boxes','kind':'list','http':'GET "
	"/orders','access':{'any':['owner','role:admin']},'entity':'ent_box'},"
	"{'id':'op_box','kind':'get','http':'GET "
	"/orders/{id}','access':'owner','entity':'ent_box'},"
	"{'id':'op_box_new','kind':'create','http':'POST "
	"/orders','access':'member','entity':'ent_box'},"
	"{'id':'op_box_edit','kind':'update','http':'PATCH "
	"/orders/"
	"{id}','access':{'all':['owner',{'when':['eq','state','=new']}]},'entity':'ent_box'},"
	"{'id':'op_send','kind':'transition','http':'POST "
	"/orders/{id}/send','access':'owner','entity':'ent_box','transition':'send'},"
	"{'id':'op_item_new','kind':'create','http':'POST "
	"/orders/{order}/"
	"items','access':{'all':['owner',{'when':['eq','order.state','=new']}]},'entity':'ent_item'"
	",'parent':{'relation':'rel_in'}}],"
	"'pages':[{'id':'pag_boxes','route':'/','kind':'list','source':'op_boxes','nav':true}]}";

/* The blueprint as a document; owned by the caller. */
static inline struct wn_json *
fixture(void)
{
	char *text = wn_strdup(fixture_text), *p;
	struct wn_json *doc = NULL;

	for (p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	if (wn_json_parse(wn_str(text), NULL, &doc, NULL))
		abort();
	wn_free(text);
	return doc;
}

static inline struct wn_json *
fixture_at(struct wn_json *doc, const char *pointer)
{
	return wn_json_mut(wn_json_at(doc, pointer));
}

/* Puts JSON (single quotes for double ones) under a member of the object at pointer. */
static inline void
fixture_set(struct wn_json *doc, const char *pointer, const char *key, const char *json)
{
	char *text = wn_strdup(json), *p;
	struct wn_json *value = NULL;

	for (p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	if (wn_json_parse(wn_str(text), NULL, &value, NULL) || !fixture_at(doc, pointer))
		abort();
	wn_free(text);
	wn_json_set(fixture_at(doc, pointer), key, value);
}

#endif
