#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/buf.h"
#include "tui/term/private.h"

static struct tui_term *
open_term(const char *name, const char *colorterm, int colors)
{
	struct tui_term_opts o = { name, colorterm, colors, false, 10, 40 };
	struct tui_term *t = NULL;
	struct wn_diag d = { 0 };

	if (tui_term_new(&o, &t, &d) != 0)
		fail_msg("%s: %s", name, d.text);
	return t;
}

static const struct {
	const char *term, *colorterm, *profile;
	int colors;
} hints[] = {
	{ "xterm", NULL, "xterm", 8 },
	{ "xterm-256color", NULL, "xterm", 256 },
	{ "xterm-256color", "truecolor", "xterm", 1 << 24 },
	{ "xterm-direct", NULL, "xterm", 1 << 24 },
	{ "xterm-kitty", NULL, "xterm", 8 },
	{ "xterm-mono", NULL, "xterm", 1 },
	{ "alacritty", NULL, "xterm", 256 },
	{ "foot", NULL, "xterm", 1 << 24 },
	{ "tmux-256color", NULL, "screen", 256 },
	{ "screen", NULL, "screen", 8 },
	{ "screen-256color", "truecolor", "screen", 1 << 24 },
	{ "linux", "truecolor", "linux", 8 },
	{ "linux-16color", NULL, "linux", 8 },
	{ "rxvt-unicode-256color", NULL, "xterm", 256 },
	{ "vt220", NULL, "plain", 1 },
	{ "never-heard-of", NULL, "xterm", 8 },
	{ "st-256color", "24bit", "xterm", 1 << 24 },
};

static void
names_lead_to_a_profile(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
		struct tui_term *t = open_term(hints[i].term, hints[i].colorterm, 0);

		assert_string_equal(tui_term_caps(t)->profile, hints[i].profile);
		if (tui_term_caps(t)->colors != hints[i].colors)
			fail_msg("%s has %d colours", hints[i].term, tui_term_caps(t)->colors);
		tui_term_free(t);
	}
}

static void
terminals_that_cannot_are_refused_with_a_sentence(void **state)
{
	static const char *const names[] = { "dumb", "", "vt52", "unknown", "emacs" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct tui_term_opts o = { names[i], NULL, 0, false, 24, 80 };
		struct tui_term *t;
		struct wn_diag d = { 0 };

		assert_int_equal(tui_term_new(&o, &t, &d), WN_E_TERMINAL);
		assert_null(t);
		assert_true(strlen(d.text) > 20);
	}
}

static void
an_unchanged_picture_costs_nothing(void **state)
{
	struct tui_term *t = open_term("xterm-256color", NULL, 0);
	struct tui_grid g;
	struct wn_buf b;

	(void)state;
	tui_grid_init(&g, 10, 40);
	wn_buf_init(&b, 1 << 20);
	tui_puts(tui_view_all(&g), 2, 3, "hello", (struct tui_style){ TUI_RGB(0xFF0000), 0, 0 });
	tui_term_frame(t, &g, 0, 0, &b);
	assert_non_null(strstr(b.p, "hello"));
	wn_buf_clear(&b);
	tui_term_frame(t, &g, 0, 0, &b);
	assert_int_equal(b.len, 0);
	tui_puts(tui_view_all(&g), 2, 3, "hello", (struct tui_style){ TUI_RGB(0xFF0000), 0, 0 });
	tui_term_frame(t, &g, 0, 0, &b);
	assert_int_equal(b.len, 0);
	tui_puts(tui_view_all(&g), 2, 3, "hallo", (struct tui_style){ TUI_RGB(0xFF0000), 0, 0 });
	tui_term_frame(t, &g, 2, 8, &b);
	assert_true(b.len > 0 && b.len < 60);
	wn_buf_fini(&b);
	tui_grid_fini(&g);
	tui_term_free(t);
}

/* More pairs than ncurses has: every frame must still be painted in its colour. */
static void
pairs_are_recycled_when_they_run_out(void **state)
{
	struct tui_term *t = open_term("xterm", NULL, 1 << 24);
	struct tui_grid g;
	struct wn_buf b;
	uint32_t color = 0x100000;
	char want[64];

	(void)state;
	tui_grid_init(&g, 50, 200);
	tui_term_resize(t, 50, 200);
	wn_buf_init(&b, 1 << 24);
	for (int frame = 0; frame < 8; frame++) {
		for (int y = 0; y < 50; y++)
			for (int x = 0; x < 200; x++)
				tui_puts(tui_view_all(&g), y, x, "x",
					 (struct tui_style){ TUI_RGB(color++), 0, 0 });
		wn_buf_clear(&b);
		tui_term_frame(t, &g, 0, 0, &b);
	}
	color--;
	snprintf(want, sizeof want, "38;2;%u;%u;%um", color >> 16 & 255, color >> 8 & 255,
		 color & 255);
	assert_non_null(strstr(b.p, want));
	wn_buf_fini(&b);
	tui_grid_fini(&g);
	tui_term_free(t);
}

static void
frames_are_wrapped_only_when_the_terminal_said_so(void **state)
{
	struct tui_term *t = open_term("xterm-256color", NULL, 0);
	struct tui_reply r = { .kind = TUI_REPLY_CSI,
			       .prefix = '?',
			       .inter = '$',
			       .final = 'y',
			       .n = 2,
			       .param = { 2026, 2 } };
	struct tui_grid g;
	struct wn_buf b;
	char line[41];

	(void)state;
	memset(line, 'z', 40);
	line[40] = '\0';
	tui_grid_init(&g, 10, 40);
	wn_buf_init(&b, 1 << 20);
	tui_term_frame(t, &g, 0, 0, &b);
	assert_null(b.p != NULL ? strstr(b.p, "2026") : NULL);
	assert_false(tui_term_reply(t, &r, &b));
	assert_true(tui_term_caps(t)->sync);
	wn_buf_clear(&b);
	for (int y = 0; y < 10; y++)
		for (int x = 0; x < 40; x++)
			tui_puts(tui_view_all(&g), y, x, x & 1 ? "a" : "b",
				 (struct tui_style){ TUI_INDEX(x & 7), 0, 0 });
	tui_term_frame(t, &g, 0, 0, &b);
	assert_int_equal(strncmp(b.p, "\033[?2026h", 8), 0);
	assert_string_equal(b.p + b.len - 8, "\033[?2026l");
	wn_buf_fini(&b);
	tui_grid_fini(&g);
	tui_term_free(t);
}

static void
answers_upgrade_what_is_known(void **state)
{
	struct tui_term *t = open_term("xterm-256color", NULL, 0);
	struct tui_reply osc = { .kind = TUI_REPLY_OSC, .text = WN_STR("11;rgb:ffff/ffff/ffff") };
	struct tui_reply dcs = { .kind = TUI_REPLY_DCS, .text = WN_STR("1$r48;2;1;2;3m") };
	struct tui_reply da = {
		.kind = TUI_REPLY_CSI, .prefix = '?', .final = 'c', .n = 1, .param = { 62 }
	};
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 65536);
	tui_term_enter(t, true, &b);
	assert_string_equal(b.p + b.len - 3, "\033[c");
	assert_true(tui_term_reply(t, &osc, &b));
	assert_int_equal(tui_term_caps(t)->dark, TUI_LIGHT);
	assert_true(tui_term_reply(t, &dcs, &b));
	assert_int_equal(tui_term_caps(t)->colors, 1 << 24);
	assert_false(tui_term_caps(t)->answered);
	tui_term_reply(t, &da, &b);
	assert_true(tui_term_caps(t)->answered);
	wn_buf_fini(&b);
	tui_term_free(t);
}

static void
wrong_answers_change_nothing(void **state)
{
	static const char *const bad[] = {
		"11;",		 "11;rgb:", "11;rgb:zz/0/0",   "11;rgb:0/0",
		"4;1;rgb:0/0/0", "52;c;x",  "11;rgb:00000/0/0"
	};
	struct tui_term *t = open_term("xterm-256color", NULL, 0);
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 65536);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct tui_reply r = { .kind = TUI_REPLY_OSC, .text = wn_str(bad[i]) };

		assert_false(tui_term_reply(t, &r, &b));
	}
	assert_int_equal(tui_term_caps(t)->dark, TUI_DARK_UNKNOWN);
	wn_buf_fini(&b);
	tui_term_free(t);
}

static void
the_clipboard_is_base_64(void **state)
{
	struct tui_term *t = open_term("xterm-256color", NULL, 0);
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 65536);
	assert_true(tui_term_copy(t, WN_STR("hello"), &b));
	assert_string_equal(b.p, "\033]52;c;aGVsbG8=\033\\");
	assert_false(tui_term_copy(t, wn_strn(b.p, 100000), &b));
	wn_buf_fini(&b);
	tui_term_free(t);
}

static void
a_title_cannot_carry_controls(void **state)
{
	struct tui_term *t = open_term("xterm-256color", NULL, 0);
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 65536);
	tui_term_title(t, "a\033]0;b\007c", &b);
	assert_string_equal(b.p, "\033]2;a]0;bc\033\\");
	wn_buf_fini(&b);
	tui_term_free(t);
}

static void
colours_come_down_sensibly(void **state)
{
	(void)state;
	assert_int_equal(tui_color_fit(TUI_COLOR_DEFAULT, 256), -1);
	assert_int_equal(tui_color_fit(TUI_RGB(0xFF0000), 256), 196);
	assert_int_equal(tui_color_fit(TUI_RGB(0x808080), 256), 244);
	assert_int_equal(tui_color_fit(TUI_RGB(0xFF0000), 8), 1);
	assert_int_equal(tui_color_fit(TUI_RGB(0x6CB6FF), 8), 6);
	assert_int_equal(tui_color_fit(TUI_RGB(0x101010), 8), 0);
	assert_int_equal(tui_color_fit(TUI_RGB(0xFF0000), 16), 9);
	assert_int_equal(tui_color_fit(TUI_INDEX(200), 256), 200);
	assert_int_equal(tui_color_fit(TUI_INDEX(3), 1 << 24), 3);
	assert_int_equal(tui_color_fit(TUI_INDEX(196), 1 << 24), 0xFF0000);
	assert_int_equal(tui_color_fit(TUI_RGB(5), 1 << 24), 8);
	assert_int_equal(tui_color_fit(TUI_RGB(0xFF0000), 1), -1);
}

static void
the_cursor_goes_back_where_it_was(void **state)
{
	struct tui_term *t = open_term("xterm-256color", NULL, 0);
	struct tui_reply r = {
		.kind = TUI_REPLY_CSI, .prefix = '?', .final = 'R', .param = { 7, 3 }, .n = 2
	};
	struct wn_buf b;

	(void)state;
	wn_buf_init(&b, 4096);
	tui_term_enter(t, true, &b);
	assert_non_null(strstr(b.p, "\033[?6n"));
	tui_term_reply(t, &r, &b);
	wn_buf_clear(&b);
	tui_term_leave(t, &b);
	assert_non_null(strstr(b.p, "\033[7;3H"));
	wn_buf_clear(&b);
	tui_term_leave(t, &b); /* told once */
	assert_null(strstr(b.p, "H"));
	wn_buf_fini(&b);
	tui_term_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cursor_goes_back_where_it_was),
		cmocka_unit_test(names_lead_to_a_profile),
		cmocka_unit_test(terminals_that_cannot_are_refused_with_a_sentence),
		cmocka_unit_test(an_unchanged_picture_costs_nothing),
		cmocka_unit_test(pairs_are_recycled_when_they_run_out),
		cmocka_unit_test(frames_are_wrapped_only_when_the_terminal_said_so),
		cmocka_unit_test(answers_upgrade_what_is_known),
		cmocka_unit_test(wrong_answers_change_nothing),
		cmocka_unit_test(the_clipboard_is_base_64),
		cmocka_unit_test(a_title_cannot_carry_controls),
		cmocka_unit_test(colours_come_down_sensibly),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/term/term", tests, NULL, NULL);
}
