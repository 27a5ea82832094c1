/* Colours: golden spans of every language, and what happens while editing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "editor/syntax/private.h"
#include "editor/syntax/syntax.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define GOLDEN "tests/unit/editor/syntax/golden/"
#define SPANS 20000
#define WAIT_MS 120000

static int
setup(void **state)
{
	*state = ed_syntax_host_new(NULL);
	return 0;
}

static int
teardown(void **state)
{
	ed_syntax_host_free(*state);
	return 0;
}

static struct ed_doc *
doc_of(struct wn_str s)
{
	struct ed_doc *doc = ed_doc_new(NULL);

	assert_int_equal(ed_doc_edit(doc, 0, 0, s), 0);
	return doc;
}

/* One line a span: "row:col style text". */
static void
print_spans(const struct ed_doc *doc, const struct ed_syntax *s, struct wn_buf *out)
{
	const struct ed_text *t = ed_doc_text(doc);
	struct ed_span *v = wn_alloc_array(SPANS, sizeof *v);
	size_t n = ed_syntax_spans(s, 0, ed_text_len(t), v, SPANS);

	for (size_t i = 0; i < n; i++) {
		size_t row = ed_text_line_of(t, v[i].from);
		(void)wn_buf_printf(out, "%zu:%zu %s ", row + 1,
				    v[i].from - ed_text_line_start(t, row),
				    ed_style_name(v[i].style));
		for (size_t p = v[i].from; p < v[i].to; p++) {
			int c = ed_text_byte(t, p);
			(void)(c == '\n' ? wn_buf_cstr(out, "\\n") : wn_buf_chr(out, (char)c));
		}
		(void)wn_buf_chr(out, '\n');
	}
	wn_free(v);
}

static void
check_golden(void **state, const char *file, const char *language)
{
	char *path = wn_asprintf(GOLDEN "%s.in", file);
	char *golden = wn_asprintf(GOLDEN "%s.spans", file);
	struct wn_buf have, want;
	struct wn_diag d = { 0 };
	struct ed_doc *doc;
	struct ed_syntax *s;

	wn_buf_init(&have, 1 << 20);
	wn_buf_init(&want, 1 << 20);
	if (ed_doc_open(path, NULL, &doc, &d))
		fail_msg("%s", d.text);
	s = ed_syntax_attach(*state, doc, ed_language_of(file, WN_STR_NONE));
	assert_string_equal(ed_syntax_language(s), language);
	ed_syntax_show(s, 0, ed_text_len(ed_doc_text(doc)));
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_string_equal(ed_syntax_why(s), "");
	print_spans(doc, s, &have);
	/* WN_GOLDEN=write takes what is there as right: look at the difference before committing.
	 */
	const char *mode = getenv("WN_GOLDEN");
	if (mode && strcmp(mode, "write") == 0)
		assert_int_equal(wn_file_write(golden, wn_buf_view(&have), 0644, NULL), 0);
	assert_int_equal(wn_file_read(golden, &want, NULL), 0);
	assert_string_equal(have.p, want.p);
	ed_syntax_detach(s);
	ed_doc_free(doc);
	wn_buf_fini(&have);
	wn_buf_fini(&want);
	wn_free(path);
	wn_free(golden);
}

#define GOLDEN_TEST(name, file, language)            \
	static void name(void **state)               \
	{                                            \
		check_golden(state, file, language); \
	}
GOLDEN_TEST(golden_c, "sample.c", "c")
GOLDEN_TEST(golden_cpp, "sample.cpp", "cpp")
GOLDEN_TEST(golden_javascript, "sample.js", "javascript")
GOLDEN_TEST(golden_typescript, "sample.ts", "typescript")
GOLDEN_TEST(golden_tsx, "sample.tsx", "tsx")
GOLDEN_TEST(golden_python, "sample.py", "python")
GOLDEN_TEST(golden_php_in_html, "sample.php", "php")
GOLDEN_TEST(golden_json, "sample.json", "json")
GOLDEN_TEST(golden_html_with_css_and_script, "sample.html", "html")
GOLDEN_TEST(golden_css, "sample.css", "css")
GOLDEN_TEST(golden_sql, "sample.sql", "sql")
GOLDEN_TEST(golden_markdown_with_fences, "sample.md", "markdown")
GOLDEN_TEST(golden_bash, "sample.sh", "bash")
GOLDEN_TEST(golden_yaml, "sample.yaml", "yaml")
GOLDEN_TEST(golden_toml, "sample.toml", "toml")
GOLDEN_TEST(golden_go, "sample.go", "go")
GOLDEN_TEST(golden_rust, "sample.rs", "rust")
GOLDEN_TEST(golden_make, "sample.mk", "make")
GOLDEN_TEST(golden_lua, "sample.lua", "lua")
GOLDEN_TEST(golden_svelte, "sample.svelte", "svelte")
GOLDEN_TEST(golden_java, "sample.java", "java")
GOLDEN_TEST(golden_ruby, "sample.rb", "ruby")
GOLDEN_TEST(golden_c_sharp, "sample.cs", "c_sharp")
GOLDEN_TEST(golden_dart, "sample.dart", "dart")
GOLDEN_TEST(golden_dtd, "sample.dtd", "dtd")
GOLDEN_TEST(golden_elixir, "sample.ex", "elixir")
GOLDEN_TEST(golden_erb_with_html_and_ruby, "sample.erb", "embedded_template")
GOLDEN_TEST(golden_hcl, "sample.hcl", "hcl")
GOLDEN_TEST(golden_kotlin, "sample.kt", "kotlin")
GOLDEN_TEST(golden_scss, "sample.scss", "scss")
GOLDEN_TEST(golden_xml_with_css, "sample.xml", "xml")
GOLDEN_TEST(golden_zig, "sample.zig", "zig")

/* ---- editing --------------------------------------------------------------------------- */

static struct ed_syntax *
attach(void **state, struct ed_doc *doc, const char *language)
{
	struct ed_syntax *s = ed_syntax_attach(*state, doc, language);

	ed_syntax_show(s, 0, ed_text_len(ed_doc_text(doc)));
	assert_true(ed_syntax_wait(s, WAIT_MS));
	return s;
}

static enum ed_style
style_at(const struct ed_syntax *s, size_t pos)
{
	struct ed_span span;

	return ed_syntax_spans(s, pos, pos + 1, &span, 1) ? span.style : ED_STYLE_NONE;
}

static void
colours_follow_an_edit_at_once(void **state)
{
	struct ed_doc *doc = doc_of(WN_STR("int a; /* c */ return x;\n"));
	struct ed_syntax *s = attach(state, doc, "c");

	assert_int_equal(style_at(s, 15), ED_STYLE_KEYWORD);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("\n\n")), 0);
	assert_int_equal(style_at(s, 17), ED_STYLE_KEYWORD);
	assert_int_equal(ed_doc_edit(doc, 12, 0, WN_STR("xyz")), 0);
	assert_int_equal(style_at(s, 13), ED_STYLE_COMMENT);
	assert_int_equal(style_at(s, 20), ED_STYLE_KEYWORD);
	ed_syntax_detach(s);
	ed_doc_free(doc);
}

static void
type(struct ed_doc *doc, size_t pos, const char *keys)
{
	for (; *keys; keys++, pos++)
		assert_int_equal(ed_doc_edit(doc, pos, 0, wn_strn(keys, 1)), 0);
}

static void
what_is_typed_looks_like_the_same_elsewhere(void **state)
{
	struct ed_doc *doc = doc_of(WN_STR("int f(void) { return 12 + 3; }\n"));
	struct ed_syntax *s = attach(state, doc, "c");

	type(doc, 30, " retur");
	assert_int_equal(style_at(s, 31), ED_STYLE_NONE);
	type(doc, 36, "n");
	assert_int_equal(style_at(s, 31), ED_STYLE_KEYWORD);
	assert_int_equal(style_at(s, 36), ED_STYLE_KEYWORD);
	type(doc, 37, "s+4");
	assert_int_equal(style_at(s, 31), ED_STYLE_NONE);
	assert_int_equal(style_at(s, 38), ED_STYLE_OPERATOR);
	assert_int_equal(style_at(s, 39), ED_STYLE_NUMBER);
	assert_int_equal(ed_doc_edit(doc, 37, 1, WN_STR("")), 0);
	assert_int_equal(style_at(s, 31), ED_STYLE_KEYWORD);
	ed_syntax_detach(s);
	ed_doc_free(doc);
}

static void
what_is_typed_before_a_comment_is_not_of_it(void **state)
{
	struct ed_doc *doc = doc_of(WN_STR("/* c */ int a;\n"));
	struct ed_syntax *s = attach(state, doc, "c");

	type(doc, 0, "in");
	assert_int_equal(style_at(s, 0), ED_STYLE_NONE);
	type(doc, 2, "t");
	assert_int_equal(style_at(s, 0), ED_STYLE_TYPE_BUILTIN);
	assert_int_equal(style_at(s, 3), ED_STYLE_COMMENT);
	type(doc, 5, "int");
	assert_int_equal(style_at(s, 6), ED_STYLE_COMMENT);
	ed_syntax_detach(s);
	ed_doc_free(doc);
}

/* Between a key and its picture nobody may be waited for: with the lock taken all of it works. */
static void
a_key_takes_no_lock(void **state)
{
	struct ed_syntax_host *h = *state;
	struct ed_doc *doc = doc_of(WN_STR("int a;\n"));
	struct ed_syntax *s = attach(state, doc, "c");

	alarm(100);
	pthread_mutex_lock(&h->lock);
	type(doc, 6, "int");
	ed_syntax_show(s, 0, 10);
	assert_int_equal(style_at(s, 6), ED_STYLE_TYPE_BUILTIN);
	(void)ed_syntax_poll(s);
	assert_int_equal(ed_syntax_wants(s), ED_SYNTAX_WANTS_SOON);
	pthread_mutex_unlock(&h->lock);
	alarm(0);
	ed_syntax_detach(s);
	ed_doc_free(doc);
}

static bool
news_when_idle(struct ed_syntax *s)
{
	bool news = false;

	while (ed_syntax_busy(s))
		news |= ed_syntax_poll(s);
	return news;
}

static void
only_a_different_look_is_news(void **state)
{
	struct ed_doc *doc = doc_of(WN_STR("/* comment */ int a;\n"));
	struct ed_syntax *s = attach(state, doc, "c");

	type(doc, 5, "text");
	assert_false(news_when_idle(s));
	assert_int_equal(ed_doc_edit(doc, 0, 1, WN_STR("")), 0);
	assert_true(news_when_idle(s));
	ed_syntax_detach(s);
	ed_doc_free(doc);
}

static void
the_next_pages_are_painted_ahead(void **state)
{
	struct wn_buf b;
	struct ed_doc *doc;
	struct ed_syntax *s;
	size_t page = 4000;

	wn_buf_init(&b, 1 << 20);
	for (int i = 0; i < 5000; i++)
		(void)wn_buf_cstr(&b, "return 1;\n");
	doc = doc_of(wn_buf_view(&b));
	s = ed_syntax_attach(*state, doc, "c");
	ed_syntax_show(s, 0, page);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	ed_syntax_show(s, page, 2 * page);
	assert_true(ed_syntax_shown(s));
	assert_int_equal(style_at(s, page), ED_STYLE_KEYWORD);
	ed_syntax_show(s, 2 * page, 3 * page);
	assert_int_equal(ed_syntax_wants(s), ED_SYNTAX_WANTS_NOW);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	ed_syntax_show(s, 3 * page, 4 * page);
	assert_true(ed_syntax_shown(s));
	ed_syntax_detach(s);
	ed_doc_free(doc);
	wn_buf_fini(&b);
}

static void
the_worker_corrects_them_after(void **state)
{
	struct ed_doc *doc = doc_of(WN_STR("return x;\n"));
	struct ed_syntax *s = attach(state, doc, "c");

	assert_int_equal(style_at(s, 0), ED_STYLE_KEYWORD);
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("/* ")), 0);
	assert_int_equal(ed_doc_edit(doc, ed_text_len(ed_doc_text(doc)), 0, WN_STR("*/")), 0);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_int_equal(style_at(s, 3), ED_STYLE_COMMENT);
	ed_syntax_detach(s);
	ed_doc_free(doc);
}

static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Spans that are moved late must end where spans that are moved at once do. */
static void
late_moves_end_in_the_same_place(void **state)
{
	struct ed_painted late = { .to = 4000 }, at_once = { .to = 4000 };
	struct ed_text *t = ed_text_new();
	uint64_t seed = 5;

	(void)state;
	for (int i = 0; i < 400; i++)
		assert_int_equal(ed_text_replace(t, 0, 0, WN_STR("int a = 1;")), 0);
	for (size_t i = 0; i < 1000; i++) {
		struct ed_span span = { i * 4, i * 4 + 1 + i % 4, 1 + i % 5 };
		wn_vec_push(&late.spans, span);
		wn_vec_push(&at_once.spans, span);
	}
	for (int i = 0; i < 2000; i++) {
		size_t len = ed_text_len(t), pos = next_random(&seed) % len;
		size_t n = next_random(&seed) % 4 ? 0 : next_random(&seed) % 9;
		n = n < len - pos ? n : len - pos;
		struct wn_str in = wn_strn("x+ \"\n", 1 + next_random(&seed) % 5);
		struct ed_edit e = { .pos = pos, .removed = n, .inserted = in.len };
		assert_int_equal(ed_text_replace(t, pos, n, in), 0);
		ed_painted_shift(&late, &e, t);
		ed_painted_shift(&at_once, &e, t);
		for (size_t k = 0; k < at_once.spans.len; k++)
			at_once.spans.p[k] = ed_painted_get(&at_once, k);
		at_once.gap = at_once.ahead = 0;
		assert_int_equal(late.spans.len, at_once.spans.len);
		for (size_t k = 0; i % 50 == 0 && k < late.spans.len; k++) {
			struct ed_span a = ed_painted_get(&late, k), b = at_once.spans.p[k];
			assert_true(a.from == b.from && a.to == b.to && a.style == b.style);
			assert_true(k == 0 || a.from >= ed_painted_get(&late, k - 1).to);
			assert_true(a.from < a.to && a.to <= ed_text_len(t));
		}
	}
	assert_true(ed_painted_same(&late, &at_once, 0, ed_text_len(t)));
	wn_vec_fini(&late.spans);
	wn_vec_fini(&at_once.spans);
	ed_text_free(t);
}

/* The end of a burst of edits must look like a fresh start on the same text. */
static void
check_burst(void **state, const char *file)
{
	static const char *const bits[] = {
		"x", "{", "}", "\"", "\n", "/*", "*/", "<p>", "'", "("
	};
	struct wn_buf a, b;
	struct ed_doc *doc, *again;
	struct ed_syntax *s;
	char *path = wn_asprintf(GOLDEN "%s.in", file);
	uint64_t seed = 77;

	assert_int_equal(ed_doc_open(path, NULL, &doc, NULL), 0);
	s = attach(state, doc, ed_language_of(file, WN_STR_NONE));
	for (int i = 0; i < 150; i++) {
		size_t len = ed_text_len(ed_doc_text(doc)), pos = next_random(&seed) % len;
		size_t n = next_random(&seed) % 3 ? 0 : next_random(&seed) % 8;
		n = n < len - pos ? n : len - pos;
		assert_int_equal(ed_doc_edit(doc, pos, n, wn_str(bits[next_random(&seed) % 10])),
				 0);
		if (i % 10 == 0)
			ed_syntax_poll(s);
	}
	ed_syntax_show(s, 0, ed_text_len(ed_doc_text(doc)));
	assert_true(ed_syntax_wait(s, WAIT_MS));
	wn_buf_init(&a, 1 << 20);
	wn_buf_init(&b, 1 << 20);
	print_spans(doc, s, &a);
	char *text = wn_alloc(ed_text_len(ed_doc_text(doc)) + 1);
	size_t n = ed_text_read(ed_doc_text(doc), 0, text, ed_text_len(ed_doc_text(doc)));
	again = doc_of(wn_strn(text, n));
	struct ed_syntax *fresh = attach(state, again, ed_syntax_language(s));
	print_spans(again, fresh, &b);
	assert_string_equal(a.p, b.p);
	ed_syntax_detach(s);
	ed_syntax_detach(fresh);
	ed_doc_free(doc);
	ed_doc_free(again);
	wn_buf_fini(&a);
	wn_buf_fini(&b);
	wn_free(text);
	wn_free(path);
}

static void
a_burst_of_edits_ends_like_a_fresh_parse(void **state)
{
	check_burst(state, "sample.json");
	check_burst(state, "sample.html");
}

static void
undo_keeps_colours_true(void **state)
{
	const struct ed_step *step;
	struct ed_doc *doc = doc_of(WN_STR("return 1;\n"));
	struct ed_syntax *s = attach(state, doc, "c");

	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("\"string\" ")), 0);
	assert_int_equal(ed_doc_step(doc, -1, &step), 0);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_int_equal(style_at(s, 0), ED_STYLE_KEYWORD);
	ed_syntax_detach(s);
	ed_doc_free(doc);
}

/* ---- size and trouble ---------------------------------------------------------------------- */

static void
a_large_text_is_coloured_around_the_screen(void **state)
{
	struct wn_buf big;
	struct ed_doc *doc;
	struct ed_syntax *s;
	size_t at;

	wn_buf_init(&big, 8 << 20);
	while (big.len < (5 << 20))
		(void)wn_buf_cstr(&big, "static int f(void) { return 1; }\n");
	doc = doc_of(wn_buf_view(&big));
	s = ed_syntax_attach(*state, doc, "c");
	at = 33 * 100000;
	ed_syntax_show(s, at, at + 2000);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_int_equal(ed_syntax_state(s), ED_SYNTAX_WINDOW);
	assert_int_equal(style_at(s, at), ED_STYLE_KEYWORD);
	ed_syntax_show(s, 0, 2000);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_int_equal(style_at(s, 0), ED_STYLE_KEYWORD);
	ed_syntax_detach(s);
	ed_doc_free(doc);
	wn_buf_fini(&big);
}

static void
detaching_does_not_wait_for_a_long_parse(void **state)
{
	struct wn_buf big;

	wn_buf_init(&big, 8 << 20);
	while (big.len < (3 << 20))
		(void)wn_buf_cstr(&big, "static int f(void) { return g(1, x[2]); }\n");
	for (int i = 0; i < 20; i++) {
		struct ed_doc *doc = doc_of(wn_buf_view(&big));
		struct ed_syntax *s = ed_syntax_attach(*state, doc, "cpp");
		ed_syntax_show(s, 0, 1000);
		ed_syntax_detach(s);
		ed_doc_free(doc);
	}
	wn_buf_fini(&big);
}

static void
two_documents_share_the_worker(void **state)
{
	struct wn_buf big;
	struct ed_doc *large, *small;
	struct ed_syntax *a, *b;

	wn_buf_init(&big, 8 << 20);
	while (big.len < (400 << 10))
		(void)wn_buf_cstr(&big, "static int f(void) { return g(1, x[2]); }\n");
	large = doc_of(wn_buf_view(&big));
	small = doc_of(WN_STR("return 1;"));
	a = ed_syntax_attach(*state, large, "c");
	ed_syntax_show(a, 0, 1000);
	b = attach(state, small, "c");
	assert_int_equal(style_at(b, 0), ED_STYLE_KEYWORD);
	assert_true(ed_syntax_wait(a, WAIT_MS));
	assert_int_equal(style_at(a, 0), ED_STYLE_KEYWORD);
	ed_syntax_detach(a);
	ed_syntax_detach(b);
	ed_doc_free(large);
	ed_doc_free(small);
	wn_buf_fini(&big);
}

static void
trees_of_what_is_hidden_go_first(void **state)
{
	struct ed_syntax_opts o = { .trees_max = 25 };
	struct ed_syntax_host *h = ed_syntax_host_new(&o);
	struct ed_doc *a = doc_of(WN_STR("int a; return 1;\n"));
	struct ed_doc *b = doc_of(WN_STR("int b; return 2;\n"));
	struct ed_syntax *s = ed_syntax_attach(h, a, "c"), *t;

	(void)state;
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_non_null(s->tree);
	t = ed_syntax_attach(h, b, "c");
	assert_true(ed_syntax_wait(t, WAIT_MS));
	(void)ed_syntax_poll(s);
	assert_null(s->tree);
	assert_non_null(t->tree);
	assert_int_equal(style_at(s, 7), ED_STYLE_KEYWORD);
	/* The next key there brings it back. */
	assert_int_equal(ed_doc_edit(a, 0, 0, WN_STR("\n")), 0);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_non_null(s->tree);
	assert_int_equal(style_at(s, 8), ED_STYLE_KEYWORD);
	ed_syntax_detach(s);
	ed_syntax_detach(t);
	ed_doc_free(a);
	ed_doc_free(b);
	ed_syntax_host_free(h);
}

static void
a_missing_grammar_costs_only_the_colours(void **state)
{
	struct ed_syntax_opts o = { .grammars = "/nowhere" };
	struct ed_syntax_host *h = ed_syntax_host_new(&o);
	struct ed_doc *doc = doc_of(WN_STR("return 1;"));
	struct ed_syntax *s = ed_syntax_attach(h, doc, "c");

	(void)state;
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_int_equal(ed_syntax_state(s), ED_SYNTAX_FAILED);
	assert_non_null(strstr(ed_syntax_why(s), "not installed"));
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
	ed_syntax_detach(s);
	ed_doc_free(doc);
	ed_syntax_host_free(h);
}

/* The misbehaving grammars lie beside the test program. */
static char *
bad_grammars(void)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	assert_true(n > 0);
	exe[n] = 0;
	*strrchr(exe, '/') = 0;
	return wn_asprintf("%s/bad", exe);
}

static void
check_bad(const char *language)
{
	char *dir = bad_grammars();
	struct ed_syntax_opts o = { .grammars = dir, .stuck_ms = 300 };
	struct ed_syntax_host *h = ed_syntax_host_new(&o);
	struct ed_doc *doc = doc_of(WN_STR("return 1;"));
	struct ed_syntax *s = ed_syntax_attach(h, doc, language);

	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_int_equal(ed_syntax_state(s), ED_SYNTAX_FAILED);
	assert_non_null(strstr(ed_syntax_why(s), "failed and is off"));
	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("x")), 0);
	ed_syntax_detach(s);
	/* The next document of that language is told at once; others are served. */
	s = ed_syntax_attach(h, doc, language);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_int_equal(ed_syntax_state(s), ED_SYNTAX_FAILED);
	ed_syntax_detach(s);
	s = ed_syntax_attach(h, doc, "go");
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_non_null(strstr(ed_syntax_why(s), "not installed"));
	ed_syntax_detach(s);
	ed_doc_free(doc);
	ed_syntax_host_free(h);
	wn_free(dir);
}

static void
a_grammar_that_crashes_costs_only_its_colours(void **state)
{
	(void)state;
	check_bad("c");
}

static void
a_grammar_that_hangs_costs_only_its_colours(void **state)
{
	(void)state;
	check_bad("python");
}

static void
a_document_without_a_language_is_plain(void **state)
{
	struct ed_doc *doc = doc_of(WN_STR("just text"));
	struct ed_syntax *s = ed_syntax_attach(*state, doc, NULL);

	ed_syntax_show(s, 0, 9);
	assert_true(ed_syntax_wait(s, WAIT_MS));
	assert_int_equal(ed_syntax_state(s), ED_SYNTAX_NONE);
	assert_int_equal(style_at(s, 0), ED_STYLE_NONE);
	assert_int_equal(ed_doc_edit(doc, 0, 4, WN_STR("")), 0);
	ed_syntax_detach(s);
	ed_doc_free(doc);
}

static void
wild_bytes_do_no_harm(void **state)
{
	char junk[4096];
	uint64_t seed = 3;
	static const char *const all[] = { "c",	   "html",   "php",  "markdown", "yaml", "python",
					   "bash", "svelte", "rust", "sql",	 "make", "ruby" };

	for (size_t i = 0; i < sizeof junk; i++)
		junk[i] = (char)next_random(&seed);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct ed_doc *doc = doc_of(wn_strn(junk, sizeof junk));
		struct ed_syntax *s = attach(state, doc, all[i]);
		ed_syntax_detach(s);
		ed_doc_free(doc);
	}
}

static void
count_notify(void *arg)
{
	int *fds = arg;
	char c = 1;

	if (write(fds[1], &c, 1) != 1)
		abort();
}

static void
the_loop_is_notified(void **state)
{
	int fds[2];
	char c;
	struct ed_syntax_opts o = { .notify = count_notify, .arg = fds };
	struct ed_syntax_host *h = ed_syntax_host_new(&o);
	struct ed_doc *doc = doc_of(WN_STR("return 1;"));

	(void)state;
	assert_int_equal(pipe(fds), 0);
	struct ed_syntax *s = ed_syntax_attach(h, doc, "c");
	ed_syntax_show(s, 0, 9);
	do
		assert_int_equal(read(fds[0], &c, 1), 1);
	while (!ed_syntax_poll(s) || style_at(s, 0) != ED_STYLE_KEYWORD);
	ed_syntax_detach(s);
	ed_doc_free(doc);
	ed_syntax_host_free(h);
	close(fds[0]);
	close(fds[1]);
}

static void
languages_are_told_by_name_extension_and_first_line(void **state)
{
	(void)state;
	assert_string_equal(ed_language_of("a/b/x.c", WN_STR("")), "c");
	assert_string_equal(ed_language_of("X.PY", WN_STR("")), "python");
	assert_string_equal(ed_language_of("Makefile", WN_STR("")), "make");
	assert_string_equal(ed_language_of("run", WN_STR("#!/usr/bin/env -S python3 -u")),
			    "python");
	assert_string_equal(ed_language_of("run", WN_STR("#!/bin/sh")), "bash");
	assert_string_equal(ed_language_of(NULL, WN_STR("<?php")), "php");
	assert_null(ed_language_of("x.unknown", WN_STR("hello")));
	assert_null(ed_language_of("", WN_STR("")));
}

static void
style_names_fall_back_to_their_prefix(void **state)
{
	(void)state;
	assert_int_equal(ed_style_by_name(WN_STR("keyword.return")), ED_STYLE_KEYWORD);
	assert_int_equal(ed_style_by_name(WN_STR("string.special")), ED_STYLE_STRING_SPECIAL);
	assert_int_equal(ed_style_by_name(WN_STR("_private")), -1);
	for (int i = 0; i < ED_STYLES; i++)
		assert_int_equal(ed_style_by_name(wn_str(ed_style_name((enum ed_style)i))), i);
}

#define T(f) cmocka_unit_test(f)
int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(golden_c),
		T(golden_cpp),
		T(golden_javascript),
		T(golden_typescript),
		T(golden_tsx),
		T(golden_python),
		T(golden_php_in_html),
		T(golden_json),
		T(golden_html_with_css_and_script),
		T(golden_css),
		T(golden_sql),
		T(golden_markdown_with_fences),
		T(golden_bash),
		T(golden_yaml),
		T(golden_toml),
		T(golden_go),
		T(golden_rust),
		T(golden_make),
		T(golden_lua),
		T(golden_svelte),
		T(golden_java),
		T(golden_ruby),
		T(golden_c_sharp),
		T(golden_dart),
		T(golden_dtd),
		T(golden_elixir),
		T(golden_erb_with_html_and_ruby),
		T(golden_hcl),
		T(golden_kotlin),
		T(golden_scss),
		T(golden_xml_with_css),
		T(golden_zig),
		T(colours_follow_an_edit_at_once),
		T(what_is_typed_looks_like_the_same_elsewhere),
		T(what_is_typed_before_a_comment_is_not_of_it),
		T(a_key_takes_no_lock),
		T(only_a_different_look_is_news),
		T(the_next_pages_are_painted_ahead),
		T(the_worker_corrects_them_after),
		T(late_moves_end_in_the_same_place),
		T(a_burst_of_edits_ends_like_a_fresh_parse),
		T(undo_keeps_colours_true),
		T(a_large_text_is_coloured_around_the_screen),
		T(detaching_does_not_wait_for_a_long_parse),
		T(two_documents_share_the_worker),
		T(trees_of_what_is_hidden_go_first),
		T(a_missing_grammar_costs_only_the_colours),
		T(a_grammar_that_crashes_costs_only_its_colours),
		T(a_grammar_that_hangs_costs_only_its_colours),
		T(a_document_without_a_language_is_plain),
		T(wild_bytes_do_no_harm),
		T(the_loop_is_notified),
		T(languages_are_told_by_name_extension_and_first_line),
		T(style_names_fall_back_to_their_prefix),
	};

	return cmocka_run_group_tests_name("editor/syntax/syntax", tests, setup, teardown);
}
