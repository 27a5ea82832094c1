/* Pictures of blueprints: boxes do not overlap, lines end where they belong, nothing leaves the
 * width, and no text of a document can end a string or a tag of the format it is drawn in. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ai/blueprint/graph/graph.h"
#include "runtime/base/file.h"
#include "runtime/base/utf8.h"

static struct wn_json *
parsed(const char *text)
{
	struct wn_json *j = NULL;

	assert_int_equal(wn_json_parse(wn_str(text), NULL, &j, NULL), WN_OK);
	return j;
}

static char *
drawn(const struct wn_json *doc, struct blueprint_graph_options o)
{
	struct wn_buf b;

	wn_buf_init(&b, 4u << 20);
	assert_int_equal(blueprint_graph(doc, &o, &b), WN_OK);
	return wn_buf_take(&b, NULL);
}

static const char family[] =
	"{\"entities\":[{\"id\":\"ent_a\",\"name\":\"parent\",\"fields\":[{\"id\":\"fld_n\","
	"\"name\":"
	"\"name\",\"type\":\"string\",\"unique\":true}]},{\"id\":\"ent_b\",\"name\":\"child\","
	"\"fields\":[]}],\"relations\":[{\"id\":\"rel_x\",\"kind\":\"belongsTo\",\"from\":\"ent_"
	"b\","
	"\"to\":\"ent_a\",\"name\":\"of\",\"required\":true},{\"id\":\"rel_self\",\"kind\":"
	"\"belongsTo\",\"from\":\"ent_a\",\"to\":\"ent_a\",\"name\":\"boss\"}]}";

static void
a_child_hangs_below_its_parent(void **state)
{
	struct wn_json *j = parsed(family);
	char *text = drawn(j, (struct blueprint_graph_options){ .width = 80 });

	(void)state;
	assert_string_equal(text, "┌────────────────┐\n"
				  "│ parent         │\n"
				  "├────────────────┤\n"
				  "│ name: string ! │\n"
				  "│ boss → parent  │\n"
				  "└────────┬───────┘\n"
				  "         │\n"
				  "         *\n"
				  " ┌───────┴───────┐\n"
				  " │ child         │\n"
				  " ├───────────────┤\n"
				  " │ of → parent * │\n"
				  " └───────────────┘\n");
	wn_free(text);
	wn_json_free(j);
}

static void
circles_and_wide_families_stay_within_the_width(void **state)
{
	struct wn_buf doc;
	struct wn_json *j;

	(void)state;
	wn_buf_init(&doc, 1u << 20);
	(void)wn_buf_cstr(&doc, "{\"entities\":[");
	for (int i = 0; i < 14; i++)
		(void)wn_buf_printf(&doc, "%s{\"id\":\"ent_%d\",\"name\":\"entityNumber%d\"}",
				    i ? "," : "", i, i);
	(void)wn_buf_cstr(&doc, "],\"relations\":[");
	for (int i = 0; i < 14; i++)
		(void)wn_buf_printf(
			&doc,
			"%s{\"id\":\"rel_%d\",\"from\":\"ent_%d\",\"to\":\"ent_%d\","
			"\"name\":\"r%d\"},{\"id\":\"rel_z%d\",\"from\":\"ent_%d\",\"to\":"
			"\"ent_0\",\"name\":\"z%d\"}",
			i ? "," : "", i, i, (i + 1) % 14, i, i, i, i);
	(void)wn_buf_cstr(&doc, "]}");
	j = parsed(doc.p);
	for (unsigned width = 40; width <= 160; width += 20) {
		char *text = drawn(j, (struct blueprint_graph_options){ .width = width });
		struct wn_str rest = wn_str(text), line;

		while (wn_str_split(&rest, '\n', &line))
			if (wn_utf8_width(line) > (int)width)
				fail_msg("%u: %.*s", width, WN_STR_ARG(line));
		for (int i = 0; i < 14; i++) {
			char name[40];

			snprintf(name, sizeof name, "│ entityNumber%d ", i);
			assert_non_null(strstr(text, name));
		}
		wn_free(text);
	}
	wn_json_free(j);
	wn_buf_fini(&doc);
}

static void
text_of_a_document_is_text_in_every_format(void **state)
{
	struct wn_json *j = parsed(
		"{\"name\":{\"en\":\"</title><script>\"},\"entities\":[{\"id\":\"ent_a\",\"name\":"
		"\"x\\\"]}\\n "
		"evil\",\"label\":{\"en\":\"<b>&\\\"\"},\"fields\":[{\"id\":\"fld_a\",\"name\":"
		"\"a\\\"<\",\"type\":\"t t\"}]}]}");
	char *svg = drawn(j, (struct blueprint_graph_options){ .format = BLUEPRINT_GRAPH_SVG,
							       .locale = "en" });
	char *mermaid =
		drawn(j, (struct blueprint_graph_options){ .format = BLUEPRINT_GRAPH_MERMAID });

	(void)state;
	assert_null(strstr(svg, "<script>"));
	assert_null(strstr(svg, "<b>"));
	assert_non_null(strstr(svg, "&lt;b&gt;&amp;&quot;"));
	assert_string_equal(mermaid, "erDiagram\n  x_____evil {\n    t_t a__\n  }\n");
	wn_free(svg);
	wn_free(mermaid);
	wn_json_free(j);
}

static struct wn_json *
shop(void)
{
	struct wn_buf b;
	struct wn_json *j;

	wn_buf_init(&b, 1u << 20);
	assert_int_equal(wn_file_read("docs/examples/shop.blueprint.json", &b, NULL), WN_OK);
	j = parsed(b.p);
	wn_buf_fini(&b);
	return j;
}

static void
mermaid_has_every_relation_with_its_ends(void **state)
{
	struct wn_json *j = shop();
	char *m = drawn(j, (struct blueprint_graph_options){ .format = BLUEPRINT_GRAPH_MERMAID });

	(void)state;
	assert_non_null(strstr(m, "  category |o--o{ product : \"category\"\n"));
	assert_non_null(strstr(m, "  order ||--o{ orderLine : \"order\"\n"));
	assert_non_null(strstr(m, "    email email UK\n"));
	wn_free(m);
	wn_json_free(j);
}

static void
pages_are_a_tree_from_the_menu(void **state)
{
	struct wn_json *j = shop();
	char *t = drawn(j, (struct blueprint_graph_options){ .of = BLUEPRINT_GRAPH_PAGES });

	(void)state;
	assert_int_equal(strncmp(t, "menu\n├── Shop ", strlen("menu\n├── Shop ")), 0);
	assert_non_null(strstr(t, "│   ├── New product                 /products/new  form, "
				  "role:admin\n"));
	assert_non_null(strstr(t, "    └── Edit user "));
	wn_free(t);
	wn_json_free(j);
}

static void
the_json_has_nodes_and_directed_edges(void **state)
{
	struct wn_json *j = parsed(family), *g;
	char *t = drawn(j, (struct blueprint_graph_options){ .format = BLUEPRINT_GRAPH_JSON });

	(void)state;
	g = parsed(t);
	assert_int_equal(wn_json_len(wn_json_get(g, "nodes")), 2);
	assert_string_equal(wn_json_str(wn_json_at(g, "/edges/0/from"), ""), "ent_b");
	assert_string_equal(wn_json_str(wn_json_at(g, "/edges/0/to"), ""), "ent_a");
	wn_json_free(g);
	wn_free(t);
	wn_json_free(j);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_hangs_below_its_parent),
		cmocka_unit_test(circles_and_wide_families_stay_within_the_width),
		cmocka_unit_test(text_of_a_document_is_text_in_every_format),
		cmocka_unit_test(mermaid_has_every_relation_with_its_ends),
		cmocka_unit_test(pages_are_a_tree_from_the_menu),
		cmocka_unit_test(the_json_has_nodes_and_directed_edges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
