/* Imports: what can be carried over is, and generates; what cannot is listed with its line. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ai/blueprint/check.h"
#include "ai/blueprint/import/import.h"
#include "ai/codegen/codegen.h"

static struct blueprint_import
imported(enum blueprint_import_format format, const char *text)
{
	struct blueprint_import out;
	struct blueprint_report r;
	struct codegen_files files = { 0 };
	struct wn_diag d = { 0 };

	if (blueprint_import(format, wn_str(text), "Test", &out, &d))
		fail_msg("%s", d.text);
	if (blueprint_check(out.doc, NULL, &r))
		fail_msg("%s: %s", r.findings.p[0].pointer, r.findings.p[0].text);
	blueprint_report_fini(&r);
	if (codegen_generate(out.doc, NULL, &files, &d))
		fail_msg("%s %s", d.text, d.where);
	codegen_files_fini(&files);
	return out;
}

static const struct wn_json *
named(const struct wn_json *list, const char *name)
{
	for (const struct wn_json *x = wn_json_first(list); x; x = wn_json_next(x))
		if (!strcmp(wn_json_get_str(x, "name", ""), name))
			return x;
	fail_msg("there is no %s", name);
	return NULL;
}

static const struct wn_json *
field(const struct blueprint_import *i, const char *entity, const char *name)
{
	return named(wn_json_get(named(wn_json_get(i->doc, "entities"), entity), "fields"), name);
}

static void
is_field(const struct blueprint_import *i, const char *entity, const char *name, const char *type,
	 bool required)
{
	const struct wn_json *f = field(i, entity, name);

	assert_string_equal(wn_json_get_str(f, "type", ""), type);
	assert_int_equal(wn_json_get_bool(f, "required", false), required);
}

static void
is_relation(const struct blueprint_import *i, const char *from, const char *name, const char *to,
	    bool required)
{
	const struct wn_json *r = wn_json_first(wn_json_get(i->doc, "relations"));

	for (; r; r = wn_json_next(r))
		if (!strcmp(wn_json_get_str(r, "name", ""), name) &&
		    !strcmp(wn_json_get_str(r, "from", ""), from)) {
			assert_string_equal(wn_json_get_str(r, "to", ""), to);
			assert_int_equal(wn_json_get_bool(r, "required", false), required);
			return;
		}
	fail_msg("%s has no relation %s", from, name);
}

static void
is_lost(const struct blueprint_import *i, size_t line, const char *says)
{
	for (size_t n = 0; n < i->lost.len; n++)
		if (i->lost.p[n].line == line && strstr(i->lost.p[n].text, says))
			return;
	for (size_t n = 0; n < i->lost.len; n++)
		print_message("%zu %s\n", i->lost.p[n].line, i->lost.p[n].text);
	fail_msg("\"%s\" at line %zu is not listed", says, line);
}

static const char sql[] =
	"-- a shop\n"
	"CREATE TYPE mood AS ENUM ('happy', 'so so');\n"
	"CREATE TABLE public.users (id serial PRIMARY KEY, email varchar(200) NOT NULL UNIQUE,\n"
	"  password_hash text NOT NULL, city text NOT NULL, created_at timestamptz DEFAULT "
	"now());\n"
	"CREATE TABLE `order_items` (\n"
	"  sku char(12) primary key,\n"
	"  \"unit price\" numeric(10,2) not null default 0 CHECK (\"unit price\" >= 0),\n"
	"  quantity int NOT NULL DEFAULT 1,\n"
	"  tags text[],\n"
	"  place point,\n"
	"  state enum('open','closed') default 'open',\n"
	"  is_gift tinyint(1) NOT NULL DEFAULT 0,\n"
	"  order_id bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,\n"
	"  UNIQUE (sku, order_id)\n"
	") ENGINE=InnoDB;\n"
	"CREATE TABLE orders (id bigint primary key, customer_id int not null, note text,\n"
	"  placed_on date, CONSTRAINT fk FOREIGN KEY (customer_id) REFERENCES users(id));\n"
	"CREATE UNIQUE INDEX on_note ON orders (note);\n"
	"CREATE VIEW big AS SELECT * FROM orders;\n"
	"INSERT INTO orders VALUES (1, 'a;b', ')');\n";

static void
sql_tables_become_things(void **state)
{
	struct blueprint_import i = imported(BLUEPRINT_IMPORT_SQL, sql);

	(void)state;
	is_field(&i, "orderItem", "unitPrice", "money", true);
	is_field(&i, "orderItem", "quantity", "int", true);
	is_field(&i, "orderItem", "state", "enum", false);
	is_field(&i, "orderItem", "isGift", "bool", true);
	is_field(&i, "order", "placedOn", "date", false);
	is_field(&i, "user", "city", "text", false);
	is_relation(&i, "ent_order_item", "order", "ent_order", true);
	is_relation(&i, "ent_order", "customer", "ent_user", true);
	assert_true(wn_json_get_bool(field(&i, "order", "note"), "unique", false));
	assert_int_equal((int)wn_json_get_num(field(&i, "orderItem", "sku"), "max", 0), 12);
	is_lost(&i, 2, "so so");
	is_lost(&i, 6, "sku stays a unique field");
	is_lost(&i, 9, "tags: a list of values became JSON");
	is_lost(&i, 10, "the type point");
	is_lost(&i, 7, "condition");
	is_lost(&i, 14, "several columns");
	is_lost(&i, 19, "CREATE VIEW big");
	is_lost(&i, 20, "INSERT INTO orders");
	is_lost(&i, 0, "passwordHash");
	blueprint_import_fini(&i);
}

static const char prisma[] =
	"generator client {\n  provider = \"prisma-client-js\"\n}\n"
	"enum Role { USER ADMIN }\n"
	"model User {\n"
	"  id    Int    @id @default(autoincrement())\n"
	"  email String @unique\n"
	"  posts Post[]\n"
	"}\n"
	"model Post {\n"
	"  id        String   @id @default(uuid())\n"
	"  title     String   @db.VarChar(255)\n"
	"  kind      Role     @default(USER)\n"
	"  views     Int      @default(0)\n"
	"  authorId  Int\n"
	"  author    User     @relation(fields: [authorId], references: [id], onDelete: Cascade)\n"
	"  tags      Tag[]\n"
	"  data      Bytes?\n"
	"  slug      String   @default(cuid())\n"
	"  updatedAt DateTime @updatedAt\n"
	"  @@index([title, kind])\n"
	"}\n"
	"model Tag {\n  name String @id\n  posts Post[]\n}\n";

static void
prisma_models_become_things(void **state)
{
	struct blueprint_import i = imported(BLUEPRINT_IMPORT_PRISMA, prisma);

	(void)state;
	is_field(&i, "post", "title", "string", true);
	is_field(&i, "post", "kind", "enum", true);
	assert_string_equal(wn_json_get_str(field(&i, "post", "kind"), "default", ""), "USER");
	assert_int_equal((int)wn_json_get_num(field(&i, "post", "title"), "max", 0), 255);
	is_relation(&i, "ent_post", "author", "ent_user", true);
	is_relation(&i, "ent_post_tag", "tag", "ent_tag", true);
	is_relation(&i, "ent_post_tag", "post", "ent_post", true);
	is_lost(&i, 1, "generator client");
	is_lost(&i, 18, "the type Bytes");
	is_lost(&i, 19, "cuid()");
	is_lost(&i, 21, "@@index");
	is_lost(&i, 24, "stays a unique field");
	blueprint_import_fini(&i);
}

static const char jdl[] =
	"application { config { baseName shop } }\n"
	"enum Size { S, M (Medium), L }\n"
	"/** a product */\n"
	"@readOnly\n"
	"entity Product(product_table) {\n"
	"  name String required maxlength(80), // the name\n"
	"  price BigDecimal required min(0)\n"
	"  size Size\n"
	"  photo ImageBlob\n"
	"  code String unique pattern(/^[A-Z]{3}$/)\n"
	"}\n"
	"entity Category { title String }\n"
	"entity Tag\n"
	"relationship ManyToOne { Product{category(title) required} to Category }\n"
	"relationship OneToMany { Category{children} to Category{parent} }\n"
	"relationship ManyToMany { Product{tag} to Tag{product} }\n"
	"relationship OneToOne { Product{twin} to Product }\n"
	"paginate * with pagination\n";

static void
jdl_entities_become_things(void **state)
{
	struct blueprint_import i = imported(BLUEPRINT_IMPORT_JDL, jdl);

	(void)state;
	is_field(&i, "product", "name", "string", true);
	is_field(&i, "product", "price", "money", true);
	is_field(&i, "product", "size", "enum", false);
	assert_true(wn_json_get_bool(field(&i, "product", "code"), "unique", false));
	is_relation(&i, "ent_product", "category", "ent_category", true);
	is_relation(&i, "ent_category", "parent", "ent_category", false);
	is_relation(&i, "ent_product_tag", "product", "ent_product", true);
	is_lost(&i, 1, "application");
	is_lost(&i, 4, "@readOnly");
	is_lost(&i, 9, "ImageBlob");
	is_lost(&i, 10, "pattern");
	is_lost(&i, 16, "many to many");
	is_lost(&i, 17, "only one");
	is_lost(&i, 18, "paginate");
	blueprint_import_fini(&i);
}

static const char openapi[] =
	"openapi: 3.1.0\n"
	"paths:\n"
	"  /pets: {get: {}, post: {}}\n"
	"  /pets/{id}: {get: {}}\n"
	"  /pets/{id}/feed: {post: {}}\n"
	"components:\n"
	"  schemas:\n"
	"    Pet:\n"
	"      type: object\n"
	"      required: [name, owner]\n"
	"      properties:\n"
	"        id: {type: integer}\n"
	"        name: {type: string, maxLength: 40, pattern: ^x}\n"
	"        kind: {type: string, enum: [cat, dog], default: cat}\n"
	"        born: {type: [string, 'null'], format: date}\n"
	"        owner: {$ref: '#/components/schemas/Person'}\n"
	"        friends: {type: array, items: {$ref: '#/components/schemas/Pet'}}\n"
	"        extra: {type: object}\n"
	"    Person:\n"
	"      allOf:\n"
	"        - properties: {email: {type: string, format: email}}\n"
	"        - $ref: '#/components/schemas/Named'\n"
	"    Named: {type: object, properties: {nick: {type: string}}}\n"
	"    PetRequest: {type: object, properties: {name: {type: string}}}\n"
	"  securitySchemes: {key: {type: apiKey}}\n";

static void
openapi_schemas_become_things(void **state)
{
	struct blueprint_import i = imported(BLUEPRINT_IMPORT_OPENAPI, openapi);

	(void)state;
	is_field(&i, "pet", "name", "string", true);
	is_field(&i, "pet", "kind", "enum", false);
	is_field(&i, "pet", "born", "date", false);
	is_field(&i, "pet", "extra", "json", false);
	is_field(&i, "person", "nick", "string", false);
	is_relation(&i, "ent_pet", "owner", "ent_person", true);
	is_lost(&i, 5, "post /pets/{id}/feed");
	is_lost(&i, 13, "pattern");
	is_lost(&i, 17, "a list of Pet");
	is_lost(&i, 24, "PetRequest");
	is_lost(&i, 0, "sign in");
	blueprint_import_fini(&i);
}

static void
what_holds_nothing_is_refused(void **state)
{
	static const char *const texts[] = { "",	   "hello world", "SELECT 1;",
					     "{\"a\": 1}", "[",		  "model X" };

	(void)state;
	for (size_t n = 0; n < sizeof texts / sizeof texts[0]; n++)
		for (int f = BLUEPRINT_IMPORT_SQL; f <= BLUEPRINT_IMPORT_JDL; f++) {
			struct blueprint_import i;
			struct wn_diag d = { 0 };
			wn_err err = blueprint_import((enum blueprint_import_format)f,
						      wn_str(texts[n]), NULL, &i, &d);

			/* A model without members is one. */
			if (strcmp(texts[n], "model X") != 0 && (!err || i.doc || !d.text[0]))
				fail_msg("%s as %d: %d %s", texts[n], f, err, d.text);
			blueprint_import_fini(&i);
		}
}

static void
circles_and_missing_targets_are_opened(void **state)
{
	struct blueprint_import i = imported(
		BLUEPRINT_IMPORT_SQL, "create table a (b_id int not null references b(id), gone_id "
				      "int references gone(id));"
				      "create table b (a_id int not null references a(id));");

	(void)state;
	is_lost(&i, 1, "there is no gone");
	is_lost(&i, 1, "in a circle");
	assert_int_equal(i.relations, 2);
	blueprint_import_fini(&i);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sql_tables_become_things),
		cmocka_unit_test(prisma_models_become_things),
		cmocka_unit_test(jdl_entities_become_things),
		cmocka_unit_test(openapi_schemas_become_things),
		cmocka_unit_test(what_holds_nothing_is_refused),
		cmocka_unit_test(circles_and_missing_targets_are_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
