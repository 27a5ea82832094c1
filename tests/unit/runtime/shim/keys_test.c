/*
 * Keys, pastes and mouse actions as bytes for the child, by its modes.
 */
#include "tests/unit/runtime/shim/screen_help.h"

#include "runtime/shim/keys.h"

struct key {
	const char *name, *modes, *key;
	unsigned mods;
	const char *out;
	size_t len; /* 0: strlen */
};

static const struct key keys[] = {
	{ "letter", "", "a", 0, "a", 0 },
	{ "alt letter", "", "a", KEY_ALT, "\033a", 0 },
	{ "ctrl letter", "", "c", KEY_CTRL, "\003", 0 },
	{ "ctrl i is tab", "", "i", KEY_CTRL, "\t", 0 },
	{ "ctrl space", "", "Space", KEY_CTRL, "\0", 1 },
	{ "ctrl slash", "", "/", KEY_CTRL, "\037", 0 },
	{ "ctrl 2", "", "2", KEY_CTRL, "\0", 1 },
	{ "Arabic letter", "", "س", 0, "س", 0 },
	{ "enter", "", "Enter", 0, "\r", 0 },
	{ "tab", "", "Tab", 0, "\t", 0 },
	{ "shift tab", "", "Tab", KEY_SHIFT, "\033[Z", 0 },
	{ "backspace", "", "Backspace", 0, "\177", 0 },
	{ "ctrl backspace", "", "Backspace", KEY_CTRL, "\b", 0 },
	{ "escape", "", "Escape", 0, "\033", 0 },
	{ "up", "", "Up", 0, "\033[A", 0 },
	{ "up in application mode", "\033[?1h", "Up", 0, "\033OA", 0 },
	{ "ctrl up", "\033[?1h", "Up", KEY_CTRL, "\033[1;5A", 0 },
	{ "home", "", "Home", 0, "\033[H", 0 },
	{ "delete", "", "Delete", 0, "\033[3~", 0 },
	{ "shift page up", "", "PageUp", KEY_SHIFT, "\033[5;2~", 0 },
	{ "F1", "", "F1", 0, "\033OP", 0 },
	{ "ctrl alt F4", "", "F4", KEY_CTRL | KEY_ALT, "\033[1;7S", 0 },
	{ "F5", "", "F5", 0, "\033[15~", 0 },
	{ "F12", "", "F12", KEY_SHIFT, "\033[24;2~", 0 },
};

static void
test_key(void **state)
{
	const struct key *k = *state;
	struct fake f;
	struct wn_buf out;
	size_t len = k->len ? k->len : strlen(k->out);

	fake_init(&f, 4, 10, 0);
	fake_feed(&f, k->modes);
	wn_buf_init(&out, 256);
	assert_int_equal(keys_key(&f.vt, wn_str(k->key), k->mods, &out), 0);
	assert_int_equal(out.len, len);
	assert_memory_equal(out.p, k->out, len);
	wn_buf_fini(&out);
	fake_fini(&f);
}

struct mouse {
	const char *name, *modes;
	enum mouse_action action;
	unsigned button, row, col, mods;
	const char *out;
};

static const struct mouse mice[] = {
	{ "nothing when not asked", "", MOUSE_PRESS, 0, 1, 2, 0, "" },
	{ "press in the old form", "\033[?1000h", MOUSE_PRESS, 0, 1, 2, 0, "\033[M #\"" },
	{ "release in the old form", "\033[?1000h", MOUSE_RELEASE, 0, 1, 2, 0, "\033[M##\"" },
	{ "press in SGR form", "\033[?1000;1006h", MOUSE_PRESS, 2, 299, 399, 0,
	  "\033[<2;400;300M" },
	{ "release in SGR form", "\033[?1000;1006h", MOUSE_RELEASE, 1, 0, 0, 0, "\033[<1;1;1m" },
	{ "wheel with ctrl", "\033[?1000;1006h", MOUSE_PRESS, 5, 0, 0, KEY_CTRL, "\033[<81;1;1M" },
	{ "click mode tells no drag", "\033[?1000;1006h", MOUSE_MOVE, 0, 0, 0, 0, "" },
	{ "drag", "\033[?1002;1006h", MOUSE_MOVE, 0, 0, 0, 0, "\033[<32;1;1M" },
	{ "drag mode tells no bare motion", "\033[?1002;1006h", MOUSE_MOVE, 3, 0, 0, 0, "" },
	{ "motion", "\033[?1003;1006h", MOUSE_MOVE, 3, 4, 5, 0, "\033[<35;6;5M" },
	{ "beyond what the old form can say", "\033[?1000h", MOUSE_PRESS, 0, 0, 300, 0, "" },
	{ "wheel as arrows on the alternate screen", "\033[?1049h\033[?1007h", MOUSE_PRESS, 4, 0, 0,
	  0, "\033[A\033[A\033[A" },
	{ "switched off again", "\033[?1003h\033[?1003l", MOUSE_PRESS, 0, 0, 0, 0, "" },
};

static void
test_mouse(void **state)
{
	const struct mouse *m = *state;
	struct fake f;
	struct wn_buf out;

	fake_init(&f, 4, 10, 0);
	fake_feed(&f, m->modes);
	wn_buf_init(&out, 256);
	keys_mouse(&f.vt, m->action, m->button, m->row, m->col, m->mods, &out);
	wn_buf_chr(&out, '\0');
	assert_string_equal(out.p, m->out);
	wn_buf_fini(&out);
	fake_fini(&f);
}

static void
check_paste(const char *modes, const char *in, const char *expect)
{
	struct fake f;
	struct wn_buf out;

	fake_init(&f, 4, 10, 0);
	fake_feed(&f, modes);
	wn_buf_init(&out, 256);
	keys_paste(&f.vt, wn_str(in), &out);
	wn_buf_chr(&out, '\0');
	assert_string_equal(out.p, expect);
	wn_buf_fini(&out);
	fake_fini(&f);
}

static void
test_paste_makes_returns(void **state)
{
	(void)state;
	check_paste("", "a\nb\r\nc\td", "a\rb\rc\td");
}

static void
test_paste_cannot_end_its_bracket(void **state)
{
	(void)state;
	check_paste("\033[?2004h", "x\033[201~rm\003", "\033[200~x[201~rm\033[201~");
}

static void
test_unknown_key_is_refused(void **state)
{
	static const char *const bad[] = { "", "Hyper", "ab", "\001", "\xFF" };
	struct fake f;
	struct wn_buf out;

	(void)state;
	fake_init(&f, 4, 10, 0);
	wn_buf_init(&out, 256);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_int_equal(keys_key(&f.vt, wn_str(bad[i]), 0, &out), WN_E_INVALID);
	assert_int_equal(out.len, 0);
	wn_buf_fini(&out);
	fake_fini(&f);
}

static void
test_focus_only_when_asked(void **state)
{
	struct fake f;
	struct wn_buf out;

	(void)state;
	fake_init(&f, 4, 10, 0);
	wn_buf_init(&out, 256);
	keys_focus(&f.vt, true, &out);
	assert_int_equal(out.len, 0);
	fake_feed(&f, "\033[?1004h");
	keys_focus(&f.vt, false, &out);
	assert_memory_equal(out.p, "\033[O", 3);
	wn_buf_fini(&out);
	fake_fini(&f);
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_paste_makes_returns),
		cmocka_unit_test(test_paste_cannot_end_its_bracket),
		cmocka_unit_test(test_unknown_key_is_refused),
		cmocka_unit_test(test_focus_only_when_asked),
	};
	struct CMUnitTest tests[COUNT(keys) + COUNT(mice) + COUNT(others)];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(keys); i++)
		tests[n++] = (struct CMUnitTest){ keys[i].name, test_key, NULL, NULL,
						  (void *)(uintptr_t)&keys[i] };
	for (size_t i = 0; i < COUNT(mice); i++)
		tests[n++] = (struct CMUnitTest){ mice[i].name, test_mouse, NULL, NULL,
						  (void *)(uintptr_t)&mice[i] };
	for (size_t i = 0; i < COUNT(others); i++)
		tests[n++] = others[i];
	return cmocka_run_group_tests_name("runtime/shim/keys", tests, NULL, NULL);
}
