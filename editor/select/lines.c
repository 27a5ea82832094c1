/*
 * Commands on the lines that selections touch. Blocks of lines are worked from the last to the
 * first, so that positions before them stay true; selections inside move with their text.
 */
#include "editor/select/view_private.h"

#include <string.h>

/* Lines from the one that begins at `from` to the end (before its newline) of the last. */
struct block {
	size_t from, to;
};
typedef wn_err (*block_fn)(struct ed_view *v, struct block b);

static const struct ed_text *
text(const struct ed_view *v)
{
	return ed_doc_text(v->doc);
}

static struct block
block_of(const struct ed_view *v, const struct ed_sel *s)
{
	size_t from = ed_sel_from(s), to = ed_sel_to(s);

	/* A selection that ends where a line begins does not touch that line. */
	if (to > from && ed_text_line_begin(text(v), to) == to)
		to--;
	return (struct block){ ed_text_line_begin(text(v), from), ed_text_line_end(text(v), to) };
}

/* Every block once, last first; blocks that touch are one. */
static wn_err
each_block(struct ed_view *v, block_fn fn)
{
	struct block b, next;
	wn_err err = 0;

	for (size_t i = v->sels.len; i > 0 && !err;) {
		b = block_of(v, &v->sels.p[--i]);
		while (i > 0 && (next = block_of(v, &v->sels.p[i - 1])).to + 1 >= b.from) {
			b.from = next.from;
			i--;
		}
		err = fn(v, b);
	}
	return err;
}

/* Every line of every block, last first. */
static wn_err
each_line(struct ed_view *v, struct block b, wn_err (*fn)(struct ed_view *v, size_t line_start))
{
	size_t line = ed_text_line_begin(text(v), b.to);

	for (;;) {
		wn_err err = fn(v, line);
		if (err || line <= b.from)
			return err;
		line = ed_text_line_begin(text(v), line - 1);
	}
}

struct wn_str
ed_indent_unit(const struct ed_view *v, char out[17])
{
	const struct ed_doc_info *info = ed_doc_info(v->doc);
	size_t n = (size_t)info->indent_width;

	if (info->indent_tabs)
		return WN_STR("\t");
	n = n < 16 ? n : 16;
	memset(out, ' ', n);
	return wn_strn(out, n);
}

struct wn_str
ed_eol_of(const struct ed_view *v)
{
	return ed_doc_info(v->doc)->eol == ED_EOL_CRLF ? WN_STR("\r\n") : WN_STR("\n");
}

size_t
ed_indent_len(const struct ed_view *v, size_t line_start)
{
	char buf[256];
	size_t n = ed_text_read(text(v), line_start, buf, sizeof buf), i = 0;

	while (i < n && (buf[i] == ' ' || buf[i] == '\t'))
		i++;
	return i;
}

static bool
is_blank(const struct ed_view *v, size_t line_start)
{
	return line_start + ed_indent_len(v, line_start) >= ed_doc_line_end(v->doc, line_start);
}

/* ---- indent ------------------------------------------------------------------------- */

static wn_err
indent_line(struct ed_view *v, size_t line)
{
	char unit[17];

	return is_blank(v, line) ? 0 : ed_doc_edit(v->doc, line, 0, ed_indent_unit(v, unit));
}

static wn_err
dedent_line(struct ed_view *v, size_t line)
{
	char buf[16];
	size_t width = (size_t)ed_doc_info(v->doc)->indent_width, n = 0;
	size_t have = ed_text_read(text(v), line, buf, sizeof buf);

	if (have && buf[0] == '\t')
		n = 1;
	while (n < have && n < width && buf[0] == ' ' && buf[n] == ' ')
		n++;
	return ed_doc_edit(v->doc, line, n, WN_STR_NONE);
}

static wn_err
indent_block(struct ed_view *v, struct block b)
{
	return each_line(v, b, indent_line);
}

static wn_err
dedent_block(struct ed_view *v, struct block b)
{
	return each_line(v, b, dedent_line);
}

wn_err
ed_lines_indent(struct ed_view *v)
{
	return each_block(v, indent_block);
}

wn_err
ed_lines_dedent(struct ed_view *v)
{
	return each_block(v, dedent_block);
}

/* ---- copying, moving, removing --------------------------------------------------------- */

/* Moves the selections that were in b before an edit by delta bytes. */
struct kept {
	size_t first, n;
	size_t anchor[64], head[64];
};

static void
keep(const struct ed_view *v, struct block b, struct kept *k)
{
	k->first = k->n = 0;
	for (size_t i = 0; i < v->sels.len && k->n < 64; i++) {
		const struct ed_sel *s = &v->sels.p[i];
		if (ed_sel_from(s) < b.from || ed_sel_from(s) > b.to)
			continue;
		if (k->n == 0)
			k->first = i;
		k->anchor[k->n] = s->anchor;
		k->head[k->n++] = s->head;
	}
}

static void
put_back(struct ed_view *v, const struct kept *k, ptrdiff_t delta)
{
	size_t len = ed_text_len(text(v));

	for (size_t i = 0; i < k->n; i++) {
		size_t a = (size_t)((ptrdiff_t)k->anchor[i] + delta);
		size_t h = (size_t)((ptrdiff_t)k->head[i] + delta);
		ed_sel_set(&v->sels.p[k->first + i], a < len ? a : len, h < len ? h : len);
	}
}

static wn_err
duplicate_block(struct ed_view *v, struct block b)
{
	struct ed_text *copy = ed_text_slice(text(v), b.from, b.to - b.from);
	struct wn_str eol = ed_eol_of(v);
	struct kept k;
	bool cr = b.to > b.from && b.to < ed_text_len(text(v)) &&
		  ed_text_byte(text(v), b.to - 1) == '\r';
	wn_err err;

	/* Within a text the block carries its own "\r"; its newline is one byte. */
	if (cr || b.to < ed_text_len(text(v)))
		eol = WN_STR("\n");
	keep(v, b, &k);
	err = ed_text_replace(copy, ed_text_len(copy), 0, eol);
	if (!err)
		err = ed_doc_replace_with(v->doc, b.from, 0, copy);
	if (!err)
		put_back(v, &k, (ptrdiff_t)ed_text_len(copy));
	ed_text_free(copy);
	return err;
}

/* Swaps two runs of lines that follow each other, a then b, without their newlines. */
static wn_err
swap_blocks(struct ed_view *v, struct block a, struct block b)
{
	struct ed_text *mid = ed_text_slice(text(v), b.from, b.to - b.from);
	struct ed_text *first = ed_text_slice(text(v), a.from, a.to - a.from);
	size_t gap = b.from - a.to; /* the line end between them */
	struct ed_text *nl = ed_text_slice(text(v), a.to, gap);
	wn_err err;

	/* The last line of a CRLF text may lack its "\r": it moves with the line end. */
	ed_text_splice(mid, ed_text_len(mid), 0, nl);
	ed_text_splice(mid, ed_text_len(mid), 0, first);
	err = ed_doc_replace_with(v->doc, a.from, b.to - a.from, mid);
	ed_text_free(mid);
	ed_text_free(first);
	ed_text_free(nl);
	return err;
}

/* End of the line's text where the line end that follows is whole. */
static size_t
text_end(const struct ed_view *v, size_t end)
{
	return end > 0 && end < ed_text_len(text(v)) && ed_text_byte(text(v), end - 1) == '\r'
		       ? end - 1
		       : end;
}

static wn_err
up_block(struct ed_view *v, struct block b)
{
	struct block before;
	struct kept k;
	wn_err err;

	if (b.from == 0)
		return 0;
	before = (struct block){ ed_text_line_begin(text(v), b.from - 1), text_end(v, b.from - 1) };
	b.to = text_end(v, b.to);
	keep(v, b, &k);
	err = swap_blocks(v, before, b);
	if (!err)
		put_back(v, &k, -(ptrdiff_t)(b.from - before.from));
	return err;
}

static wn_err
down_block(struct ed_view *v, struct block b)
{
	struct block after;
	struct kept k;
	wn_err err;

	if (b.to >= ed_text_len(text(v)))
		return 0;
	after = (struct block){ b.to + 1, text_end(v, ed_text_line_end(text(v), b.to + 1)) };
	b.to = text_end(v, b.to);
	keep(v, b, &k);
	err = swap_blocks(v, b, after);
	if (!err)
		put_back(v, &k, (ptrdiff_t)(after.to - b.to));
	return err;
}

static wn_err
delete_block(struct ed_view *v, struct block b)
{
	size_t to = b.to < ed_text_len(text(v)) ? b.to + 1 : b.to;
	size_t from = b.from;

	/* The last line goes with the newline before it. */
	if (to == b.to && from > 0)
		from = text_end(v, from - 1);
	return ed_doc_edit(v->doc, from, to - from, WN_STR_NONE);
}

static wn_err
join_line(struct ed_view *v, size_t line)
{
	size_t end = ed_doc_line_end(v->doc, line), next = ed_text_line_end(text(v), line);
	bool glue;

	if (next >= ed_text_len(text(v)))
		return 0;
	next++;
	next += ed_indent_len(v, next);
	glue = end > line && next < ed_doc_line_end(v->doc, next);
	return ed_doc_edit(v->doc, end, next - end, glue ? WN_STR(" ") : WN_STR_NONE);
}

static wn_err
join_block(struct ed_view *v, struct block b)
{
	size_t last = ed_text_line_begin(text(v), b.to);

	/* Of several lines the last one is joined to, not on. */
	if (last > b.from)
		b.to = last - 1;
	return each_line(v, b, join_line);
}

wn_err
ed_lines_duplicate(struct ed_view *v)
{
	return each_block(v, duplicate_block);
}

wn_err
ed_lines_up(struct ed_view *v)
{
	return each_block(v, up_block);
}

wn_err
ed_lines_down(struct ed_view *v)
{
	return each_block(v, down_block);
}

wn_err
ed_lines_delete(struct ed_view *v)
{
	return each_block(v, delete_block);
}

wn_err
ed_lines_join(struct ed_view *v)
{
	return each_block(v, join_block);
}

/* ---- comments ------------------------------------------------------------------------------ */

static bool
starts_with(const struct ed_view *v, size_t pos, const char *token)
{
	char buf[32];
	size_t n = strlen(token);

	return n && n <= sizeof buf && ed_text_read(text(v), pos, buf, n) == n &&
	       memcmp(buf, token, n) == 0;
}

static wn_err
comment_line(struct ed_view *v, size_t line)
{
	size_t end = ed_doc_line_end(v->doc, line);
	wn_err err = 0;

	if (is_blank(v, line))
		return 0;
	if (*v->comment_close) {
		err = ed_doc_edit(v->doc, end, 0, wn_str(v->comment_close));
		if (!err)
			err = ed_doc_edit(v->doc, end, 0, WN_STR(" "));
	}
	line += ed_indent_len(v, line);
	if (!err)
		err = ed_doc_edit(v->doc, line, 0, WN_STR(" "));
	return err ? err : ed_doc_edit(v->doc, line, 0, wn_str(v->comment_open));
}

static wn_err
uncomment_line(struct ed_view *v, size_t line)
{
	size_t open = strlen(v->comment_open), close = strlen(v->comment_close);
	size_t at = line + ed_indent_len(v, line), end = ed_doc_line_end(v->doc, line);
	wn_err err = 0;

	if (!starts_with(v, at, v->comment_open))
		return 0;
	if (close && end >= at + open + close && starts_with(v, end - close, v->comment_close)) {
		size_t from = end - close;
		from -= from > at + open && ed_text_byte(text(v), from - 1) == ' ';
		err = ed_doc_edit(v->doc, from, end - from, WN_STR_NONE);
	}
	open += ed_text_byte(text(v), at + open) == ' ';
	return err ? err : ed_doc_edit(v->doc, at, open, WN_STR_NONE);
}

static wn_err
comment_block(struct ed_view *v, struct block b)
{
	size_t line = b.from;
	bool all = true;

	for (; line <= b.to && all; line = ed_text_line_end(text(v), line) + 1)
		all = is_blank(v, line) ||
		      starts_with(v, line + ed_indent_len(v, line), v->comment_open);
	return each_line(v, b, all ? uncomment_line : comment_line);
}

wn_err
ed_lines_comment(struct ed_view *v)
{
	return *v->comment_open ? each_block(v, comment_block) : WN_E_UNSUPPORTED;
}
