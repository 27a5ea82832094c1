/*
 * Starting webnovad: detached, so that it outlives us, with its last words kept in case it does not
 * come up. The process we start ends when the engine is ready or has failed.
 */
#include <string.h>

#include "runtime/base/mem.h"
#include "tui/client/private.h"

#define WORDS_KEEP 400

struct starter {
	void (*failed)(void *arg, const char *words);
	void *arg;
	uv_process_t process;
	uv_pipe_t err;
	int handles; /* open ones */
	bool quiet;  /* starter_free() was called */
	bool exited, drained;
	int64_t status;
	char words[WORDS_KEEP + 1];
	size_t len;
};

static void
on_closed(uv_handle_t *h)
{
	struct starter *s = h->data;

	if (--s->handles == 0)
		wn_free(s);
}

static void
close_all(struct starter *s)
{
	if (!uv_is_closing((uv_handle_t *)&s->err))
		uv_close((uv_handle_t *)&s->err, on_closed);
	if (!uv_is_closing((uv_handle_t *)&s->process))
		uv_close((uv_handle_t *)&s->process, on_closed);
}

/* A failure is told once, with all its words. */
static void
settle(struct starter *s)
{
	static const char name[] = "webnovad: ";
	char *words = s->words;

	if (!s->exited || !s->drained || s->quiet)
		return;
	s->quiet = true;
	while (s->len > 0 && s->words[s->len - 1] == ' ')
		s->words[--s->len] = '\0';
	if (strncmp(words, name, sizeof name - 1) == 0)
		words += sizeof name - 1;
	if (s->status != 0)
		s->failed(s->arg, words);
}

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct starter *s = h->data;

	(void)hint;
	*buf = uv_buf_init(s->words + s->len, (unsigned)(WORDS_KEEP - s->len));
}

static void
on_words(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct starter *s = stream->data;

	if (n < 0) { /* also when the room is used up */
		s->drained = true;
		(void)uv_read_stop(stream);
		settle(s);
		return;
	}
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)buf->base[i] < 0x20 || buf->base[i] == 0x7F)
			buf->base[i] = ' ';
	s->len += (size_t)n;
	s->words[s->len] = '\0';
}

static void
on_exit(uv_process_t *p, int64_t status, int sig)
{
	struct starter *s = p->data;

	s->exited = true;
	s->status = sig != 0 ? sig : status;
	settle(s);
}

wn_err
starter_new(uv_loop_t *loop, const char *path, void (*failed)(void *arg, const char *words),
	    void *arg, struct starter **out, struct wn_diag *d)
{
	struct starter *s = WN_NEW(struct starter);
	char *args[] = { (char *)(uintptr_t)path, NULL };
	uv_process_options_t o = {
		.exit_cb = on_exit, .file = path, .args = args, .flags = UV_PROCESS_DETACHED
	};
	uv_stdio_container_t io[3] = { { UV_IGNORE, { 0 } },
				       { UV_IGNORE, { 0 } },
				       { UV_IGNORE, { 0 } } };
	int r;

	s->failed = failed;
	s->arg = arg;
	(void)uv_pipe_init(loop, &s->err, 0);
	s->err.data = s->process.data = s;
	s->handles = 2;
	io[2].flags = (uv_stdio_flags)(UV_CREATE_PIPE | UV_WRITABLE_PIPE);
	io[2].data.stream = (uv_stream_t *)&s->err;
	o.stdio = io;
	o.stdio_count = 3;
	r = uv_spawn(loop, &s->process, &o);
	s->process.data = s;
	*out = NULL;
	if (r != 0) {
		close_all(s);
		return wn_fail(d, WN_E_PROCESS, "%s could not be started: %s", path,
			       uv_strerror(r));
	}
	uv_unref((uv_handle_t *)&s->process);
	(void)uv_read_start((uv_stream_t *)&s->err, on_alloc, on_words);
	uv_unref((uv_handle_t *)&s->err);
	*out = s;
	return 0;
}

void
starter_free(struct starter *s)
{
	if (s == NULL)
		return;
	s->quiet = true;
	close_all(s);
}
