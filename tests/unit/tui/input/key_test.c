#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tui/input/key.h"

static void
names_and_keys_go_both_ways(void **state)
{
	static const char *const names[] = { "Ctrl-S",	      "Alt-Up", "Shift-F3",
					     "Ctrl-K X",      "Esc",	"Space",
					     "Ctrl-/",	      "F12",	"Ctrl-Shift-P",
					     "Ctrl-PageDown", "é",	"Super-A" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct tui_chord c;
		struct wn_buf b;

		wn_buf_init(&b, 256);
		assert_true(tui_chord_parse(wn_str(names[i]), &c));
		tui_chord_print(&c, &b);
		assert_string_equal(b.p, names[i]);
		wn_buf_fini(&b);
	}
}

static void
what_is_no_key_is_refused(void **state)
{
	static const char *const names[] = { "",    " ",  "ctrl-",     "nokey", "f0",
					     "f25", "ab", "a b c d e", "\xFF" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct tui_chord c;

		if (tui_chord_parse(wn_str(names[i]), &c))
			fail_msg("\"%s\" was taken for keys", names[i]);
	}
}

static void
text_keys_are_told_from_commands(void **state)
{
	(void)state;
	assert_true(tui_key_is_text(&(struct tui_key){ 'a', 0 }));
	assert_true(tui_key_is_text(&(struct tui_key){ 0x639, 0 }));
	assert_false(tui_key_is_text(&(struct tui_key){ 'a', TUI_CTRL }));
	assert_false(tui_key_is_text(&(struct tui_key){ TUI_KEY_ENTER, 0 }));
	assert_false(tui_key_is_text(&(struct tui_key){ TUI_KEY_UP, 0 }));
	assert_false(tui_key_is_text(&(struct tui_key){ 0x85, 0 }));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_keys_go_both_ways),
		cmocka_unit_test(what_is_no_key_is_refused),
		cmocka_unit_test(text_keys_are_told_from_commands),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/input/key", tests, NULL, NULL);
}
