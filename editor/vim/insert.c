/*
 * Insert and replace mode: typing, and what '.' and counts do with it afterwards.
 */
#include "editor/vim/normal.h"

#include "runtime/base/utf8.h"

/* ---- one undo step ----------------------------------------------------------------------------
 */

void
vi_insert_group(struct ed_vim *v)
{
	struct ed_undo *u = ed_doc_undo(v->doc);
	struct ed_step *now = ed_undo_now(u);

	/* Typing has no time limit here: an insertion is one step until Esc. */
	if (v->group == 0 && v->ins.step && now == v->ins.step)
		ed_undo_melt(u, now->time_ms);
	v->ins.version = ed_doc_version(v->doc);
	vi_change_begin(v);
}

void
vi_insert_ungroup(struct ed_vim *v)
{
	struct ed_step *now;

	vi_change_end(v);
	now = ed_undo_now(ed_doc_undo(v->doc));
	if (ed_doc_version(v->doc) != v->ins.version)
		v->ins.step = now;
}

/* What is typed from here on is another undo step. */
static void
break_undo(struct ed_vim *v)
{
	v->ins.step = NULL;
}

/* ---- starting
 * ------------------------------------------------------------------------------------ */

void
vi_insert_start(struct ed_vim *v, const struct vi_cmd *c, enum vi_state state)
{
	v->state = state;
	v->ins.cmd = *c;
	wn_vec_clear(&v->ins.keys);
	wn_vec_clear(&v->ins.over_at);
	wn_buf_clear(&v->ins.over);
	v->ins.start = v->cur;
	v->ins.step = NULL;
	v->ins.did_ai = v->ins.moved = false;
	v->ins.wait = 0;
	v->ins.block = 0;
	v->want = VI_NONE;
}

void
vi_open_line(struct ed_vim *v, bool below)
{
	struct wn_buf b;
	size_t line = vi_begin(v, v->cur), at;

	wn_buf_init(&b, 65536);
	if (v->opt.ai) {
		/* The indent as it is written, for blank lines too. */
		vi_indent_text(v, vi_indent(v, line), &b);
	}
	at = vi_insert_lines(v, line, below, wn_buf_view(&b));
	if (at != VI_NONE)
		v->cur = at + b.len;
	v->ins.did_ai = b.len > 0;
	wn_buf_fini(&b);
}

/* ---- block
 * ---------------------------------------------------------------------------------------- */

/* Columns are counted where the text goes in; lines that do not reach it get blanks only under A.
 */
void
vi_insert_block(struct ed_vim *v, const struct vi_region *r, uint32_t how, const struct vi_cmd *c)
{
	size_t first = vi_begin(v, r->from), row = vi_row(v, first);
	struct vi_slice s;

	vi_insert_start(v, c, VI_INSERT);
	v->ins.block = how;
	v->ins.rows = r->lines;
	v->ins.left = r->left;
	v->ins.col = how == 'A' ? r->right + 1 : r->left;
	v->ins.to_eol = r->to_eol && how == 'A';
	vi_insert_group(v);
	if (how == 'c')
		vi_region_delete(v, r);
	first = vi_row_begin(v, row);
	s = vi_slice(v, &(struct vi_region){ .left = v->ins.col, .right = v->ins.col }, first);
	v->cur = s.a;
	if (v->ins.to_eol) {
		v->cur = vi_end(v, first);
	} else if (s.pre > 0 && (how == 'A' || !s.none)) {
		struct wn_buf b;
		size_t w = s.none ? 0 : s.pre + s.in_pre;
		wn_buf_init(&b, 65536);
		for (size_t i = 0; i < (s.none ? s.pre : w); i++)
			(void)wn_buf_chr(&b, ' ');
		(void)vi_edit(v, s.a, s.none ? 0 : 1, wn_buf_view(&b));
		v->cur = s.a + s.pre;
		wn_buf_fini(&b);
	}
	vi_insert_ungroup(v);
	v->ins.start = v->cur;
	v->ins.first_len = vi_end(v, v->cur) - vi_begin(v, v->cur);
}

/* Puts what was inserted in the first line into one more. */
static void
block_line(struct ed_vim *v, size_t line, struct wn_str text)
{
	struct vi_slice s =
		vi_slice(v, &(struct vi_region){ .left = v->ins.col, .right = v->ins.col }, line);
	struct wn_buf b;
	size_t n = 0;

	if (v->ins.to_eol) {
		(void)vi_edit(v, vi_end(v, line), 0, text);
		return;
	}
	if (s.none && v->ins.block != 'A' && !(v->ins.block == 'c' && s.pre == 0))
		return;
	wn_buf_init(&b, VI_REG_MAX);
	for (size_t i = 0; i < s.pre; i++)
		(void)wn_buf_chr(&b, ' ');
	(void)wn_buf_str(&b, text);
	if (!s.none && s.pre) { /* a tab was cut: its other half */
		n = 1;
		for (size_t i = 0; i < s.in_pre; i++)
			(void)wn_buf_chr(&b, ' ');
	}
	(void)vi_edit(v, s.a, n, wn_buf_view(&b));
	wn_buf_fini(&b);
}

/* The other lines get it too; false: it is not such that they can. */
static bool
block_rest(struct ed_vim *v)
{
	size_t first = vi_begin(v, v->ins.start), row = vi_row(v, first);
	size_t len = vi_end(v, first) - first;
	struct wn_buf b;

	if (vi_begin(v, v->cur) != first || v->cur < v->ins.start || len <= v->ins.first_len)
		return false;
	wn_buf_init(&b, VI_REG_MAX);
	(void)ed_text_copy(vi_text(v), v->ins.start, v->ins.start + (len - v->ins.first_len), &b);
	for (size_t i = v->ins.rows; i-- > 1 && !v->failed;)
		block_line(v, vi_row_begin(v, row + i), wn_buf_view(&b));
	wn_buf_fini(&b);
	if (v->ins.block != 'c')
		v->cur = vi_at_col(v, vi_row_begin(v, row), v->ins.left);
	return true;
}

/* ---- ending
 * ----------------------------------------------------------------------------------------- */

/* An indent of ours with nothing behind it goes. */
static void
drop_indent(struct ed_vim *v)
{
	size_t begin = vi_begin(v, v->cur), end = vi_end(v, v->cur), from = v->cur;

	if (!v->ins.did_ai || v->cur != end)
		return;
	while (from > begin && vi_is_blank((uint32_t)vi_byte(v, from - 1)))
		from--;
	if (from < v->cur && vi_edit(v, from, end - from, WN_STR_NONE))
		v->cur = from;
	v->ins.did_ai = false;
}

static void newline(struct ed_vim *v);

/* A count types everything again; "3o" on lines of their own. */
static void
again(struct ed_vim *v)
{
	struct vi_cmd c = v->ins.cmd;
	vi_keys keys = v->ins.keys;

	if (c.count < 2 || v->ins.moved || v->ins.block || c.op)
		return;
	memset(&v->ins.keys, 0, sizeof v->ins.keys);
	for (size_t n = c.count - 1; n > 0 && !v->failed && v->state != VI_NORMAL; n--) {
		if (c.key == 'o' || c.key == 'O') {
			drop_indent(v);
			v->cur = vi_end(v, v->cur); /* below, for O too */
			vi_insert_group(v);
			newline(v);
			vi_insert_ungroup(v);
		}
		(void)vi_run(v, keys.p, keys.len);
	}
	wn_vec_fini(&v->ins.keys);
	v->ins.keys = keys;
}

static void
remember(struct ed_vim *v)
{
	struct vi_repeat *r = &v->sh->repeat;

	if (v->ins.replay)
		return;
	if (v->ins.moved) { /* only what came behind the cursor keys */
		r->cmd = (struct vi_cmd){ .count = 1, .key = 'i' };
		r->visual = 0;
	}
	r->set = true;
	wn_vec_clear(&r->keys);
	wn_buf_clear(&v->sh->inserted);
	for (size_t i = 0; i < v->ins.keys.len; i++) {
		wn_vec_push(&r->keys, v->ins.keys.p[i]);
		vi_key_encode(v->ins.keys.p[i], &v->sh->inserted);
	}
}

static void
leave(struct ed_vim *v)
{
	size_t end;
	bool again_first = v->ins.cmd.count > 1, spread;

	remember(v);
	if (again_first) {
		struct vi_insert *in = &v->ins;
		bool replay = in->replay;
		in->replay = true;
		again(v);
		in->replay = replay;
	}
	vi_insert_group(v);
	drop_indent(v);
	spread = v->ins.block && block_rest(v);
	vi_insert_ungroup(v);
	vi_mark_set(v, &v->mark[VI_MARK_INS], v->cur);
	end = v->cur;
	if (v->ins.start <= end)
		vi_mark_change(v, v->ins.start, end);
	v->state = VI_NORMAL;
	v->cur = vi_on_char(v, spread && v->ins.block != 'c' ? v->cur : vi_left(v, v->cur));
	v->want = VI_NONE;
	break_undo(v);
}

/* ---- typing
 * ------------------------------------------------------------------------------------------ */

/* Replace mode: what is overwritten is kept for Backspace. */
static void
overwrite(struct ed_vim *v, struct wn_str s)
{
	size_t next = vi_right(v, v->cur);

	wn_vec_push(&v->ins.over_at, v->ins.over.len);
	(void)ed_text_copy(vi_text(v), v->cur, next, &v->ins.over);
	if (vi_edit(v, v->cur, next - v->cur, s))
		v->cur += s.len;
}

static void
insert(struct ed_vim *v, struct wn_str s)
{
	if (v->state == VI_REPLACE)
		overwrite(v, s);
	else if (vi_edit(v, v->cur, 0, s))
		v->cur += s.len;
	v->ins.did_ai = false;
}

/* Breaks the line before a word that passes 'textwidth'. */
static void
wrap(struct ed_vim *v, uint32_t next)
{
	size_t begin = vi_begin(v, v->cur), at = v->cur, word, tail;

	if (!v->opt.tw || vi_is_blank(next) || vi_col(v, v->cur, NULL) + 1 <= v->opt.tw)
		return;
	word = VI_NONE;
	for (size_t p = vi_nonblank(v, begin); p < at; p = vi_right(v, p)) {
		if (!vi_is_blank(vi_cp(v, p, NULL)))
			continue;
		size_t q = vi_skip_blank(v, p);
		if (vi_col(v, p, NULL) <= v->opt.tw || word == VI_NONE)
			word = q;
		p = q > at ? at : q;
	}
	if (word == VI_NONE || word > at)
		return;
	tail = at - word;
	at = word;
	while (at > begin && vi_is_blank((uint32_t)vi_byte(v, at - 1)))
		at--;
	if (!vi_edit(v, at, word - at, WN_STR_NONE))
		return;
	v->cur = at;
	newline(v);
	v->cur += tail;
}

static void
type(struct ed_vim *v, uint32_t cp)
{
	char buf[4];
	size_t n = wn_utf8_encode(cp, buf);

	if (v->state == VI_INSERT)
		wrap(v, cp);
	insert(v, wn_strn(buf, n));
}

static void
newline(struct ed_vim *v)
{
	struct wn_buf b;
	size_t begin = vi_begin(v, v->cur), at = v->cur, from = at, to = at, keep;

	wn_buf_init(&b, 65536);
	(void)wn_buf_str(&b, vi_eol(v));
	keep = vi_indent(v, begin);
	if (v->opt.ai) {
		to = v->state == VI_REPLACE ? at : vi_skip_blank(v, at);
		/* An indent of ours that nothing was typed behind does not stay in the old line. */
		if (v->ins.did_ai)
			while (from > begin && vi_is_blank((uint32_t)vi_byte(v, from - 1)))
				from--;
		if (at < vi_nonblank(v, begin) && !v->ins.did_ai)
			keep = vi_col(v, at, NULL);
		vi_indent_text(v, keep, &b);
	}
	if (v->state == VI_REPLACE) {
		wn_vec_push(&v->ins.over_at, VI_NONE);
		to = at;
	}
	if (v->ins.start > from)
		v->ins.start = from;
	if (vi_edit(v, from, to - from, wn_buf_view(&b)))
		v->cur = from + b.len;
	v->ins.did_ai = v->opt.ai;
	if (v->state == VI_REPLACE)
		v->ins.did_ai = false;
	wn_buf_fini(&b);
}

static void
tab(struct ed_vim *v)
{
	size_t unit = v->opt.sts ? v->opt.sts : v->opt.ts, col = vi_col(v, v->cur, NULL);
	size_t n = unit - col % unit, from = v->cur, begin = vi_begin(v, v->cur);
	struct wn_buf b;

	if (!v->opt.et && (v->opt.sts == 0 || v->opt.sts == v->opt.ts)) {
		insert(v, WN_STR("\t"));
		return;
	}
	wn_buf_init(&b, 4096);
	if (v->opt.et) {
		for (size_t i = 0; i < n; i++)
			(void)wn_buf_chr(&b, ' ');
	} else { /* spaces before it melt into tabs where they can */
		while (from > begin && vi_byte(v, from - 1) == ' ')
			from--;
		size_t at = vi_col(v, from, NULL), to = col + n;
		while (at / v->opt.ts < to / v->opt.ts) {
			(void)wn_buf_chr(&b, '\t');
			at = (at / v->opt.ts + 1) * v->opt.ts;
		}
		for (; at < to; at++)
			(void)wn_buf_chr(&b, ' ');
	}
	if (v->state == VI_REPLACE) { /* only one character makes room for it */
		insert(v, WN_STR(" "));
		for (size_t i = 1; i < n; i++) {
			wn_vec_push(&v->ins.over_at, v->ins.over.len);
			if (vi_edit(v, v->cur, 0, WN_STR(" ")))
				v->cur++;
		}
	} else if (vi_edit(v, from, v->cur - from, wn_buf_view(&b))) {
		v->cur = from + b.len;
	}
	v->ins.did_ai = false;
	wn_buf_fini(&b);
}

/* ---- deleting
 * ------------------------------------------------------------------------------------------- */

/* Replace mode gives back what was there. */
static void
restore(struct ed_vim *v)
{
	size_t left, from;

	if (v->ins.over_at.len == 0) {
		if (v->cur == vi_begin(v, v->cur) && v->cur > 0)
			v->cur = vi_end(v, v->cur - 1);
		else
			v->cur = vi_left(v, v->cur);
		return;
	}
	from = wn_vec_pop(&v->ins.over_at);
	if (from == VI_NONE) { /* a line that was broken */
		size_t begin = vi_begin(v, v->cur);
		left = vi_end(v, begin - 1);
		if (vi_edit(v, left, v->cur - left, WN_STR_NONE))
			v->cur = left;
		return;
	}
	left = vi_left(v, v->cur);
	if (vi_edit(v, left, v->cur - left, wn_strn(v->ins.over.p + from, v->ins.over.len - from)))
		v->cur = left;
	wn_buf_cut(&v->ins.over, from);
}

/* Where Ctrl-W and Ctrl-U stop: where the insertion began, unless they begin there. */
static size_t
stop_at(struct ed_vim *v)
{
	size_t begin = vi_begin(v, v->cur);

	return v->ins.start > begin && v->ins.start < v->cur ? v->ins.start : begin;
}

static size_t
word_before(struct ed_vim *v)
{
	size_t pos = v->cur, stop = stop_at(v);
	int class;

	while (pos > stop && vi_is_blank(vi_cp_before(v, pos)))
		pos = vi_left(v, pos);
	if (pos == stop)
		return pos;
	class = vi_class(v, vi_left(v, pos), false);
	while (pos > stop && vi_class(v, vi_left(v, pos), false) == class)
		pos = vi_left(v, pos);
	return pos;
}

static void
join_back(struct ed_vim *v, size_t begin)
{
	size_t to;

	if (begin == 0)
		return;
	to = vi_end(v, begin - 1);
	if (vi_edit(v, to, begin - to, WN_STR_NONE))
		v->cur = to;
}

static size_t
soft_tab(struct ed_vim *v)
{
	size_t pos = v->cur, begin = vi_begin(v, pos), col = vi_col(v, pos, NULL), want;

	if (!v->opt.sts || pos == begin || !vi_is_blank(vi_cp_before(v, pos)))
		return vi_left(v, pos);
	want = (col - 1) / v->opt.sts * v->opt.sts;
	while (pos > begin && vi_byte(v, pos - 1) == ' ' && vi_col(v, pos, NULL) > want)
		pos--;
	return pos < v->cur ? pos : vi_left(v, v->cur);
}

static void
delete_back(struct ed_vim *v, uint32_t key)
{
	size_t begin = vi_begin(v, v->cur), from;
	bool one = key == ED_KEY_BS || key == VI_CTRL('H') || key == 127;

	if (v->state == VI_REPLACE) {
		from = one || v->cur == begin ? v->cur
		       : key == VI_CTRL('W')  ? word_before(v)
					      : stop_at(v);
		do
			restore(v);
		while (v->cur > from);
		return;
	}
	if (v->cur == begin) {
		join_back(v, begin);
	} else {
		if (one)
			from = soft_tab(v);
		else if (key == VI_CTRL('W'))
			from = word_before(v);
		else
			from = stop_at(v);
		if (key == VI_CTRL('U') && v->opt.ai && from == begin &&
		    vi_nonblank(v, begin) < v->cur)
			from = vi_nonblank(v, begin);
		if (vi_edit(v, from, v->cur - from, WN_STR_NONE))
			v->cur = from;
	}
	if (v->ins.start > v->cur)
		v->ins.start = v->cur;
	v->ins.did_ai = false;
}

static void
delete_here(struct ed_vim *v)
{
	size_t next = vi_right(v, v->cur);

	if (next == v->cur && vi_next_line(v, v->cur) != VI_NONE)
		next = vi_next_line(v, v->cur);
	if (next > v->cur)
		(void)vi_edit(v, v->cur, next - v->cur, WN_STR_NONE);
	v->ins.did_ai = false;
}

/* Ctrl-T and Ctrl-D: the indent of the line, the cursor keeps its text. */
static void
reindent(struct ed_vim *v, bool left)
{
	size_t begin = vi_begin(v, v->cur), old = vi_nonblank(v, begin) - begin, n;
	size_t sw = v->opt.sw ? v->opt.sw : v->opt.ts, cols = vi_indent(v, begin);
	size_t at = v->cur - begin;

	if (left)
		cols = cols > 0 ? (cols - 1) / sw * sw : 0;
	else
		cols = (cols / sw + 1) * sw;
	n = vi_set_indent(v, begin, cols);
	if (n == VI_NONE)
		return;
	v->cur = begin + (at >= old ? at - old + n : at < n ? at : n);
	v->ins.start = v->ins.start > v->cur ? v->cur : v->ins.start;
	v->ins.did_ai = false;
}

/* ---- keys
 * ----------------------------------------------------------------------------------------------------
 */

static void edit_key(struct ed_vim *v, uint32_t key);

static void
put_register(struct ed_vim *v, uint32_t name)
{
	const struct vi_register *r = vi_reg_get(v, name);
	vi_keys keys = { 0 };
	struct wn_str s;
	uint32_t cp;

	if (!r)
		return;
	s = wn_buf_view(&r->text);
	for (size_t i = 0; i < s.len;) {
		i += wn_utf8_decode(s.p + i, s.len - i, &cp);
		wn_vec_push(&keys, cp == '\n' ? ED_KEY_ENTER : cp);
	}
	if (r->type == 'V')
		wn_vec_push(&keys, ED_KEY_ENTER);
	v->ins.keys.len -= v->ins.keys.len < 2 ? v->ins.keys.len : 2; /* '.' types the text */
	for (size_t i = 0; i < keys.len && !v->failed; i++) {
		bool literal =
			keys.p[i] < ' ' && keys.p[i] != ED_KEY_ENTER && keys.p[i] != ED_KEY_TAB;
		if (literal)
			wn_vec_push(&v->ins.keys, VI_CTRL('V'));
		wn_vec_push(&v->ins.keys, keys.p[i]);
		if (literal)
			type(v, keys.p[i]);
		else
			edit_key(v, keys.p[i]);
	}
	wn_vec_fini(&keys);
}

/* Ctrl-E and Ctrl-Y: the character below or above. */
static void
copy_from_line(struct ed_vim *v, bool below)
{
	size_t line = below ? vi_next_line(v, v->cur) : vi_prev_line(v, v->cur), at;
	uint32_t cp;

	if (line == VI_NONE)
		return;
	at = vi_at_col(v, line, vi_col(v, v->cur, NULL));
	cp = vi_cp(v, at, NULL);
	if (cp != 0)
		type(v, cp);
}

static uint32_t
digit_of(uint32_t key)
{
	if (key >= '0' && key <= '9')
		return key - '0';
	key |= 32;
	return key >= 'a' && key <= 'f' ? key - 'a' + 10 : 99;
}

/* Digits each way of naming a code takes. */
static size_t
digits_of(uint32_t base)
{
	return base == 10 ? 3 : base;
}

/* The first key behind Ctrl-V; false: it was itself what is meant. */
static bool
verbatim_start(struct ed_vim *v, uint32_t key)
{
	struct vi_insert *in = &v->ins;

	in->base = key == 'x' || key == 'X' ? 2 : key == 'u' ? 4 : key == 'U' ? 8 : 0;
	if (in->base)
		return true;
	if (digit_of(key) > 9) {
		if (key < ED_KEY_UP)
			type(v, key);
		return false;
	}
	in->base = 10;
	return true;
}

/* Ctrl-V: up to three digits, or x, u, U and hexadecimal ones. False: more is to come. */
static bool
verbatim(struct ed_vim *v, uint32_t key, bool *again)
{
	struct vi_insert *in = &v->ins;
	uint32_t d = digit_of(key);

	*again = false;
	if (in->base == 0) {
		if (!verbatim_start(v, key))
			return true;
		if (in->base != 10)
			return false;
	}
	if (d < (in->base == 10 ? 10u : 16u)) {
		in->code = in->code * (in->base == 10 ? 10 : 16) + d;
		if (++in->digits < digits_of(in->base))
			return false;
	} else {
		*again = true;
	}
	if (in->digits > 0 && in->code < 0x110000)
		type(v, in->code == '\n' ? 0 : in->code); /* a line feed is a NUL in Vim's text */
	return true;
}

static void
waited(struct ed_vim *v, uint32_t key)
{
	uint32_t what = v->ins.wait;
	bool again = false;

	if (what == VI_CTRL('V')) {
		if (!verbatim(v, key, &again))
			return;
		v->ins.wait = 0;
		if (again)
			edit_key(v, key);
		return;
	}
	v->ins.wait = 0;
	if (what == VI_CTRL('G')) {
		if (key == 'u')
			break_undo(v);
		return;
	}
	if (key == VI_CTRL('R') || key == VI_CTRL('O') || key == VI_CTRL('P')) {
		v->ins.wait = what; /* literally, which we do anyway */
		return;
	}
	put_register(v, key);
}

/* Keys that take the next one. */
static bool
waits(struct ed_vim *v, uint32_t key)
{
	if (key == VI_CTRL('Q'))
		key = VI_CTRL('V');
	if (key != VI_CTRL('V') && key != VI_CTRL('R') && key != VI_CTRL('G'))
		return false;
	v->ins.wait = key;
	v->ins.code = v->ins.digits = v->ins.base = 0;
	return true;
}

static void
edit_key(struct ed_vim *v, uint32_t key)
{
	switch (key) {
	case ED_KEY_ENTER:
	case VI_CTRL('J'):
		newline(v);
		return;
	case ED_KEY_TAB:
		tab(v);
		return;
	case ED_KEY_BS:
	case VI_CTRL('H'):
	case 127:
	case VI_CTRL('W'):
	case VI_CTRL('U'):
		delete_back(v, key);
		return;
	case ED_KEY_DELETE:
		delete_here(v);
		return;
	case VI_CTRL('T'):
	case VI_CTRL('D'):
		reindent(v, key == VI_CTRL('D'));
		return;
	case VI_CTRL('E'):
	case VI_CTRL('Y'):
		copy_from_line(v, key == VI_CTRL('E'));
		return;
	default:
		if (!waits(v, key) && key >= ' ' && key < ED_KEY_UP)
			type(v, key);
	}
}

/* Cursor keys end what '.' repeats and what undo takes back at once. */
static bool
cursor_key(struct ed_vim *v, uint32_t key)
{
	const struct vi_motion *m;
	struct vi_cmd c = { .count = 1, .key = key };
	struct vi_target t;
	size_t line;

	if (key < ED_KEY_UP || key == ED_KEY_BS || key == ED_KEY_DELETE || key == ED_KEY_INSERT)
		return false;
	drop_indent(v);
	break_undo(v);
	v->ins.moved = true;
	wn_vec_clear(&v->ins.keys);
	switch (key) {
	case ED_KEY_LEFT:
		v->cur = vi_left(v, v->cur);
		break;
	case ED_KEY_RIGHT:
		v->cur = vi_right(v, v->cur);
		break;
	case ED_KEY_END:
		v->cur = vi_end(v, v->cur);
		v->want = VI_EOL;
		v->ins.start = v->cur;
		return true;
	case ED_KEY_UP:
	case ED_KEY_DOWN:
		vi_want(v);
		line = key == ED_KEY_UP ? vi_prev_line(v, v->cur) : vi_next_line(v, v->cur);
		if (line != VI_NONE)
			v->cur = vi_at_col(v, line, v->want);
		v->ins.start = v->cur;
		return true;
	default:
		m = vi_motion_of(key);
		if (m && vi_motion_run(v, m, &c, &t))
			v->cur = t.to;
	}
	v->ins.start = v->cur;
	v->want = VI_NONE;
	return true;
}

/* Keys that do not edit; true: it was one. */
static bool
control_key(struct ed_vim *v, uint32_t key)
{
	vi_keys old = { 0 };

	switch (key) {
	case ED_KEY_ESC:
	case VI_CTRL('C'):
		leave(v);
		return true;
	case VI_CTRL('O'):
		v->ins.once = true;
		remember(v);
		v->state = VI_NORMAL;
		break_undo(v);
		return true;
	case VI_CTRL('A'):
	case 0:
		vi_keys_decode(wn_buf_view(&v->sh->inserted), &old);
		if (old.len)
			(void)vi_run(v, old.p, old.len);
		wn_vec_fini(&old);
		if (key == 0)
			leave(v);
		return true;
	case ED_KEY_INSERT:
		v->state = v->state == VI_INSERT ? VI_REPLACE : VI_INSERT;
		return true;
	default:
		return false;
	}
}

void
vi_insert_key(struct ed_vim *v, uint32_t key)
{
	if (v->ins.wait == 0) {
		if (control_key(v, key) || cursor_key(v, key))
			return;
		v->want = VI_NONE;
	}
	wn_vec_push(&v->ins.keys, key);
	vi_insert_group(v);
	if (v->ins.wait)
		waited(v, key);
	else
		edit_key(v, key);
	vi_insert_ungroup(v);
}
