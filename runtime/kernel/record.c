/*
 * Implements the record. Each line is one O_APPEND write, so several engines may share a file.
 */
#include "runtime/kernel/record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"

enum { MESSAGE_MAX = 4 << 20, LINE_MAX_BYTES = MESSAGE_MAX + 4096, ARENA_KEEP = 4 << 20 };

struct wn_recorder {
	int fd;
	char *id;
	struct wn_buf line, text;
	struct wn_arena arena;
};

wn_err
wn_recorder_new(const char *path, const char *id, struct wn_recorder **out, struct wn_diag *d)
{
	struct wn_recorder *r;
	int fd;

	*out = NULL;
	if (path == NULL || path[0] == '\0')
		return WN_OK;
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return wn_fail_errno(d, errno, "cannot open the record %s (engine.record)", path);
	r = WN_NEW(struct wn_recorder);
	r->fd = fd;
	r->id = wn_strdup(id);
	wn_buf_init(&r->line, LINE_MAX_BYTES);
	wn_buf_init(&r->text, LINE_MAX_BYTES);
	wn_arena_init(&r->arena, ARENA_KEEP);
	*out = r;
	return WN_OK;
}

void
wn_recorder_free(struct wn_recorder *r)
{
	if (r == NULL)
		return;
	close(r->fd);
	wn_free(r->id);
	wn_buf_fini(&r->line);
	wn_buf_fini(&r->text);
	wn_arena_fini(&r->arena);
	wn_free(r);
}

/* message: one line of JSON without its newline; empty: there is none to show, why says so. */
static void
put(struct wn_recorder *r, int64_t conn, const char *direction, struct wn_str message,
    const char *why)
{
	struct wn_jw w;
	size_t done = 0;

	wn_buf_clear(&r->line);
	wn_jw_init(&w, &r->line);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "engine", r->id);
	wn_jw_kint(&w, "conn", conn);
	wn_jw_kstr(&w, "direction", direction);
	if (message.len > 0) {
		wn_jw_key(&w, "message");
		wn_jw_raw(&w, message);
	} else {
		wn_jw_kstr(&w, "left_out", why);
	}
	wn_jw_object_end(&w);
	(void)wn_buf_chr(&r->line, '\n');
	while (r->line.err == WN_OK && done < r->line.len) {
		ssize_t n = write(r->fd, r->line.p + done, r->line.len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		done += (size_t)n;
	}
}

void
wn_record_in(struct wn_recorder *r, int64_t conn, const struct wn_rpc_msg *msg)
{
	if (r == NULL || (msg->kind != WN_RPC_REQUEST && msg->kind != WN_RPC_NOTIFY))
		return;
	if (msg->params.len > MESSAGE_MAX) {
		put(r, conn, "in", WN_STR_NONE, "it is too large to be recorded");
		return;
	}
	const char *method = wn_arena_strndup(&r->arena, msg->method.p, msg->method.len);
	wn_buf_clear(&r->text);
	if (msg->kind == WN_RPC_REQUEST)
		(void)wn_rpc_write_request(&r->text, msg->id, method, msg->params, msg->bytes);
	else
		(void)wn_rpc_write_notify(&r->text, method, msg->params, msg->bytes);
	wn_arena_clear(&r->arena);
	if (r->text.len > 0)
		put(r, conn, "in", (struct wn_str){ r->text.p, r->text.len - 1 }, NULL);
}

void
wn_record_bad(struct wn_recorder *r, int64_t conn, const char *why)
{
	if (r != NULL)
		put(r, conn, "in", WN_STR_NONE, why);
}

void
wn_record_out(struct wn_recorder *r, int64_t conn, struct wn_str bytes)
{
	while (r != NULL && bytes.len > 0) {
		const char *end = memchr(bytes.p, '\n', bytes.len);
		struct wn_str line = { bytes.p, end != NULL ? (size_t)(end - bytes.p) : 0 };
		struct wn_rpc_msg msg = { 0 };
		struct wn_diag d = { 0 };
		size_t used;

		if (line.len == 0 || line.len > MESSAGE_MAX) {
			put(r, conn, "out", WN_STR_NONE, "it is too large to be recorded");
			return;
		}
		if (wn_rpc_parse(line, &r->arena, &msg, &d) == WN_OK)
			put(r, conn, "out", line, NULL);
		else
			put(r, conn, "out", WN_STR_NONE, d.text);
		wn_arena_clear(&r->arena);
		used = line.len + 1 + msg.bytes;
		used = used < bytes.len ? used : bytes.len;
		bytes.p += used;
		bytes.len -= used;
	}
}
