/*
 * What the contract compiler made of the fixture: the generated functions are called here as a
 * module, a client and a host would call them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gen/client.h"
#include "gen/config.h"
#include "gen/contracts.h"
#include "gen/modules.h"
#include "gen/permissions.h"
#include "gen/sample.h"
#include "gen/schemas.h"
#include "runtime/base/json.h"
#include "runtime/base/jsonschema.h"
#include "runtime/base/regex.h"

/* --- the module's own part --- */

const struct wn_module sample_module = { .abi = WN_ABI,
					 .size = sizeof(struct wn_module),
					 .name = "sample" };

wn_err
sample_on_create(struct wn_mod *mod, struct wn_ctx *ctx, const struct sample_create_params *in,
		 struct sample_create_result *out)
{
	(void)mod;
	if (wn_str_is(in->name, "taken"))
		return WN_FAIL(ctx, WN_E_EXISTS, "it is taken");
	out->id = wn_str_is(in->name, "broken") ? WN_STR("") : in->name;
	out->stamp = 1000;
	return WN_OK;
}

wn_err
sample_on_get(struct wn_mod *mod, struct wn_ctx *ctx, const struct sample_get_params *in,
	      struct model_tree *out)
{
	(void)mod;
	(void)ctx;
	out->name = in->id;
	return WN_OK;
}

wn_err
sample_on_wait(struct wn_mod *mod, struct wn_ctx *ctx, const struct sample_wait_params *in,
	       struct sample_wait_result *out)
{
	(void)mod;
	(void)ctx;
	(void)in;
	(void)out;
	return WN_PENDING;
}

wn_err
sample_on_event_sample_removed(struct wn_mod *mod, struct wn_ctx *ctx, const struct wn_event *event)
{
	(void)mod;
	(void)ctx;
	(void)event;
	return WN_OK;
}

wn_err
sample_on_event_sample_any(struct wn_mod *mod, struct wn_ctx *ctx, const struct wn_event *event)
{
	(void)mod;
	(void)ctx;
	(void)event;
	return WN_OK;
}

wn_err
sample_project_sample_created(struct wn_mod *mod, struct wn_tx *tx, const struct wn_event *event)
{
	(void)mod;
	(void)tx;
	(void)event;
	return WN_OK;
}

/* --- helpers --- */

#define SIZE "\"size\":{\"width\":10}"
#define LEAST "\"name\":\"ab\",\"color\":\"red\"," SIZE
#define ULID "01ARZ3NDEKTSV4RRFFQ69G5FAV"

struct fix {
	struct wn_arena arena;
	struct wn_diag d;
	struct sample_create_params in;
	struct wn_buf out;
	struct wn_ctx ctx;
};

static int
setup(void **state)
{
	struct fix *f = test_calloc(1, sizeof *f);

	wn_arena_init(&f->arena, 1u << 20);
	wn_buf_init(&f->out, 1u << 16);
	f->ctx.arena = &f->arena;
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fix *f = *state;

	wn_arena_fini(&f->arena);
	wn_buf_fini(&f->out);
	test_free(f);
	return 0;
}

static wn_err
parse(struct fix *f, const char *json)
{
	wn_diag_clear(&f->d);
	return sample_create_params_parse(wn_str(json), &f->arena, &f->in, &f->d);
}

static void
assert_refused(struct fix *f, const char *json, const char *where, const char *part)
{
	assert_int_equal(parse(f, json), WN_E_SCHEMA);
	assert_string_equal(f->d.where, where);
	if (!strstr(f->d.text, part))
		fail_msg("\"%s\" does not say \"%s\"", f->d.text, part);
}

/* The text that comes out when this goes in. */
static void
assert_round_trip(struct fix *f, const char *json)
{
	if (parse(f, json))
		fail_msg("%s at %s", f->d.text, f->d.where);
	wn_buf_clear(&f->out);
	assert_int_equal(sample_create_params_validate(&f->in, &f->d), WN_OK);
	assert_int_equal(sample_create_params_print(&f->in, &f->out), WN_OK);
	assert_string_equal(f->out.p, json);
}

/* --- parsing --- */

static void
test_smallest_document(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST "}"), WN_OK);
	assert_true(wn_str_is(f->in.name, "ab"));
	assert_int_equal(f->in.color, MODEL_COLOR_RED);
	assert_int_equal(f->in.size.width, 10);
	assert_false(f->in.has_big);
	assert_null(f->in.code.p);
	assert_null(f->in.tree);
	assert_int_equal(f->in.tags_len, 0);
}

static void
test_default_fills_in_without_flag(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST "}"), WN_OK);
	assert_int_equal(f->in.count, 7);
	assert_false(f->in.has_count);
}

static void
test_every_kind_round_trips(void **state)
{
	assert_round_trip(
		*state,
		"{\"name\":\"a\\\"\\u0007b\",\"color\":\"dark-blue\",\"size\":{\"width\":5000,"
		"\"depth\":0.5},"
		"\"code\":\"AB-1\",\"count\":-3,\"big\":\"-9223372036854775808\","
		"\"due\":\"2026-01-31T23:59:59.999Z\",\"owner\":\"" ULID "\","
		"\"trace\":\"017f22e2-79b0-7cc3-98c4-dc0c0c07398f\",\"ratio\":-1.5,\"int\":true,"
		"\"camelCaseName\":\"x\",\"HTTPPort\":80,\"x-note\":\"\",\"always\":true,"
		"\"kind\":\"sample\",\"tags\":[\"a\",\"\"],\"grid\":[[1,2],[]],"
		"\"rows\":[{\"n\":1},{\"n\":2,\"inner\":{\"deep\":\"b\"}},{\"n\":3,\"inner\":{}}],"
		"\"raw\":[1,{\"a\":null}],\"free\":{\"x\":{}},\"map\":{\"a\":1},\"lists\":{\"b\":["
		"1,2]},"
		"\"tree\":{\"name\":\"t\",\"parent\":{\"name\":\"p\"},\"children\":[{\"name\":"
		"\"c\","
		"\"children\":[]}]}}");
}

static void
test_int64_holds_what_a_double_cannot(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST ",\"big\":\"9223372036854775807\"}"), WN_OK);
	assert_true(f->in.has_big);
	assert_true(f->in.big == INT64_MAX);
}

static void
test_int64_out_of_range_is_refused(void **state)
{
	assert_refused(*state, "{" LEAST ",\"big\":\"9223372036854775808\"}", "/big", "64-bit");
}

static void
test_int64_as_number_is_refused(void **state)
{
	assert_refused(*state, "{" LEAST ",\"big\":1}", "/big",
		       "expected a string, found a number");
}

static void
test_time_is_milliseconds(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST ",\"due\":\"1970-01-01T01:00:01.5+01:00\"}"), WN_OK);
	assert_int_equal(f->in.due, 1500);
}

static void
test_bad_time_is_refused(void **state)
{
	assert_refused(*state, "{" LEAST ",\"due\":\"tomorrow\"}", "/due", "RFC 3339");
}

static void
test_nested_arrays(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST ",\"grid\":[[7],[8,9]]}"), WN_OK);
	assert_int_equal(f->in.grid_len, 2);
	assert_int_equal(f->in.grid[1].items_len, 2);
	assert_int_equal(f->in.grid[1].items[1], 9);
}

static void
test_missing_member_names_object_and_member(void **state)
{
	assert_refused(*state, "{\"name\":\"ab\",\"color\":\"red\",\"size\":{}}", "/size",
		       "\"width\"");
	assert_refused(*state, "{\"name\":\"ab\",\"color\":\"red\"}", "", "\"size\"");
}

static void
test_unknown_member_is_refused(void **state)
{
	assert_refused(*state, "{" LEAST ",\"a/b~\":1}", "/a~1b~0", "unknown member");
}

static void
test_member_names_keep_their_case(void **state)
{
	assert_refused(*state, "{" LEAST ",\"camelcasename\":\"x\"}", "/camelcasename",
		       "unknown member");
}

static void
test_duplicate_member_is_refused(void **state)
{
	assert_refused(*state, "{" LEAST ",\"name\":\"ab\"}", "/name", "twice");
}

static void
test_duplicate_in_raw_json_is_refused(void **state)
{
	struct fix *f = *state;

	assert_int_not_equal(parse(f, "{" LEAST ",\"raw\":{\"a\":1,\"a\":2}}"), WN_OK);
	assert_string_equal(f->d.where, "/raw");
}

static void
test_error_in_an_array_has_its_index(void **state)
{
	assert_refused(*state,
		       "{" LEAST ",\"rows\":[{\"n\":1},{\"n\":2,\"inner\":{\"deep\":\"z\"}}]}",
		       "/rows/1/inner/deep", "expected one of \"a\", \"b\", found \"z\"");
	assert_refused(*state, "{" LEAST ",\"grid\":[[1],[2,-1]]}", "/grid/1/1", "at least 0");
}

static void
test_error_in_a_map_has_its_key(void **state)
{
	assert_refused(*state, "{" LEAST ",\"map\":{\"a\":1,\"b\":0}}", "/map/b", "at least 1");
	assert_refused(*state, "{" LEAST ",\"lists\":{\"a\":[1,2,3]}}", "/lists/a", "at most 2");
}

static void
test_string_lengths_count_characters(void **state)
{
	struct fix *f = *state;

	/* eight characters in 16 bytes */
	assert_int_equal(
		parse(f, "{\"name\":"
			 "\"\xd8\xa7\xd8\xa8\xd8\xaa\xd8\xab\xd8\xa7\xd8\xa8\xd8\xaa\xd8\xab\","
			 "\"color\":\"red\"," SIZE "}"),
		WN_OK);
	assert_refused(f, "{\"name\":\"123456789\",\"color\":\"red\"," SIZE "}", "/name",
		       "at most 8 characters, found 9");
	assert_refused(f, "{\"name\":\"\xd8\xa7\",\"color\":\"red\"," SIZE "}", "/name",
		       "at least 2 characters, found 1");
}

static void
test_integer_bounds(void **state)
{
	assert_refused(*state, "{" LEAST ",\"count\":11}", "/count", "at most 10, found 11");
	assert_refused(*state, "{" LEAST ",\"count\":-4}", "/count", "at least -3, found -4");
}

static void
test_integer_with_fraction_is_refused(void **state)
{
	struct fix *f = *state;

	assert_int_not_equal(parse(f, "{" LEAST ",\"count\":1.5}"), WN_OK);
	assert_string_equal(f->d.where, "/count");
}

static void
test_number_bounds(void **state)
{
	assert_refused(*state,
		       "{\"name\":\"ab\",\"color\":\"red\",\"size\":{\"width\":1,\"depth\":99.6}}",
		       "/size/depth", "at most 99.5");
}

static void
test_array_bounds(void **state)
{
	assert_refused(*state, "{" LEAST ",\"tags\":[]}", "/tags", "at least 1 elements");
	assert_refused(*state, "{" LEAST ",\"tags\":[\"a\",\"b\",\"c\",\"d\"]}", "/tags",
		       "at most 3 elements");
}

static void
test_pattern(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST ",\"code\":\"ABCD-123\"}"), WN_OK);
	assert_refused(f, "{" LEAST ",\"code\":\"A-1\"}", "/code", "matches ^[A-Z]{2,4}-[0-9]+$");
	assert_refused(f, "{" LEAST ",\"code\":\"ABCDE-1\"}", "/code", "matches");
	assert_refused(f, "{" LEAST ",\"code\":\"AB-\"}", "/code", "matches");
	assert_refused(f, "{" LEAST ",\"code\":\"AB-1x\"}", "/code", "matches");
	assert_refused(f, "{" LEAST ",\"code\":\"\"}", "/code", "matches");
}

/* Every generated checker says of every text what the regular expression says. */
static void
test_patterns_agree_with_regex(void **state)
{
	static const char *const texts[] = {
		"",
		"a",
		"b",
		"c",
		"ab",
		"abc",
		"ac",
		"abab",
		"ababab",
		"A",
		"a/A",
		"aa/b/C",
		"/A",
		"a//A",
		"AB-1",
		"ABCDE-12",
		"A-1",
		"AB-",
		"en",
		"en-GB",
		"en-",
		"2026-01",
		"2026-1",
		"a.b@c-d",
		"@",
		"xxxyy",
		"xxxy",
		"xxyy",
		"xxxyyyyy",
		"${a}",
		"${}",
		"${a}}",
		"a;",
		"abc;",
		"abcb;a;",
		"abcc;",
		"-1.5",
		"+1",
		"1.",
		".5",
		"a\nb",
		"\n",
		"\xc3\xa9",
		"\xc3\xa9\xe2\x82\xac",
		"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80",
		"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
		"a\xc3\xa9/",
		"${\xc3\xa9}",
	};

	(void)state;
	for (size_t i = 0; i < model_patterns_shape.n; i++) {
		const struct wn_shape *s = model_patterns_shape.fields[i].shape;
		struct wn_regex *re = NULL;
		assert_int_equal(wn_regex_new(wn_str(s->pattern), &re, NULL), WN_OK);
		for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
			if (s->matches(wn_str(texts[k])) !=
			    (wn_regex_match(re, wn_str(texts[k])) == 1))
				fail_msg("%s differs on \"%s\"", s->pattern, texts[k]);
		wn_regex_free(re);
	}
}

static void
test_formats(void **state)
{
	assert_refused(*state, "{" LEAST ",\"owner\":\"x\"}", "/owner", "ULID");
	assert_refused(*state, "{" LEAST ",\"trace\":\"x\"}", "/trace", "UUID");
}

static void
test_constants(void **state)
{
	assert_refused(*state, "{" LEAST ",\"always\":false}", "/always",
		       "expected true, found false");
	assert_refused(*state, "{" LEAST ",\"kind\":\"other\"}", "/kind",
		       "expected \"sample\", found \"other\"");
}

static void
test_null_is_not_absent(void **state)
{
	assert_refused(*state, "{" LEAST ",\"code\":null}", "/code",
		       "expected a string, found null");
}

static void
test_recursion_through_optional_members(void **state)
{
	assert_refused(*state,
		       "{" LEAST
		       ",\"tree\":{\"name\":\"a\",\"parent\":{\"name\":\"b\",\"children\":[{}]}}}",
		       "/tree/parent/children/0", "\"name\"");
}

static void
test_depth_is_bounded(void **state)
{
	struct fix *f = *state;
	struct wn_buf b;

	wn_buf_init(&b, 1u << 20);
	wn_buf_cstr(&b, "{" LEAST ",\"tree\":");
	for (int i = 0; i < 5000; i++)
		wn_buf_cstr(&b, "{\"name\":\"a\",\"parent\":");
	assert_int_not_equal(parse(f, b.p), WN_OK);
	wn_buf_fini(&b);
}

static void
test_arena_limit_is_an_error(void **state)
{
	struct fix *f = *state;
	struct wn_buf b;

	wn_arena_fini(&f->arena);
	wn_arena_init(&f->arena, 64);
	wn_buf_init(&b, 1u << 20);
	wn_buf_cstr(&b, "{" LEAST ",\"tree\":{\"name\":\"a\",\"children\":[{\"name\":\"a\"}]}}");
	assert_int_equal(parse(f, b.p), WN_E_LIMIT);
	wn_buf_fini(&b);
}

static void
test_wrong_types_and_syntax(void **state)
{
	struct fix *f = *state;

	assert_refused(f, "[]", "", "expected an object, found an array");
	assert_int_equal(parse(f, "{" LEAST), WN_E_PARSE);
	assert_int_equal(parse(f, "{" LEAST "} x"), WN_E_PARSE);
	assert_int_equal(parse(f, "\xff"), WN_E_PARSE);
	assert_int_equal(parse(f, "{\"name\":\"\xff\"}"), WN_E_PARSE);
}

static void
test_empty_text_is_an_empty_object(void **state)
{
	struct fix *f = *state;

	assert_refused(f, "", "", "\"name\"");
}

/* --- structs filled by hand --- */

static void
test_validate_finds_what_parse_would(void **state)
{
	struct fix *f = *state;
	struct model_tree child = { 0 },
			  tree = { .name = WN_STR("x"), .children = &child, .children_len = 1 };

	assert_int_equal(model_tree_validate(&tree, &f->d), WN_E_SCHEMA);
	assert_string_equal(f->d.where, "/children/0");
	child.name = WN_STR("\xff");
	wn_diag_clear(&f->d);
	assert_int_equal(model_tree_validate(&tree, &f->d), WN_E_SCHEMA);
	assert_string_equal(f->d.where, "/children/0/name");
}

static void
test_validate_refuses_an_unknown_enum(void **state)
{
	struct fix *f = *state;
	struct sample_created e = { .id = WN_STR("1"), .color = (enum model_color)77 };

	assert_int_equal(sample_created_validate(&e, &f->d), WN_E_SCHEMA);
	assert_string_equal(f->d.where, "/color");
}

static void
test_validate_refuses_text_that_is_no_json(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST "}"), WN_OK);
	f->in.raw = WN_STR("{\"a\":");
	assert_int_not_equal(sample_create_params_validate(&f->in, &f->d), WN_OK);
	assert_string_equal(f->d.where, "/raw");
}

static void
test_raw_json_prints_on_one_line(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST "}"), WN_OK);
	f->in.raw = WN_STR("{\n\"a\":\r\n1}");
	assert_int_equal(sample_create_params_print(&f->in, &f->out), WN_OK);
	assert_null(strpbrk(f->out.p, "\r\n"));
}

static void
test_print_reports_a_full_buffer(void **state)
{
	struct fix *f = *state;

	assert_int_equal(parse(f, "{" LEAST "}"), WN_OK);
	wn_buf_fini(&f->out);
	wn_buf_init(&f->out, 10);
	assert_int_equal(sample_create_params_print(&f->in, &f->out), WN_E_LIMIT);
}

static void
test_enum_names_both_ways(void **state)
{
	(void)state;
	assert_string_equal(model_color_name(MODEL_COLOR_DARK_BLUE), "dark-blue");
	assert_null(model_color_name((enum model_color)0));
	assert_int_equal(model_color_value(WN_STR("x2")), MODEL_COLOR_X2);
	assert_int_equal(model_color_value(WN_STR("green")), 0);
}

/* --- methods --- */

static wn_err
call(struct fix *f, size_t method, const char *params)
{
	wn_buf_clear(&f->out);
	wn_diag_clear(&f->ctx.diag);
	return sample_methods[method].fn(NULL, &f->ctx, wn_str(params), &f->out);
}

static void
test_trampoline_answers(void **state)
{
	struct fix *f = *state;

	assert_int_equal(call(f, 0, "{" LEAST "}"), WN_OK);
	assert_string_equal(f->out.p, "{\"id\":\"ab\",\"stamp\":\"1970-01-01T00:00:01.000Z\"}");
}

static void
test_bad_params_are_the_callers_fault(void **state)
{
	struct fix *f = *state;

	assert_int_equal(call(f, 0, "{}"), WN_E_INVALID);
	assert_int_equal(f->ctx.diag.code, WN_E_INVALID);
	assert_int_equal(f->out.len, 0);
}

static void
test_bad_result_is_our_fault(void **state)
{
	struct fix *f = *state;

	assert_int_equal(call(f, 0, "{\"name\":\"broken\",\"color\":\"red\"," SIZE "}"),
			 WN_E_CONTRACT);
	assert_string_equal(f->ctx.diag.where, "/id");
	assert_int_equal(f->out.len, 0);
}

static void
test_handlers_error_goes_through(void **state)
{
	struct fix *f = *state;

	assert_int_equal(call(f, 0, "{\"name\":\"taken\",\"color\":\"red\"," SIZE "}"),
			 WN_E_EXISTS);
	assert_string_equal(f->ctx.diag.text, "it is taken");
}

static void
test_deferred_answer_prints_nothing(void **state)
{
	struct fix *f = *state;

	assert_int_equal(call(f, 2, ""), WN_PENDING);
	assert_int_equal(f->out.len, 0);
}

static void
test_result_of_a_model_type(void **state)
{
	struct fix *f = *state;

	assert_int_equal(call(f, 1, "{\"id\":\"x\"}"), WN_OK);
	assert_string_equal(f->out.p, "{\"name\":\"x\"}");
}

static void
test_method_table(void **state)
{
	(void)state;
	assert_string_equal(sample_methods[0].name, "sample.create");
	assert_string_equal(sample_methods[0].permission, "sample.write");
	assert_int_equal(sample_methods[0].run, WN_RUN_LOOP);
	assert_int_equal(sample_methods[1].run, WN_RUN_JOB);
	assert_string_equal(sample_methods[2].permission, "");
	assert_null(sample_methods[3].name);
}

/* --- events --- */

struct fake_host {
	struct wn_host host; /* first */
	struct wn_mod mod;
	struct wn_emit got;
	char data[400];
	int n;
};

static wn_err
fake_emit(struct wn_mod *mod, struct wn_ctx *ctx, const struct wn_emit *emit)
{
	struct fake_host *h = mod->state;

	(void)ctx;
	h->got = *emit;
	h->n++;
	assert_true(emit->data.len < sizeof h->data);
	memcpy(h->data, emit->data.p, emit->data.len);
	h->data[emit->data.len] = 0;
	return WN_OK;
}

static void
fake_init(struct fake_host *h)
{
	memset(h, 0, sizeof *h);
	h->host.emit = fake_emit;
	h->mod.host = &h->host;
	h->mod.state = h;
}

static void
test_emit_hands_over(void **state)
{
	struct fix *f = *state;
	struct fake_host h;
	struct sample_created e = { .id = WN_STR("7"), .color = MODEL_COLOR_X2 };

	fake_init(&h);
	assert_int_equal(emit_sample_created(&h.mod, &f->ctx, "sample/7", &e), WN_OK);
	assert_string_equal(h.got.type, "sample.created");
	assert_int_equal(h.got.schema_version, 2);
	assert_string_equal(h.got.stream, "sample/7");
	assert_string_equal(h.got.subject, "7");
	assert_int_equal(h.got.expect, -1);
	assert_string_equal(h.data, "{\"id\":\"7\",\"color\":\"x2\"}");
}

static void
test_emit_with_expectation(void **state)
{
	struct fix *f = *state;
	struct fake_host h;
	struct model_size e = { .width = 3 };
	struct wn_emit how = { .stream = "sample/7", .expect = 4, .id = ULID, .type = "x" };

	fake_init(&h);
	assert_int_equal(emit_sample_moved_with(&h.mod, &f->ctx, &how, &e), WN_OK);
	assert_string_equal(h.got.type, "sample.moved");
	assert_int_equal(h.got.expect, 4);
	assert_string_equal(h.got.id, ULID);
	assert_null(h.got.subject);
}

static void
test_emit_refuses_a_broken_payload(void **state)
{
	struct fix *f = *state;
	struct fake_host h;
	struct sample_created e = { .id = WN_STR("7") };

	fake_init(&h);
	assert_int_equal(emit_sample_created(&h.mod, &f->ctx, "sample/7", &e), WN_E_CONTRACT);
	assert_int_equal(h.n, 0);
}

static void
test_check_event(void **state)
{
	struct fix *f = *state;

	assert_int_equal(wn_contract_check_event("sample.moved", 1, WN_STR("{\"width\":1}"),
						 &f->arena, &f->d),
			 WN_OK);
	assert_int_equal(wn_contract_check_event("sample.moved", 1, WN_STR("{\"width\":0}"),
						 &f->arena, &f->d),
			 WN_E_CONTRACT);
	assert_string_equal(f->d.where, "/width");
	assert_int_equal(wn_contract_check_event("sample.moved", 2, WN_STR("{\"width\":1}"),
						 &f->arena, NULL),
			 WN_E_CONTRACT);
}

/* --- client --- */

struct fake_port {
	struct wn_rpc_port port; /* first */
	wn_rpc_reply_fn reply;
	void *arg;
	char params[400];
	char attachment[20];
};

static wn_err
fake_call(struct wn_rpc_port *port, const char *method, struct wn_str params,
	  struct wn_str attachment, wn_rpc_reply_fn reply, void *arg)
{
	struct fake_port *p = (struct fake_port *)port;

	assert_non_null(method);
	p->reply = reply;
	p->arg = arg;
	memcpy(p->params, params.p, params.len);
	if (attachment.len)
		memcpy(p->attachment, attachment.p, attachment.len);
	return WN_OK;
}

struct got {
	wn_err err;
	char id[20];
	int n;
};

static void
got_create(void *arg, wn_err err, const struct sample_create_result *result,
	   struct wn_str attachment, const struct wn_diag *d)
{
	struct got *g = arg;

	(void)attachment;
	g->err = err;
	g->n++;
	if (err)
		assert_non_null(d);
	else
		memcpy(g->id, result->id.p, result->id.len);
}

static void
test_client_stub(void **state)
{
	struct fix *f = *state;
	struct fake_port p = { .port = { fake_call } };
	struct got g = { 0 };

	assert_int_equal(parse(f, "{" LEAST "}"), WN_OK);
	assert_int_equal(
		wn_call_sample_create(&p.port, &f->in, WN_STR("bytes"), got_create, &g, &f->d),
		WN_OK);
	assert_string_equal(p.params, "{" LEAST "}");
	assert_string_equal(p.attachment, "bytes");
	p.reply(p.arg, WN_OK, WN_STR("{\"id\":\"q\",\"stamp\":\"1970-01-01T00:00:00Z\"}"),
		WN_STR_NONE, NULL);
	assert_int_equal(g.n, 1);
	assert_int_equal(g.err, WN_OK);
	assert_string_equal(g.id, "q");
}

static void
test_client_stub_refuses_bad_params(void **state)
{
	struct fix *f = *state;
	struct fake_port p = { .port = { fake_call } };
	struct sample_create_params in = { 0 };

	assert_int_equal(wn_call_sample_create(&p.port, &in, WN_STR_NONE, got_create, NULL, &f->d),
			 WN_E_INVALID);
	assert_null(p.reply);
}

static void
test_client_stub_refuses_a_bad_result(void **state)
{
	struct fix *f = *state;
	struct fake_port p = { .port = { fake_call } };
	struct got g = { 0 };

	assert_int_equal(parse(f, "{" LEAST "}"), WN_OK);
	assert_int_equal(wn_call_sample_create(&p.port, &f->in, WN_STR_NONE, got_create, &g, &f->d),
			 WN_OK);
	p.reply(p.arg, WN_OK, WN_STR("{\"id\":1}"), WN_STR_NONE, NULL);
	assert_int_equal(g.err, WN_E_CONTRACT);
}

static void
test_clients_ignore_members_they_do_not_know(void **state)
{
	struct fix *f = *state;
	struct fake_port p = { .port = { fake_call } };
	struct got g = { 0 };
	struct sample_changed_note note;

	assert_int_equal(parse(f, "{" LEAST "}"), WN_OK);
	assert_int_equal(wn_call_sample_create(&p.port, &f->in, WN_STR_NONE, got_create, &g, &f->d),
			 WN_OK);
	p.reply(p.arg, WN_OK,
		WN_STR("{\"newer\":{\"a\":[1]},\"id\":\"q\",\"stamp\":\"1970-01-01T00:00:00Z\"}"),
		WN_STR_NONE, NULL);
	assert_int_equal(g.err, WN_OK);
	assert_int_equal(sample_changed_note_parse(WN_STR("{\"stream\":7,\"newer\":null}"),
						   &f->arena, &note, &f->d),
			 WN_OK);
	assert_int_equal(note.stream, 7);
	/* Skipped is not unread. */
	assert_int_equal(
		sample_changed_note_parse(WN_STR("{\"stream\":7,\"newer\":{\"a\":1,\"a\":2}}"),
					  &f->arena, &note, &f->d),
		WN_E_PARSE);
}

static void
test_protocol_is_a_constant(void **state)
{
	(void)state;
	assert_int_equal(WN_PROTOCOL, 3);
}

/* --- tables --- */

static void
test_descriptor_tables(void **state)
{
	(void)state;
	assert_ptr_equal(wn_modules[0], &sample_module);
	assert_null(wn_modules[1]);
	assert_int_equal(wn_module_count, 1);
	assert_string_equal(sample_needs[SAMPLE_NEED_SHELF].name, "shelf");
	assert_int_equal(sample_needs[SAMPLE_NEED_SHELF].major, 2);
	assert_int_equal(sample_needs[SAMPLE_NEED_SHELF].minor, 7);
	assert_int_equal(sample_needs[SAMPLE_NEED_SHELF].flags, WN_NEED_OPTIONAL);
	assert_null(sample_needs[2].name);
	assert_string_equal(sample_listens[1].event, "sample.*");
	assert_string_equal(sample_projects[0].event, "sample.created");
	assert_string_equal(sample_tables[0], "sample_item");
}

static void
test_migrations_are_embedded_byte_by_byte(void **state)
{
	(void)state;
	assert_non_null(strstr(sample_migrations[0], "DEFAULT '\"quoted\" \\ and ?\?/ odd'\n"));
	assert_string_equal(sample_migrations[1],
			    "ALTER TABLE sample_item ADD COLUMN color TEXT;\n");
	assert_null(sample_migrations[2]);
}

static void
test_settings_table(void **state)
{
	(void)state;
	const struct wn_setting *s = wn_setting_find(WN_STR("sample.limit"));
	assert_int_equal(wn_setting_count, 2);
	assert_string_equal(wn_settings[0].name, "sample.color");
	assert_string_equal(wn_settings[0].env, "SAMPLE_COLOR");
	assert_string_equal(wn_settings[0].fallback, "\"red\"");
	assert_null(wn_settings[0].flag);
	assert_string_equal(s->type, "integer");
	assert_string_equal(s->env, "WEBNOVA_SAMPLE_LIMIT");
	assert_string_equal(s->flag, "--sample-limit");
	assert_null(wn_setting_find(WN_STR("sample.none")));
}

static void
test_permissions_table(void **state)
{
	(void)state;
	assert_int_equal(wn_permission_count, 2);
	assert_string_equal(wn_permissions[1].name, "sample.write");
	assert_string_equal(wn_permissions[1].summary, "Make samples.");
}

static void
test_contract_rows(void **state)
{
	(void)state;
	assert_string_equal(wn_contract_event_find("sample.created")->dataschema,
			    "urn:webnova:event:sample.created:2");
	assert_string_equal(wn_contract_method_find("sample.create")->errors, "exists no_space");
	assert_true(wn_contract_method_find("sample.changed")->is_notification);
	assert_null(wn_contract_method_find("sample.changed")->result);
	assert_null(wn_contract_method_find("sample.nothing"));
}

/* Every embedded schema compiles in one set, so that every reference resolves. */
static void
test_schema_texts_compile_together(void **state)
{
	struct fix *f = *state;
	struct wn_schema_set *set = wn_schema_set_new(NULL);

	for (const struct wn_schema_row *r = wn_schema_rows; r->uri; r++) {
		struct wn_json *doc = NULL;
		assert_int_equal(wn_json_parse(wn_str(r->text), NULL, &doc, &f->d), WN_OK);
		assert_int_equal(wn_schema_set_add(set, r->uri, doc, &f->d), WN_OK);
		wn_json_free(doc);
	}
	for (const struct wn_schema_row *r = wn_schema_rows; r->uri; r++) {
		const struct wn_schema *s = NULL;
		if (wn_schema_compile(set, r->uri, &s, &f->d))
			fail_msg("%s: %s", r->uri, f->d.text);
	}
	wn_schema_set_free(set);
}

static void
test_schema_text_by_uri(void **state)
{
	(void)state;
	assert_non_null(wn_schema_text("urn:webnova:event:sample.created:2"));
	assert_non_null(wn_schema_text("urn:webnova:rpc:sample.create:params"));
	assert_non_null(wn_schema_text("urn:webnova:rpc:sample.wait:params"));
	assert_non_null(wn_schema_text("urn:webnova:model:paper"));
	assert_non_null(wn_schema_text("urn:webnova:config:sample.limit"));
	assert_non_null(wn_schema_text("urn:webnova:module"));
	assert_null(wn_schema_text("urn:webnova:none"));
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_smallest_document),
		T(test_default_fills_in_without_flag),
		T(test_every_kind_round_trips),
		T(test_int64_holds_what_a_double_cannot),
		T(test_int64_out_of_range_is_refused),
		T(test_int64_as_number_is_refused),
		T(test_time_is_milliseconds),
		T(test_bad_time_is_refused),
		T(test_nested_arrays),
		T(test_missing_member_names_object_and_member),
		T(test_unknown_member_is_refused),
		T(test_member_names_keep_their_case),
		T(test_duplicate_member_is_refused),
		T(test_duplicate_in_raw_json_is_refused),
		T(test_error_in_an_array_has_its_index),
		T(test_error_in_a_map_has_its_key),
		T(test_string_lengths_count_characters),
		T(test_integer_bounds),
		T(test_integer_with_fraction_is_refused),
		T(test_number_bounds),
		T(test_array_bounds),
		T(test_pattern),
		T(test_patterns_agree_with_regex),
		T(test_formats),
		T(test_constants),
		T(test_null_is_not_absent),
		T(test_recursion_through_optional_members),
		T(test_depth_is_bounded),
		T(test_arena_limit_is_an_error),
		T(test_wrong_types_and_syntax),
		T(test_empty_text_is_an_empty_object),
		T(test_validate_finds_what_parse_would),
		T(test_validate_refuses_an_unknown_enum),
		T(test_validate_refuses_text_that_is_no_json),
		T(test_raw_json_prints_on_one_line),
		T(test_print_reports_a_full_buffer),
		T(test_enum_names_both_ways),
		T(test_trampoline_answers),
		T(test_bad_params_are_the_callers_fault),
		T(test_bad_result_is_our_fault),
		T(test_handlers_error_goes_through),
		T(test_deferred_answer_prints_nothing),
		T(test_result_of_a_model_type),
		T(test_method_table),
		T(test_emit_hands_over),
		T(test_emit_with_expectation),
		T(test_emit_refuses_a_broken_payload),
		T(test_check_event),
		T(test_client_stub),
		T(test_client_stub_refuses_bad_params),
		T(test_client_stub_refuses_a_bad_result),
		T(test_clients_ignore_members_they_do_not_know),
		T(test_protocol_is_a_constant),
		T(test_descriptor_tables),
		T(test_migrations_are_embedded_byte_by_byte),
		T(test_settings_table),
		T(test_permissions_table),
		T(test_contract_rows),
		T(test_schema_texts_compile_together),
		T(test_schema_text_by_uri),
	};
	return cmocka_run_group_tests_name("unit/schemas/sample", tests, NULL, NULL);
}
