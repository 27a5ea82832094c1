/*
 * A shim's life: spec in, child started, state file written, loop, and the end. It has its
 * own session and ignores SIGHUP, so it outlives whoever started it.
 */
#include "runtime/shim/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/clock.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/shim/detach.h"
#include "runtime/shim/family.h"
#include "runtime/shim/shim_priv.h"

#define SPEC_MAX (1024 * 1024)
#define ANSWER_MS 20	   /* for the last answers to leave */
#define SETTLE_MS 200	   /* for the last output of a service that has ended */
#define KILL_AFTER_MS 3000 /* between SIGHUP and SIGKILL of a child that is forgotten alive */

/* ---- state file ---- */

static void
state_json(struct shim *s, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kint(&w, "protocol", SHIM_PROTOCOL);
	wn_jw_kstr(&w, "version", WN_VERSION);
	wn_jw_kint(&w, "pid", getpid());
	wn_jw_kint(&w, "child", s->child.pid);
	wn_jw_ki64s(&w, "started_ms", s->started_ms);
	wn_jw_kstr(&w, "kind", s->spec.kind == SHIM_TERMINAL ? "terminal" : "service");
	wn_jw_kstr(&w, "socket", s->spec.socket);
	wn_jw_kstr(&w, "cwd", s->spec.cwd);
	wn_jw_key(&w, "argv");
	wn_jw_array(&w);
	for (int i = 0; s->spec.argv[i]; i++)
		wn_jw_cstr(&w, s->spec.argv[i]);
	wn_jw_array_end(&w);
	if (s->forward.port)
		wn_jw_kint(&w, "port", s->forward.port);
	wn_jw_kbool(&w, "exited", s->reaped);
	if (s->reaped) {
		wn_jw_kint(&w, s->exit_signal ? "signal" : "code",
			   s->exit_signal ? s->exit_signal : s->exit_code);
		wn_jw_ki64s(&w, "ended_ms", s->ended_ms);
	}
	wn_jw_object_end(&w);
	wn_buf_chr(out, '\n');
}

void
shim_write_state(struct shim *s)
{
	struct wn_buf text;
	struct wn_diag d = { 0 };

	wn_buf_init(&text, SPEC_MAX * 8);
	state_json(s, &text);
	/* a full disk must not end a running program: its socket still tells everything */
	if (!text.err && wn_file_write(s->state_path, wn_buf_view(&text), 0600, &d) != 0)
		unlink(s->state_path);
	wn_buf_fini(&text);
}

static char *
state_path(const char *socket)
{
	struct wn_str p = wn_str(socket);

	if (wn_str_has_suffix(p, WN_STR(".sock")))
		p.len -= 5;
	return wn_asprintf("%.*s.json", WN_STR_ARG(p));
}

/* ---- the end ---- */

static void
on_end_closed(uv_handle_t *h)
{
	(void)h;
}

static void
end_now(struct shim *s)
{
	if (s->stopping)
		return;
	s->stopping = true;
	unlink(s->spec.socket);
	unlink(s->state_path);
	clients_stop(s);
	uv_close((uv_handle_t *)&s->sigchld, on_end_closed);
	uv_close((uv_handle_t *)&s->sigterm, on_end_closed);
	uv_close((uv_handle_t *)&s->frame_timer, on_end_closed);
	uv_close((uv_handle_t *)&s->end_timer, on_end_closed);
	if (s->spec.kind == SHIM_TERMINAL)
		terminal_stop(s);
	else
		service_stop(s);
}

int
shim_signal(struct shim *s, int sig)
{
	if (s->reaped)
		return ESRCH;
	if (s->spec.kind == SHIM_SERVICE && sig != SIGKILL && family_signal(s->child.pid, sig) > 0)
		return 0;
	return kill(-s->child.pid, sig) == 0 || kill(s->child.pid, sig) == 0 ? 0 : errno;
}

static void
on_end_timer(uv_timer_t *t)
{
	struct shim *s = t->data;

	if (!s->reaped)
		shim_signal(s, SIGKILL);
	else
		end_now(s);
}

static void
on_answer_sent(uv_timer_t *t)
{
	end_now(t->data);
}

void
shim_forget(struct shim *s)
{
	s->forgotten = true;
	if (s->reaped) { /* the answer goes out first */
		uv_timer_start(&s->end_timer, on_answer_sent, ANSWER_MS, 0);
		return;
	}
	shim_signal(s, SIGHUP);
	shim_signal(s, SIGCONT);
	if (s->spec.kind == SHIM_SERVICE)
		shim_signal(s, SIGTERM);
	uv_timer_start(&s->end_timer, on_end_timer, KILL_AFTER_MS, 0);
}

static void
check_ended(struct shim *s)
{
	if (!s->reaped || s->exited)
		return;
	s->exited = true;
	method_exit_notice(s, NULL);
	if (s->forgotten)
		uv_timer_start(&s->end_timer, on_answer_sent, ANSWER_MS, 0);
	else
		uv_timer_start(&s->end_timer, on_end_timer, (uint64_t)s->spec.grace_s * 1000, 0);
}

void
shim_child_output_ended(struct shim *s)
{
	check_ended(s);
}

static void
on_settled(uv_timer_t *t)
{
	check_ended(t->data);
}

static void
on_sigchld(uv_signal_t *h, int sig)
{
	struct shim *s = h->data;
	int status;

	(void)sig;
	if (s->reaped || waitpid(s->child.pid, &status, WNOHANG) != s->child.pid)
		return;
	s->reaped = true;
	s->ended_ms = wn_now_ms(wn_clock_real());
	s->exit_signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	s->exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + s->exit_signal;
	shim_write_state(s);
	if (s->spec.kind == SHIM_TERMINAL)
		terminal_drain(s);
	/* descendants may hold the output open; the child's end is the end all the same */
	if (s->out_open)
		uv_timer_start(&s->end_timer, on_settled, SETTLE_MS, 0);
	else
		check_ended(s);
}

static void
on_sigterm(uv_signal_t *h, int sig)
{
	(void)sig;
	shim_forget(h->data);
}

/* ---- the beginning ---- */

static wn_err
read_spec(struct spec *spec, struct wn_diag *d)
{
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, SPEC_MAX);
	for (;;) {
		char *at = wn_buf_reserve(&text, 16384);
		ssize_t n = at ? read(0, at, 16384) : -1;

		if (!at) {
			wn_buf_fini(&text);
			return wn_fail(d, WN_E_LIMIT, "the spec is longer than %d bytes", SPEC_MAX);
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		wn_buf_commit(&text, (size_t)n);
	}
	err = spec_parse(spec, wn_buf_view(&text), d);
	wn_buf_fini(&text);
	return err;
}

static void
detach_session(void)
{
	setsid(); /* fails for a group leader, who has its own group already */
	signal(SIGHUP, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

static void
start_signals(struct shim *s)
{
	uv_signal_init(&s->loop, &s->sigchld);
	uv_signal_init(&s->loop, &s->sigterm);
	uv_timer_init(&s->loop, &s->frame_timer);
	uv_timer_init(&s->loop, &s->end_timer);
	s->sigchld.data = s->sigterm.data = s->frame_timer.data = s->end_timer.data = s;
	uv_signal_start(&s->sigchld, on_sigchld, SIGCHLD);
	uv_signal_start(&s->sigterm, on_sigterm, SIGTERM);
}

static wn_err
begin(struct shim *s, struct wn_diag *d)
{
	wn_err err = clients_listen(s, d);

	if (err)
		return err;
	if (s->spec.forward_socket && s->spec.kind == SHIM_SERVICE)
		err = forward_start(&s->forward, &s->loop, s->spec.forward_port,
				    s->spec.forward_socket, s->spec.forward_max, d);
	start_signals(s); /* before there is a child whose end could be missed */
	if (!err)
		err = child_start(&s->spec, &s->child, d);
	if (err) {
		unlink(s->spec.socket);
		return err;
	}
	s->started_ms = wn_now_ms(wn_clock_real());
	if (s->spec.kind == SHIM_TERMINAL)
		terminal_start(s);
	else
		service_start(s);
	return 0;
}

static void
say(struct wn_buf *line)
{
	size_t done = 0;

	while (!line->err && done < line->len) {
		ssize_t n = write(1, line->p + done, line->len - done);

		if (n <= 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	wn_buf_fini(line);
}

static void
say_ready(struct shim *s)
{
	struct wn_buf line;
	int null;

	wn_buf_init(&line, SPEC_MAX * 8);
	state_json(s, &line);
	say(&line);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < 3 && null >= 0; fd++)
		dup2(null, fd);
	if (null > 2)
		close(null);
}

static void
say_failed(const struct wn_diag *d)
{
	struct wn_buf line;
	struct wn_jw w;

	wn_buf_init(&line, 64 * 1024);
	wn_jw_init(&w, &line);
	wn_jw_object(&w);
	wn_jw_key(&w, "error");
	wn_jw_object(&w);
	wn_jw_kstr(&w, "name", wn_error_row(d->code)->name);
	wn_jw_kstr(&w, "text", d->text);
	wn_jw_object_end(&w);
	wn_jw_object_end(&w);
	wn_buf_chr(&line, '\n');
	say(&line);
}

static void
close_handle(uv_handle_t *h, void *arg)
{
	(void)arg;
	if (!uv_is_closing(h))
		uv_close(h, NULL);
}

static void
fini(struct shim *s)
{
	if (s->state_path) { /* the loop was made */
		uv_walk(&s->loop, close_handle, NULL);
		uv_run(&s->loop, UV_RUN_DEFAULT);
		uv_loop_close(&s->loop);
	}
	if (s->started_ms && s->spec.kind == SHIM_SERVICE) {
		logring_fini(&s->log);
		wn_free(s->read_buf);
	}
	wn_free(s->state_path);
	spec_fini(&s->spec);
	wn_free(s);
}

int
wn_shim_main(int argc, char **argv)
{
	struct shim *s;
	struct wn_diag d = { 0 };
	wn_err err;

	if (argc > 1 && strcmp(argv[argc - 1], "--detach") == 0) {
		int status = shim_detach();

		if (status >= 0)
			return status;
	}
	s = WN_NEW(struct shim);
	err = read_spec(&s->spec, &d);
	if (!err) {
		detach_session();
		uv_loop_init(&s->loop);
		s->state_path = state_path(s->spec.socket);
		err = begin(s, &d);
	}
	if (err) {
		say_failed(&d);
		fini(s);
		return 1;
	}
	shim_write_state(s);
	say_ready(s);
	uv_run(&s->loop, UV_RUN_DEFAULT);
	fini(s);
	return 0;
}
