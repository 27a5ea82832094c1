/*
 * The emulator held to the VT420 and to xterm's control sequences: margins, origin mode, moves,
 * rectangles, guards, reports, colours.
 */
#include "tests/unit/runtime/shim/screen_help.h"

struct script {
	const char *name, *in, *screen;
	int row, col; /* -1: not looked at */
};

#define FILL "abcdefgh\r\nijklmnop\r\nqrstuvwx\r\nyz012345"
#define SIDES "\033[?69h\033[3;6s" /* columns 3 to 6 */

/* On a screen of 4 rows and 8 columns. */
static const struct script scripts[] = {
	/* moves */
	{ "up from below the margin reaches it", FILL "\033[2;3r\033[4;1H\033[9A", NULL, 1, 0 },
	{ "up from above the margin reaches the top", FILL "\033[3;4r\033[2;1H\033[9A", NULL, 0,
	  0 },
	{ "down from above the margin stops at its end", "\033[2;3r\033[1;1H\033[9B", NULL, 2, 0 },
	{ "down from below it reaches the bottom", "\033[1;2r\033[3;1H\033[9B", NULL, 3, 0 },
	{ "right stops at the right margin", SIDES "\033[1;3H\033[9C", NULL, 0, 5 },
	{ "right of the margin it reaches the edge", SIDES "\033[1;7H\033[9C", NULL, 0, 7 },
	{ "left stops at the left margin", SIDES "\033[1;5H\033[9D", NULL, 0, 2 },
	{ "left of the margin it reaches the edge", SIDES "\033[1;2H\033[9D", NULL, 0, 0 },
	{ "next line goes to the left margin", SIDES "\033[1;5H\033[E", NULL, 1, 2 },
	{ "previous line left of the margin goes to the edge", SIDES "\033[2;2H\033[F", NULL, 0,
	  0 },
	{ "a column is absolute without origin mode", SIDES "\033[4G", NULL, 0, 3 },
	{ "a column counts from the margin in origin mode", SIDES "\033[?6h\033[2G", NULL, 0, 3 },
	{ "a row counts from the margin in origin mode", "\033[2;3r\033[?6h\033[2d", NULL, 2, 0 },
	{ "columns to the right", "\033[3G\033[2a", NULL, 0, 4 },
	{ "rows down ignore the margins", "\033[1;2r\033[1;1H\033[3e", NULL, 3, 0 },
	{ "origin mode keeps the cursor inside the sides", SIDES "\033[?6h\033[9;9H", NULL, 3, 5 },
	{ "setting margins homes", "\033[3;3H\033[2;3r", NULL, 0, 0 },
	{ "margins that are none change nothing", "\033[3;3H\033[3;3r", NULL, 2, 2 },
	{ "backspace stops at the left margin", SIDES "\033[1;4H\b\b\b", NULL, 0, 2 },
	{ "reverse wraparound", "\033[?45h\033[2;1H\b", NULL, 0, 7 },
	{ "reverse wraparound after the last column", "\033[?45habcdefgh\b", NULL, 0, 7 },
	{ "reverse wraparound stops at the top", "\033[?45h\b", NULL, 0, 0 },
	{ "left with reverse wraparound", "\033[?45h\033[2;2H\033[3D", NULL, 0, 6 },
	{ "carriage return inside goes to the left margin", SIDES "\033[1;5H\r", NULL, 0, 2 },
	{ "carriage return left of it goes to the edge", SIDES "\033[1;2H\r", NULL, 0, 0 },
	/* scrolling at margins */
	{ "index outside the sides does not scroll", FILL SIDES "\033[2;3r\033[3;1H\033D",
	  "abcdefgh\nijklmnop\nqrstuvwx\nyz012345", 2, 0 },
	{ "index inside scrolls the inside", FILL SIDES "\033[2;3r\033[3;3H\033D",
	  "abcdefgh\nijstuvop\nqr    wx\nyz012345", 2, 2 },
	{ "reverse index inside", FILL SIDES "\033[2;3r\033[2;3H\033M",
	  "abcdefgh\nij    op\nqrklmnwx\nyz012345", 1, 2 },
	{ "reverse index above the margin", FILL "\033[2;3r\033[1;1H\033M",
	  "abcdefgh\nijklmnop\nqrstuvwx\nyz012345", 0, 0 },
	{ "index below the margin stays at the bottom", FILL "\033[1;2r\033[4;1H\033D",
	  "abcdefgh\nijklmnop\nqrstuvwx\nyz012345", 3, 0 },
	{ "forward index at the margin", FILL SIDES "\033[1;6H\0339",
	  "abdef gh\nijlmn op\nqrtuv wx\nyz123 45", 0, 5 },
	{ "forward index elsewhere moves", "\0339", NULL, 0, 1 },
	{ "back index at the margin", FILL SIDES "\033[1;3H\0336",
	  "ab cdegh\nij klmop\nqr stuwx\nyz 01245", 0, 2 },
	{ "scroll up inside", FILL SIDES "\033[2;3r\033[S",
	  "abcdefgh\nijstuvop\nqr    wx\nyz012345", -1, -1 },
	{ "scroll down by more than there is", FILL "\033[9T", "", -1, -1 },
	{ "scroll left", FILL "\033[2 @", "cdefgh\nklmnop\nstuvwx\n012345", -1, -1 },
	{ "scroll right", FILL "\033[2 A", "  abcdef\n  ijklmn\n  qrstuv\n  yz0123", -1, -1 },
	{ "wrapping inside the sides", SIDES "\033[1;3Habcdef", "  abcd\n  ef", 1, 4 },
	{ "scroll left with wide characters", "漢字漢字\033[ @", " 字漢字", -1, -1 },
	{ "delete a character before wide ones", "a漢字x\033[1;1H\033[P", "漢字x", 0, 0 },
	{ "insert a character before wide ones", "漢字漢字\033[1;1H\033[@", " 漢字漢", 0, 0 },
	/* editing */
	{ "insert characters stops at the right margin", FILL SIDES "\033[1;4H\033[@",
	  "abc degh\nijklmnop\nqrstuvwx\nyz012345", 0, 3 },
	{ "insert characters outside does nothing", FILL SIDES "\033[1;1H\033[@",
	  "abcdefgh\nijklmnop\nqrstuvwx\nyz012345", 0, 0 },
	{ "insert characters below the margins works", FILL "\033[1;2r\033[3;1H\033[2@",
	  "abcdefgh\nijklmnop\n  qrstuv\nyz012345", 2, 0 },
	{ "delete characters stops at the right margin", FILL SIDES "\033[1;4H\033[P",
	  "abcef gh\nijklmnop\nqrstuvwx\nyz012345", 0, 3 },
	{ "insert line inside", FILL SIDES "\033[2;4H\033[L",
	  "abcdefgh\nij    op\nqrklmnwx\nyzstuv45", 1, 2 },
	{ "delete line inside", FILL SIDES "\033[2;4H\033[M",
	  "abcdefgh\nijstuvop\nqr0123wx\nyz    45", 1, 2 },
	{ "insert columns", FILL SIDES "\033[1;4H\033[1'}",
	  "abc degh\nijk lmop\nqrs tuwx\nyz0 1245", 0, 3 },
	{ "erase characters ignores the margins", FILL SIDES "\033[1;5H\033[9X",
	  "abcd\nijklmnop\nqrstuvwx\nyz012345", 0, 4 },
	/* guards */
	{ "an erase passes over nothing by DECSCA", "a\033[1\"qb\033[0\"qc\033[2K", "", 0, 3 },
	{ "an ISO guard keeps from every erase", "a\033Vb\033Wc\033[2K", " b", 0, 3 },
	{ "selective erase of the display", "a\033[1\"qb\033[0\"qc\033[H\033[?J", " b", 0, 0 },
	/* rectangles */
	{ "fill", "\033[88;2;2;3;4$x", "\n XXX\n XXX", 0, 0 },
	{ "fill the whole screen", "\033[88$x", "XXXXXXXX\nXXXXXXXX\nXXXXXXXX\nXXXXXXXX", 0, 0 },
	{ "fill counts from the margins in origin mode", SIDES "\033[2;3r\033[?6h\033[88;1;1;1;2$x",
	  "\n  XX", -1, -1 },
	{ "fill with a control does nothing", "\033[7$x", "", 0, 0 },
	{ "erase", FILL "\033[2;3;3;5$z", "abcdefgh\nij   nop\nqr   vwx\nyz012345", 3, 7 },
	{ "selective erase", "\033[1\"qab\033[0\"qcd\033[1;1;1;4${", "ab", 0, 4 },
	{ "copy", FILL "\033[1;1;2;2;1;3;5;1$v", "abcdefgh\nijklmnop\nqrstabwx\nyz01ij45", 3, 7 },
	{ "copy onto itself", FILL "\033[1;1;4;7;1;1;2;1$v",
	  "aabcdefg\niijklmno\nqqrstuvw\nyyz01234", 3, 7 },
	{ "copy is cut at the edge", FILL "\033[1;1;2;2;1;4;8;1$v",
	  "abcdefgh\nijklmnop\nqrstuvwx\nyz01234a", 3, 7 },
	{ "a rectangle upside down is none", FILL "\033[3;3;2;2$z",
	  "abcdefgh\nijklmnop\nqrstuvwx\nyz012345", 3, 7 },
	/* resets and the rest */
	{ "alignment test takes the margins back", "\033[2;3r\033#8\033[4;1H\n",
	  "EEEEEEEE\nEEEEEEEE\nEEEEEEEE", 3, 0 },
	{ "columns mode is not allowed by itself", "ab\033[?3h", "ab", 0, 2 },
	{ "columns mode clears where it is allowed", "\033[?40hab\033[2;3r\033[?3h", "", 0, 0 },
	{ "a level starts afresh", "ab\033[61\"p", "", 0, 0 },
	{ "modes come back from the stack", "\033[?7s\033[?7l\033[?7rabcdefghi", "abcdefgh\ni", 1,
	  1 },
	{ "tab stops at every eighth again", "\033[3g\033[?5W\tx", "       x", -1, -1 },
	{ "restoring what was never saved goes home", "\033[3;3H\0338", NULL, 0, 0 },
	{ "an origin is saved and restored", "\033[2;3r\033[?6h\0337\033[?6l\0338\033[1;1Hx", "\nx",
	  -1, -1 },
	{ "repeat wraps", "\033[1;7Ha\033[3b", "      aa\naa", 1, 2 },
};

static void
test_script(void **state)
{
	const struct script *s = *state;
	struct fake f;

	fake_init(&f, 4, 8, 100);
	fake_feed(&f, s->in);
	if (s->screen)
		assert_string_equal(fake_screen(&f), s->screen);
	if (s->row >= 0) {
		assert_int_equal(f.vt.row, s->row);
		assert_int_equal(f.vt.col, s->col);
	}
	fake_fini(&f);
}

struct reply {
	const char *name, *in, *out;
};

static const struct reply replies[] = {
	{ "identify", "\033Z", "\033[?64;6;21;22;28c" },
	{ "tertiary attributes", "\033[=c", "\033P!|00000000\033\\" },
	{ "parameters", "\033[x", "\033[2;1;1;128;128;1;0x" },
	{ "parameters, unasked", "\033[1x", "\033[3;1;1;128;128;1;0x" },
	{ "extended cursor report", "\033[2;3H\033[?6n", "\033[?2;3;1R" },
	{ "cursor report from the margins", SIDES "\033[2;4r\033[?6h\033[2;2H\033[6n",
	  "\033[2;2R" },
	{ "printer", "\033[?15n", "\033[?13n" },
	{ "user keys", "\033[?25n", "\033[?21n" },
	{ "keyboard", "\033[?26n", "\033[?27;1;0;0n" },
	{ "locator", "\033[?55n", "\033[?53n" },
	{ "memory", "\033[?63;7n", "\033P7!~0000\033\\" },
	{ "trouble", "\033[?75n", "\033[?70n" },
	{ "checksum of a cell", "a\033[5;1;1;1;1;1*y", "\033P5!~FF9F\033\\" },
	{ "checksum of a blank", "\033[1;1;1;1;1;1*y", "\033P1!~FFE0\033\\" },
	{ "checksum of two", "ab\033[1;1;1;1;1;2*y", "\033P1!~FF3D\033\\" },
	{ "checksum counts looks", "\033[1;7ma\033[1;1;1;1;1;1*y", "\033P1!~FEFF\033\\" },
	{ "checksum counts from the margins", SIDES "\033[?6ha\033[1;1;1;1;1;1*y",
	  "\033P1!~FF9F\033\\" },
	{ "looks of a rectangle", "ab\033[1;1;1;2;1$r\033[1;1;1;1;1;1*y", "\033P1!~FF1F\033\\" },
	{ "looks turned over", "\033[1ma\033[1;1;1;1;1$t\033[1;1;1;1;1;1*y", "\033P1!~FF9F\033\\" },
	{ "setting: level", "\033P$q\"p\033\\", "\033P1$r64;1\"p\033\\" },
	{ "setting: sides", SIDES "\033P$qs\033\\", "\033P1$r3;6s\033\\" },
	{ "setting: cursor", "\033[4 q\033P$q q\033\\", "\033P1$r4 q\033\\" },
	{ "setting: guard", "\033[1\"q\033P$q\"q\033\\", "\033P1$r1\"q\033\\" },
	{ "setting: lines", "\033P$qt\033\\", "\033P1$r4t\033\\" },
	{ "setting: unknown", "\033P$qz\033\\", "\033P0$r\033\\" },
	{ "mode that is off for ever", "\033[1$p", "\033[1;4$y" },
	{ "insert mode", "\033[4h\033[4$p", "\033[4;1$y" },
	{ "mode that is remembered", "\033[?4h\033[?4$p", "\033[?4;1$y" },
	{ "mode that is no mode", "\033[77$p", "\033[77;0$y" },
	{ "window is shown", "\033[11t", "\033[1t" },
	{ "window in pixels", "\033[14t", "\033[4;64;64t" },
	{ "cell in pixels", "\033[16t", "\033[6;16;8t" },
	{ "a title is never told", "\033]2;rm -rf\a\033[21t", "\033]l\033\\" },
	{ "palette set and asked", "\033]4;7;rgb:f/80/1234\033\\\033]4;7;?\033\\",
	  "\033]4;7;rgb:ffff/8080/1212\033\\" },
	{ "palette asked twice", "\033]4;0;?;1;?\a",
	  "\033]4;0;rgb:0000/0000/0000\a\033]4;1;rgb:cdcd/0000/0000\a" },
	{ "palette taken back", "\033]4;1;#123456\a\033]104;1\a\033]4;1;?\a",
	  "\033]4;1;rgb:cdcd/0000/0000\a" },
	{ "own colours in a row", "\033]10;#112233;#445566\a\033]10;?;?\a",
	  "\033]10;rgb:1111/2222/3333\a\033]11;rgb:4444/5555/6666\a" },
	{ "own colour taken back", "\033]11;red\a\033]111\a\033]11;?\a",
	  "\033]11;rgb:1818/1818/1818\a" },
	{ "special colour", "\033]5;0;#aabbcc\a\033]5;0;?\a", "\033]5;0;rgb:aaaa/bbbb/cccc\a" },
	{ "a colour that is none", "\033]4;1;nonsense\a\033]4;1;?\a",
	  "\033]4;1;rgb:cdcd/0000/0000\a" },
	{ "reset forgets colours", "\033]4;1;#123456\a\033c\033]4;1;?\a",
	  "\033]4;1;rgb:cdcd/0000/0000\a" },
};

static void
test_reply(void **state)
{
	const struct reply *r = *state;
	struct fake f;

	fake_init(&f, 4, 8, 0);
	fake_feed(&f, r->in);
	wn_buf_chr(&f.replies, '\0');
	assert_string_equal(f.replies.p, r->out);
	fake_fini(&f);
}

static void
test_titles_come_back_from_the_stack(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, 4, 8, 0);
	fake_feed(&f, "\033]2;one\a\033[22t\033]2;two\a");
	assert_string_equal(f.vt.title, "two");
	fake_feed(&f, "\033[23t\033[23t");
	assert_string_equal(f.vt.title, "one");
	for (int i = 0; i < 50; i++)
		fake_feed(&f, "\033[22t");
	fake_fini(&f);
}

static void
test_a_palette_colour_that_was_set_is_drawn(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, 4, 8, 0);
	fake_feed(&f, "\033]4;1;#123456\a\033[31mx");
	assert_int_equal(grid_row(&f.grid, 0)->cells[0].style.fg, WN_TCOLOR_RGB(0x12, 0x34, 0x56));
	fake_fini(&f);
}

static void
test_links_are_kept_by_number(void **state)
{
	struct fake f;

	(void)state;
	fake_init(&f, 4, 8, 0);
	fake_feed(&f, "\033]8;id=1;https://a\033\\x\033]8;;\033\\y\033]8;;https://"
		      "b\az\033]8;;https://a\aw");
	assert_int_equal(grid_row(&f.grid, 0)->cells[0].style.link, 1);
	assert_int_equal(grid_row(&f.grid, 0)->cells[1].style.link, 0);
	assert_int_equal(grid_row(&f.grid, 0)->cells[2].style.link, 2);
	assert_int_equal(grid_row(&f.grid, 0)->cells[3].style.link, 1);
	assert_string_equal(vt_link(&f.vt, 2), "https://b");
	assert_null(vt_link(&f.vt, 3));
	assert_null(vt_link(&f.vt, 0));
	fake_fini(&f);
}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

int
main(void)
{
	struct CMUnitTest tests[COUNT(scripts) + COUNT(replies) + 3];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(scripts); i++)
		tests[n++] = (struct CMUnitTest){ scripts[i].name, test_script, NULL, NULL,
						  (void *)(uintptr_t)&scripts[i] };
	for (size_t i = 0; i < COUNT(replies); i++)
		tests[n++] = (struct CMUnitTest){ replies[i].name, test_reply, NULL, NULL,
						  (void *)(uintptr_t)&replies[i] };
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_links_are_kept_by_number);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_titles_come_back_from_the_stack);
	tests[n++] =
		(struct CMUnitTest)cmocka_unit_test(test_a_palette_colour_that_was_set_is_drawn);
	return cmocka_run_group_tests_name("runtime/shim/vt conformance", tests, NULL, NULL);
}
