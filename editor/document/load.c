/*
 * Reading a file into a text, and telling what kind it is. Up to ED_HUGE_BYTES the bytes are
 * copied, so nobody can change them under us; above, the file stays open and pieces are read when
 * needed.
 */
#include "editor/document/doc.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "editor/text/node.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

void
ed_identity_set(struct ed_identity *id, const struct stat *st)
{
	*id = (struct ed_identity){ true, st->st_dev, st->st_ino, st->st_size, st->st_mtim };
}

bool
ed_identity_same(const struct ed_identity *id, const struct stat *st)
{
	return id->known && id->dev == st->st_dev && id->ino == st->st_ino &&
	       id->size == st->st_size && id->mtime.tv_sec == st->st_mtim.tv_sec &&
	       id->mtime.tv_nsec == st->st_mtim.tv_nsec;
}

/* ---- probing ---------------------------------------------------------------------- */

static enum ed_encoding
probe_encoding(struct wn_str s, bool whole)
{
	size_t bad;

	if (s.len >= 2 && memcmp(s.p, "\xFF\xFE", 2) == 0)
		return ED_ENC_UTF16LE;
	if (s.len >= 2 && memcmp(s.p, "\xFE\xFF", 2) == 0)
		return ED_ENC_UTF16BE;
	if (s.len && memchr(s.p, 0, s.len))
		return ED_ENC_BINARY;
	bad = wn_utf8_check(s.p, s.len);
	/* The probe may cut the last sequence. */
	return bad < s.len && (whole || s.len - bad > 3) ? ED_ENC_BROKEN : ED_ENC_UTF8;
}

static enum ed_eol
probe_eol(struct wn_str s)
{
	size_t lf = 0, crlf = 0;

	for (ptrdiff_t at; (at = wn_str_chr(s, '\n')) >= 0;
	     s = wn_str_sub(s, (size_t)at + 1, s.len)) {
		lf++;
		crlf += at > 0 && s.p[at - 1] == '\r';
	}
	return crlf == 0 ? ED_EOL_LF : crlf == lf ? ED_EOL_CRLF : ED_EOL_MIXED;
}

/* The step by which lines are indented deeper than the one before, by majority. */
static void
probe_indent(struct wn_str s, struct ed_doc_info *info)
{
	unsigned steps[9] = { 0 }, tabs = 0, spaces = 0;
	struct wn_str line;
	size_t before = 0;

	while (wn_str_split(&s, '\n', &line)) {
		size_t n = 0;
		if (line.len == 0)
			continue;
		if (line.p[0] == '\t')
			tabs++;
		while (n < line.len && line.p[n] == ' ')
			n++;
		if (n == line.len || line.p[n] == '*')
			continue; /* blank, or inside a block comment */
		spaces += n > 1;
		if (n > before && n - before <= 8)
			steps[n - before]++;
		before = n;
	}
	info->indent_tabs = tabs > spaces;
	info->indent_width = 0;
	for (unsigned k = 2; k <= 8 && !info->indent_tabs; k++)
		if (steps[k] > (info->indent_width ? steps[info->indent_width] : 0))
			info->indent_width = (int)k;
}

void
ed_probe(const struct ed_text *t, struct ed_doc_info *info)
{
	size_t len = ed_text_len(t);
	size_t n = len < ED_PROBE_BYTES ? len : ED_PROBE_BYTES;
	char *p = wn_alloc(n + 1);
	struct wn_str s = wn_strn(p, ed_text_read(t, 0, p, n));

	info->encoding = probe_encoding(s, n == len);
	info->eol = probe_eol(s);
	probe_indent(s, info);
	info->read_only = info->encoding > ED_ENC_BROKEN;
	wn_free(p);
}

/* ---- reading ---------------------------------------------------------------------- */

/* Reads all of fd into one block; a file in /proc says size 0, a growing one says too little. */
static wn_err
read_block(int fd, size_t guess, const char *path, struct ed_block **out, struct wn_diag *d)
{
	struct ed_block *b = ed_block_new(guess + 1), *more;

	while (b) {
		ssize_t k = read(fd, b->bytes + b->len, b->cap - b->len);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0) {
			ed_block_unref(b);
			return wn_fail_errno(d, errno, "cannot read %s", path);
		}
		if (k == 0) {
			*out = b;
			return 0;
		}
		b->len += (size_t)k;
		if (b->len < b->cap)
			continue;
		more = ed_block_new(b->cap * 2 + 4096);
		if (more) {
			memcpy(more->bytes, b->bytes, b->len);
			more->len = b->len;
		}
		ed_block_unref(b);
		b = more;
	}
	return wn_fail(d, WN_E_NO_MEMORY, "%s does not fit in memory", path);
}

static wn_err
load_fd(int fd, const struct stat *st, const char *path, struct ed_loaded *out, struct wn_diag *d)
{
	struct ed_block *b = NULL;
	char head[3];
	wn_err err;

	if ((size_t)st->st_size > ED_HUGE_BYTES) {
		b = ed_block_file(fd, (size_t)st->st_size);
		out->huge_fd = fd;
		out->info.huge = true;
	} else {
		err = read_block(fd, (size_t)st->st_size, path, &b, d);
		close(fd);
		if (!b)
			return err;
	}
	struct ed_piece first = { .block = b, .off = 0, .len = b->len < 3 ? (uint32_t)b->len : 3 };
	out->info.bom = b->len >= 3 && memcmp(ed_piece_data(&first, head), "\xEF\xBB\xBF", 3) == 0;
	out->text = ed_text_new();
	out->text->root = ed_node_build(b, out->info.bom ? 3 : 0, b->len - (out->info.bom ? 3 : 0));
	if (!out->info.huge)
		(void)ed_node_count(out->text->root, ED_LINES);
	ed_block_unref(b);
	ed_identity_set(&out->disk, st);
	ed_probe(out->text, &out->info);
	out->info.not_writable = access(path, W_OK) != 0;
	return 0;
}

wn_err
ed_load(const char *path, struct ed_loaded *out, struct wn_diag *d)
{
	struct stat st;
	int fd;

	*out = (struct ed_loaded){ .huge_fd = -1 };
	/* Not blocking: a pipe without a writer would hang us here. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT) {
		out->text = ed_text_new();
		out->info.is_new = true;
		return 0;
	}
	if (fd < 0)
		return wn_fail_errno(d, errno, "cannot open %s", path);
	if (fstat(fd, &st) < 0) {
		wn_err err = wn_fail_errno(d, errno, "cannot open %s", path);
		close(fd);
		return err;
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return wn_fail(d, WN_E_UNSUPPORTED, "%s is %s, not a file", path,
			       S_ISDIR(st.st_mode) ? "a directory" : "a device or pipe");
	}
	return load_fd(fd, &st, path, out, d);
}
