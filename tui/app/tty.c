/*
 * The terminal's two ends on the loop: reading keys, writing frames, size, suspend, signals.
 * A frame is one write; while one is under way the next is not drawn, so frames merge by
 * themselves.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/mem.h"
#include "tui/app/app.h"
#include "tui/term/tty.h"

#define OUT_MAX ((size_t)16 << 20)
#define EXPECT_MS 2000

/* Writes all, waiting for a terminal that is slow; for leaving and suspending only. */
static void
write_now(int fd, struct wn_str s)
{
	while (s.len > 0) {
		ssize_t n = write(fd, s.p, s.len);

		if (n > 0) {
			s.p += n;
			s.len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			struct pollfd p = { fd, POLLOUT, 0 };

			if (poll(&p, 1, 1000) <= 0)
				return;
		} else if (n < 0 && errno != EINTR) {
			return;
		}
	}
}

static void
on_alloc(uv_handle_t *h, size_t hint, uv_buf_t *buf)
{
	struct app *a = h->data;

	(void)hint;
	*buf = uv_buf_init(a->tty.rbuf, sizeof a->tty.rbuf);
}

static void
on_esc(void *arg)
{
	struct app *a = arg;

	tui_input_timeout(&a->input);
}

static void
on_expect(void *arg)
{
	((struct app *)arg)->input.expect = false;
}

static void
on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct app *a = s->data;
	int wait;

	if (n < 0) { /* the terminal is gone */
		a->tty.eof = true;
		app_die(a, 129);
		return;
	}
	app_timer_stop(a, &a->esc_timer);
	tui_input_feed(&a->input, buf->base, (size_t)n);
	wait = tui_input_wait(&a->input);
	if (wait >= 0)
		app_timer(a, NULL, &a->esc_timer, wait, on_esc, a);
}

static void
on_written(uv_write_t *req, int status)
{
	struct app *a = req->data;

	wn_free(req);
	a->tty.writing = false;
	wn_buf_clear(&a->tty.flight);
	if (status < 0 && status != UV_ECANCELED) {
		a->tty.eof = true;
		app_die(a, 129);
	}
}

void
app_tty_send(struct app *a)
{
	struct app_tty *t = &a->tty;
	struct wn_buf swap;
	uv_write_t *req;
	uv_buf_t buf;

	if (!t->open || t->writing || t->buf.len == 0)
		return;
	swap = t->flight;
	t->flight = t->buf;
	t->buf = swap;
	req = WN_NEW(uv_write_t);
	req->data = a;
	buf = uv_buf_init(t->flight.p, (unsigned)t->flight.len);
	t->writing = uv_write(req, (uv_stream_t *)&t->out, &buf, 1, on_written) == 0;
	if (!t->writing) {
		wn_free(req);
		wn_buf_clear(&t->flight);
	}
}

static void
check_size(struct app *a)
{
	int rows, cols;

	if (!tui_tty_size(a->tty.fd_out, &rows, &cols))
		return;
	if (rows == a->grid.rows && cols == a->grid.cols)
		return;
	tui_grid_resize(&a->grid, rows, cols);
	tui_term_resize(a->term, a->grid.rows, a->grid.cols);
	a->redraw = true;
}

/* Before the loop sleeps: what changed in this turn becomes one frame and one write. */
static void
on_prepare(uv_prepare_t *p)
{
	struct app *a = p->data;

	if (a->sync_id != 0)
		check_size(a);
	app_compose(a);
	if (a->sync_id != 0 && !a->tty.writing && (!a->redraw || a->frame_timer != NULL) &&
	    !app_busy(a)) {
		wn_buf_printf(&a->tty.buf, "\033]7770;%d\033\\", a->sync_id);
		a->sync_id = 0;
	}
	app_tty_send(a);
}

static void
on_signal(uv_signal_t *h, int sig)
{
	struct app *a = h->data;

	if (sig == SIGWINCH)
		check_size(a);
	else if (sig == SIGCONT)
		app_tty_again(a); /* whoever stopped us had the terminal meanwhile */
	else if (sig == SIGTSTP)
		app_suspend(a);
	else
		app_die(a, 128 + sig);
}

void
app_tty_again(struct app *a)
{
	struct wn_diag d = { 0 };

	if (tui_tty_raw(a->tty.fd_in, &d) != 0)
		app_fail(a, &d);
	tui_term_enter(a->term, false, &a->tty.buf);
	tui_term_spoil(a->term);
	check_size(a);
	a->title[0] = '\0';
	a->redraw = true;
	app_tell(a, NULL, &(struct pane_event){ .type = PANE_TERMINAL_FOCUSED });
}

void
app_suspend(struct app *a)
{
	struct app_tty *t = &a->tty;
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	if (a->shape != 0)
		wn_buf_cstr(&b, "\033[0 q");
	a->shape = 0;
	tui_term_leave(a->term, &b);
	write_now(t->fd_out, wn_buf_view(&b));
	wn_buf_fini(&b);
	tui_tty_restore(t->fd_in);
	/* With their handlers away, the one stops us and the other does not come twice. */
	uv_signal_stop(&t->stop);
	uv_signal_stop(&t->cont);
	kill(0, SIGTSTP);
	/* here again: the shell has put us in front */
	uv_signal_start(&t->stop, on_signal, SIGTSTP);
	uv_signal_start(&t->cont, on_signal, SIGCONT);
	app_tty_again(a);
}

static void
watch(struct app *a, uv_signal_t *h, int sig)
{
	uv_signal_init(a->loop, h);
	h->data = a;
	uv_signal_start(h, on_signal, sig);
}

/* In a signal handler. */
static void
rescue_all(void *arg)
{
	const struct app *a = arg;

	for (size_t i = 0; i < a->tabs.len; i++) {
		const struct tab *t = a->tabs.p[i];

		if (t->self != NULL && t->type->rescue != NULL)
			t->type->rescue(t->self, true);
	}
}

wn_err
app_tty_open(struct app *a, struct wn_diag *d)
{
	struct app_tty *t = &a->tty;
	struct wn_buf leave;
	wn_err err;

	wn_buf_init(&t->buf, OUT_MAX);
	wn_buf_init(&t->flight, OUT_MAX);
	err = tui_tty_raw(t->fd_in, d);
	if (err != 0)
		return err;
	a->input.backspace = tui_tty_erase_is_bs();
	if (uv_tty_init(a->loop, &t->in, t->fd_in, 1) != 0 ||
	    uv_tty_init(a->loop, &t->out, t->fd_out, 0) != 0) {
		tui_tty_restore(t->fd_in);
		return wn_fail(d, WN_E_TERMINAL, "the terminal could not be opened");
	}
	t->in.data = t->out.data = a;
	watch(a, &t->winch, SIGWINCH);
	watch(a, &t->term, SIGTERM);
	watch(a, &t->hup, SIGHUP);
	watch(a, &t->cont, SIGCONT);
	watch(a, &t->stop, SIGTSTP);
	uv_prepare_init(a->loop, &t->prepare);
	t->prepare.data = a;
	uv_prepare_start(&t->prepare, on_prepare);
	uv_read_start((uv_stream_t *)&t->in, on_alloc, on_read);
	t->open = true;
	wn_buf_init(&leave, 4096);
	tui_term_leave(a->term, &leave);
	wn_buf_cstr(&leave, "\033[<u\033[0 q"); /* in case it was granted later */
	tui_tty_guard(t->fd_out, wn_buf_view(&leave));
	tui_tty_last_words(rescue_all, a);
	wn_buf_fini(&leave);
	tui_term_enter(a->term, true, &t->buf);
	a->input.expect = !tui_term_caps(a->term)->answered;
	if (a->input.expect)
		app_timer(a, NULL, &a->expect_timer, EXPECT_MS, on_expect, a);
	return 0;
}

void
app_tty_close(struct app *a)
{
	struct app_tty *t = &a->tty;

	if (t->open) {
		wn_buf_clear(&t->buf);
		if (a->shape != 0)
			wn_buf_cstr(&t->buf, "\033[0 q");
		tui_term_leave(a->term, &t->buf);
		if (!t->eof)
			write_now(t->fd_out, wn_buf_view(&t->buf));
		uv_close((uv_handle_t *)&t->winch, NULL);
		uv_close((uv_handle_t *)&t->term, NULL);
		uv_close((uv_handle_t *)&t->hup, NULL);
		uv_close((uv_handle_t *)&t->cont, NULL);
		uv_close((uv_handle_t *)&t->stop, NULL);
		uv_close((uv_handle_t *)&t->prepare, NULL);
		tui_tty_last_words(NULL, NULL);
		tui_tty_guard(-1, WN_STR_NONE);
		tui_tty_restore(t->fd_in);
		uv_close((uv_handle_t *)&t->in, NULL);
		uv_close((uv_handle_t *)&t->out, NULL);
		t->open = false;
	}
}
