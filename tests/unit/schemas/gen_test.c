/*
 * The contract compiler as a program: what it refuses, that it is deterministic, that what it
 * did not generate does not compile, and the documents it publishes. Runs build/wn-gen and the C
 * compiler named by CC (cc when unset) in a directory of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"

#define FIXTURE "tests/unit/schemas/fixture"

struct room {
	char *build;  /* where wn-gen is */
	char dir[64]; /* ours */
	char *log;    /* what the last program said */
};

/* --- running programs --- */

static int
run(struct room *r, const char *const *argv)
{
	char *log = wn_path_join(r->dir, "log");
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (!freopen(log, "w", stdout) || dup2(1, 2) < 0)
			_exit(126);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	struct wn_buf b;
	wn_buf_init(&b, 1u << 20);
	assert_int_equal(wn_file_read(log, &b, NULL), WN_OK);
	wn_free(r->log);
	r->log = wn_buf_take(&b, NULL);
	wn_free(log);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int
gen(struct room *r, const char *schemas, const char *module)
{
	char *program = wn_path_join(r->build, "wn-gen"), *out = wn_path_join(r->dir, "gen");
	const char *argv[] = { program, "--out", out, schemas, module, NULL };
	int status = run(r, argv);

	wn_free(program);
	wn_free(out);
	return status;
}

/* Compiles a program text against the fixture's generated headers. */
static int
compile(struct room *r, const char *text)
{
	char *source = wn_path_join(r->dir, "try.c"), *include = wn_asprintf("-I%s", r->dir);
	const char *cc = getenv("CC");
	const char *argv[] = { cc && *cc ? cc : "cc",
			       "-std=c11",
			       "-D_GNU_SOURCE",
			       "-Wall",
			       "-Wextra",
			       "-Werror",
			       "-I.",
			       include,
			       "-fsyntax-only",
			       source,
			       NULL };

	assert_int_equal(wn_file_write(source, wn_str(text), 0644, NULL), WN_OK);
	int status = run(r, argv);
	wn_free(source);
	wn_free(include);
	return status;
}

/* --- room --- */

static int
setup(void **state)
{
	struct room *r = test_calloc(1, sizeof *r);
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	self[n > 0 ? n : 0] = 0;
	for (int i = 0; i < 4; i++) /* tests/unit/schemas/gen_test */
		*strrchr(self, '/') = 0;
	r->build = wn_strdup(self);
	snprintf(r->dir, sizeof r->dir, "/tmp/wn-gen-test-XXXXXX");
	if (!mkdtemp(r->dir))
		return -1;
	*state = r;
	return 0;
}

static int
teardown(void **state)
{
	struct room *r = *state;
	wn_err err = wn_file_rmtree(r->dir, NULL);

	wn_free(r->build);
	wn_free(r->log);
	test_free(r);
	return err;
}

static void
write_file(struct room *r, const char *name, const char *text)
{
	char *path = wn_path_join(r->dir, name), *parent = wn_strdup(path);

	*strrchr(parent, '/') = 0;
	assert_int_equal(wn_file_mkdirs(parent, 0755, NULL), WN_OK);
	assert_int_equal(wn_file_write(path, wn_str(text), 0644, NULL), WN_OK);
	wn_free(path);
	wn_free(parent);
}

static char *
read_file(struct room *r, const char *name)
{
	char *path = wn_path_join(r->dir, name);
	struct wn_buf b;

	wn_buf_init(&b, 16u << 20);
	assert_int_equal(wn_file_read(path, &b, NULL), WN_OK);
	wn_free(path);
	return wn_buf_take(&b, NULL);
}

#define MANIFEST                                                                                   \
	"{\"name\":\"m\",\"version\":\"1.0.0\",\"summary\":\"s\",\"emits\":[%s],\"listens\":[%s]," \
	"\"methods\":{%s},\"permissions\":{\"m.use\":\"Use it.\"}}"

/* A tree with module m, its one method m.do with these params and this manifest. */
static int
gen_small(struct room *r, const char *params, const char *emits, const char *listens,
	  const char *methods)
{
	char *rpc = wn_asprintf("{\"methods\":{\"m.do\":{\"summary\":\"s\",\"run\":\"loop\","
				"\"params\":%s}}}",
				params);
	char *manifest = wn_asprintf(MANIFEST, emits, listens, methods);
	char *schema, *root = wn_path_join(r->dir, "schemas"), *module = wn_path_join(r->dir, "m");
	struct wn_buf b;

	wn_buf_init(&b, 1u << 20);
	assert_int_equal(wn_file_read("schemas/module/module.schema.json", &b, NULL), WN_OK);
	schema = wn_buf_take(&b, NULL);
	write_file(r, "schemas/module/module.schema.json", schema);
	write_file(r, "schemas/rpc/m.json", rpc);
	write_file(r, "m/module.json", manifest);
	int status = gen(r, root, module);
	wn_free(rpc);
	wn_free(manifest);
	wn_free(schema);
	wn_free(root);
	wn_free(module);
	return status;
}

static void
assert_says(struct room *r, const char *part)
{
	if (!strstr(r->log, part))
		fail_msg("\"%s\" does not say \"%s\"", r->log, part);
}

#define OBJECT(members) \
	"{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{" members "}}"
#define DO "\"m.do\":\"m.use\""

/* The schema of member x is refused, in these words. */
static void
assert_schema_refused(void **state, const char *schema, const char *pointer, const char *words)
{
	struct room *r = *state;
	char *params = wn_asprintf(OBJECT("\"x\":%s"), schema);
	char *where =
		wn_asprintf("schemas/rpc/m.json#/methods/m.do/params/properties/x%s: ", pointer);

	assert_int_equal(gen_small(r, params, "", "", DO), 1);
	assert_says(r, where);
	assert_says(r, words);
	wn_free(params);
	wn_free(where);
}

/* --- what is refused --- */

static void
test_unknown_keyword(void **state)
{
	assert_schema_refused(state, "{\"type\":\"string\",\"oneOf\":[]}", "/oneOf",
			      "the keyword \"oneOf\" is not in the subset for a string");
}

static void
test_keyword_of_another_type(void **state)
{
	assert_schema_refused(state, "{\"type\":\"string\",\"minimum\":1}", "/minimum", "subset");
	assert_schema_refused(state, "{\"minimum\":1}", "/minimum", "without \"type\"");
}

/* Ends the method early: what else a file of methods may hold. */
#define AND(rest) OBJECT("") "}}," rest

static void
test_a_notification_is_an_object(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r,
				   AND("\"notifications\":{\"m.told\":{\"summary\":\"s\","
				       "\"params\":{\"type\":\"string\"}"),
				   "", "", DO),
			 1);
	assert_says(r, "/notifications/m.told/params: expected an object with properties");
}

static void
test_the_protocol_is_a_number(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r,
				   AND("\"protocol\":0,\"notifications\":{\"m.told\":{\"summary\":"
				       "\"s\",\"params\":" OBJECT("")),
				   "", "", DO),
			 1);
	assert_says(r, "/protocol: expected a number from 1 to 9999");
}

static void
test_two_types(void **state)
{
	assert_schema_refused(state, "{\"type\":[\"string\",\"null\"]}", "/type",
			      "expected one of string");
}

static void
test_unknown_format(void **state)
{
	assert_schema_refused(state, "{\"type\":\"string\",\"format\":\"email\"}", "/format",
			      "\"email\" is not in the subset");
}

static void
test_open_object(void **state)
{
	assert_schema_refused(state, "{\"type\":\"object\",\"properties\":{}}", "",
			      "\"additionalProperties\": false");
}

static void
test_required_without_property(void **state)
{
	assert_schema_refused(
		state,
		"{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{},"
		"\"required\":[\"a\"]}",
		"/required/0", "not in properties");
}

static void
test_dangling_reference(void **state)
{
	assert_schema_refused(state, "{\"$ref\":\"#/$defs/none\"}", "/$ref", "names nothing");
	assert_schema_refused(state, "{\"$ref\":\"urn:webnova:model:no#/$defs/x\"}", "/$ref",
			      "names nothing");
	assert_schema_refused(state, "{\"$ref\":\"https://example.org/x\"}", "/$ref",
			      "names nothing");
}

static void
test_patterns_outside_the_subset(void **state)
{
	static const char *const patterns[][2] = {
		{ "a+", "not ^...$" },	       { "^a|b$", "alternation" },
		{ "^a+a$", "overlaps" },       { "^(a*)*$", "may be empty" },
		{ "^(?=a)b$", "lookaround" },  { "^[a$", "without ]" },
		{ "^(a$", "without )" },       { "^a)$", "without (" },
		{ "^a{2,1}$", "empty {n,m}" }, { "^a+?$", "lazy" },
		{ "^\\\\b$", "escape" },       { "^(ab?)+b$", "overlaps" },
		{ "^\xc3\xa9$", "ASCII" },
	};

	for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
		char *schema =
			wn_asprintf("{\"type\":\"string\",\"pattern\":\"%s\"}", patterns[i][0]);
		assert_schema_refused(state, schema, "/pattern", patterns[i][1]);
		wn_free(schema);
	}
}

static void
test_default_that_breaks_its_schema(void **state)
{
	assert_schema_refused(state, "{\"type\":\"integer\",\"maximum\":5,\"default\":6}",
			      "/default", "5");
}

static void
test_example_that_breaks_its_schema(void **state)
{
	assert_schema_refused(state,
			      "{\"type\":\"string\",\"maxLength\":1,\"examples\":[\"a\",\"bb\"]}",
			      "/examples/1", "1");
}

static void
test_list_where_an_object_belongs(void **state)
{
	assert_schema_refused(state,
			      "{\"type\":\"object\",\"additionalProperties\":false,"
			      "\"properties\":[\"a\"]}",
			      "/properties", "expected an object");
}

static void
test_two_members_with_one_c_name(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r, OBJECT("\"aB\":{},\"a_b\":{}"), "", "", DO), 1);
	assert_says(r, "two members become a_b in C");
}

static void
test_flag_name_that_clashes(void **state)
{
	struct room *r = *state;

	assert_int_equal(
		gen_small(r, OBJECT("\"has_n\":{},\"n\":{\"type\":\"integer\"}"), "", "", DO), 1);
	assert_says(r, "has_n");
}

static void
test_method_without_permission(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r, OBJECT(""), "", "", ""), 1);
	assert_says(r, "m/module.json#/methods/m.do: the method has a schema but no permission");
}

static void
test_permission_without_sentence(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r, OBJECT(""), "", "", "\"m.do\":\"m.other\""), 1);
	assert_says(r, "\"m.other\" is not under \"permissions\"");
}

static void
test_method_without_schema(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r, OBJECT(""), "", "", DO ",\"m.more\":\"m.use\""), 1);
	assert_says(r, "m/module.json#/methods/m.more: no schema declares the method");
}

static void
test_event_without_schema(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r, OBJECT(""), "\"m.done\"", "\"n.done\"", DO), 1);
	assert_says(r, "m/module.json#/emits/0: no schema declares the event \"m.done\"");
	assert_says(r, "m/module.json#/listens/0: no schema declares the event \"n.done\"");
}

static void
test_manifest_against_its_schema(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r, OBJECT(""), "7", "", DO), 1);
	assert_says(r, "m/module.json#/emits/0: ");
}

static void
test_syntax_error_has_its_place(void **state)
{
	struct room *r = *state;

	assert_int_equal(gen_small(r, "{,}", "", "", DO), 1);
	assert_says(r, "schemas/rpc/m.json#: ");
}

static void
test_nothing_is_written_after_an_error(void **state)
{
	struct room *r = *state;
	char *header;

	assert_int_equal(gen_small(r, "{,}", "", "", DO), 1);
	header = wn_path_join(r->dir, "gen/m.h");
	assert_false(wn_file_exists(header));
	wn_free(header);
}

/* --- what comes out --- */

static void
gen_fixture(struct room *r)
{
	if (gen(r, FIXTURE "/schemas", FIXTURE "/sample"))
		fail_msg("%s", r->log);
}

static void
test_second_run_touches_nothing(void **state)
{
	struct room *r = *state;
	struct stat before, after;
	char *path = wn_path_join(r->dir, "gen/sample_types.c");

	gen_fixture(r);
	assert_int_equal(stat(path, &before), 0);
	char *text = read_file(r, "gen/sample_types.c");
	gen_fixture(r);
	char *again = read_file(r, "gen/sample_types.c");
	assert_int_equal(stat(path, &after), 0);
	assert_string_equal(text, again);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
	wn_free(path);
	wn_free(text);
	wn_free(again);
}

static void
test_files_of_a_removed_module_go(void **state)
{
	struct room *r = *state;
	char *old = wn_path_join(r->dir, "gen/sample.c");
	char *ours = wn_path_join(r->dir, "gen/hand.c");

	gen_fixture(r);
	write_file(r, "gen/hand.c", "int x;\n");
	assert_int_equal(gen_small(r, OBJECT(""), "", "", DO), 0);
	assert_false(wn_file_exists(old));
	assert_true(wn_file_exists(ours));
	wn_free(old);
	wn_free(ours);
}

static void
test_declared_event_compiles(void **state)
{
	struct room *r = *state;

	gen_fixture(r);
	if (compile(r, "#include \"gen/sample.h\"\n"
		       "wn_err f(struct wn_mod *m, struct wn_ctx *c, struct sample_created *p);\n"
		       "wn_err f(struct wn_mod *m, struct wn_ctx *c, struct sample_created *p)\n"
		       "{ return emit_sample_created(m, c, \"sample/1\", p); }\n"))
		fail_msg("%s", r->log);
}

static void
test_undeclared_event_does_not_compile(void **state)
{
	struct room *r = *state;

	gen_fixture(r);
	assert_int_not_equal(
		compile(r,
			"#include \"gen/sample.h\"\n"
			"wn_err f(struct wn_mod *m, struct wn_ctx *c, struct sample_removed *p);\n"
			"wn_err f(struct wn_mod *m, struct wn_ctx *c, struct sample_removed *p)\n"
			"{ return emit_sample_removed(m, c, \"sample/1\", p); }\n"),
		0);
	assert_says(r, "emit_sample_removed");
}

static struct wn_json *
document(struct room *r, const char *name)
{
	char *text = read_file(r, name);
	struct wn_json *doc = NULL;
	struct wn_diag d = { 0 };

	if (wn_json_parse(wn_str(text), NULL, &doc, &d))
		fail_msg("%s: %s", name, d.text);
	wn_free(text);
	return doc;
}

/* Every local reference of a document leads somewhere. */
static void
assert_refs_resolve(const struct wn_json *doc, const struct wn_json *j)
{
	const char *ref = wn_json_get_str(j, "$ref", NULL);

	if (ref && (ref[0] != '#' || !wn_json_at(doc, ref + 1)))
		fail_msg("%s leads nowhere", ref);
	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c))
		assert_refs_resolve(doc, c);
}

static void
test_openrpc(void **state)
{
	static const char *const names[] = { "sample.create", "sample.get", "sample.wait" };
	struct room *r = *state;

	gen_fixture(r);
	struct wn_json *doc = document(r, "gen/openrpc.json");
	const struct wn_json *m = wn_json_first(wn_json_get(doc, "methods"));
	assert_string_equal(wn_json_get_str(doc, "openrpc", ""), "1.3.2");
	assert_non_null(wn_json_at(doc, "/info/title"));
	assert_non_null(wn_json_at(doc, "/info/version"));
	for (size_t i = 0; i < 3; i++, m = wn_json_next(m)) {
		assert_string_equal(wn_json_get_str(m, "name", ""), names[i]);
		assert_int_equal(wn_json_type(wn_json_get(m, "params")), WN_JSON_ARRAY);
		assert_non_null(wn_json_at(m, "/result/name"));
		assert_non_null(wn_json_at(m, "/result/schema"));
	}
	assert_null(m);
	assert_string_equal(wn_json_str(wn_json_at(doc, "/x-notifications/0/name"), ""),
			    "sample.changed");
	assert_refs_resolve(doc, doc);
	wn_json_free(doc);
}

static void
test_openapi(void **state)
{
	struct room *r = *state;

	gen_fixture(r);
	struct wn_json *doc = document(r, "gen/openapi.json");
	assert_string_equal(wn_json_get_str(doc, "openapi", ""), "3.1.0");
	assert_non_null(wn_json_at(doc, "/info/title"));
	assert_non_null(wn_json_at(doc, "/paths/~1rpc~1sample.create/post/responses/200"));
	assert_non_null(wn_json_at(doc, "/paths/~1rpc~1sample.create/post/responses/409"));
	assert_non_null(wn_json_at(doc, "/paths/~1rpc~1sample.get/post/operationId"));
	assert_non_null(wn_json_at(doc, "/paths/~1rpc~1sample.wait/post/requestBody"));
	assert_string_equal(
		wn_json_str(wn_json_at(doc, "/paths/~1samples~1{id}/get/parameters/0/in"), ""),
		"path");
	assert_string_equal(
		wn_json_str(wn_json_at(doc, "/paths/~1samples~1{id}/get/parameters/1/in"), ""),
		"query");
	assert_refs_resolve(doc, doc);
	wn_json_free(doc);
}

static void
test_asyncapi(void **state)
{
	static const char *const names[] = { "sample.created", "sample.removed", "sample.moved",
					     "sample.changed" };
	struct room *r = *state;

	gen_fixture(r);
	struct wn_json *doc = document(r, "gen/asyncapi.json");
	assert_string_equal(wn_json_get_str(doc, "asyncapi", ""), "3.0.0");
	assert_non_null(wn_json_at(doc, "/info/title"));
	for (size_t i = 0; i < 4; i++) {
		assert_non_null(wn_json_get(wn_json_get(doc, "channels"), names[i]));
		assert_non_null(wn_json_get(wn_json_at(doc, "/components/messages"), names[i]));
	}
	assert_int_equal(wn_json_len(wn_json_get(doc, "operations")), 4);
	assert_refs_resolve(doc, doc);
	wn_json_free(doc);
}

static void
test_pages_name_everything(void **state)
{
	static const char *const pages[][2] = {
		{ "gen/contracts/methods.md", "## sample.create" },
		{ "gen/contracts/methods.md", "## sample.changed" },
		{ "gen/contracts/events.md", "## sample.removed" },
		{ "gen/contracts/types.md", "## model_tree" },
		{ "gen/contracts/errors.md", "`not_found`" },
		{ "gen/contracts/settings.md", "`sample.limit`" },
		{ "gen/contracts/modules.md", "## sample 1.2.3" },
	};
	struct room *r = *state;

	gen_fixture(r);
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		char *text = read_file(r, pages[i][0]);
		if (!strstr(text, pages[i][1]))
			fail_msg("%s does not hold %s", pages[i][0], pages[i][1]);
		wn_free(text);
	}
}

/* --- error table --- */

static int
gen_errors(struct room *r, const char *option)
{
	char *program = wn_path_join(r->build, "wn-gen");
	char *root = wn_path_join(r->dir, "schemas");
	const char *argv[] = { program, option, root, NULL };
	int status = run(r, argv);

	wn_free(program);
	wn_free(root);
	return status;
}

#define ROW(code)                                                      \
	"{\"errors\":[{\"code\":" code                                 \
	",\"name\":\"internal\",\"rpc\":-1,\"http\":500,\"text\":\"T." \
	"\",\"hint\":\"H.\"}]}"

static void
test_errors_stale_then_current(void **state)
{
	struct room *r = *state;

	write_file(r, "schemas/error.json", ROW("-1"));
	write_file(r, "runtime/base/error_codes.h", "old\n");
	assert_int_equal(gen_errors(r, "--check-errors"), 1);
	assert_says(r, "error_codes.h is stale");
	assert_int_equal(gen_errors(r, "--errors"), 0);
	assert_int_equal(gen_errors(r, "--check-errors"), 0);
}

static void
test_error_codes_are_only_appended(void **state)
{
	struct room *r = *state;

	write_file(r, "schemas/error.json", ROW("-2"));
	assert_int_equal(gen_errors(r, "--errors"), 1);
	assert_says(r, "schemas/error.json#/errors/0: expected the code -1");
}

static void
test_checked_in_error_files_are_current(void **state)
{
	struct room *r = *state;
	char *program = wn_path_join(r->build, "wn-gen");
	const char *argv[] = { program, "--check-errors", NULL };

	assert_int_equal(run(r, argv), 0);
	wn_free(program);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_unknown_keyword),
		T(test_keyword_of_another_type),
		T(test_a_notification_is_an_object),
		T(test_the_protocol_is_a_number),
		T(test_two_types),
		T(test_unknown_format),
		T(test_open_object),
		T(test_required_without_property),
		T(test_dangling_reference),
		T(test_patterns_outside_the_subset),
		T(test_default_that_breaks_its_schema),
		T(test_example_that_breaks_its_schema),
		T(test_list_where_an_object_belongs),
		T(test_two_members_with_one_c_name),
		T(test_flag_name_that_clashes),
		T(test_method_without_permission),
		T(test_permission_without_sentence),
		T(test_method_without_schema),
		T(test_event_without_schema),
		T(test_manifest_against_its_schema),
		T(test_syntax_error_has_its_place),
		T(test_nothing_is_written_after_an_error),
		T(test_second_run_touches_nothing),
		T(test_files_of_a_removed_module_go),
		T(test_declared_event_compiles),
		T(test_undeclared_event_does_not_compile),
		T(test_openrpc),
		T(test_openapi),
		T(test_asyncapi),
		T(test_pages_name_everything),
		T(test_errors_stale_then_current),
		T(test_error_codes_are_only_appended),
		T(test_checked_in_error_files_are_current),
	};
	return cmocka_run_group_tests_name("unit/schemas/gen", tests, NULL, NULL);
}
