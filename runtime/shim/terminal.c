/*
 * The terminal kind: between pty, emulator and clients. A turn of the loop reads a bounded
 * piece of the child's output, so that keys are never behind a flood.
 */
#include "runtime/shim/shim_priv.h"

#include <errno.h>
#include <unistd.h>

#include "runtime/base/mem.h"

#define READ_SIZE (64 * 1024)
#define TURN_MAX (64 * 1024) /* bytes read in one turn */

#define FRAMES_SAVED_MAX 6
#define INPUT_RECENT_NS 50000000
#define QUIET_NS 1000000
#define STEADY_NS 18000000 /* a little slower than 60 a second: the rest is saved */

static void watch(struct shim *s);

/* ---- events of the emulator ---- */

static void
on_reply(void *arg, const char *p, size_t n)
{
	struct shim *s = arg;

	/* a child that asks without reading answers gets none beyond the limit */
	if (terminal_input(s, wn_strn(p, n)) != 0)
		return;
}

static void
notify_text(struct shim *s, const char *method, const char *key, const char *text)
{
	struct wn_buf params;
	struct wn_jw w;

	wn_buf_init(&params, 64 * 1024);
	wn_jw_init(&w, &params);
	wn_jw_object(&w);
	wn_jw_kstr(&w, key, text);
	wn_jw_object_end(&w);
	clients_notify(s, method, wn_buf_view(&params), WN_STR_NONE);
	wn_buf_fini(&params);
}

static void
on_title(void *arg)
{
	struct shim *s = arg;

	notify_text(s, "shim.title", "title", s->vt.title);
}

static void
on_cwd(void *arg)
{
	struct shim *s = arg;

	notify_text(s, "shim.cwd", "cwd", s->vt.cwd);
}

static void
on_bell(void *arg)
{
	struct shim *s = arg;

	if (s->vt.bells == 1) /* counted; a frame's worth is told once */
		clients_notify(s, "shim.bell", WN_STR("{}"), WN_STR_NONE);
}

static void
on_clipboard(void *arg, struct wn_str base64)
{
	clients_notify(arg, "shim.clipboard", WN_STR("{}"), base64);
}

/* A command's time runs from its output's mark to its end's. */
static void
on_mark(void *arg, char kind, int code)
{
	struct shim *s = arg;
	struct wn_buf params;
	struct wn_jw w;

	if (kind == 'C')
		s->command_ns = (int64_t)uv_hrtime();
	if (kind != 'D' || s->command_ns == 0)
		return;
	wn_buf_init(&params, 1024);
	wn_jw_init(&w, &params);
	wn_jw_object(&w);
	wn_jw_kint(&w, "exit_code", code);
	wn_jw_kint(&w, "ms", ((int64_t)uv_hrtime() - s->command_ns) / 1000000);
	wn_jw_object_end(&w);
	s->command_ns = 0;
	clients_notify(s, "shim.command", wn_buf_view(&params), WN_STR_NONE);
	wn_buf_fini(&params);
}

/* ---- frames ---- */

static bool
held_back(struct shim *s, uint64_t now)
{
	if (!(s->vt.modes & VT_SYNC)) {
		s->sync_since_ns = 0;
		return false;
	}
	if (!s->sync_since_ns)
		s->sync_since_ns = now;
	return now - s->sync_since_ns < SHIM_SYNC_MAX_NS;
}

static void
on_frame_timer(uv_timer_t *t)
{
	terminal_frames(t->data);
}

static void
plan(struct shim *s, uint64_t ns)
{
	uv_update_time(&s->loop); /* a turn of reading takes milliseconds */
	uv_timer_start(&s->frame_timer, on_frame_timer, (ns + 999999) / 1000000, 0);
}

static void
send_frame(struct shim *s, struct client *c)
{
	struct wn_buf frame;
	char params[48];
	int n;

	wn_buf_init(&frame, SHIM_QUEUE_HARD);
	frame_build(s, c, &frame);
	n = snprintf(params, sizeof params, "{\"seq\":%llu}", (unsigned long long)c->seq);
	c->credit--;
	if (frame.err) /* a screen of nothing but long clusters: no client could hold it either */
		client_close(c);
	client_notify(c, "shim.frame", wn_strn(params, (size_t)n), wn_buf_view(&frame));
	wn_buf_fini(&frame);
}

/* How long to wait with the next frame; 0: now. Slots that were not used are saved, a few, and
 * spent when the child falls quiet after something was typed: the prompt after ^C in a flood comes
 * at once. */
static uint64_t
pace(struct shim *s, uint64_t now)
{
	uint64_t since = now - s->last_frame_ns, quiet = now - s->read_ns, wait;

	s->frames_saved += (double)(now - s->saved_at_ns) / SHIM_FRAME_NS;
	if (s->frames_saved > FRAMES_SAVED_MAX)
		s->frames_saved = FRAMES_SAVED_MAX;
	s->saved_at_ns = now;
	if (since >= STEADY_NS)
		return 0;
	wait = STEADY_NS - since;
	if (now - s->input_ns > INPUT_RECENT_NS || s->frames_saved < 1)
		return wait;
	if (quiet >= QUIET_NS)
		return 0;
	return wait < QUIET_NS - quiet ? wait : QUIET_NS - quiet;
}

void
terminal_frames(struct shim *s)
{
	uint64_t now = uv_hrtime(), wait;
	bool sent = false, due = false;
	struct client *c, *next;

	for (c = s->clients; c; c = c->next)
		due |= c->attached && !c->closing && frame_due(s, c);
	if (!due)
		return;
	if (held_back(s, now)) {
		plan(s, SHIM_SYNC_MAX_NS - (now - s->sync_since_ns));
		return;
	}
	wait = pace(s, now);
	if (wait) {
		plan(s, wait);
		return;
	}
	for (c = s->clients; c; c = next) {
		next = c->next;
		if (!c->attached || c->closing || c->credit <= 0 || !frame_due(s, c) ||
		    client_queued(c) > SHIM_QUEUE_SOFT)
			continue;
		send_frame(s, c);
		sent = true;
	}
	if (sent) {
		s->last_frame_ns = now;
		s->frames_saved -= s->frames_saved >= 1 ? 1 : 0;
		s->vt.bells = 0;
	}
}

/* ---- pty ---- */

static void
pty_ended(struct shim *s)
{
	if (!s->pty_open)
		return;
	s->pty_open = false;
	uv_poll_stop(&s->pty);
	uv_close((uv_handle_t *)&s->pty, NULL);
	close(s->child.fd);
	wn_buf_clear(&s->input);
	shim_child_output_ended(s);
}

/* One bounded turn of reading. False when there is nothing left for now. */
static bool
read_turn(struct shim *s)
{
	size_t total = 0;

	while (total < TURN_MAX && s->pty_open) {
		ssize_t n = read(s->child.fd, s->read_buf, READ_SIZE);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n <= 0) { /* EIO: the last one who had the terminal open has gone */
			pty_ended(s);
			return false;
		}
		vt_feed(&s->vt, s->read_buf, (size_t)n);
		s->read_ns = uv_hrtime();
		total += (size_t)n;
	}
	return s->pty_open;
}

static void
flush_input(struct shim *s)
{
	while (s->pty_open && s->input.len) {
		ssize_t n = write(s->child.fd, s->input.p, s->input.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		wn_buf_drop(&s->input, (size_t)n);
	}
	watch(s);
}

static void
on_pty(uv_poll_t *h, int status, int events)
{
	struct shim *s = h->data;

	if (events & UV_WRITABLE)
		flush_input(s);
	if (status < 0 || (events & UV_READABLE))
		read_turn(s);
	terminal_frames(s);
}

static void
watch(struct shim *s)
{
	int events = UV_READABLE | (s->input.len ? UV_WRITABLE : 0);

	if (!s->pty_open || events == s->pty_events)
		return;
	s->pty_events = events;
	uv_poll_start(&s->pty, events, on_pty);
}

void
terminal_drain(struct shim *s)
{
	while (s->pty_open && read_turn(s))
		;
	terminal_frames(s);
}

wn_err
terminal_input(struct shim *s, struct wn_str bytes)
{
	if (!s->pty_open)
		return WN_E_STATE;
	if (s->input.len + bytes.len > SHIM_INPUT_MAX)
		return WN_E_LIMIT;
	if (wn_buf_str(&s->input, bytes) != 0)
		return WN_E_LIMIT;
	s->input_ns = uv_hrtime();
	flush_input(s);
	return 0;
}

void
terminal_resize(struct shim *s, int rows, int cols)
{
	if (rows == s->grid.rows && cols == s->grid.cols)
		return;
	vt_resize(&s->vt, rows, cols);
	if (s->pty_open)
		child_resize(s->child.fd, rows, cols);
	terminal_frames(s);
}

void
terminal_start(struct shim *s)
{
	struct vt_events events = { on_reply, on_title, on_cwd, on_bell, on_clipboard, on_mark, s };

	grid_init(&s->grid, s->spec.rows, s->spec.cols, (uint64_t)s->spec.scrollback);
	vt_init(&s->vt, &s->grid, &events);
	wn_buf_init(&s->input, SHIM_INPUT_MAX + 4096);
	s->read_buf = wn_realloc(NULL, READ_SIZE);
	uv_poll_init(&s->loop, &s->pty, s->child.fd);
	s->pty.data = s;
	s->pty_open = true;
	watch(s);
}

void
terminal_stop(struct shim *s)
{
	if (s->pty_open) {
		s->pty_open = false;
		uv_close((uv_handle_t *)&s->pty, NULL);
		close(s->child.fd);
	}
	vt_fini(&s->vt);
	grid_fini(&s->grid);
	wn_buf_fini(&s->input);
	wn_free(s->read_buf);
}
