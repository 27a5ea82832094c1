/*
 * Markdown to rows: md4c tells blocks and spans, this file keeps the text of the block it is in as
 * pieces of one style and breaks them into lines when the block ends.
 */
#include "tui/widget/markdown.h"

#include <md4c.h>
#include <stdio.h>

#include "runtime/base/utf8.h"

#define SOURCE_MAX ((size_t)4 << 20)
#define DEPTH_MAX 12 /* deeper lists and quotes are drawn at this depth */

struct piece {
	uint32_t at, len, look, attr;
};

struct nest {
	bool quote, ordered;
	unsigned number; /* of the next item */
	bool fresh;	 /* the item's mark is still to be written */
	bool task, done;
};

struct layout {
	struct tui_markdown *m;
	int cols;
	WN_VEC(struct piece) pieces; /* of the block we are in */
	struct nest nest[DEPTH_MAX];
	int depth;	     /* may be more than DEPTH_MAX */
	uint32_t look, attr; /* of the text that comes */
	int strong, em, strike, links;
	bool code, heading, cell_first, tight;
	struct wn_buf href;
	/* the line being made */
	uint32_t line_first;
	int x;
};

/* ---- lines ---- */

static uint32_t
keep(struct layout *l, struct wn_str s)
{
	uint32_t at = (uint32_t)l->m->text.len;

	wn_buf_str(&l->m->text, s);
	return at;
}

static void
span(struct layout *l, uint32_t at, uint32_t len, uint32_t look, uint32_t attr)
{
	struct wn_str s = wn_strn(l->m->text.p + at, len);

	if (len == 0 || l->m->text.err != 0)
		return;
	wn_vec_push(&l->m->spans, (struct tui_md_span){ at, len, look, attr });
	l->x += wn_utf8_width(s);
}

static void
words(struct layout *l, const char *s, uint32_t look)
{
	uint32_t at = keep(l, wn_str(s));

	span(l, at, (uint32_t)(l->m->text.len - at), look, 0);
}

static void
end_line(struct layout *l)
{
	uint32_t n = (uint32_t)l->m->spans.len;

	wn_vec_push(&l->m->lines, (struct tui_md_line){ l->line_first, n - l->line_first });
	l->line_first = n;
	l->x = 0;
}

/* What stands before the text: bars of quotes, room and marks of items. */
static void
begin_line(struct layout *l)
{
	int n = l->depth < DEPTH_MAX ? l->depth : DEPTH_MAX;

	l->x = 0;
	for (int i = 0; i < n && l->x + 8 < l->cols; i++) {
		struct nest *k = &l->nest[i];
		char mark[32];

		if (k->quote) {
			words(l, "▌ ", UI_MUTED);
			continue;
		}
		if (!k->fresh) {
			words(l, k->ordered ? "   " : "  ", UI_TEXT);
			continue;
		}
		k->fresh = false;
		if (k->task)
			snprintf(mark, sizeof mark, "%s ", k->done ? "☑" : "☐");
		else if (k->ordered)
			snprintf(mark, sizeof mark, "%u. ", k->number++);
		else
			snprintf(mark, sizeof mark, "• ");
		words(l, mark, UI_KEY);
	}
	if (l->code && l->cols > 8)
		words(l, "│ ", UI_BORDER);
}

static void
break_line(struct layout *l)
{
	end_line(l);
	begin_line(l);
}

/* A word that fits no line is cut where it must be. */
static void
put_long(struct layout *l, uint32_t at, uint32_t len, uint32_t look, uint32_t attr)
{
	bool fresh = false; /* what stands before the text may leave no room for any */

	while (len > 0) {
		struct wn_str s = wn_strn(l->m->text.p + at, len);
		size_t n = wn_utf8_fit(s, l->cols - l->x, NULL);

		if (n == 0) {
			if (!fresh && l->x > l->cols / 2) {
				break_line(l);
				fresh = true;
				continue;
			}
			n = wn_utf8_cluster(s.p, s.len, &(int){ 0 });
		}
		span(l, at, (uint32_t)n, look, attr);
		at += (uint32_t)n;
		len -= (uint32_t)n;
		if (len > 0)
			break_line(l);
		fresh = true;
	}
}

static void
put_word(struct layout *l, const struct piece *p, uint32_t from, uint32_t to, int *start)
{
	int w = wn_utf8_width(wn_strn(l->m->text.p + p->at + from, to - from));

	if (l->x + w > l->cols && l->x > *start) {
		break_line(l);
		*start = l->x;
	}
	if (l->x + w > l->cols)
		put_long(l, p->at + from, to - from, p->look, p->attr);
	else
		span(l, p->at + from, to - from, p->look, p->attr);
}

/* Breaks the pieces into lines at blanks; '\n' is a break that was asked for. */
static void
flow(struct layout *l)
{
	int start;

	begin_line(l);
	start = l->x;
	for (size_t i = 0; i < l->pieces.len; i++) {
		const struct piece *p = &l->pieces.p[i];

		for (uint32_t a = 0; a < p->len;) {
			const char *s = l->m->text.p + p->at;
			uint32_t b = a;

			if (s[a] == '\n') {
				break_line(l);
				start = l->x;
				a++;
				continue;
			}
			if (s[a] == ' ') {
				if (l->x > start && l->x < l->cols)
					span(l, p->at + a, 1, p->look, p->attr);
				a++;
				continue;
			}
			while (b < p->len && s[b] != ' ' && s[b] != '\n')
				b++;
			put_word(l, p, a, b, &start);
			a = b;
		}
	}
	end_line(l);
}

/* Code keeps its blanks; what is too wide goes on in the next line. */
static void
flow_code(struct layout *l)
{
	bool open = false; /* a line was begun */

	for (size_t i = 0; i < l->pieces.len; i++) {
		const struct piece *p = &l->pieces.p[i];

		for (uint32_t a = 0; a < p->len;) {
			const char *s = l->m->text.p + p->at;
			uint32_t b = a;

			while (b < p->len && s[b] != '\n')
				b++;
			if (!open)
				begin_line(l);
			put_long(l, p->at + a, b - a, p->look, p->attr);
			open = b == p->len;
			if (!open)
				end_line(l);
			a = b + 1;
		}
	}
	if (open)
		end_line(l);
}

static void
blank_line(struct layout *l)
{
	if (l->m->lines.len > 0 && wn_vec_last(&l->m->lines).n > 0)
		end_line(l);
}

static void
end_block(struct layout *l)
{
	if (l->pieces.len > 0) {
		if (l->code)
			flow_code(l);
		else
			flow(l);
	}
	wn_vec_clear(&l->pieces);
}

/* ---- what md4c tells ---- */

static void
push(struct layout *l, struct nest n)
{
	if (l->depth < DEPTH_MAX)
		l->nest[l->depth] = n;
	l->depth++;
}

static struct nest *
top(struct layout *l)
{
	return l->depth > 0 && l->depth <= DEPTH_MAX ? &l->nest[l->depth - 1] : NULL;
}

static void
enter_item(struct layout *l, const MD_BLOCK_LI_DETAIL *li)
{
	struct nest *n = top(l);

	end_block(l); /* of the item around this list */
	if (n == NULL)
		return;
	n->fresh = true;
	n->task = li->is_task;
	n->done = li->task_mark == 'x' || li->task_mark == 'X';
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct layout *l = arg;

	switch (type) {
	case MD_BLOCK_QUOTE:
		end_block(l);
		push(l, (struct nest){ .quote = true });
		break;
	case MD_BLOCK_UL:
		end_block(l);
		push(l, (struct nest){ 0 });
		break;
	case MD_BLOCK_OL:
		end_block(l);
		push(l, (struct nest){ .ordered = true,
				       .number = ((MD_BLOCK_OL_DETAIL *)detail)->start });
		break;
	case MD_BLOCK_LI:
		enter_item(l, detail);
		break;
	case MD_BLOCK_H:
		blank_line(l);
		l->heading = true;
		break;
	case MD_BLOCK_CODE:
		l->code = true;
		break;
	case MD_BLOCK_HR:
		begin_line(l);
		while (l->x < l->cols)
			words(l, "─", UI_BORDER);
		end_line(l);
		break;
	case MD_BLOCK_TR:
		l->cell_first = true;
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD: {
		uint32_t at = keep(l, wn_str(l->cell_first ? "" : " │ "));

		wn_vec_push(&l->pieces,
			    (struct piece){ at, (uint32_t)(l->m->text.len - at), UI_BORDER, 0 });
		l->cell_first = false;
		l->heading = type == MD_BLOCK_TH;
		break;
	}
	default:
		break;
	}
	return 0;
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct layout *l = arg;

	(void)detail;
	switch (type) {
	case MD_BLOCK_QUOTE:
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		end_block(l);
		l->depth--;
		if (l->depth == 0)
			blank_line(l);
		break;
	case MD_BLOCK_LI:
	case MD_BLOCK_TR:
		end_block(l);
		break;
	case MD_BLOCK_H:
	case MD_BLOCK_P:
		end_block(l);
		l->heading = false;
		if (l->depth == 0)
			blank_line(l);
		break;
	case MD_BLOCK_CODE:
		end_block(l);
		l->code = false;
		blank_line(l);
		break;
	case MD_BLOCK_TABLE:
		blank_line(l);
		break;
	case MD_BLOCK_TH:
		l->heading = false;
		break;
	default:
		break;
	}
	return 0;
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct layout *l = arg;

	switch (type) {
	case MD_SPAN_EM:
		l->em++;
		break;
	case MD_SPAN_STRONG:
		l->strong++;
		break;
	case MD_SPAN_DEL:
		l->strike++;
		break;
	case MD_SPAN_CODE:
		l->look = UI_KEY;
		break;
	case MD_SPAN_IMG:
	case MD_SPAN_A: {
		const MD_SPAN_A_DETAIL *a = detail; /* an image's detail begins alike */

		l->links++;
		wn_buf_clear(&l->href);
		wn_buf_add(&l->href, a->href.text, a->href.size);
		break;
	}
	default:
		break;
	}
	return 0;
}

static void
add(struct layout *l, struct wn_str s)
{
	uint32_t attr = (l->strong > 0 || l->heading ? TUI_BOLD : 0u) |
			(l->em > 0 ? TUI_ITALIC : 0u) | (l->strike > 0 ? TUI_STRIKE : 0u) |
			(l->links > 0 ? TUI_UNDERLINE : 0u);
	uint32_t look = l->look != UI_TEXT ? l->look
			: l->links > 0	   ? UI_LINK
			: l->heading	   ? UI_FOLDER
					   : UI_TEXT;
	uint32_t at = keep(l, s);

	if (l->m->text.err == 0)
		wn_vec_push(&l->pieces, (struct piece){ at, (uint32_t)s.len, look, attr });
}

/* Where a link leads is always said: its words may claim something else. */
static void
add_href(struct layout *l)
{
	struct wn_str href = wn_buf_view(&l->href);
	struct wn_str words_of = WN_STR_NONE;
	size_t n = l->pieces.len;
	uint32_t at;

	if (n > 0)
		words_of = wn_strn(l->m->text.p + l->pieces.p[n - 1].at, l->pieces.p[n - 1].len);
	if (href.len == 0 || wn_str_eq(href, words_of))
		return;
	at = keep(l, WN_STR(" ("));
	wn_buf_str(&l->m->text, href);
	wn_buf_chr(&l->m->text, ')');
	if (l->m->text.err == 0)
		wn_vec_push(&l->pieces,
			    (struct piece){ at, (uint32_t)(href.len + 3), UI_MUTED, 0 });
}

static int
leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct layout *l = arg;

	(void)detail;
	switch (type) {
	case MD_SPAN_EM:
		l->em--;
		break;
	case MD_SPAN_STRONG:
		l->strong--;
		break;
	case MD_SPAN_DEL:
		l->strike--;
		break;
	case MD_SPAN_CODE:
		l->look = UI_TEXT;
		break;
	case MD_SPAN_IMG:
	case MD_SPAN_A:
		l->links--;
		add_href(l);
		break;
	default:
		break;
	}
	return 0;
}

/* The entities people write; any other is shown as it was written. */
static struct wn_str
entity(struct wn_str s)
{
	static const struct {
		const char *name, *text;
	} known[] = {
		{ "&amp;", "&" },   { "&lt;", "<" },	 { "&gt;", ">" },   { "&quot;", "\"" },
		{ "&#39;", "'" },   { "&apos;", "'" },	 { "&nbsp;", " " }, { "&mdash;", "—" },
		{ "&ndash;", "–" }, { "&hellip;", "…" },
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (wn_str_is(s, known[i].name))
			return wn_str(known[i].text);
	return s;
}

static int
on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *arg)
{
	struct layout *l = arg;
	struct wn_str s = wn_strn(text, size);

	switch (type) {
	case MD_TEXT_BR:
		s = WN_STR("\n");
		break;
	case MD_TEXT_SOFTBR:
		s = WN_STR(" ");
		break;
	case MD_TEXT_NULLCHAR:
		s = WN_STR("\xEF\xBF\xBD");
		break;
	case MD_TEXT_ENTITY:
		s = entity(s);
		break;
	default:
		break;
	}
	add(l, s);
	return l->m->text.err != 0;
}

/* ---- the widget ---- */

void
tui_markdown_init(struct tui_markdown *m)
{
	*m = (struct tui_markdown){ 0 };
	wn_buf_init(&m->text, SOURCE_MAX);
}

void
tui_markdown_fini(struct tui_markdown *m)
{
	wn_buf_fini(&m->text);
	wn_vec_fini(&m->spans);
	wn_vec_fini(&m->lines);
}

void
tui_markdown_set(struct tui_markdown *m, struct wn_str source, int cols)
{
	static const MD_PARSER parser = {
		.flags = MD_DIALECT_GITHUB | MD_FLAG_NOHTML,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = on_text,
	};
	struct layout l = { .m = m, .cols = cols > 0 ? cols : 1, .look = UI_TEXT };

	wn_buf_clear(&m->text);
	wn_vec_clear(&m->spans);
	wn_vec_clear(&m->lines);
	wn_buf_init(&l.href, 65536);
	if (source.len > SOURCE_MAX / 4)
		source.len = SOURCE_MAX / 4;
	(void)md_parse(source.p != NULL ? source.p : "", (MD_SIZE)source.len, &parser, &l);
	while (m->lines.len > 0 && wn_vec_last(&m->lines).n == 0)
		m->lines.len--;
	wn_vec_fini(&l.pieces);
	wn_buf_fini(&l.href);
}

void
tui_markdown_draw(const struct tui_markdown *m, size_t line, struct tui_view v, int y,
		  const struct tui_theme *t, struct tui_style base)
{
	int x = 0;

	for (uint32_t i = 0; line < m->lines.len && i < m->lines.p[line].n; i++) {
		const struct tui_md_span *s = &m->spans.p[m->lines.p[line].first + i];
		struct tui_style st = base;

		if (s->look != UI_TEXT)
			st = tui_style_over(st, (struct tui_style){ t->ui[s->look].fg, 0, 0 });
		st.attr |= s->attr;
		x += tui_put(v, y, x, wn_strn(m->text.p + s->at, s->len), st);
	}
}

void
tui_markdown_text(const struct tui_markdown *m, size_t line, struct wn_buf *out)
{
	for (uint32_t i = 0; line < m->lines.len && i < m->lines.p[line].n; i++) {
		const struct tui_md_span *s = &m->spans.p[m->lines.p[line].first + i];

		wn_buf_add(out, m->text.p + s->at, s->len);
	}
}
