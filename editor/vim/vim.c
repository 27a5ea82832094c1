/*
 * The engine's life, the queue of keys, and what the outside sees of it.
 */
#include "editor/vim/vim.h"

#include "editor/vim/ex.h"
#include "editor/vim/regex.h"

#include "runtime/base/utf8.h"

#define BUDGET ((size_t)2000000) /* keys a macro may run before it is taken for endless */
#define DEPTH_MAX 100

/* ---- life
 * ---------------------------------------------------------------------------------------- */

struct ed_vim_shared *
ed_vim_shared_new(void)
{
	struct ed_vim_shared *s = WN_NEW(struct ed_vim_shared);
	struct wn_buf *bufs[] = { &s->inserted,	   &s->pattern,	     &s->offset,   &s->sub.with,
				  &s->sub.flags,   &s->sub_pattern,  &s->shell,	   &s->last_ex,
				  &s->repeat.text, &s->repeat.text2, &s->read.text };

	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		wn_buf_init(bufs[i], VI_REG_MAX);
	for (size_t i = 0; i < sizeof s->reg / sizeof *s->reg; i++)
		wn_buf_init(&s->reg[i].text, VI_REG_MAX);
	return s;
}

static void
hist_fini(struct vi_hist *h)
{
	for (size_t i = 0; i < h->p.len; i++)
		wn_free(h->p.p[i]);
	wn_vec_fini(&h->p);
}

void
ed_vim_shared_free(struct ed_vim_shared *s)
{
	if (!s)
		return;
	struct wn_buf *bufs[] = { &s->inserted,	   &s->pattern,	     &s->offset,   &s->sub.with,
				  &s->sub.flags,   &s->sub_pattern,  &s->shell,	   &s->last_ex,
				  &s->repeat.text, &s->repeat.text2, &s->read.text };
	for (size_t i = 0; i < sizeof bufs / sizeof *bufs; i++)
		wn_buf_fini(bufs[i]);
	for (size_t i = 0; i < sizeof s->reg / sizeof *s->reg; i++)
		wn_buf_fini(&s->reg[i].text);
	hist_fini(&s->colon);
	hist_fini(&s->slash);
	wn_vec_fini(&s->repeat.keys);
	wn_free(s);
}

static void
on_edit(void *arg, const struct ed_edit *e)
{
	struct ed_vim *v = arg;

	vi_marks_edit(v, e);
	vi_global_edit(v, e);
}

/* As Vim with its defaults; how a document is indented is the document's business. */
static void
options(struct ed_vim *v)
{
	const struct ed_doc_info *info = ed_doc_info(v->doc);

	v->opt = (struct vi_options){ .ts = (size_t)info->tab_width,
				      .sw = (size_t)info->tab_width,
				      .ws = true,
				      .sol = true,
				      .is = true,
				      .hls = true,
				      .surround = true };
}

struct ed_vim *
ed_vim_new(struct ed_view *view, struct ed_vim_shared *shared, const struct ed_vim_host *host)
{
	struct ed_vim *v = WN_NEW(struct ed_vim);

	v->view = view;
	v->doc = ed_view_doc(view);
	v->sh = shared;
	if (host)
		v->host = *host;
	v->want = VI_NONE;
	options(v);
	wn_buf_init(&v->macro, VI_REG_MAX);
	wn_buf_init(&v->search_key, VI_REG_MAX);
	wn_buf_init(&v->cmd_text, 65536);
	wn_buf_init(&v->ins.over, VI_REG_MAX);
	wn_buf_init(&v->typed.text, (size_t)1 << 20);
	wn_buf_init(&v->typed.kept, (size_t)1 << 20);
	v->listener = (struct ed_listener){ .on_edit = on_edit, .arg = v };
	ed_doc_listen(v->doc, &v->listener);
	v->cur = vi_on_char(v, ed_view_main(view)->head);
	return v;
}

void
ed_vim_free(struct ed_vim *v)
{
	if (!v)
		return;
	ed_doc_unlisten(v->doc, &v->listener);
	ed_search_free(v->search);
	wn_buf_fini(&v->macro);
	wn_buf_fini(&v->search_key);
	wn_buf_fini(&v->cmd_text);
	wn_buf_fini(&v->ins.over);
	wn_buf_fini(&v->typed.text);
	wn_buf_fini(&v->typed.kept);
	wn_vec_fini(&v->touched);
	wn_vec_fini(&v->pending);
	wn_vec_fini(&v->queue);
	wn_vec_fini(&v->ins.keys);
	wn_vec_fini(&v->ins.over_at);
	wn_free(v);
}

/* ---- running keys
 * ---------------------------------------------------------------------------------- */

void
vi_feed(struct ed_vim *v, const uint32_t *keys, size_t n)
{
	for (size_t i = n; i > 0; i--)
		wn_vec_push(&v->queue, keys[i - 1]);
}

static void
dispatch(struct ed_vim *v, uint32_t key)
{
	bool once = v->ins.once;

	switch (v->state) {
	case VI_INSERT:
	case VI_REPLACE:
		vi_insert_key(v, key);
		break;
	case VI_LINE:
		vi_line_key(v, key);
		break;
	case VI_NORMAL:
	default:
		vi_normal_key(v, key);
	}
	/* Ctrl-O: back to inserting once the command is complete. */
	if (once && v->state == VI_NORMAL && v->pending.len == 0 && !v->visual) {
		v->ins.once = false;
		v->state = VI_INSERT;
		v->ins.start = v->cur;
		v->ins.moved = true;
		wn_vec_clear(&v->ins.keys);
	}
	if (v->state == VI_NORMAL && !v->visual && !v->ins.once)
		v->cur = vi_on_char(v, v->cur);
}

/* Everything above base in the queue, one key after the other. */
static void
drain(struct ed_vim *v, size_t base)
{
	while (v->queue.len > base) {
		uint32_t key = wn_vec_pop(&v->queue);
		if (v->budget == 0) {
			vi_fail(v, "the macro does not end; it was stopped");
		} else {
			v->budget--;
			dispatch(v, key);
		}
		if (v->failed)
			v->queue.len = base;
	}
}

bool
vi_run(struct ed_vim *v, const uint32_t *keys, size_t n)
{
	size_t base = v->queue.len;

	if (v->depth == DEPTH_MAX) {
		vi_fail(v, "too deep");
		return false;
	}
	v->depth++;
	vi_feed(v, keys, n);
	drain(v, base);
	v->depth--;
	return !v->failed;
}

/* ---- the view
 * ----------------------------------------------------------------------------------------- */

/* The mouse, another pane or the host may have moved the cursor. */
static void
sync_in(struct ed_vim *v)
{
	const struct ed_sel *s = ed_view_main(v->view);

	if (s->head == v->pushed_head && s->anchor == v->pushed_anchor) {
		v->cur = vi_clamp(v, v->cur);
		return;
	}
	v->want = VI_NONE;
	if (s->anchor == s->head) {
		v->visual = 0;
		v->cur = vi_clamp(v, s->head);
	} else if (v->state == VI_NORMAL) {
		v->visual = 'v';
		v->anchor = s->anchor < s->head ? s->anchor : vi_left(v, s->anchor);
		v->cur = s->anchor < s->head ? vi_left(v, s->head) : s->head;
	}
	if (v->state == VI_NORMAL && !v->visual)
		v->cur = vi_on_char(v, v->cur);
}

static void
show_block(struct ed_vim *v)
{
	struct vi_region r = vi_visual_region(v);
	size_t line = vi_begin(v, r.from), last = vi_begin(v, r.to);
	bool first = true;

	for (size_t n = 0; n < 1000; n++, line = vi_next_line(v, line)) {
		struct vi_slice s = vi_slice(v, &r, line);
		if (first)
			ed_view_select(v->view, s.a, s.b);
		else
			ed_view_add(v->view, s.a, s.b);
		first = false;
		if (line >= last)
			break;
	}
}

static void
sync_out(struct ed_vim *v)
{
	struct vi_region r;
	const struct ed_sel *s;
	bool back = v->cur < v->anchor;

	if (v->state == VI_LINE || !v->visual) {
		ed_view_select(v->view, v->cur, v->cur);
	} else if (v->visual == VI_BLOCK) {
		show_block(v);
	} else {
		r = vi_visual_region(v);
		if (v->visual == 'V') {
			r.from = vi_begin(v, r.from);
			r.to = vi_stop(v, r.to);
		} else {
			r.to = vi_right(v, r.to);
		}
		ed_view_select(v->view, back ? r.to : r.from, back ? r.from : r.to);
	}
	s = ed_view_main(v->view);
	v->pushed_head = s->head;
	v->pushed_anchor = s->anchor;
}

bool
ed_vim_key(struct ed_vim *v, uint32_t key)
{
	bool ok;

	sync_in(v);
	v->failed = false;
	v->budget = BUDGET;
	if (v->recording) {
		if (v->pending.len == 0 || v->state != VI_NORMAL)
			v->macro_tail = v->macro.len;
		vi_key_encode(key, &v->macro);
	}
	v->depth = 0;
	vi_feed(v, &key, 1);
	drain(v, 0);
	if (v->playing)
		vi_change_end(v);
	v->playing = false;
	ok = !v->failed;
	v->failed = false;
	sync_out(v);
	return ok;
}

wn_err
ed_vim_ex(struct ed_vim *v, struct wn_str line)
{
	struct wn_buf copy;
	wn_err err;

	wn_buf_init(&copy, (size_t)1 << 20);
	(void)wn_buf_str(&copy, line);
	err = vi_ex_line(v, wn_buf_view(&copy));
	wn_buf_fini(&copy);
	if (v->depth == 0 && v->queue.len == 0 && v->state == VI_NORMAL)
		sync_out(v);
	return err;
}

void
ed_vim_escape(struct ed_vim *v)
{
	static const uint32_t esc = ED_KEY_ESC;

	wn_vec_clear(&v->pending);
	v->ins.once = false;
	v->ins.wait = 0;
	if (v->state == VI_LINE)
		v->typed.kind = 0, v->state = VI_NORMAL;
	if (v->state != VI_NORMAL || v->visual) {
		bool failed = v->failed;
		v->failed = false;
		v->budget = v->budget ? v->budget : 16;
		(void)vi_run(v, &esc, 1);
		v->failed = failed;
	}
	if (v->depth == 0)
		sync_out(v);
}

wn_err
ed_vim_paste(struct ed_vim *v, struct wn_str text, struct wn_diag *d)
{
	struct vi_register r = { .type = 'v' };
	bool failed;

	sync_in(v);
	v->failed = false;
	if (v->state == VI_LINE) {
		for (size_t i = 0; i < text.len && text.p[i] != '\n';) {
			uint32_t cp;
			i += wn_utf8_decode(text.p + i, text.len - i, &cp);
			if (cp >= ' ' && cp != WN_UTF8_BAD)
				vi_line_key(v, cp);
		}
		return 0;
	}
	if (v->visual)
		ed_vim_escape(v);
	r.text =
		(struct wn_buf){ .p = (char *)(uintptr_t)text.p, .len = text.len, .max = SIZE_MAX };
	vi_insert_group(v);
	if (text.len)
		vi_put_text(v, &r, 1, (struct vi_put){ v->state != VI_NORMAL, true, false });
	vi_insert_ungroup(v);
	if (v->state == VI_NORMAL)
		v->cur = vi_on_char(v, v->cur);
	failed = v->failed;
	v->failed = false;
	sync_out(v);
	return failed ? wn_fail(d, WN_E_READ_ONLY, "the text could not be pasted") : 0;
}

/* ---- what is seen
 * ---------------------------------------------------------------------------------------- */

enum ed_vim_mode
ed_vim_mode(const struct ed_vim *v)
{
	struct vi_cmd c;

	if (v->state == VI_INSERT)
		return ED_VIM_INSERT;
	if (v->state == VI_REPLACE)
		return ED_VIM_REPLACE;
	if (v->state == VI_LINE)
		return ED_VIM_COMMAND;
	if (v->visual)
		return v->visual == 'v'	  ? ED_VIM_VISUAL
		       : v->visual == 'V' ? ED_VIM_VISUAL_LINE
					  : ED_VIM_VISUAL_BLOCK;
	if (v->pending.len && vi_read_cmd(v, &c) == VI_READ_MORE && c.op)
		return ED_VIM_PENDING;
	return ED_VIM_NORMAL;
}

size_t
ed_vim_cursor(const struct ed_vim *v)
{
	return v->cur;
}

void
ed_vim_pending(const struct ed_vim *v, char *out, size_t n)
{
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	for (size_t i = 0; i < v->pending.len; i++) {
		uint32_t k = v->pending.p[i];
		char buf[4];
		if (k < ' ')
			(void)wn_buf_printf(&b, "^%c", (char)(k + '@'));
		else if (k < ED_KEY_UP)
			(void)wn_buf_add(&b, buf, wn_utf8_encode(k, buf));
	}
	if (n > 0) {
		size_t len = b.len < n - 1 ? b.len : n - 1;
		if (len)
			memcpy(out, b.p, len);
		out[len] = 0;
	}
	wn_buf_fini(&b);
}

struct wn_str
ed_vim_line(const struct ed_vim *v, size_t *cursor_out)
{
	*cursor_out = v->typed.at;
	return v->typed.kind ? wn_buf_view(&v->typed.text) : WN_STR_NONE;
}

char
ed_vim_recording(const struct ed_vim *v)
{
	return (char)v->recording;
}

struct wn_str
ed_vim_pattern(const struct ed_vim *v, unsigned *flags_out)
{
	struct ed_vim *w = (struct ed_vim *)(uintptr_t)v;
	bool icase;

	*flags_out = ED_SEARCH_REGEX;
	if (v->hidden || v->sh->pattern.len == 0 ||
	    !vi_compile(w, wn_buf_view(&v->sh->pattern), true))
		return WN_STR_NONE;
	icase = v->search_key.len && v->search_key.p[v->search_key.len - 1] == '\1';
	*flags_out |= icase ? ED_SEARCH_ICASE : 0;
	return wn_strn(v->search_key.p, v->search_key.len - 1);
}

bool
ed_vim_register(struct ed_vim *v, uint32_t name, struct wn_buf *out, uint32_t *type_out)
{
	const struct vi_register *r = vi_reg_get(v, name);

	if (!r)
		return false;
	*type_out = r->type;
	(void)wn_buf_str(out, wn_buf_view(&r->text));
	if (r->type == 'V')
		(void)wn_buf_chr(out, '\n');
	return true;
}
