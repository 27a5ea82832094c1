#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
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

static double
linear(uint32_t v)
{
	double c = (double)(v & 255) / 255;

	return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

/* Relative luminance as WCAG counts it. */
static double
luminance(uint32_t rgb)
{
	return 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
}

static double
contrast(uint32_t a, uint32_t b)
{
	double x = luminance(a), y = luminance(b);

	return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* Lines and marks without words. */
static bool
is_drawing(int look)
{
	return look == UI_BORDER || look == UI_SCROLLBAR || look == UI_SCROLLBAR_THUMB ||
	       look == UI_INVISIBLE;
}

static void
check_contrast(const struct tui_theme *t, const char *kind, int i, struct tui_style st)
{
	/* what the terminal has where the theme leaves it: a grey that is not the best case */
	uint32_t back = t->dark ? 0x1C1C1C : 0xFFFFFF, front = t->dark ? 0xD0D0D0 : 0x202020;
	uint32_t fg = st.fg != 0 ? st.fg : t->ui[UI_TEXT].fg != 0 ? t->ui[UI_TEXT].fg : front;
	uint32_t bg = st.bg != 0 ? st.bg : t->ui[UI_TEXT].bg != 0 ? t->ui[UI_TEXT].bg : back;

	if (contrast(fg & 0xFFFFFF, bg & 0xFFFFFF) < 4.5)
		fail_msg("%s: %s %d is #%06x on #%06x, only %.2f : 1", t->name, kind, i,
			 fg & 0xFFFFFF, bg & 0xFFFFFF, contrast(fg & 0xFFFFFF, bg & 0xFFFFFF));
}

static void
words_are_readable_in_every_theme(void **state)
{
	(void)state;
	for (const char *const *n = tui_theme_names(); *n != NULL; n++) {
		struct tui_theme t;

		assert_int_equal(tui_theme_load(*n, &t, NULL), 0);
		for (int i = 0; i < UI_COUNT; i++)
			if (!is_drawing(i))
				check_contrast(&t, "look", i, t.ui[i]);
		for (int i = 0; i < ED_STYLES; i++)
			check_contrast(&t, "class", i, t.syntax[i]);
	}
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
		cmocka_unit_test(words_are_readable_in_every_theme),
		cmocka_unit_test(built_in_themes_follow_their_schema),
		cmocka_unit_test(every_syntax_class_has_a_look),
		cmocka_unit_test(mistakes_are_named_with_their_place),
		cmocka_unit_test(a_name_cannot_leave_its_directory),
		cmocka_unit_test(a_persons_theme_comes_first),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/theme/theme", tests, NULL, NULL);
}
