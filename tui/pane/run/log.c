/*
 * Lines of a platform's log.
 */
#include "tui/pane/run/log.h"

#include <string.h>

#define LINE_BYTES ((size_t)16384)
#define DROP 500 /* at once, so that a busy log does not move memory for each line */

/* Length of a string sequence (OSC, DCS and their kin), which ends with BEL or ESC \. */
static size_t
string_len(const char *p, size_t n)
{
	for (size_t i = 2; i < n; i++) {
		if (p[i] == '\a')
			return i + 1;
		if (p[i] == '\033' && i + 1 < n && p[i + 1] == '\\')
			return i + 2;
	}
	return n;
}

/* Index of the first byte from i on that is outside [lo, hi). */
static size_t
skip(const char *p, size_t n, size_t i, unsigned char lo, unsigned char hi)
{
	while (i < n && (unsigned char)p[i] >= lo && (unsigned char)p[i] < hi)
		i++;
	return i;
}

/* Length of the escape sequence at p, which begins with ESC. */
static size_t
escape_len(const char *p, size_t n)
{
	size_t end;

	if (n < 2)
		return n;
	if (strchr("]P_^X", p[1]) != NULL && p[1] != '\0')
		return string_len(p, n);
	end = p[1] == '[' ? skip(p, n, 2, 0x20, 0x40)
			  : skip(p, n, 1, 0x20, 0x30); /* "ESC ( B" and its kin */
	return end < n ? end + 1 : n;
}

void
run_log_plain(struct wn_str s, struct wn_buf *out)
{
	for (size_t i = 0; i < s.len;) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == 033) {
			i += escape_len(s.p + i, s.len - i);
			continue;
		}
		if (c == '\t')
			wn_buf_cstr(out, "    ");
		else if (c >= 0x20 && c != 0x7F)
			wn_buf_chr(out, s.p[i]);
		i++;
	}
}

static void
line_fini(struct run_line *l)
{
	wn_free(l->text);
	wn_free(l->raw);
}

void
run_log_clear(struct run_log *l)
{
	for (size_t i = 0; i < l->v.len; i++)
		line_fini(&l->v.p[i]);
	wn_vec_clear(&l->v);
	l->dropped = 0;
}

void
run_log_fini(struct run_log *l)
{
	run_log_clear(l);
	wn_vec_fini(&l->v);
}

static void
make_room(struct run_log *l)
{
	if (l->v.len < RUN_LOG_MAX)
		return;
	for (size_t i = 0; i < DROP; i++)
		line_fini(&l->v.p[i]);
	memmove(l->v.p, l->v.p + DROP, (l->v.len - DROP) * sizeof l->v.p[0]);
	l->v.len -= DROP;
	l->dropped += DROP;
}

static char *
plain(struct wn_str text)
{
	struct wn_buf b;

	wn_buf_init(&b, LINE_BYTES);
	run_log_plain(wn_str_sub(text, 0, LINE_BYTES / 4), &b);
	return wn_buf_take(&b, NULL);
}

void
run_log_add(struct run_log *l, enum run_source source, int64_t time_ms, struct wn_str text)
{
	struct run_line line = { .time_ms = time_ms, .source = source };
	struct wn_buf words;

	make_room(l);
	wn_buf_init(&words, LINE_BYTES);
	line.text = plain(text);
	if (source != RUN_ENGINE && run_human(text, &words, &line.level)) {
		line.raw = line.text;
		line.text = plain(wn_buf_view(&words));
	}
	wn_buf_fini(&words);
	wn_vec_push(&l->v, line);
}

const char *
run_log_raw(const struct run_line *l)
{
	return l->raw != NULL ? l->raw : l->text;
}

int64_t
run_log_find(const struct run_log *l, const char *text, int64_t from, bool down)
{
	int64_t n = (int64_t)l->v.len;

	for (int64_t i = from; i >= 0 && i < n; i += down ? 1 : -1)
		if (strcasestr(l->v.p[i].text, text) != NULL ||
		    strcasestr(run_log_raw(&l->v.p[i]), text) != NULL)
			return i;
	return -1;
}
