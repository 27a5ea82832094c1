/*
 * The log ring and its file. A full disk loses lines of the file (counted), never of the
 * ring, and never stops the service.
 */
#include "runtime/shim/logring.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/base/mem.h"

#define FILES_KEPT 3 /* log, log.1, log.2 */

struct logline {
	struct logline *next;
	uint64_t number;
	int64_t ms;
	uint32_t len;
	uint8_t stream;
	bool continued; /* goes on in the next line of that stream */
	char text[];
};

void
logring_init(struct logring *r, size_t bytes_max, const char *path, int64_t file_max)
{
	*r = (struct logring){
		.bytes_max = bytes_max, .path = wn_strdup(path), .fd = -1, .file_max = file_max
	};
}

void
logring_fini(struct logring *r)
{
	struct logline *l, *next;

	for (l = r->first; l; l = next) {
		next = l->next;
		wn_free(l);
	}
	if (r->fd >= 0)
		close(r->fd);
	wn_free(r->path);
}

/* ---- the file ---- */

static void
file_open(struct logring *r)
{
	struct stat st;

	r->fd = open(r->path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	r->file_bytes = r->fd >= 0 && fstat(r->fd, &st) == 0 ? st.st_size : 0;
}

static void
file_rotate(struct logring *r)
{
	close(r->fd);
	r->fd = -1;
	for (int i = FILES_KEPT - 1; i > 0; i--) {
		char *to = wn_asprintf("%s.%d", r->path, i);
		char *from = i > 1 ? wn_asprintf("%s.%d", r->path, i - 1) : wn_strdup(r->path);

		rename(from, to);
		wn_free(from);
		wn_free(to);
	}
}

static void
file_add(struct logring *r, const struct logline *l)
{
	char time[WN_TIME_MAX], head[WN_TIME_MAX + 8];
	struct wn_buf line;
	ssize_t n;

	if (!r->path)
		return;
	if (r->fd >= 0 && r->file_bytes >= r->file_max)
		file_rotate(r);
	if (r->fd < 0)
		file_open(r);
	wn_time_print(l->ms, time);
	snprintf(head, sizeof head, "%s %s ", time, l->stream ? "err" : "out");
	wn_buf_init(&line, LOGRING_LINE_MAX + sizeof head + 2);
	wn_buf_cstr(&line, head);
	wn_buf_add(&line, l->text, l->len);
	wn_buf_chr(&line, '\n');
	n = r->fd >= 0 ? write(r->fd, line.p, line.len) : -1;
	r->file_failed = n != (ssize_t)line.len;
	if (n > 0)
		r->file_bytes += n;
	if (r->file_failed)
		r->file_lost++;
	wn_buf_fini(&line);
}

/* ---- the ring ---- */

static void
drop_old(struct logring *r)
{
	while (r->bytes > r->bytes_max && r->first != r->last) {
		struct logline *l = r->first;

		r->first = l->next;
		r->bytes -= sizeof *l + l->len;
		wn_free(l);
	}
}

static void
push(struct logring *r, int stream, struct wn_str text, bool continued, int64_t now_ms)
{
	struct logline *l = wn_alloc(sizeof *l + text.len);

	l->number = r->next++;
	l->ms = now_ms;
	l->stream = (uint8_t)stream;
	l->len = (uint32_t)text.len;
	l->continued = continued;
	if (text.len)
		memcpy(l->text, text.p, text.len);
	if (r->last)
		r->last->next = l;
	else
		r->first = l;
	r->last = l;
	r->bytes += sizeof *l + l->len;
	file_add(r, l);
	drop_old(r);
}

static void
flush_part(struct logring *r, int stream, bool continued, int64_t now_ms)
{
	size_t len = r->part[stream].len;
	char *text = r->part[stream].text;

	if (!continued && len && text[len - 1] == '\r')
		len--;
	push(r, stream, wn_strn(text, len), continued, now_ms);
	r->part[stream].len = 0;
	r->part[stream].cut = continued;
}

void
logring_add(struct logring *r, int stream, struct wn_str bytes, int64_t now_ms)
{
	while (bytes.len) {
		const char *end = memchr(bytes.p, '\n', bytes.len);
		size_t n = end ? (size_t)(end - bytes.p) : bytes.len;
		size_t room = LOGRING_LINE_MAX - r->part[stream].len;

		if (n > room) {
			n = room;
			end = NULL;
		}
		memcpy(r->part[stream].text + r->part[stream].len, bytes.p, n);
		r->part[stream].len += n;
		bytes = wn_str_sub(bytes, n + (end ? 1 : 0), bytes.len);
		if (end)
			flush_part(r, stream, false, now_ms);
		else if (r->part[stream].len == LOGRING_LINE_MAX && bytes.len)
			flush_part(r, stream, true, now_ms);
	}
}

void
logring_end(struct logring *r, int64_t now_ms)
{
	for (int i = 0; i < 2; i++)
		if (r->part[i].len || r->part[i].cut)
			flush_part(r, i, false, now_ms);
}

uint64_t
logring_first(const struct logring *r)
{
	return r->first ? r->first->number : r->next;
}

uint64_t
logring_read(const struct logring *r, uint64_t from, size_t max_bytes, struct wn_jw *w)
{
	const struct logline *l = r->first;
	size_t bytes = 0;

	if (r->last && from > r->last->number)
		return from;
	while (l && l->number < from)
		l = l->next;
	for (; l && bytes < max_bytes; l = l->next) {
		wn_jw_object(w);
		wn_jw_kint(w, "number", (int64_t)l->number);
		wn_jw_ki64s(w, "ms", l->ms);
		wn_jw_kstr(w, "stream", l->stream ? "stderr" : "stdout");
		wn_jw_key(w, "text");
		wn_jw_str(w, wn_strn(l->text, l->len));
		if (l->continued)
			wn_jw_kbool(w, "continued", true);
		wn_jw_object_end(w);
		bytes += l->len + 64;
		from = l->number + 1;
	}
	return from;
}
