#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include <stdlib.h>
#include <unistd.h>

#include "editor/syntax/style.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/embed.h"
#include "tui/theme/theme.h"

static void
built_in_themes_follow_their_schema(void **state)
{
	(void)state;
	for (const char *const *n = tui_theme_names(); *n != NULL; n++) {
		struct tui_theme t;
		struct wn_diag d = { 0 };
		char file[64];

		snprintf(file, sizeof file, "themes/%s.json", *n);
		if (tui_theme_parse(tui_embedded(file), true, &t, &d) != 0)
			fail_msg("%s: %s (%s)", *n, d.text, d.where);
		assert_string_equal(t.name, *n);
	}
}

static void
every_syntax_class_has_a_look(void **state)
{
	struct tui_theme t;

	(void)state;
	assert_int_equal(tui_theme_load("dark", &t, NULL), 0);
	assert_int_not_equal(t.syntax[ED_STYLE_KEYWORD].fg, 0);
	assert_int_not_equal(t.syntax[ED_STYLE_COMMENT].fg, 0);
	assert_int_not_equal(t.syntax[ED_STYLE_STRING].fg, 0);
	assert_true(t.dark);
}

static void
mistakes_are_named_with_their_place(void **state)
{
	struct tui_theme t;
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(tui_theme_parse(WN_STR("{\"name\":\"x\",\"dark\":true,\"ui\":{\"text\":{"
						"\"fg\":5}},\"syntax\":{}}"),
					 true, &t, &d),
			 WN_E_SCHEMA);
	assert_string_equal(d.where, "/ui/text/fg");
	d = (struct wn_diag){ 0 };
	assert_int_equal(tui_theme_parse(WN_STR("{\"name\":\"x\",\"dark\":true,\"ui\":{\"text\":{"
						"\"fg\":\"nocolor\"}},\"syntax\":{}}"),
					 true, &t, &d),
			 WN_E_SCHEMA);
	assert_non_null(strstr(d.text, "nocolor"));
}

static void
a_name_cannot_leave_its_directory(void **state)
{
	struct tui_theme t;

	(void)state;
	assert_int_equal(tui_theme_load("../x", &t, NULL), WN_E_INVALID);
	assert_int_equal(tui_theme_load("", &t, NULL), WN_E_INVALID);
	assert_int_equal(tui_theme_load("nothing", &t, NULL), WN_E_NOT_FOUND);
}

static void
a_persons_theme_comes_first(void **state)
{
	char dir[] = "/tmp/wn-theme-XXXXXX", *sub;
	struct tui_theme t;

	(void)state;
	assert_non_null(mkdtemp(dir));
	sub = wn_asprintf("%s/webnova/themes", dir);
	assert_int_equal(wn_file_mkdirs(sub, 0700, NULL), 0);
	wn_free(sub);
	sub = wn_asprintf("%s/webnova/themes/dark.json", dir);
	assert_int_equal(wn_file_write(sub,
				       WN_STR("{\"name\":\"mine\",\"dark\":true,\"ui\":{\"text\":{"
					      "\"fg\":\"#010203\"}},\"syntax\":{}}"),
				       0600, NULL),
			 0);
	wn_free(sub);
	setenv("XDG_CONFIG_HOME", dir, 1);
	assert_int_equal(tui_theme_load("dark", &t, NULL), 0);
	unsetenv("XDG_CONFIG_HOME");
	assert_string_equal(t.name, "mine");
	assert_int_equal(t.ui[UI_TEXT].fg, TUI_RGB(0x010203));
	assert_int_equal(wn_file_rmtree(dir, NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(built_in_themes_follow_their_schema),
		cmocka_unit_test(every_syntax_class_has_a_look),
		cmocka_unit_test(mistakes_are_named_with_their_place),
		cmocka_unit_test(a_name_cannot_leave_its_directory),
		cmocka_unit_test(a_persons_theme_comes_first),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/theme/theme", tests, NULL, NULL);
}
