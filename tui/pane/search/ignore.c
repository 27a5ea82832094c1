/*
 * .gitignore: patterns in files, the last that matches decides, deeper files after those above.
 */
#include "tui/pane/search/ignore.h"

#include "runtime/base/buf.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

#define FILE_MAX_BYTES ((size_t)1 << 20)

struct rule {
	struct wn_str pattern; /* in the file's text */
	bool negated, dir_only, anchored;
};

struct ignore {
	const struct ignore *parent;
	size_t dir_len; /* of "dir/" in front of paths */
	char *text;	/* owned */
	WN_VEC(struct rule) rules;
};

/* ---- one pattern ---------------------------------------------------------------------------- */

/* "[a-z]" at p; *used its bytes, 0: no closing bracket. */
static bool
in_class(struct wn_str p, char c, size_t *used)
{
	size_t i = 1;
	bool negated = p.len > 1 && (p.p[1] == '!' || p.p[1] == '^'), hit = false;

	i += negated;
	for (size_t first = i; i < p.len && (p.p[i] != ']' || i == first); i++) {
		char lo = p.p[i], hi = lo;

		if (i + 2 < p.len && p.p[i + 1] == '-' && p.p[i + 2] != ']') {
			hi = p.p[i + 2];
			i += 2;
		}
		hit = hit || (c >= lo && c <= hi);
	}
	*used = i < p.len ? i + 1 : 0;
	return hit != negated && c != '/';
}

/* One step of a pattern without '*' at its head: bytes of it used, 0: it does not match c. */
static size_t
one(struct wn_str p, char c)
{
	size_t used = 1;

	switch (p.p[0]) {
	case '?':
		return c != '/';
	case '[':
		if (in_class(p, c, &used))
			return used;
		return used == 0 && c == '[';
	case '\\':
		if (p.len > 1)
			return p.p[1] == c ? 2 : 0;
		return c == '\\';
	default:
		return p.p[0] == c;
	}
}

/* Where a match stands. Stars are tried again one character further when what is behind them fails:
 * the last "*" within a name, the last "**" anywhere. */
struct matching {
	size_t p, s;	       /* in the pattern and in the path */
	size_t star_p, star_s; /* SIZE_MAX: none */
	size_t deep_p, deep_s;
	bool whole; /* behind the "**" a name begins: only whole names are left out */
};

static void
take_star(struct matching *m, struct wn_str pattern, struct wn_str path)
{
	m->p++;
	if (m->p == pattern.len || pattern.p[m->p] != '*') {
		m->star_p = m->p;
		m->star_s = m->s;
		return;
	}
	m->p++;
	/* In "a" "/" "**" "/" "b" the slash behind is part of it: a/b is meant as well. */
	m->whole = m->p < pattern.len && pattern.p[m->p] == '/' &&
		   (m->s == 0 || path.p[m->s - 1] == '/');
	m->p += m->whole;
	m->deep_p = m->p;
	m->deep_s = m->s;
	m->star_p = SIZE_MAX;
}

static bool
try_again(struct matching *m, struct wn_str path)
{
	if (m->star_p != SIZE_MAX && m->star_s < path.len && path.p[m->star_s] != '/') {
		m->p = m->star_p;
		m->s = ++m->star_s;
		return true;
	}
	if (m->deep_p == SIZE_MAX || m->deep_s == path.len)
		return false;
	m->deep_s++;
	while (m->whole && m->deep_s < path.len && path.p[m->deep_s - 1] != '/')
		m->deep_s++;
	m->p = m->deep_p;
	m->s = m->deep_s;
	m->star_p = SIZE_MAX;
	return true;
}

bool
ignore_match(struct wn_str pattern, struct wn_str path)
{
	struct matching m = { .star_p = SIZE_MAX, .deep_p = SIZE_MAX };

	for (;;) {
		size_t used = 0;

		if (m.p < pattern.len && pattern.p[m.p] == '*') {
			take_star(&m, pattern, path);
			continue;
		}
		if (m.p == pattern.len && m.s == path.len)
			return true;
		if (m.p < pattern.len && m.s < path.len)
			used = one(wn_str_sub(pattern, m.p, pattern.len), path.p[m.s]);
		if (used > 0) {
			m.p += used;
			m.s++;
		} else if (!try_again(&m, path)) {
			return false;
		}
	}
}

/* ---- files of rules ------------------------------------------------------------------------- */

static void
add_line(struct ignore *i, struct wn_str line)
{
	struct rule r = { 0 };

	while (line.len > 0 && (line.p[line.len - 1] == ' ' || line.p[line.len - 1] == '\r') &&
	       (line.len < 2 || line.p[line.len - 2] != '\\'))
		line.len--;
	if (line.len == 0 || line.p[0] == '#')
		return;
	r.negated = line.p[0] == '!';
	line = wn_str_sub(line, r.negated, line.len);
	r.dir_only = line.len > 0 && line.p[line.len - 1] == '/';
	line.len -= r.dir_only;
	r.anchored = wn_str_chr(line, '/') >= 0;
	line = wn_str_sub(line, line.len > 0 && line.p[0] == '/', line.len);
	r.pattern = line;
	if (line.len > 0)
		wn_vec_push(&i->rules, r);
}

struct ignore *
ignore_open(const char *root, const char *dir, const struct ignore *parent)
{
	char *file = wn_asprintf("%s/%s%s.gitignore", root, dir, dir[0] != '\0' ? "/" : "");
	struct ignore *i = NULL;
	struct wn_str rest, line;
	struct wn_buf b;

	wn_buf_init(&b, FILE_MAX_BYTES);
	if (wn_file_read(file, &b, NULL) == 0) {
		i = WN_NEW(struct ignore);
		i->parent = parent;
		i->dir_len = dir[0] != '\0' ? strlen(dir) + 1 : 0;
		i->text = wn_buf_take(&b, NULL);
		rest = wn_str(i->text);
		while (wn_str_split(&rest, '\n', &line))
			add_line(i, line);
	}
	wn_buf_fini(&b);
	wn_free(file);
	return i;
}

void
ignore_close(struct ignore *i)
{
	if (i == NULL)
		return;
	wn_vec_fini(&i->rules);
	wn_free(i->text);
	wn_free(i);
}

bool
ignore_has(const struct ignore *rules, const char *path, bool is_dir)
{
	const char *base = strrchr(path, '/');

	base = base != NULL ? base + 1 : path;
	for (; rules != NULL; rules = rules->parent)
		for (size_t k = rules->rules.len; k-- > 0;) {
			const struct rule *r = &rules->rules.p[k];
			const char *rest = r->anchored ? path + rules->dir_len : base;

			if ((!r->dir_only || is_dir) && ignore_match(r->pattern, wn_str(rest)))
				return !r->negated;
		}
	return false;
}
