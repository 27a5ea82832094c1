/*
 * The decoder against a table of sequences, whole and cut at every byte.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/buf.h"
#include "tui/input/input.h"
#include "tui/input/key.h"

struct row {
	const char *in, *out; /* events as text, parted by blanks */
};

static void
show(void *arg, const struct tui_event *ev)
{
	struct wn_buf *b = arg;

	if (b->len > 0)
		wn_buf_chr(b, ' ');
	switch (ev->type) {
	case TUI_EV_KEY:
		tui_key_print(ev->key, b);
		break;
	case TUI_EV_MOUSE:
		wn_buf_printf(b, "mouse%d,%d@%d,%d+%u", (int)ev->mouse.kind, ev->mouse.button,
			      ev->mouse.y, ev->mouse.x, ev->mouse.mods);
		break;
	case TUI_EV_PASTE:
		wn_buf_printf(b, "paste%d%d[%.*s]", ev->paste_begin, ev->paste_end,
			      WN_STR_ARG(ev->paste));
		break;
	case TUI_EV_FOCUS:
		wn_buf_printf(b, "focus%d", ev->focused);
		break;
	case TUI_EV_REPLY:
		wn_buf_printf(b, "reply%d%c%d", (int)ev->reply.kind,
			      ev->reply.final ? ev->reply.final : '-', ev->reply.n);
		break;
	case TUI_EV_SYNC:
		wn_buf_printf(b, "sync%d,%d", ev->sync_id, ev->sync_ms);
		break;
	default:
		break;
	}
}

static const struct row table[] = {
	/* plain */
	{ "abC", "a b C" },
	{ "\x01\x1a", "Ctrl-A Ctrl-Z" },
	{ "\t\r\x7f", "Tab Enter Backspace" },
	{ "\x08", "Ctrl-H" },
	{ "\x1f", "Ctrl-/" },
	{ "\x1c\x1d", "Ctrl-\\ Ctrl-]" },
	{ "\033a", "Alt-A" },
	{ "\033A", "Alt-Shift-A" },
	{ "\033\x01", "Ctrl-Alt-A" },
	/* UTF-8 */
	{ "\xC3\xA9\xD8\xB9\xE6\x97\xA5\xF0\x9F\x98\x80", "é ع 日 😀" },
	{ "\033\xC3\xA9", "Alt-é" },
	{ "\xFFx", "� x" },
	{ "\xC3x", "� x" },
	{ "\xE6\x97x", "� � x" },
	{ "\xED\xA0\x80", "� � �" },
	{ "\xC0\xAF", "� �" },
	/* legacy keys */
	{ "\033[A\033OB\033[C\033OD", "Up Down Right Left" },
	{ "\033[H\033[F\033OH\033[1~\033[4~", "Home End Home Home End" },
	{ "\033[2~\033[3~\033[5~\033[6~", "Insert Delete PageUp PageDown" },
	{ "\033OP\033[11~\033[15~\033[24~\033[[A\033[[E", "F1 F1 F5 F12 F1 F5" },
	{ "\033[Z", "Shift-Tab" },
	{ "\033[1;5A\033[1;2D\033[3;5~\033[1;3B", "Ctrl-Up Shift-Left Ctrl-Delete Alt-Down" },
	{ "\033O5C", "Ctrl-Right" },
	{ "\033[1;2P\033[1;5R\033[1;2S", "Shift-F1 Ctrl-F3 Shift-F4" },
	{ "\033\033[A", "Alt-Up" },
	/* rxvt */
	{ "\033[a\033Od\033[3$\033[3^\033[3@",
	  "Shift-Up Ctrl-Left Shift-Delete Ctrl-Delete Ctrl-Shift-Delete" },
	/* key pad in application mode */
	{ "\033OM\033Op\033Ok", "Enter 0 +" },
	/* kitty */
	{ "\033[97;5u", "Ctrl-A" },
	{ "\033[112;6u", "Ctrl-Shift-P" },
	{ "\033[27u", "Esc" },
	{ "\033[13;5u\033[9;5u", "Ctrl-Enter Ctrl-Tab" },
	{ "\033[97;1:3u", "" },
	{ "\033[97;1:2u", "a" },
	{ "\033[57399u\033[57414u\033[57419u", "0 Enter Up" },
	{ "\033[57441;2u", "" },
	{ "\033[1;1:3A", "" },
	/* modifyOtherKeys */
	{ "\033[27;5;105~\033[27;2;13~\033[27;6;80~", "Ctrl-I Shift-Enter Ctrl-Shift-P" },
	/* mouse */
	{ "\033[<0;10;5M\033[<0;10;5m", "mouse0,1@4,9+0 mouse1,1@4,9+0" },
	{ "\033[<32;11;5M\033[<35;11;5M", "mouse2,1@4,10+0 mouse3,0@4,10+0" },
	{ "\033[<64;1;1M\033[<65;1;1M\033[<66;1;1M\033[<67;1;1M",
	  "mouse4,-1@0,0+0 mouse4,1@0,0+0 mouse4,-2@0,0+0 mouse4,2@0,0+0" },
	{ "\033[<20;300;200M", "mouse0,1@199,299+5" },
	{ "\033[M !!", "mouse0,1@0,0+0" },
	{ "\033[<0;0;1M", "" },
	/* focus */
	{ "\033[I\033[O", "focus1 focus0" },
	/* answers never become text */
	{ "\033[?62;22;52c", "reply0c3" },
	{ "\033[?2026;2$y", "reply0y2" },
	{ "\033[?1u", "reply0u1" },
	{ "\033]11;rgb:0000/0000/0000\033\\", "reply1-0" },
	{ "\033]11;rgb:0000/0000/0000\007", "reply1-0" },
	{ "\033P1$r48;2;1;2;3m\033\\", "reply2-0" },
	{ "\033_Gi=1;OK\033\\x", "x" },
	{ "\033[24;80R", "reply0R2" },
	{ "\033[?997;1n", "reply0n2" },
	{ "\033]52;c;aGVsbG8=\007y", "reply1-0 y" },
	/* cut and wrong ones */
	{ "\033[12\033[A", "Up" },
	{ "\033[12\001x", "Ctrl-A x" },
	{ "\033]11;abc\033[A", "Up" },
	{ "\033[1;2;3;4;5;6;7;8;9;10;11;12;13;14;15;16;17;18A", "" },
	{ "\033[99999999999999999999~a", "a" },
	{ "\033[?7770;3;500n", "reply0n3" },
	/* ESC before what is no key is the key */
	{ "\033\033[I", "Esc focus1" },
};

static void
run(const char *in, size_t n, size_t cut, struct wn_buf *out)
{
	struct tui_input d;

	wn_buf_init(out, 65536);
	tui_input_init(&d, show, out);
	tui_input_feed(&d, in, cut);
	tui_input_feed(&d, in + cut, n - cut);
	assert_int_equal(d.state, TUI_IN_GROUND);
	tui_input_fini(&d);
}

static void
sequences_mean_what_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		size_t n = strlen(table[i].in);

		for (size_t cut = 0; cut <= n; cut++) {
			struct wn_buf out;

			run(table[i].in, n, cut, &out);
			if (strcmp(out.p != NULL ? out.p : "", table[i].out) != 0)
				fail_msg("row %zu (ESC%s) cut at %zu: \"%s\", expected \"%s\"", i,
					 table[i].in + 1, cut, out.p != NULL ? out.p : "",
					 table[i].out);
			wn_buf_fini(&out);
		}
	}
}

static void
nul_is_ctrl_space(void **state)
{
	struct wn_buf out;

	(void)state;
	run("\0", 1, 0, &out);
	assert_string_equal(out.p, "Ctrl-Space");
	wn_buf_fini(&out);
}

static void
a_lone_esc_is_settled_by_time(void **state)
{
	struct wn_buf out;
	struct tui_input d;

	(void)state;
	wn_buf_init(&out, 65536);
	tui_input_init(&d, show, &out);
	assert_int_equal(tui_input_wait(&d), -1);
	tui_input_feed(&d, "\033", 1);
	assert_int_equal(tui_input_wait(&d), 25);
	assert_int_equal(out.len, 0);
	tui_input_timeout(&d);
	assert_string_equal(out.p, "Esc");
	tui_input_feed(&d, "\033[", 2);
	assert_int_equal(tui_input_wait(&d), 500);
	tui_input_timeout(&d);
	assert_string_equal(out.p, "Esc Alt-[");
	tui_input_feed(&d, "\033[1;", 4); /* has begun: waits for its end for ever */
	assert_int_equal(tui_input_wait(&d), -1);
	tui_input_feed(&d, "5A", 2);
	assert_string_equal(out.p, "Esc Alt-[ Ctrl-Up");
	tui_input_fini(&d);
	wn_buf_fini(&out);
}

static void
answers_on_their_way_are_not_timed_out(void **state)
{
	struct wn_buf out;
	struct tui_input d;

	(void)state;
	wn_buf_init(&out, 65536);
	tui_input_init(&d, show, &out);
	d.expect = true;
	tui_input_feed(&d, "\033]", 2);
	assert_int_equal(tui_input_wait(&d), -1);
	tui_input_feed(&d, "11;rgb:0/0/0\007", 13);
	assert_string_equal(out.p, "reply1-0");
	tui_input_fini(&d);
	wn_buf_fini(&out);
}

static void
backspace_is_byte_8_where_the_tty_says_so(void **state)
{
	struct wn_buf out;
	struct tui_input d;

	(void)state;
	wn_buf_init(&out, 65536);
	tui_input_init(&d, show, &out);
	d.backspace = true;
	tui_input_feed(&d, "\x08", 1);
	assert_string_equal(out.p, "Backspace");
	tui_input_fini(&d);
	wn_buf_fini(&out);
}

/* All pieces of a paste put together. */
struct pasted {
	struct wn_buf text;
	int begins, ends, others;
};

static void
on_paste(void *arg, const struct tui_event *ev)
{
	struct pasted *p = arg;

	if (ev->type != TUI_EV_PASTE) {
		p->others++;
		return;
	}
	wn_buf_str(&p->text, ev->paste);
	p->begins += ev->paste_begin;
	p->ends += ev->paste_end;
}

static void
a_paste_is_data_however_it_is_cut(void **state)
{
	static const char in[] = "\033[200~a\r\nb\rc\033[A\033[20\033[201x\033[201~";

	(void)state;
	for (size_t cut = 0; cut < sizeof in; cut++) {
		struct pasted p = { 0 };
		struct tui_input d;

		wn_buf_init(&p.text, 1024);
		tui_input_init(&d, on_paste, &p);
		tui_input_feed(&d, in, cut);
		tui_input_feed(&d, in + cut, sizeof in - 1 - (cut < sizeof in ? cut : 0));
		assert_string_equal(p.text.p, "a\nb\nc\033[A\033[20\033[201x");
		assert_int_equal(p.begins, 1);
		assert_int_equal(p.ends, 1);
		assert_int_equal(p.others, 0);
		tui_input_fini(&d);
		wn_buf_fini(&p.text);
	}
}

static void
a_large_paste_comes_in_pieces(void **state)
{
	struct pasted p = { 0 };
	struct tui_input d;
	static char block[200000];

	(void)state;
	memset(block, 'x', sizeof block);
	wn_buf_init(&p.text, 1 << 20);
	tui_input_init(&d, on_paste, &p);
	tui_input_feed(&d, "\033[200~", 6);
	tui_input_feed(&d, block, sizeof block);
	tui_input_feed(&d, "\033[201~", 6);
	assert_int_equal(p.text.len, sizeof block);
	assert_int_equal(p.begins, 1);
	assert_int_equal(p.ends, 1);
	tui_input_fini(&d);
	wn_buf_fini(&p.text);
}

static void
an_endless_string_is_dropped_whole(void **state)
{
	struct wn_buf out;
	struct tui_input d;
	static char block[20000];

	(void)state;
	memset(block, 'x', sizeof block);
	wn_buf_init(&out, 65536);
	tui_input_init(&d, show, &out);
	tui_input_feed(&d, "\033]", 2);
	tui_input_feed(&d, block, sizeof block);
	tui_input_feed(&d, "\007k", 2);
	assert_string_equal(out.p, "k");
	tui_input_fini(&d);
	wn_buf_fini(&out);
}

static void
the_marker_of_tests_is_heard_only_when_allowed(void **state)
{
	struct wn_buf out;
	struct tui_input d;

	(void)state;
	wn_buf_init(&out, 65536);
	tui_input_init(&d, show, &out);
	d.sync = true;
	tui_input_feed(&d, "\033[?7770;3;500n", 14);
	assert_string_equal(out.p, "sync3,500");
	tui_input_fini(&d);
	wn_buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_mean_what_the_table_says),
		cmocka_unit_test(nul_is_ctrl_space),
		cmocka_unit_test(a_lone_esc_is_settled_by_time),
		cmocka_unit_test(answers_on_their_way_are_not_timed_out),
		cmocka_unit_test(backspace_is_byte_8_where_the_tty_says_so),
		cmocka_unit_test(a_paste_is_data_however_it_is_cut),
		cmocka_unit_test(a_large_paste_comes_in_pieces),
		cmocka_unit_test(an_endless_string_is_dropped_whole),
		cmocka_unit_test(the_marker_of_tests_is_heard_only_when_allowed),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/input/input", tests, NULL, NULL);
}
