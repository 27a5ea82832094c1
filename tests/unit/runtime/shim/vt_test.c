/*
 * The emulator by scripts: bytes in, screen text, cursor, replies and styles out.
 */
#include "tests/unit/runtime/shim/screen_help.h"

#include "runtime/base/utf8.h"

struct script {
	const char *name;
	const char *in;
	const char *screen;
	int row, col; /* -1: not looked at */
};

/* On a screen of 4 rows and 10 columns. */
static const struct script scripts[] = {
	{ "plain text", "hello", "hello", 0, 5 },
	{ "carriage return and line feed", "ab\r\ncd", "ab\ncd", 1, 2 },
	{ "line feed keeps the column", "ab\ncd", "ab\n  cd", 1, 4 },
	{ "long line wraps", "0123456789ab", "0123456789\nab", 1, 2 },
	{ "last column waits to wrap", "0123456789", "0123456789", 0, 9 },
	{ "carriage return in the last column does not wrap", "0123456789\rX", "X123456789", 0, 1 },
	{ "SGR keeps the wrap due", "0123456789\033[1mX", "0123456789\nX", 1, 1 },
	{ "no wrap without DECAWM", "\033[?7l0123456789ab", "012345678b", 0, 9 },
	{ "scrolls at the bottom", "1\r\n2\r\n3\r\n4\r\n5", "2\n3\n4\n5", 3, 1 },
	{ "backspace", "abc\b\bX", "aXc", 0, 2 },
	{ "tabs", "a\tb", "a       b", 0, 9 },
	{ "tab stops at the edge", "\t\t\tx", "         x", 0, 9 },
	{ "set tab stop", "\033[1;4H\033H\r\tx", "   x", 0, 4 },
	{ "clear all tab stops", "\033[3g\tx", "         x", 0, 9 },
	{ "back tab", "0123456789\033[Zx", "01234567x9", 0, 9 },
	{ "cursor position", "\033[3;5Hx", "\n\n    x", 2, 5 },
	{ "cursor position is bounded", "\033[99;99Hx", "\n\n\n         x", 3, 9 },
	{ "cursor up stops at the margin", "\033[2;3r\033[3;1H\033[9Ax", "\nx", 1, 1 },
	{ "cursor down stops at the margin", "\033[2;3r\033[2;1H\033[9Bx", "\n\nx", 2, 1 },
	{ "cursor next line", "abc\033[Ex", "abc\nx", 1, 1 },
	{ "column absolute", "\033[5Gx", "    x", 0, 5 },
	{ "row absolute", "ab\033[3dx", "ab\n\n  x", 2, 3 },
	{ "erase to the end of the line", "abcdef\033[3D\033[K", "abc", 0, 3 },
	{ "erase to the start of the line", "abcdef\033[3D\033[1K", "    ef", 0, 3 },
	{ "erase the line", "abc\033[2K", "", 0, 3 },
	{ "erase below", "ab\r\ncd\r\nef\033[2;2H\033[J", "ab\nc", 1, 1 },
	{ "erase above", "ab\r\ncd\r\nef\033[2;1H\033[1J", "\n d\nef", 1, 0 },
	{ "erase the screen", "ab\r\ncd\033[2J", "", 1, 2 },
	{ "erase characters", "abcdef\033[1;2H\033[3X", "a   ef", 0, 1 },
	{ "insert characters", "abcdef\033[1;2H\033[2@", "a  bcdef", 0, 1 },
	{ "delete characters", "abcdef\033[1;2H\033[2P", "adef", 0, 1 },
	{ "insert lines", "1\r\n2\r\n3\033[2H\033[L", "1\n\n2\n3", 1, 0 },
	{ "delete lines", "1\r\n2\r\n3\033[2H\033[M", "1\n3", 1, 0 },
	{ "insert line outside the margins does nothing", "1\r\n2\033[2;3r\033[1H\033[L", "1\n2", 0,
	  0 },
	{ "scroll up", "1\r\n2\r\n3\033[S", "2\n3", 2, 1 },
	{ "scroll down", "1\r\n2\033[T", "\n1\n2", 1, 1 },
	{ "region scrolls alone", "1\r\n2\r\n3\r\n4\033[2;3r\033[3;1H\nX", "1\n3\nX\n4", 2, 1 },
	{ "reverse index at the top", "1\r\n2\033[H\033Mx", "x\n1\n2", 0, 1 },
	{ "origin mode", "\033[2;3r\033[?6h\033[1;1Hx", "\nx", 1, 1 },
	{ "origin mode bounds the cursor", "\033[2;3r\033[?6h\033[9;1Hx", "\n\nx", 2, 1 },
	{ "insert mode", "abc\033[1;2H\033[4hXY", "aXYbc", 0, 3 },
	{ "save and restore cursor", "ab\0337\033[3;3Hx\0338c", "abc\n\n  x", 0, 3 },
	{ "line drawing", "\033(0lqk\033(Bq", "┌─┐q", 0, 4 },
	{ "shift out and in", "\033)0q\016q\017q", "q─q", 0, 3 },
	{ "repeat", "a\033[3b", "aaaa", 0, 4 },
	{ "alignment test", "\033#8", "EEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE\nEEEEEEEEEE", 0, 0 },
	{ "reset", "abc\033[2;3r\033c", "", 0, 0 },
	{ "soft reset keeps the text", "abc\033[4h\033[!p\rX", "Xbc", 0, 1 },
	{ "alternate screen and back", "ab\033[?1049hXYZ\033[?1049lc", "abc", 0, 3 },
	{ "alternate screen starts blank", "ab\033[?1049h\033[Hx", "x", 0, 1 },
	{ "side margins wrap", "\033[?69h\033[3;5s\033[1;3Habcd", "  abc\n  d", 1, 3 },
	{ "insert column", "abc\r\ndef\033[1;2H\033['}", "a bc\nd ef", 0, 1 },
	{ "delete column", "abc\r\ndef\033[1;2H\033['~", "ac\ndf", 0, 1 },
	{ "selective erase keeps guarded text", "a\033[1\"qb\033[0\"qc\033[?2K", " b", 0, 3 },
	{ "wide characters", "漢字x", "漢字x", 0, 5 },
	{ "wide character wraps whole", "012345678漢", "012345678\n漢", 1, 2 },
	{ "overwriting the left half", "漢字\rx", "x 字", 0, 1 },
	{ "overwriting the right half", "漢字\033[2Gx", " x字", 0, 2 },
	{ "combining mark", "e\xCC\x81x", "e\xCC\x81x", 0, 2 },
	{ "combining mark in the last column", "012345678e\xCC\x81", "012345678e\xCC\x81", 0, 9 },
	{ "mark without a letter is dropped", "\xCC\x81x", "x", 0, 1 },
	{ "family emoji is one cluster", "👨‍👩‍👧x", "👨‍👩‍👧x", 0, 3 },
	{ "skin tone", "👍🏽x", "👍🏽x", 0, 3 },
	{ "flag", "🇩🇪x", "🇩🇪x", 0, 3 },
	{ "heart with variation selector is wide", "❤️x", "❤️x", 0, 3 },
	{ "keycap", "1️⃣x", "1️⃣x", 0, 3 },
	{ "Arabic", "سلام x", "سلام x", 0, 6 },
	{ "Arabic with marks", "مَ x", "مَ x", 0, 3 },
	{ "invalid UTF-8 shows a replacement", "a\xFFz", "a\xEF\xBF\xBDz", 0, 3 },
	{ "cut sequence shows one replacement", "a\xE6\xBCz", "a\xEF\xBF\xBDz", 0, 3 },
	{ "overlong form", "\xC0\xAFz", "\xEF\xBF\xBD\xEF\xBF\xBDz", 0, 3 },
	{ "controls inside a sequence are done", "abc\033[\r1Cx", "axc", 0, 2 },
	{ "CAN cancels", "\033[3\030x", "x", 0, 1 },
	{ "too long a sequence is dropped",
	  "\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;"
	  "1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;"
	  "1Hx",
	  "x", 0, 1 },
	{ "unknown strings are swallowed", "\033_secret\033\\x\033^y\033\\z", "xz", 0, 2 },
	{ "OSC ended by BEL", "\033]0;t\ax", "x", 0, 1 },
	{ "OSC cut by another escape", "\033]0;t\033[3Cx", "   x", 0, 4 },
	{ "NEL", "ab\033Ex", "ab\nx", 1, 1 },
	{ "newline mode", "\033[20hab\nx", "ab\nx", 1, 1 },
	{ "huge parameters", "\033[99999999999999999999Cx\033[999999999S", "", -1, -1 },
};

static void
test_script(void **state)
{
	const struct script *s = *state;
	struct fake f;

	fake_init(&f, 4, 10, 100);
	fake_feed(&f, s->in);
	assert_string_equal(fake_screen(&f), s->screen);
	if (s->row >= 0) {
		assert_int_equal(f.vt.row, s->row);
		assert_int_equal(f.vt.col, s->col);
	}
	fake_fini(&f);
}

static void
test_pieces_do_not_matter(void **state)
{
	const struct script *s = *state;
	struct fake f;

	fake_init(&f, 4, 10, 100);
	for (size_t i = 0; s->in[i]; i++)
		vt_feed(&f.vt, s->in + i, 1);
	assert_string_equal(fake_screen(&f), s->screen);
	fake_fini(&f);
}

struct reply {
	const char *name, *in, *out;
};

static const struct reply replies[] = {
	{ "primary attributes", "\033[c", "\033[?64;6;21;22;28c" },
	{ "secondary attributes", "\033[>c", "\033[>41;100;0c" },
	{ "status", "\033[5n", "\033[0n" },
	{ "cursor report", "ab\r\nc\033[6n", "\033[2;2R" },
	{ "cursor report in origin mode", "\033[2;3r\033[?6h\033[6n", "\033[1;1R" },
	{ "version", "\033[>q", "\033P>|WebNova " WN_VERSION "\033\\" },
	{ "foreground", "\033]10;?\033\\", "\033]10;rgb:d8d8/d8d8/d8d8\033\\" },
	{ "background", "\033]11;?\a", "\033]11;rgb:1818/1818/1818\a" },
	{ "palette", "\033]4;1;?\a", "\033]4;1;rgb:cdcd/0000/0000\a" },
	{ "mode 2026 is known", "\033[?2026$p", "\033[?2026;2$y" },
	{ "mode 2004 set", "\033[?2004h\033[?2004$p", "\033[?2004;1$y" },
	{ "unknown mode", "\033[?9999$p", "\033[?9999;0$y" },
	{ "setting of the pen", "\033[1;3;4:3;38;2;1;2;3;48;5;200m\033P$qm\033\\",
	  "\033P1$r0;1;3;4:3;38:2::1:2:3;48:5:200m\033\\" },
	{ "setting of the margins", "\033[2;3r\033P$qr\033\\", "\033P1$r2;3r\033\\" },
	{ "size", "\033[18t", "\033[8;4;10t" },
	{ "clipboard is never read", "\033]52;c;?\a", "" },
	{ "dark theme", "\033[?996n", "\033[?997;1n" },
};

static void
test_reply(void **state)
{
	const struct reply *r = *state;
	struct fake f;

	fake_init(&f, 4, 10, 0);
	fake_feed(&f, r->in);
	wn_buf_chr(&f.replies, '\0');
	assert_string_equal(f.replies.p, r->out);
	fake_fini(&f);
}

struct pen {
	const char *name, *in;
	uint32_t fg, bg;
	unsigned attrs;
};

static const struct pen pens[] = {
	{ "bold red", "\033[1;31m", WN_TCOLOR_INDEX(1), 0, WN_TA_BOLD },
	{ "bright background", "\033[104m", 0, WN_TCOLOR_INDEX(12), 0 },
	{ "truecolor with semicolons", "\033[38;2;1;2;3m", WN_TCOLOR_RGB(1, 2, 3), 0, 0 },
	{ "truecolor with colons and colour space", "\033[48:2::9:8:7m", 0, WN_TCOLOR_RGB(9, 8, 7),
	  0 },
	{ "truecolor with colons", "\033[48:2:9:8:7m", 0, WN_TCOLOR_RGB(9, 8, 7), 0 },
	{ "256 colours then an attribute", "\033[38;5;200;3m", WN_TCOLOR_INDEX(200), 0,
	  WN_TA_ITALIC },
	{ "curly underline", "\033[4:3m", 0, 0, 3 << 8 },
	{ "underline off by sub-parameter", "\033[4m\033[4:0m", 0, 0, 0 },
	{ "underline colour does not leak", "\033[58;2;1;2;3;9m", 0, 0, WN_TA_STRIKE },
	{ "reset", "\033[1;2;3;4;5;7;8;9;31;42m\033[m", 0, 0, 0 },
	{ "normal intensity", "\033[1;2;7m\033[22m", 0, 0, WN_TA_REVERSE },
	{ "default colours", "\033[31;41m\033[39;49m", 0, 0, 0 },
};

static void
test_pen(void **state)
{
	const struct pen *p = *state;
	struct fake f;
	const struct cell *c;

	fake_init(&f, 4, 10, 0);
	fake_feed(&f, p->in);
	fake_feed(&f, "x");
	c = &grid_row(&f.grid, 0)->cells[0];
	assert_int_equal(c->style.fg, p->fg);
	assert_int_equal(c->style.bg, p->bg);
	assert_int_equal(c->style.attrs, p->attrs);
	fake_fini(&f);
}

static void
test_erase_uses_the_background(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, 4, 10, 0);
	fake_feed(&f, "\033[44m\033[K");
	assert_int_equal(grid_row(&f.grid, 0)->cells[9].style.bg, WN_TCOLOR_INDEX(4));
	fake_fini(&f);
}

static void
test_titles_directory_bell_clipboard(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, 4, 10, 0);
	fake_feed(&f, "\033]2;one\a\033]0;عنوان\033\\\033]7;file:///tmp\a\a\a\033]52;c;aGk=\a");
	assert_string_equal(f.vt.title, "عنوان");
	assert_string_equal(f.vt.cwd, "file:///tmp");
	assert_int_equal(f.titles, 2);
	assert_int_equal(f.bells, 2);
	assert_int_equal(f.clipboard.len, 4);
	fake_feed(&f, "\033]2;\xFF\a");
	assert_string_equal(f.vt.title, "عنوان");
	fake_fini(&f);
}

static void
test_modes_reach_the_wire(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, 4, 10, 0);
	assert_int_equal(vt_wire_modes(&f.vt), WN_TM_CURSOR);
	fake_feed(&f, "\033[?25l\033[?2004h\033[?1002h\033[?1006h\033[?1h\033[4 q");
	assert_int_equal(vt_wire_modes(&f.vt), WN_TM_PASTE | WN_TM_APP_CURSOR | 2 << 8);
	assert_int_equal(f.vt.cursor_shape, 1);
	fake_fini(&f);
}

static void
test_endless_marks_stay_bounded(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, 4, 10, 0);
	fake_feed(&f, "a");
	for (int i = 0; i < 10000; i++)
		fake_feed(&f, "\xCC\x81");
	assert_true(strlen(fake_screen(&f)) <= CLUSTER_BYTES_MAX);
	assert_int_equal(f.vt.col, 1);
	fake_fini(&f);
}

static void
test_many_different_clusters_are_swept(void **state)
{
	struct fake f;
	char text[32];

	(void)state;
	fake_init(&f, 4, 10, 0);
	for (int i = 0; i < CLUSTER_MAX * 2; i++) {
		size_t n = wn_utf8_encode(0x4E00 + (uint32_t)i % 20000, text);

		n += wn_utf8_encode(0x300 + (uint32_t)i % 60, text + n);
		vt_feed(&f.vt, text, n);
	}
	assert_true(f.grid.clusters.len <= CLUSTER_MAX);
	assert_null(strstr(fake_screen(&f), "\xEF\xBF\xBD"));
	fake_fini(&f);
}

/* One test a row of a table. */
static size_t
add(struct CMUnitTest *to, size_t at, const char *name, CMUnitTestFunction fn, const void *row)
{
	to[at] = (struct CMUnitTest){ name, fn, NULL, NULL, (void *)(uintptr_t)row };
	return at + 1;
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(test_erase_uses_the_background),
		cmocka_unit_test(test_titles_directory_bell_clipboard),
		cmocka_unit_test(test_modes_reach_the_wire),
		cmocka_unit_test(test_endless_marks_stay_bounded),
		cmocka_unit_test(test_many_different_clusters_are_swept),
	};
	struct CMUnitTest tests[COUNT(scripts) * 2 + COUNT(replies) + COUNT(pens) + COUNT(others)];
	static char names[COUNT(scripts)][96];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(scripts); i++) {
		n = add(tests, n, scripts[i].name, test_script, &scripts[i]);
		snprintf(names[i], sizeof names[i], "%s, byte by byte", scripts[i].name);
		n = add(tests, n, names[i], test_pieces_do_not_matter, &scripts[i]);
	}
	for (size_t i = 0; i < COUNT(replies); i++)
		n = add(tests, n, replies[i].name, test_reply, &replies[i]);
	for (size_t i = 0; i < COUNT(pens); i++)
		n = add(tests, n, pens[i].name, test_pen, &pens[i]);
	for (size_t i = 0; i < COUNT(others); i++)
		tests[n++] = others[i];
	return cmocka_run_group_tests_name("runtime/shim/vt", tests, NULL, NULL);
}
