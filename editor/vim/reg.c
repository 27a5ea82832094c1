/*
 * Registers: naming, yanking, the shift of the numbered ones.
 */
#include "editor/vim/reg.h"

#include "runtime/base/utf8.h"

enum { REG_SMALL = 36, REG_CLIP = 37 };

static int
index_of(uint32_t name)
{
	if (name >= '0' && name <= '9')
		return (int)(name - '0');
	if (name >= 'a' && name <= 'z')
		return (int)(name - 'a') + 10;
	if (name >= 'A' && name <= 'Z')
		return (int)(name - 'A') + 10;
	if (name == '-')
		return REG_SMALL;
	return name == '*' || name == '+' ? REG_CLIP : -1;
}

bool
vi_reg_valid(uint32_t name, bool writing)
{
	if (name == 0 || name == '"' || name == '_' || index_of(name) >= 0)
		return true;
	return !writing && (name == '.' || name == ':' || name == '/' || name == '%');
}

/* ---- blocks --------------------------------------------------------------------------------- */

struct vi_slice
vi_slice(struct ed_vim *v, const struct vi_region *r, size_t begin)
{
	struct vi_slice s = { 0 };
	size_t at = begin, col = 0, w = 0, end = vi_end(v, begin);

	while (at < end && col + (w = vi_width(v, at, col)) <= r->left) {
		col += w;
		at = vi_right(v, at);
	}
	s.a = s.b = at;
	s.col = col;
	if (at == end) {
		s.none = s.is_short = true;
		s.pre = r->left > col ? r->left - col : 0;
		return s;
	}
	s.pre = r->left - col;
	s.in_pre = s.pre ? col + w - r->left : 0;
	if (r->to_eol) {
		s.b = end;
		s.is_short = true;
		return s;
	}
	while (at < end && col <= r->right) {
		w = vi_width(v, at, col);
		col += w;
		at = vi_right(v, at);
	}
	s.b = at;
	s.is_short = col <= r->right;
	if (col > r->right + 1) {
		s.post = col - r->right - 1;
		s.in_post = w - s.post;
	}
	return s;
}

static void
spaces(struct wn_buf *out, size_t n)
{
	while (n-- > 0)
		(void)wn_buf_chr(out, ' ');
}

/* Columns of the longest line of a block. */
static size_t
widest(struct ed_vim *v, const struct vi_region *r)
{
	size_t max = r->left, line = vi_begin(v, r->from), last = vi_begin(v, r->to), col;

	for (;; line = vi_next_line(v, line)) {
		col = vi_col(v, vi_end(v, line), NULL);
		max = col > max ? col : max;
		if (line >= last)
			return max;
	}
}

/* The block's part of a line, as it is kept: halves of wide characters become spaces. */
static void
yank_slice(struct ed_vim *v, const struct vi_region *r, size_t begin, struct wn_buf *out)
{
	struct vi_slice s = vi_slice(v, r, begin);
	size_t a = s.a, b = s.b, width = r->right - r->left + 1;

	if (s.none && s.pre == 0)
		return;
	if (s.none) { /* a line that does not reach the block */
		if (r->to_eol)
			width = widest(v, r) - r->left + 1;
		spaces(out, width);
		return;
	}
	if (s.pre && vi_right(v, a) == b && s.post) {
		spaces(out, width); /* one tab covers all of it */
		return;
	}
	if (s.pre) {
		spaces(out, s.in_pre);
		a = vi_right(v, a);
	}
	if (s.post)
		b = vi_left(v, b);
	if (b > a)
		vi_copy(v, a, b, out);
	if (s.post)
		spaces(out, s.in_post);
}

/* ---- taking a region --------------------------------------------------------------------------
 */

static void
take_block(struct ed_vim *v, const struct vi_region *r, struct vi_register *reg)
{
	size_t line = vi_begin(v, r->from), last = vi_begin(v, r->to);

	for (;;) {
		yank_slice(v, r, line, &reg->text);
		if (line >= last)
			break;
		(void)wn_buf_chr(&reg->text, '\n');
		line = vi_next_line(v, line);
	}
	reg->width = r->right - r->left + 1;
}

static void
take(struct ed_vim *v, const struct vi_region *r, struct vi_register *reg)
{
	wn_buf_clear(&reg->text);
	reg->type = r->type;
	reg->width = 0;
	if (r->type == VI_BLOCK)
		take_block(v, r, reg);
	else if (r->type == 'V')
		vi_copy(v, vi_begin(v, r->from), vi_end(v, r->to), &reg->text);
	else
		vi_copy(v, r->from, r->to, &reg->text);
	if (reg->text.err) {
		wn_buf_clear(&reg->text);
		reg->type = 0;
		vi_fail(v, "this is too much to keep in a register");
	}
}

/* What lines and characters become when they are joined in one register. */
static void
append(struct vi_register *to, const struct vi_register *more)
{
	if (to->type == 0) {
		to->type = more->type;
		to->width = more->width;
	} else if (to->type != 'v' || more->type == 'V') {
		(void)wn_buf_chr(&to->text, '\n');
	}
	if (more->type == 'V')
		to->type = 'V';
	(void)wn_buf_str(&to->text, wn_buf_view(&more->text));
}

static void
told_clipboard(struct ed_vim *v, const struct vi_register *reg)
{
	struct wn_buf b;

	if (!v->host.copy)
		return;
	wn_buf_init(&b, VI_REG_MAX);
	(void)wn_buf_str(&b, wn_buf_view(&reg->text));
	if (reg->type == 'V')
		(void)wn_buf_chr(&b, '\n');
	v->host.copy(v->host.arg, wn_buf_view(&b));
	wn_buf_fini(&b);
}

static void
yank_into(struct ed_vim *v, size_t i, bool adds, const struct vi_region *r)
{
	struct vi_register *reg = &v->sh->reg[i];

	if (adds) {
		struct vi_register more = { .type = 0 };
		wn_buf_init(&more.text, VI_REG_MAX);
		take(v, r, &more);
		append(reg, &more);
		wn_buf_fini(&more.text);
	} else {
		take(v, r, reg);
	}
	if (i == REG_CLIP)
		told_clipboard(v, reg);
}

void
vi_reg_yank(struct ed_vim *v, uint32_t name, const struct vi_region *r)
{
	int i = name == 0 || name == '"' ? 0 : index_of(name);
	bool adds = name >= 'A' && name <= 'Z';

	if (name == '_' || i < 0)
		return;
	yank_into(v, (size_t)i, adds, r);
	v->sh->unnamed = (size_t)i;
}

static void
shift(struct ed_vim *v)
{
	struct vi_register last = v->sh->reg[9];

	for (size_t i = 9; i > 1; i--)
		v->sh->reg[i] = v->sh->reg[i - 1];
	v->sh->reg[1] = last;
}

void
vi_reg_delete(struct ed_vim *v, uint32_t name, const struct vi_region *r)
{
	bool adds = name >= 'A' && name <= 'Z', large = r->type == 'V' || r->lines > 1;

	if (name == '_')
		return;
	if (name == '"')
		name = 0;
	if (name)
		vi_reg_yank(v, name, r);
	if (large || r->one) {
		shift(v);
		yank_into(v, 1, false, r);
		if (!adds)
			v->sh->unnamed = 1;
	}
	if (!name && !large) {
		yank_into(v, REG_SMALL, false, r);
		v->sh->unnamed = REG_SMALL;
	}
}

/* ---- reading and setting -----------------------------------------------------------------------
 */

/* The system's clipboard is what it holds now; lines when it ends with one. */
static void
read_clipboard(struct ed_vim *v, struct vi_register *reg)
{
	struct wn_str s = v->host.clipboard ? v->host.clipboard(v->host.arg) : WN_STR_NONE;
	bool lines = s.len && s.p[s.len - 1] == '\n';

	if (!v->host.clipboard)
		return;
	if (lines)
		s.len--;
	if (reg->type == VI_BLOCK && wn_str_eq(s, wn_buf_view(&reg->text)))
		return;
	wn_buf_clear(&reg->text);
	for (size_t i = 0; i < s.len; i++)
		if (!(s.p[i] == '\r' && i + 1 < s.len && s.p[i + 1] == '\n'))
			(void)wn_buf_chr(&reg->text, s.p[i]);
	reg->type = s.len || lines ? lines ? 'V' : 'v' : 0;
}

static const struct vi_register *
read_only(struct ed_vim *v, uint32_t name)
{
	struct vi_register *r = &v->sh->read;
	struct wn_str s;

	if (name == '.')
		s = wn_buf_view(&v->sh->inserted);
	else if (name == '/')
		s = wn_buf_view(&v->sh->pattern);
	else if (name == ':')
		s = wn_buf_view(&v->sh->last_ex);
	else if (name == '%')
		s = wn_str(ed_doc_path(v->doc));
	else
		return NULL;
	wn_buf_clear(&r->text);
	(void)wn_buf_str(&r->text, s);
	r->type = s.len ? 'v' : 0;
	return s.len ? r : NULL;
}

const struct vi_register *
vi_reg_get(struct ed_vim *v, uint32_t name)
{
	int i = name == 0 || name == '"' ? (int)v->sh->unnamed : index_of(name);

	if (i < 0)
		return read_only(v, name);
	if (i == REG_CLIP)
		read_clipboard(v, &v->sh->reg[i]);
	return v->sh->reg[i].type ? &v->sh->reg[i] : NULL;
}

void
vi_reg_set(struct ed_vim *v, uint32_t name, struct wn_str text, uint32_t type)
{
	int i = name == 0 || name == '"' ? 0 : index_of(name);
	struct vi_register more = { .type = type };

	if (i < 0)
		return;
	wn_buf_init(&more.text, VI_REG_MAX);
	(void)wn_buf_str(&more.text, text);
	if (!(name >= 'A' && name <= 'Z')) {
		wn_buf_clear(&v->sh->reg[i].text);
		v->sh->reg[i].type = 0;
		if (name == 0 || name == '"')
			v->sh->unnamed = (size_t)i;
	}
	append(&v->sh->reg[i], &more);
	wn_buf_fini(&more.text);
	if (i == REG_CLIP)
		told_clipboard(v, &v->sh->reg[i]);
}

/* ---- keys as bytes -------------------------------------------------------------------------- */

static const char special_names[ED_KEY_LIMIT - ED_KEY_UP][3] = {
	"ku", "kd", "kl", "kr",	      "kh",	  "@7",	      "kP",	  "kN",
	"kI", "kD", "kb", "\xfd\x55", "\xfd\x56", "\xfd\x57", "\xfd\x58",
};

void
vi_key_encode(uint32_t key, struct wn_buf *out)
{
	char buf[4];

	if (key >= ED_KEY_UP && key < ED_KEY_LIMIT) {
		(void)wn_buf_chr(out, (char)0x80);
		(void)wn_buf_add(out, special_names[key - ED_KEY_UP], 2);
	} else {
		(void)wn_buf_add(out, buf, wn_utf8_encode(key, buf));
	}
}

void
vi_keys_decode(struct wn_str s, vi_keys *out)
{
	uint32_t cp;

	for (size_t i = 0; i < s.len;) {
		if ((unsigned char)s.p[i] == 0x80 && i + 2 < s.len) {
			for (uint32_t k = ED_KEY_UP; k < ED_KEY_LIMIT; k++)
				if (memcmp(s.p + i + 1, special_names[k - ED_KEY_UP], 2) == 0)
					wn_vec_push(out, k);
			i += 3;
			continue;
		}
		i += wn_utf8_decode(s.p + i, s.len - i, &cp);
		wn_vec_push(out, cp == WN_UTF8_BAD ? 0xFFFD : cp);
	}
}
