/*
 * The same keys in Vim and in ours: cases of a table and random ones from a grammar of commands.
 * The text, the cursor and the registers must be the same afterwards.
 *
 * WEBNOVA_VIM_RANDOM=n, WEBNOVA_VIM_SEED=n and WEBNOVA_VIM_STEPS=n try others than the run does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "editor/vim/vim.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "runtime/base/vec.h"

#define HERE "tests/unit/editor/vim/"
#define RANDOM_CASES 3000
#define SHOWN_MAX 12
#define RANDOM_DIFFER_MAX 30 /* known differences are worked down, never up */

struct one {
	char *keys, *text, *cursor, *options;
};
typedef WN_VEC(struct one) cases;

/* ---- cases --------------------------------------------------------------------------------------
 */

static char *
field(struct wn_str *rest)
{
	ptrdiff_t at = wn_str_find(*rest, WN_STR(" ;; "));
	struct wn_str f = at < 0 ? *rest : wn_str_sub(*rest, 0, (size_t)at);

	*rest = at < 0 ? WN_STR_NONE : wn_str_sub(*rest, (size_t)at + 4, rest->len);
	return wn_strndup(f.p ? f.p : "", f.len);
}

static void
add_line(cases *all, struct wn_str line)
{
	struct one c;

	if (line.len == 0 || line.p[0] == '#')
		return;
	c.keys = field(&line);
	c.text = field(&line);
	c.cursor = field(&line);
	c.options = field(&line);
	if (c.cursor[0] == '\0') {
		wn_free(c.cursor);
		c.cursor = wn_strdup("1,1");
	}
	wn_vec_push(all, c);
}

static void
read_table(cases *all, const char *path)
{
	struct wn_buf b;
	struct wn_str rest, line;

	wn_buf_init(&b, (size_t)4 << 20);
	assert_int_equal(wn_file_read(path, &b, NULL), 0);
	rest = wn_buf_view(&b);
	while (wn_str_split(&rest, '\n', &line))
		add_line(all, line);
	wn_buf_fini(&b);
}

static void
free_cases(cases *all)
{
	for (size_t i = 0; i < all->len; i++) {
		wn_free(all->p[i].keys);
		wn_free(all->p[i].text);
		wn_free(all->p[i].cursor);
		wn_free(all->p[i].options);
	}
	wn_vec_fini(all);
}

/* "\n" parts lines, "\t" is a tab, "\\" a backslash. */
static void
unescape(const char *s, struct wn_buf *out)
{
	for (; *s; s++) {
		if (*s != '\\' || !s[1]) {
			(void)wn_buf_chr(out, *s);
			continue;
		}
		s++;
		(void)wn_buf_chr(out, *s == 'n' ? '\n' : *s == 't' ? '\t' : *s);
	}
}

/* ---- random ones
 * -------------------------------------------------------------------------------------- */

struct rnd {
	uint64_t s;
};

static unsigned
pick(struct rnd *r, unsigned n)
{
	r->s = r->s * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(r->s >> 33) % n;
}

#define CHOOSE(r, list) ((list)[pick((r), sizeof(list) / sizeof *(list))])

static const char *const texts[] = {
	"one two three\\nfour five six\\nseven eight nine",
	"foo(bar, baz[1]) { return \\\"x y\\\"; }\\n\\tif (a) {\\n\\t\\tb = c + 1;\\n\\t}\\n",
	("the quick  brown fox.  It jumps! Over the\\nlazy dog.\\n\\nSecond paragraph here. With "
	 "two\\nlines.\\n\\n\\nlast"),
	"  indented line\\n    more indent\\n\\ttab indent\\nnone",
	"\\n\\n",
	"",
	"x",
	"a.b.c-d_e f/g:h 12 0x1f -7 0b101 007 99",
	"مرحبا بالعالم العربي\\nabc مرحبا def\\nنص، آخر؟ نعم",
	"日本語 テスト です。word\\nかな カナ 漢字",
	"naïve café ÀÉÎ straße\\nαβγ δεζ Ωω",
	"long line with many words to work on and on and on\\nshort\\nmedium size line\\n\\nend",
	"<div><p>text <b>bold</b> more</p>\\n<i>x</i></div>",
	"'single' \\\"double \\\\\\\" esc\\\" `back` ('mix\\\"ed')\\n\\\"a\\\" b \\\"c\\\" d",
	"aaa bbb aaa\\nbbb aaa bbb\\naaa\\nAAA Bbb",
	"\\ta\\tb\\n    \\tx\\ty\\nabc\\tdef",
	"3 c\\n1 a\\n2 b\\n10 z",
	"(a (b [c] {d}) e)\\n{ x\\n  y\\n}\\n[1, 2]",
};

static const char *const motions[] = {
	"h",	      "l",	  "j",	"k",  "w",  "W",	 "b",	   "B",	       "e",
	"E",	      "ge",	  "gE", "0",  "^",  "$",	 "g_",	   "gg",       "G",
	"fa",	      "Fa",	  "te", "To", "f ", ";",	 ",",	   "%",	       "(",
	")",	      "{",	  "}",	"+",  "-",  "_",	 "|",	   "3|",       "]]",
	"[[",	      "[(",	  "])", "[{", "]}", "n",	 "N",	   "*",	       "#",
	"`a",	      "'a",	  "`[", "`]", "H",  "M",	 "L",	   "/a\\<CR>", "?o\\<CR>",
	"/e/e\\<CR>", "/b\\<CR>", "go", "gj", "gk", "\\<Space>", "\\<BS>", "\\<CR>",   "g*",
	"''",	      "``",
};
static const char *const objects[] = {
	"iw", "aw", "iW", "aW", "is", "as", "ip", "ap", "i\\\"", "a\\\"", "i'", "a'", "i(", "a(",
	"ib", "ab", "i{", "a{", "i[", "a[", "i<", "a<", "it",	 "at",	  "i`", "a`", "iB",
};
static const char *const operators[] = {
	"d", "c", "y", ">", "<", "gu", "gU", "g~", "d", "c", "y", "gJ", "g?",
};
static const char *const words[] = {
	"x",	    "new", "foo bar",	    "a\\<CR>b",	 "\\<Tab>t", "ab\\<BS>c",   "w1 w2\\<C-w>z",
	"ن",	    "é",   "one\\<C-u>two", "q\\<Esc>u", "1",	     "\\<C-r>\\\"", ")",
	"a.\\<CR>",
};
static const char *const simple[] = {
	"x",	     "X",	 "D",	    "p",       "P",	  "J",	    "~",       "u",
	".",	     "gJ",	 "\\<C-a>", "\\<C-x>", "gp",	  "gP",	    "dd",      "yy",
	"Y",	     ">>",	 "<<",	    "ma",      "\\<C-r>", "g~~",    "gUU",     "guu",
	"3x",	     "2dd",	 "2J",	    "5p",      "rz",	  "3rq",    "r\\<CR>", "]p",
	"gv\\<Esc>", "yyp",	 "ddp",	    "xp",      "\\\"ayy", "\\\"ap", "\\\"Ayw", "\\\"add",
	"\\\"_dd",   "\\\"1p",	 "\\\"-p",  "\\\"0p",  "2.",	  "g;",	    "\\<C-o>", "&",
	"g&",	     "S\\<Esc>",
};
static const char *const inserts[] = {
	"i",  "a",  "I",  "A",	"o",  "O",  "s",   "C", "cc", "R",
	"gi", "gI", "3i", "2A", "2o", "cw", "ciw", "S", "c$", "caw"
};
static const char *const exes[] = {
	"s/a/b/",
	"s/o/0/g",
	"%s/e/E/g",
	"d",
	"1,2d",
	"m0",
	"t.",
	"2m$",
	"1t$",
	"g/a/d",
	"v/a/d",
	"j",
	"1,2j",
	">",
	"sort",
	"sort!",
	"y",
	"pu",
	"normal x",
	"%norm A;",
	"g/o/s/o/O/",
	"1",
	"$",
	"%s/\\\\(\\\\w\\\\+\\\\) \\\\(\\\\w\\\\+\\\\)/\\\\2 \\\\1/",
	"s//x/",
	"&&",
	"1,3>",
	".,$s/^/> /",
	"%s/\\\\s\\\\+$//e",
	"sort n",
	"sort u",
	"g/^/m0",
	"%j",
	"'<,'>d",
	"2,1d",
	"s/b/\\\\r/",
};
static const char *const settings[] = { "",   "",	"",	"sw=4 et",    "ai",   "ai sw=2",
					"ic", "ic scs", "nows", "sw=4 et ai", "tw=20" };

static void
count(struct rnd *r, struct wn_buf *b)
{
	if (pick(r, 5) == 0)
		(void)wn_buf_printf(b, "%u", 2 + pick(r, 3));
}

static void
visual(struct rnd *r, struct wn_buf *b)
{
	static const char *const kinds[] = { "v", "v", "V", "\\<C-v>", "\\<C-v>" };
	static const char *const ends[] = {
		"d",	   "y",	       "c", "x",  "~", "u", "U", "J", ">",
		"<",	   "p",	       "P", "rx", "D", "C", "Y", "s", "gJ",
		"\\<C-a>", "g\\<C-a>", "o", "O",  "I", "A", "X", "R", "\\<Esc>",
	};
	const char *end;

	(void)wn_buf_cstr(b, CHOOSE(r, kinds));
	for (unsigned n = 1 + pick(r, 2); n > 0; n--) {
		count(r, b);
		(void)wn_buf_cstr(b, pick(r, 3) == 0 ? CHOOSE(r, objects) : CHOOSE(r, motions));
	}
	end = CHOOSE(r, ends);
	(void)wn_buf_cstr(b, end);
	if (strchr("cCsIAR", end[0]) && end[1] == 0)
		(void)wn_buf_printf(b, "%s\\<Esc>", CHOOSE(r, words));
	else
		(void)wn_buf_cstr(b, "\\<Esc>");
}

static void
command(struct rnd *r, struct wn_buf *b)
{
	const char *op;

	switch (pick(r, 12)) {
	case 0:
	case 1:
		count(r, b);
		(void)wn_buf_cstr(b, CHOOSE(r, motions));
		break;
	case 2:
	case 3:
	case 4:
		count(r, b);
		if (pick(r, 10) == 0)
			(void)wn_buf_cstr(b, "\\\"b");
		op = CHOOSE(r, operators);
		if (strcmp(op, "gJ") == 0)
			op = "d";
		(void)wn_buf_cstr(b, op);
		if (pick(r, 12) == 0)
			(void)wn_buf_cstr(b, pick(r, 2) ? "v" : "V");
		count(r, b);
		(void)wn_buf_cstr(b, pick(r, 3) == 0 ? CHOOSE(r, objects) : CHOOSE(r, motions));
		if (op[0] == 'c')
			(void)wn_buf_cstr(b, CHOOSE(r, words));
		(void)wn_buf_cstr(b, "\\<Esc>");
		break;
	case 5:
	case 6:
	case 7:
		count(r, b);
		(void)wn_buf_cstr(b, CHOOSE(r, simple));
		break;
	case 8:
	case 9:
		(void)wn_buf_cstr(b, CHOOSE(r, inserts));
		(void)wn_buf_printf(b, "%s\\<Esc>", CHOOSE(r, words));
		break;
	case 10:
		visual(r, b);
		break;
	default:
		(void)wn_buf_printf(b, ":%s\\<CR>", CHOOSE(r, exes));
	}
}

static void
random_cases(cases *all, size_t n, uint64_t seed)
{
	const char *set = getenv("WEBNOVA_VIM_STEPS");
	unsigned steps = set ? (unsigned)strtoul(set, NULL, 10) : 4;
	struct rnd r = { seed };
	struct wn_buf b;

	wn_buf_init(&b, 65536);
	for (size_t i = 0; i < n; i++) {
		struct one c;
		wn_buf_clear(&b);
		for (unsigned k = 1 + pick(&r, steps); k > 0; k--)
			command(&r, &b);
		c.keys = wn_strndup(b.p, b.len);
		wn_buf_clear(&b);
		/* the table's texts are written as C and as Vim strings are: once less quoted here
		 */
		for (const char *p = CHOOSE(&r, texts); *p; p++) {
			if (p[0] == '\\' && p[1] == '"')
				continue;
			(void)wn_buf_chr(&b, *p);
		}
		c.text = wn_strndup(b.p ? b.p : "", b.len);
		c.cursor = wn_asprintf("%u,%u", 1 + pick(&r, 3), 1 + pick(&r, 16));
		c.options = wn_strdup(CHOOSE(&r, settings));
		wn_vec_push(all, c);
	}
	wn_buf_fini(&b);
}

/* ---- Vim
 * ------------------------------------------------------------------------------------------------
 */

static void
write_case(const struct one *c, struct wn_buf *out)
{
	struct wn_buf text;

	wn_buf_init(&text, 1 << 20);
	unescape(c->text, &text);
	(void)wn_buf_printf(out, "%s\n['", c->options);
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '\n')
			(void)wn_buf_cstr(out, "','");
		else if (text.p[i] == '\'')
			(void)wn_buf_cstr(out, "''");
		else
			(void)wn_buf_chr(out, text.p[i]);
	}
	(void)wn_buf_printf(out, "']\n[%s]\n%s\n", c->cursor, c->keys);
	wn_buf_fini(&text);
}

/* What Vim says of all cases; it must be there (.ci/deps). */
static void
ask_vim(const cases *all, struct wn_buf *out)
{
	char in_path[] = "/tmp/vim-cases-XXXXXX", out_path[] = "/tmp/vim-results-XXXXXX";
	struct wn_buf in;
	int fd = mkstemp(in_path), fd2 = mkstemp(out_path), status = 0;
	pid_t pid;

	assert_true(fd >= 0 && fd2 >= 0);
	wn_buf_init(&in, (size_t)64 << 20);
	for (size_t i = 0; i < all->len; i++)
		write_case(&all->p[i], &in);
	assert_int_equal(write(fd, in.p, in.len), (ssize_t)in.len);
	close(fd);
	close(fd2);
	pid = fork();
	if (pid == 0) {
		setenv("VIM_CASES", in_path, 1);
		setenv("VIM_RESULTS", out_path, 1);
		if (!freopen("/dev/null", "r", stdin) || !freopen("/dev/null", "w", stdout) ||
		    !freopen("/dev/null", "w", stderr))
			_exit(126);
		execlp("vim", "vim", "-N", "-u", "NONE", "-i", "NONE", "-n", "-T", "dumb",
		       "--not-a-term", "-S", HERE "driver.vim", (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(wn_file_read(out_path, out, NULL), 0);
	unlink(in_path);
	unlink(out_path);
	wn_buf_fini(&in);
	assert_true(wn_str_has_suffix(wn_buf_view(out), WN_STR("end\n")));
}

/* ---- ours
 * -------------------------------------------------------------------------------------------------
 */

static const struct {
	const char *name;
	uint32_t key;
} names[] = {
	{ "Esc", 27 },
	{ "CR", 13 },
	{ "Tab", 9 },
	{ "BS", ED_KEY_BS },
	{ "Space", ' ' },
	{ "Up", ED_KEY_UP },
	{ "Down", ED_KEY_DOWN },
	{ "Left", ED_KEY_LEFT },
	{ "Right", ED_KEY_RIGHT },
	{ "Home", ED_KEY_HOME },
	{ "End", ED_KEY_END },
	{ "Del", ED_KEY_DELETE },
	{ "Bar", '|' },
	{ "lt", '<' },
	{ "S-Left", ED_KEY_CTRL_LEFT },
	{ "S-Right", ED_KEY_CTRL_RIGHT },
	{ "Insert", ED_KEY_INSERT },
};

static uint32_t
named(struct wn_str s)
{
	if (s.len == 3 && s.p[0] == 'C' && s.p[1] == '-')
		return (uint32_t)s.p[2] & 31;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (wn_str_is(s, names[i].name))
			return names[i].key;
	fail_msg("no key <%.*s>", WN_STR_ARG(s));
	return 0;
}

static void
type(struct ed_vim *v, const char *keys)
{
	size_t n = strlen(keys);

	for (size_t i = 0; i < n;) {
		uint32_t cp;
		if (keys[i] == '\\' && keys[i + 1] == '<') {
			size_t k = i + 2;
			while (keys[k] != '>')
				k++;
			ed_vim_key(v, named(wn_strn(keys + i + 2, k - i - 2)));
			i = k + 1;
			continue;
		}
		if (keys[i] == '\\')
			i++;
		i += wn_utf8_decode(keys + i, n - i, &cp);
		ed_vim_key(v, cp);
	}
}

static void
say_register(struct ed_vim *v, char name, struct wn_buf *out)
{
	struct wn_buf b;
	uint32_t kind;

	wn_buf_init(&b, 1 << 20);
	if (ed_vim_register(v, (unsigned char)name, &b, &kind)) {
		if (kind == 'V')
			wn_buf_cut(&b, b.len - 1);
		(void)wn_buf_printf(out, "R%c%c ", name, (char)kind);
		for (size_t i = 0; i < b.len; i++) {
			if (b.p[i] == '\n')
				(void)wn_buf_cstr(out, "\\n");
			else if (b.p[i] == 0)
				(void)wn_buf_cstr(out, "\\0");
			else
				(void)wn_buf_chr(out, b.p[i]);
		}
		(void)wn_buf_chr(out, '\n');
	}
	wn_buf_fini(&b);
}

static void
say_state(struct ed_vim *v, const struct ed_text *t, struct wn_buf *out)
{
	size_t len = ed_text_len(t), cur = ed_vim_cursor(v);

	(void)wn_buf_chr(out, 'T');
	for (size_t i = 0; i < len; i++) {
		int c = ed_text_byte(t, i);
		if (c == 0)
			(void)wn_buf_cstr(out, "\\0");
		else if (c != '\n')
			(void)wn_buf_chr(out, (char)c);
		else if (i + 1 < len)
			(void)wn_buf_cstr(out, "\nT");
	}
	(void)wn_buf_printf(out, "\nC%zu,%zu\n", ed_text_line_of(t, cur) + 1,
			    cur - ed_text_line_begin(t, cur) + 1);
	for (const char *p = "\"0123-abc"; *p; p++)
		say_register(v, *p, out);
}

static void
go_to(struct ed_view *view, const char *cursor)
{
	const struct ed_text *t = ed_doc_text(ed_view_doc(view));
	size_t row = (size_t)strtoul(cursor, NULL, 10), col, begin, end, rows = ed_text_lines(t);

	col = (size_t)strtoul(strchr(cursor, ',') + 1, NULL, 10);
	if (rows > 1 && ed_text_byte(t, ed_text_len(t) - 1) == '\n')
		rows--;
	begin = ed_text_line_start(t, row > rows ? rows - 1 : row - 1);
	end = ed_text_line_end(t, begin);
	begin = begin + col - 1 > end ? end : begin + col - 1;
	while (begin > 0 && (ed_text_byte(t, begin) & 0xC0) == 0x80)
		begin--;
	ed_view_select(view, begin, begin);
}

/* What '.', ';', n and & do again, as in driver.vim. */
static void
prepare(struct ed_vim_shared *sh)
{
	struct ed_doc *doc = ed_doc_new(NULL);
	struct ed_view *view = ed_view_new(doc);
	struct ed_vim *v = ed_vim_new(view, sh, NULL);

	assert_int_equal(ed_doc_edit(doc, 0, 0, WN_STR("q\n")), 0);
	type(v, "fQ/QQ\\<CR>:s/QQ/QQ/e\\<CR>yl");
	ed_vim_free(v);
	ed_view_free(view);
	ed_doc_free(doc);
}

static void
run_ours(const struct one *c, bool open_end, struct wn_buf *out)
{
	struct ed_vim_shared *sh = ed_vim_shared_new();
	char path[] = "/tmp/vim-text-XXXXXX", *set;
	struct ed_view *view;
	struct ed_doc *doc;
	struct ed_vim *v;
	struct wn_buf text;
	int fd = mkstemp(path);

	wn_buf_init(&text, 1 << 20);
	unescape(c->text, &text);
	if (!open_end || text.len == 0 || text.p[text.len - 1] == '\n')
		(void)wn_buf_chr(&text, '\n');
	assert_true(fd >= 0 && write(fd, text.p, text.len) == (ssize_t)text.len);
	close(fd);
	assert_int_equal(ed_doc_open(path, NULL, &doc, NULL), 0); /* nothing to undo yet */
	unlink(path);
	view = ed_view_new(doc);
	prepare(sh);
	v = ed_vim_new(view, sh, NULL);
	set = wn_asprintf("set nosurround %s", c->options);
	assert_int_equal(ed_vim_ex(v, wn_str(set)), 0);
	go_to(view, c->cursor);
	type(v, c->keys);
	ed_vim_escape(v);
	say_state(v, ed_doc_text(doc), out);
	wn_free(set);
	wn_buf_fini(&text);
	ed_vim_free(v);
	ed_vim_shared_free(sh);
	ed_view_free(view);
	ed_doc_free(doc);
}

/* ---- judging
 * ---------------------------------------------------------------------------------------------- */

/* Vim's words about case i, which is what *rest begins with. */
static struct wn_str
block(struct wn_str *rest)
{
	struct wn_str line, out;
	ptrdiff_t at, end;

	assert_true(wn_str_split(rest, '\n', &line));
	at = wn_str_find(*rest, WN_STR("\n@"));
	end = at >= 0 ? at : wn_str_find(*rest, WN_STR("\nend\n"));
	assert_true(end >= 0);
	out = wn_str_sub(*rest, 0, (size_t)end + 1);
	*rest = wn_str_sub(*rest, (size_t)end + 1, rest->len);
	return out;
}

static size_t
judge(const cases *all)
{
	struct wn_buf said, ours;
	struct wn_str rest;
	size_t bad = 0;

	wn_buf_init(&said, (size_t)64 << 20);
	wn_buf_init(&ours, (size_t)1 << 20);
	ask_vim(all, &said);
	rest = wn_buf_view(&said);
	for (size_t i = 0; i < all->len; i++) {
		struct wn_str want = block(&rest);
		const struct one *c = &all->p[i];
		wn_buf_clear(&ours);
		run_ours(c, i % 3 == 0, &ours);
		if (wn_str_eq(want, wn_buf_view(&ours)))
			continue;
		if (bad++ < (getenv("WEBNOVA_VIM_ALL") ? 100000 : SHOWN_MAX))
			print_message("# keys %s ;; %s ;; %s ;; %s\n# Vim:\n%.*s# ours:\n%.*s",
				      c->keys, c->text, c->cursor, c->options, WN_STR_ARG(want),
				      WN_STR_ARG(wn_buf_view(&ours)));
	}
	print_message("# %zu cases, %zu differ\n", all->len, bad);
	wn_buf_fini(&said);
	wn_buf_fini(&ours);
	return bad;
}

static void
test_the_table_does_as_vim_does(void **state)
{
	const char *only = getenv("WEBNOVA_VIM_CASES");
	cases all = { 0 };
	size_t bad;

	(void)state;
	read_table(&all, only ? only : HERE "cases.txt");
	bad = judge(&all);
	free_cases(&all);
	assert_int_equal(bad, 0);
}

static void
test_random_commands_do_as_in_vim(void **state)
{
	const char *n = getenv("WEBNOVA_VIM_RANDOM"), *seed = getenv("WEBNOVA_VIM_SEED");
	cases all = { 0 };
	size_t bad;

	(void)state;
	random_cases(&all, n ? strtoul(n, NULL, 10) : RANDOM_CASES,
		     seed ? strtoul(seed, NULL, 10) : 7);
	bad = judge(&all);
	free_cases(&all);
	assert_in_range(bad, 0, RANDOM_DIFFER_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_table_does_as_vim_does),
		cmocka_unit_test(test_random_commands_do_as_in_vim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
