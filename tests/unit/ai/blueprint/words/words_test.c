/* Words to blueprints: every template passes the checks and the generator with all of its modules
 * and without; what was said is told from what was assumed; what is not understood is said so. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ai/blueprint/check.h"
#include "ai/blueprint/words/words.h"
#include "ai/codegen/codegen.h"
#include "gen/schemas.h"
#include "runtime/base/mem.h"

#define URI "urn:webnova:model:blueprint"

static struct wn_schema_set *set;
static const struct wn_schema *schema;

static int
setup(void **state)
{
	struct wn_json *doc = NULL;

	(void)state;
	set = wn_schema_set_new(NULL);
	assert_int_equal(wn_json_parse(wn_str(wn_schema_text(URI)), NULL, &doc, NULL), WN_OK);
	assert_int_equal(wn_schema_set_add(set, URI, doc, NULL), WN_OK);
	assert_int_equal(wn_schema_compile(set, URI, &schema, NULL), WN_OK);
	wn_json_free(doc);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	wn_schema_set_free(set);
	return 0;
}

static void
is_good(const char *what, const struct wn_json *doc)
{
	struct blueprint_report r;
	struct codegen_files files = { 0 };
	struct wn_diag d = { 0 };

	wn_err err = blueprint_check(doc, schema, &r);

	for (size_t i = 0; i < r.findings.len; i++)
		fail_msg("%s: %s %s", what, r.findings.p[i].pointer, r.findings.p[i].text);
	assert_int_equal(err, WN_OK);
	blueprint_report_fini(&r);
	if (codegen_generate(doc, NULL, &files, &d) != WN_OK)
		fail_msg("%s: %s %s", what, d.text, d.where);
	assert_int_equal(files.notes_len, 0);
	assert_true(files.len > 30);
	codegen_files_fini(&files);
}

static struct wn_json *
all_modules(const struct wn_json *template, const char *answer)
{
	struct wn_json *a = wn_json_new_object();
	const struct wn_json *m = wn_json_first(wn_json_get(template, "modules"));

	wn_json_set_str(a, "template", wn_json_get_str(template, "id", ""));
	for (; m; m = wn_json_next(m)) {
		char *key = wn_asprintf("module:%s", wn_json_key(m));

		wn_json_set_str(a, key, answer);
		wn_free(key);
	}
	return a;
}

static void
every_template_passes_the_checks_and_the_generator(void **state)
{
	static const char *const answers[] = { "yes", "no" };
	struct wn_json *t;
	size_t n = 0;

	(void)state;
	for (; (t = blueprint_template(n)) != NULL; n++) {
		for (size_t i = 0; i < 2; i++) {
			struct wn_json *a = all_modules(t, answers[i]);
			struct blueprint_draft out;

			assert_int_equal(blueprint_from_words(WN_STR(""), a, &out, NULL), WN_OK);
			assert_non_null(out.doc);
			is_good(wn_json_get_str(t, "id", ""), out.doc);
			blueprint_draft_fini(&out);
			wn_json_free(a);
		}
		wn_json_free(t);
	}
	assert_true(n >= 13);
}

/* --- reading ------------------------------------------------------------------------ */

static struct blueprint_draft
draft(const char *text)
{
	struct blueprint_draft out;

	assert_int_equal(blueprint_from_words(wn_str(text), NULL, &out, NULL), WN_OK);
	return out;
}

static const struct wn_json *
entity(const struct wn_json *doc, const char *name)
{
	const struct wn_json *e = wn_json_first(wn_json_get(doc, "entities"));

	for (; e; e = wn_json_next(e))
		if (!strcmp(wn_json_get_str(e, "name", ""), name))
			return e;
	return NULL;
}

static const struct wn_json *
field(const struct wn_json *doc, const char *of, const char *name)
{
	const struct wn_json *f = wn_json_first(wn_json_get(entity(doc, of), "fields"));

	for (; f; f = wn_json_next(f))
		if (!strcmp(wn_json_get_str(f, "name", ""), name))
			return f;
	return NULL;
}

static void
sentences_find_their_template(void **state)
{
	static const struct {
		const char *text, *template;
	} cases[] = {
		{ "An online shop for books with a cart and reviews", "shop" },
		{ "متجر إلكتروني لبيع الكتب مع سلة ودفع ولوحة للمدير", "shop" },
		{ "I want a clinic where patients book appointments with doctors", "clinic" },
		{ "أريد نظامًا لعيادة أسنان فيه مواعيد وأطباء وفواتير", "clinic" },
		{ "A school with students, classes and grades", "school" },
		{ "مدرسة فيها طلاب ومعلمون ودرجات وحضور", "school" },
		{ "A booking site for a hair salon", "booking" },
		{ "موقع حجوزات لفندق فيه غرف", "booking" },
		{ "A blog with articles and comments", "blog" },
		{ "مدونة فيها مقالات وتعليقات", "blog" },
		{ "A CRM for our sales team: companies, contacts, deals", "crm" },
		{ "نظام إدارة العملاء فيه شركات وصفقات ومهام", "crm" },
		{ "Inventory with warehouses, items and suppliers", "inventory" },
		{ "إدارة المخزون مع مستودعات وأصناف وموردين", "inventory" },
		{ "Help desk with tickets and a knowledge base", "helpdesk" },
		{ "مكتب مساعدة فيه تذاكر وردود", "helpdesk" },
		{ "A community forum with groups and events", "community" },
		{ "منتدى فيه مجموعات ونقاشات وفعاليات", "community" },
		{ "A marketplace where people sell second hand things", "marketplace" },
		{ "سوق إعلانات مبوبة مع تقييمات", "marketplace" },
		{ "Online courses with lessons and certificates", "courses" },
		{ "منصة دورات فيها دروس وشهادات", "courses" },
		{ "A job board with employers and applications", "jobs" },
		{ "موقع وظائف فيه شركات وطلبات توظيف", "jobs" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct blueprint_draft out = draft(cases[i].text);

		if (!out.template || strcmp(out.template, cases[i].template))
			fail_msg("%s: %s", cases[i].text, out.template ? out.template : "-");
		if (out.matched * 10 < out.words * 7)
			fail_msg("%s: %zu of %zu, %s", cases[i].text, out.matched, out.words,
				 out.unmatched.p[0]);
		is_good(cases[i].text, out.doc);
		blueprint_draft_fini(&out);
	}
}

static void
modules_come_when_they_are_named_and_go_when_denied(void **state)
{
	struct blueprint_draft out = draft("A shop with products, coupons and suppliers");

	(void)state;
	assert_non_null(entity(out.doc, "coupon"));
	assert_non_null(entity(out.doc, "supplier"));
	assert_null(entity(out.doc, "review"));
	blueprint_draft_fini(&out);
	out = draft("A blog without comments");
	assert_null(entity(out.doc, "comment"));
	blueprint_draft_fini(&out);
	out = draft("مدونة بدون تعليقات");
	assert_null(entity(out.doc, "comment"));
	blueprint_draft_fini(&out);
}

static enum blueprint_confidence
confidence(const struct blueprint_draft *d, const char *label, const char **words)
{
	for (size_t i = 0; i < d->elements.len; i++)
		if (!strcmp(d->elements.p[i].label, label)) {
			*words = d->elements.p[i].words;
			assert_non_null(wn_json_at(d->doc, d->elements.p[i].pointer));
			return d->elements.p[i].confidence;
		}
	fail_msg("%s", label);
	return BLUEPRINT_DEFAULT;
}

static void
what_was_said_is_told_from_what_is_assumed(void **state)
{
	struct blueprint_draft out = draft("A shop with Products and reviews");
	const char *words = NULL;

	(void)state;
	assert_int_equal(confidence(&out, "entity product", &words), BLUEPRINT_STATED);
	assert_string_equal(words, "Products");
	assert_int_equal(confidence(&out, "entity review", &words), BLUEPRINT_STATED);
	assert_int_equal(confidence(&out, "entity order", &words), BLUEPRINT_INFERRED);
	assert_string_equal(words, "shop");
	assert_int_equal(confidence(&out, "currency", &words), BLUEPRINT_DEFAULT);
	assert_string_equal(wn_json_str(wn_json_at(out.doc, "/provenance/source"), ""), "rules");
	assert_int_equal(wn_json_len(wn_json_at(out.doc, "/provenance/assumptions")),
			 out.elements.len);
	blueprint_draft_fini(&out);
}

static void
what_is_unknown_is_listed_and_what_is_not_made_is_said(void **state)
{
	struct blueprint_draft out = draft("A shop with products, flamingos and credit cards");

	(void)state;
	assert_int_equal(out.unmatched.len, 1);
	assert_string_equal(out.unmatched.p[0], "flamingos");
	assert_int_equal(out.not_made.len, 1);
	assert_string_equal(out.not_made.p[0].words, "credit cards");
	assert_int_equal(out.words, 4);
	assert_int_equal(out.matched, 3);
	blueprint_draft_fini(&out);
}

static void
a_text_about_something_else_is_not_understood(void **state)
{
	static const char *const texts[] = {
		"",
		"AI writing workspace with decision scores",
		"asdf qwer zxcv",
		"....,,,((",
		"قصيدة عن البحر والقمر",
		"\xd8\xa7",
		("a shop full of quarks, bosons, leptons, muons, gluons "
		 "and other curious particles"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct blueprint_draft out = draft(texts[i]);

		if (out.doc)
			fail_msg("%s became %s", texts[i], out.template);
		blueprint_draft_fini(&out);
	}
}

static void
a_thing_no_template_knows_is_made_of_its_fields(void **state)
{
	struct blueprint_draft out =
		draft("I need an app to track boats with name, length, engine power and price. "
		      "Each trip belongs to a boat.");
	const char *words = NULL;

	(void)state;
	assert_non_null(out.doc);
	assert_string_equal(out.template, "custom");
	assert_string_equal(wn_json_get_str(field(out.doc, "boat", "price"), "type", ""), "money");
	assert_string_equal(wn_json_get_str(field(out.doc, "boat", "length"), "type", ""),
			    "decimal");
	assert_non_null(field(out.doc, "boat", "enginePower"));
	assert_non_null(entity(out.doc, "trip"));
	assert_int_equal(confidence(&out, "relation trip.boat", &words), BLUEPRINT_STATED);
	is_good("boats", out.doc);
	blueprint_draft_fini(&out);
	out = draft("برنامج لتسجيل قوارب: اسم وطول وسعر");
	assert_non_null(out.doc);
	assert_string_equal(wn_json_str(wn_json_at(out.doc, "/entities/1/label/ar"), ""), "قوارب");
	assert_non_null(field(out.doc, "thing1", "price"));
	is_good("قوارب", out.doc);
	blueprint_draft_fini(&out);
}

static void
fields_can_be_added_to_what_a_template_has(void **state)
{
	struct blueprint_draft out = draft("A shop. Each product has a color and a weight.");
	const char *words = NULL;

	(void)state;
	assert_non_null(field(out.doc, "product", "color"));
	assert_int_equal(confidence(&out, "field product.weight", &words), BLUEPRINT_STATED);
	assert_string_equal(words, "weight");
	is_good("shop", out.doc);
	blueprint_draft_fini(&out);
}

static void
only_those_named_may(void **state)
{
	struct blueprint_draft out =
		draft("A community forum. Only managers can create discussions.");
	const struct wn_json *o = wn_json_first(wn_json_get(out.doc, "operations"));
	bool found = false;

	(void)state;
	for (; o; o = wn_json_next(o))
		if (!strcmp(wn_json_get_str(o, "id", ""), "op_discussion_create")) {
			assert_string_equal(wn_json_get_str(o, "access", ""), "role:admin");
			found = true;
		}
	assert_true(found);
	is_good("forum", out.doc);
	blueprint_draft_fini(&out);
}

static void
questions_have_defaults_and_take_answers(void **state)
{
	struct wn_json *a = wn_json_new_object();
	struct blueprint_draft out = draft("متجر كتب");

	(void)state;
	assert_string_equal(wn_json_str(wn_json_at(out.doc, "/conventions/currency"), ""), "SAR");
	assert_string_equal(wn_json_str(wn_json_at(out.doc, "/locales/0"), ""), "ar");
	for (size_t i = 0; i < out.questions.len; i++)
		assert_true(!out.questions.p[i].answered && *out.questions.p[i].fallback);
	assert_true(out.questions.len >= 5);
	blueprint_draft_fini(&out);
	wn_json_set_str(a, "currency", "EUR");
	wn_json_set_str(a, "module:reviews", "yes");
	wn_json_set_str(a, "name", "Rare books");
	assert_int_equal(blueprint_from_words(WN_STR("a book shop"), a, &out, NULL), WN_OK);
	assert_string_equal(wn_json_str(wn_json_at(out.doc, "/conventions/currency"), ""), "EUR");
	assert_string_equal(wn_json_str(wn_json_at(out.doc, "/name/en"), ""), "Rare books");
	assert_non_null(entity(out.doc, "review"));
	blueprint_draft_fini(&out);
	wn_json_free(a);
}

static void
the_same_words_give_the_same_bytes(void **state)
{
	struct blueprint_draft a = draft("A clinic with invoices"),
			       b = draft("A clinic with invoices");
	struct wn_buf x, y;

	(void)state;
	wn_buf_init(&x, 4u << 20);
	wn_buf_init(&y, 4u << 20);
	(void)wn_json_print(a.doc, &x);
	(void)wn_json_print(b.doc, &y);
	assert_string_equal(x.p, y.p);
	wn_buf_fini(&x);
	wn_buf_fini(&y);
	blueprint_draft_fini(&a);
	blueprint_draft_fini(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_template_passes_the_checks_and_the_generator),
		cmocka_unit_test(sentences_find_their_template),
		cmocka_unit_test(modules_come_when_they_are_named_and_go_when_denied),
		cmocka_unit_test(what_was_said_is_told_from_what_is_assumed),
		cmocka_unit_test(what_is_unknown_is_listed_and_what_is_not_made_is_said),
		cmocka_unit_test(a_text_about_something_else_is_not_understood),
		cmocka_unit_test(a_thing_no_template_knows_is_made_of_its_fields),
		cmocka_unit_test(fields_can_be_added_to_what_a_template_has),
		cmocka_unit_test(only_those_named_may),
		cmocka_unit_test(questions_have_defaults_and_take_answers),
		cmocka_unit_test(the_same_words_give_the_same_bytes),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
