/*
 * Reading a file into a text, and telling what kind it is. Up to ED_HUGE_BYTES the bytes are
 * copied, so nobody can change them under us; above, the file stays open and pieces are read when
 * needed.
 */
#include "editor/document/doc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "editor/document/charset.h"
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

/* Line ends, indent and, unless the text was decoded, encoding from the first bytes. */
static void
probe(const struct ed_text *t, struct ed_doc_info *info)
{
	size_t len = ed_text_len(t);
	size_t n = len < ED_PROBE_BYTES ? len : ED_PROBE_BYTES;
	char *p = wn_alloc(n + 1);
	struct wn_str s = wn_strn(p, ed_text_read(t, 0, p, n));

	info->eol = probe_eol(s);
	probe_indent(s, info);
	if (info->encoding == ED_ENC_UTF8)
		info->encoding = probe_encoding(s, n == len);
	if (info->charset[0] == '\0')
		snprintf(info->charset, sizeof info->charset, "%s", ed_charset_of(info->encoding));
	info->read_only = info->encoding == ED_ENC_BINARY;
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

/* The set a byte order mark stands for; *mark: its length. The longer one is asked for first. */
static const char *
marked(struct wn_str head, bool four, size_t *mark)
{
	static const struct {
		const char *name;
		struct wn_str bytes;
	} marks[] = {
		{ "utf-32le", { "\xFF\xFE\0\0", 4 } }, { "utf-32be", { "\0\0\xFE\xFF", 4 } },
		{ "utf-8", { "\xEF\xBB\xBF", 3 } },    { "utf-16le", { "\xFF\xFE", 2 } },
		{ "utf-16be", { "\xFE\xFF", 2 } },
	};

	for (size_t i = four ? 0 : 2; i < sizeof marks / sizeof *marks; i++)
		if (wn_str_has_prefix(head, marks[i].bytes)) {
			*mark = marks[i].bytes.len;
			return marks[i].name;
		}
	*mark = 0;
	return NULL;
}

/* The whole of fd as UTF-8; skip: a byte order mark. */
static wn_err
decode_fd(int fd, const struct stat *st, const char *path, const char *charset, size_t skip,
	  struct ed_loaded *out, struct wn_diag *d)
{
	struct ed_block *b = NULL;
	struct wn_buf utf8;
	wn_err err;

	if ((size_t)st->st_size > ED_DECODE_MAX)
		return wn_fail(d, WN_E_LIMIT, "%s is too large to be read as %s", path, charset);
	if (lseek(fd, (off_t)skip, SEEK_SET) < 0)
		return wn_fail_errno(d, errno, "cannot read %s", path);
	err = read_block(fd, (size_t)st->st_size, path, &b, d);
	if (!b)
		return err;
	wn_buf_init(&utf8, b->len * 4 + 4096);
	err = ed_charset_decode(charset, wn_strn(b->bytes, b->len), &utf8, d);
	if (!err)
		out->text = ed_text_from(wn_buf_view(&utf8));
	if (!err && !out->text)
		err = wn_fail(d, WN_E_NO_MEMORY, "%s does not fit in memory", path);
	wn_buf_fini(&utf8);
	ed_block_unref(b);
	if (err)
		return err;
	(void)ed_charset_kind(charset, &out->info.encoding);
	snprintf(out->info.charset, sizeof out->info.charset, "%s", charset);
	out->info.bom = skip > 0;
	return 0;
}

/* Takes fd: bytes as they are, behind a UTF-8 byte order mark. */
static wn_err
plain_fd(int fd, const struct stat *st, const char *path, size_t skip, struct ed_loaded *out,
	 struct wn_diag *d)
{
	struct ed_block *b = NULL;
	wn_err err = 0;

	if ((size_t)st->st_size > ED_HUGE_BYTES) {
		b = ed_block_file(fd, (size_t)st->st_size);
		out->huge_fd = fd;
		out->info.huge = true;
	} else {
		err = lseek(fd, 0, SEEK_SET) < 0 ? wn_fail_errno(d, errno, "cannot read %s", path)
						 : read_block(fd, (size_t)st->st_size, path, &b, d);
		close(fd);
		if (!b)
			return err;
	}
	skip = skip < b->len ? skip : b->len;
	out->info.bom = skip > 0;
	out->text = ed_text_new();
	out->text->root = ed_node_build(b, skip, b->len - skip);
	ed_block_unref(b);
	return 0;
}

/* A text that is not UTF-8 and clearly in some other set is decoded. */
static void
try_guess(struct ed_loaded *out)
{
	size_t len = ed_text_len(out->text), n = len < ED_PROBE_BYTES ? len : ED_PROBE_BYTES;
	struct ed_text *guessed = NULL;
	char *p = wn_alloc(n + 1);
	const char *name = ed_charset_guess(wn_strn(p, ed_text_read(out->text, 0, p, n)));
	struct wn_buf raw, utf8;

	wn_free(p);
	if (!name)
		return;
	wn_buf_init(&raw, len + 1);
	wn_buf_init(&utf8, len * 4 + 4096);
	if (ed_text_copy(out->text, 0, len, &raw) == 0 &&
	    ed_charset_decode(name, wn_buf_view(&raw), &utf8, NULL) == 0)
		guessed = ed_text_from(wn_buf_view(&utf8));
	if (guessed) {
		ed_text_free(out->text);
		out->text = guessed;
		out->info.encoding = ED_ENC_OTHER;
		out->info.guessed = true;
		snprintf(out->info.charset, sizeof out->info.charset, "%s", name);
	}
	wn_buf_fini(&raw);
	wn_buf_fini(&utf8);
}

/* Takes fd: in the set that somebody named. */
static wn_err
load_as(int fd, const struct stat *st, const char *path, const char *charset, struct wn_str head,
	struct ed_loaded *out, struct wn_diag *d)
{
	enum ed_encoding kind;
	size_t mark = 0;
	bool known = ed_charset_kind(charset, &kind);
	const char *says = marked(head, kind == ED_ENC_UTF32LE || kind == ED_ENC_UTF32BE, &mark);
	wn_err err;

	if (says == NULL || strcasecmp(says, charset) != 0)
		mark = 0;
	out->info.encoding = kind;
	if (known && (kind == ED_ENC_UTF8 || kind == ED_ENC_BINARY))
		return plain_fd(fd, st, path, mark, out, d);
	err = known ? decode_fd(fd, st, path, charset, mark, out, d)
		    : wn_fail(d, WN_E_UNSUPPORTED, "there is no character set %s", charset);
	close(fd);
	return err;
}

/* Takes fd: a byte order mark alone proves nothing; what cannot be decoded and encoded again stays
 * bytes. */
static wn_err
load_fd(int fd, const struct stat *st, const char *path, struct wn_str head, struct ed_loaded *out,
	struct wn_diag *d)
{
	size_t mark;

	for (int four = 1; four >= 0; four--) {
		const char *says = marked(head, four, &mark);

		if (says == NULL || mark == 3)
			continue;
		out->info.encoding = ED_ENC_BINARY;
		if (decode_fd(fd, st, path, says, mark, out, NULL) == 0) {
			close(fd);
			return 0;
		}
	}
	return plain_fd(fd, st, path, mark == 3 ? mark : 0, out, d);
}

static void
finish(const char *path, const char *charset, const struct stat *st, struct ed_loaded *out)
{
	ed_identity_set(&out->disk, st);
	probe(out->text, &out->info);
	if (!charset && out->info.encoding == ED_ENC_BROKEN && !out->info.huge && !out->info.bom)
		try_guess(out);
	if (!out->info.huge)
		(void)ed_node_count(out->text->root, ED_LINES);
	out->info.not_writable = access(path, W_OK) != 0;
}

wn_err
ed_load(const char *path, const char *charset, struct ed_loaded *out, struct wn_diag *d)
{
	struct stat st;
	struct wn_str head;
	char bytes[4];
	ssize_t n;
	wn_err err;
	int fd;

	*out = (struct ed_loaded){ .huge_fd = -1 };
	/* Not blocking: a pipe without a writer would hang us here. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && errno == ENOENT) {
		out->text = ed_text_new();
		out->info.is_new = true;
		snprintf(out->info.charset, sizeof out->info.charset, "utf-8");
		return 0;
	}
	if (fd < 0)
		return wn_fail_errno(d, errno, "cannot open %s", path);
	if (fstat(fd, &st) < 0) {
		err = wn_fail_errno(d, errno, "cannot open %s", path);
		close(fd);
		return err;
	}
	if (!S_ISREG(st.st_mode)) {
		close(fd);
		return wn_fail(d, WN_E_UNSUPPORTED, "%s is %s, not a file", path,
			       S_ISDIR(st.st_mode) ? "a directory" : "a device or pipe");
	}
	n = pread(fd, bytes, sizeof bytes, 0);
	head = wn_strn(bytes, n > 0 ? (size_t)n : 0);
	err = charset ? load_as(fd, &st, path, charset, head, out, d)
		      : load_fd(fd, &st, path, head, out, d);
	if (!err)
		finish(path, charset, &st, out);
	return err;
}
