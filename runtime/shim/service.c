/*
 * The service kind: reads the child's two streams into the log ring and sends new lines to
 * attached clients, each at its own pace.
 */
#include "runtime/shim/shim_priv.h"

#include "runtime/base/clock.h"
#include "runtime/base/mem.h"

#define BATCH_BYTES (64 * 1024)

void
service_lines(struct shim *s, struct client *c)
{
	while (c->attached && !c->closing && c->line < s->log.next &&
	       client_queued(c) < SHIM_QUEUE_SOFT) {
		struct wn_buf params;
		struct wn_jw w;
		uint64_t first = logring_first(&s->log),
			 lost = c->line < first ? first - c->line : 0;

		wn_buf_init(&params, 2 * 1024 * 1024);
		wn_jw_init(&w, &params);
		wn_jw_object(&w);
		wn_jw_kint(&w, "lost", (int64_t)lost);
		wn_jw_key(&w, "lines");
		wn_jw_array(&w);
		c->line = logring_read(&s->log, c->line, BATCH_BYTES, &w);
		wn_jw_array_end(&w);
		wn_jw_kint(&w, "next", (int64_t)c->line);
		wn_jw_object_end(&w);
		client_notify(c, "shim.output", wn_buf_view(&params), WN_STR_NONE);
		wn_buf_fini(&params);
	}
}

static void
send_lines(struct shim *s)
{
	for (struct client *c = s->clients, *next; c; c = next) {
		next = c->next;
		service_lines(s, c);
	}
}

static void
on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	struct shim *s = h->data;

	(void)suggested;
	*buf = uv_buf_init(s->read_buf, 64 * 1024);
}

static void
on_stream_closed(uv_handle_t *h)
{
	struct shim *s = h->data;

	if (--s->out_open == 0 && !s->stopping) {
		logring_end(&s->log, wn_now_ms(wn_clock_real()));
		send_lines(s);
		shim_child_output_ended(s);
	}
}

static void
on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct shim *s = stream->data;
	int which = stream == (uv_stream_t *)&s->out[1];

	if (n > 0) {
		logring_add(&s->log, which, wn_strn(buf->base, (size_t)n),
			    wn_now_ms(wn_clock_real()));
		send_lines(s);
	} else if (n < 0 && !uv_is_closing((uv_handle_t *)stream)) {
		uv_close((uv_handle_t *)stream, on_stream_closed);
	}
}

void
service_start(struct shim *s)
{
	int fds[2] = { s->child.fd, s->child.err_fd };

	logring_init(&s->log, (size_t)s->spec.ring_bytes, s->spec.log_file, s->spec.log_bytes);
	s->read_buf = wn_realloc(NULL, 64 * 1024);
	for (int i = 0; i < 2; i++) {
		uv_pipe_init(&s->loop, &s->out[i], 0);
		uv_pipe_open(&s->out[i], fds[i]);
		s->out[i].data = s;
		s->out_open++;
		uv_read_start((uv_stream_t *)&s->out[i], on_alloc, on_read);
	}
}

void
service_stop(struct shim *s)
{
	for (int i = 0; i < 2; i++)
		if (!uv_is_closing((uv_handle_t *)&s->out[i]))
			uv_close((uv_handle_t *)&s->out[i], on_stream_closed);
	forward_stop(&s->forward);
}
