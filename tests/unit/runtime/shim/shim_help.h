/*
 * For tests and bench: starts a real shim, speaks to it over its socket, and keeps a
 * mirror of its screen as a client would. Every wait has a limit and a reason.
 */
#ifndef TESTS_UNIT_RUNTIME_SHIM_SHIM_HELP_H
#define TESTS_UNIT_RUNTIME_SHIM_SHIM_HELP_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/jsonrpc.h"
#include "runtime/base/mem.h"
#include "runtime/base/termframe.h"

#define HELP_ROWS 200
#define HELP_COLS 512
#define HELP_WAIT_MS 10000

struct help_shim {
	pid_t pid;
	char dir[64], socket[96];
	struct wn_json *ready; /* what it said first */
};

struct help_client {
	int fd;
	struct wn_rpc_reader reader;
	char cells[HELP_ROWS][HELP_COLS][32]; /* text of each cell, "" blank */
	struct wn_tframe frame;		      /* header of the last one */
	unsigned frames;
	bool broken; /* a frame could not be read */
	bool exited;
	int exit_code, exit_signal;
	int next_id;
	struct wn_json *result; /* of the last answer */
	struct wn_diag error;
	int answered;	    /* id of the last answer */
	struct wn_buf text; /* of the last screen asked for; of a service: all output */
	char title[128];
	int grant; /* credit given back a frame */
};

static inline int64_t
help_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The shim built beside the running test. */
static inline void
help_program(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 8);
	char *at;

	out[n > 0 ? n : 0] = 0;
	at = strstr(out, "/tests/");
	if (at)
		memcpy(at, "/shim", sizeof "/shim");
}

/* Makes a private directory; the caller's spec gets its socket by %s. */
static inline bool
help_start(struct help_shim *h, const char *spec_fmt)
{
	int in[2], out[2];
	char program[PATH_MAX], line[4096];
	struct wn_buf spec;
	size_t len = 0;

	memset(h, 0, sizeof *h);
	snprintf(h->dir, sizeof h->dir, "/tmp/wn-shim-XXXXXX");
	if (!mkdtemp(h->dir))
		return false;
	snprintf(h->socket, sizeof h->socket, "%s/a.sock", h->dir);
	help_program(program);
	if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
		return false;
	h->pid = fork();
	if (h->pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl(program, "shim", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	wn_buf_init(&spec, 1 << 20);
	for (const char *p = spec_fmt; *p; p++)
		if (p[0] == '%' && p[1] == 's')
			wn_buf_cstr(&spec, h->socket), p++;
		else
			wn_buf_chr(&spec, *p);
	if (write(in[1], spec.p, spec.len) != (ssize_t)spec.len)
		len = 0;
	close(in[1]);
	wn_buf_fini(&spec);
	while (len < sizeof line - 1) {
		ssize_t n = read(out[0], line + len, sizeof line - 1 - len);

		if (n <= 0)
			break;
		len += (size_t)n;
		if (line[len - 1] == '\n')
			break;
	}
	close(out[0]);
	return wn_json_parse(wn_strn(line, len), NULL, &h->ready, NULL) == 0;
}

static inline void
help_screen_row(struct help_client *c, const struct wn_tframe_row *row)
{
	struct wn_trow_reader r;
	struct wn_tpiece p;
	uint32_t col = 0;
	int got;

	if (row->index >= HELP_ROWS) {
		c->broken = true;
		return;
	}
	memset(c->cells[row->index], 0, sizeof c->cells[row->index]);
	wn_trow_read(&r, row->ops);
	while ((got = wn_trow_next(&r, &p)) == 1) {
		if (col + p.count > c->frame.cols || col + p.count > HELP_COLS) {
			c->broken = true;
			return;
		}
		if (p.text.len && p.text.len < sizeof c->cells[0][0])
			memcpy(c->cells[row->index][col], p.text.p, p.text.len);
		col += p.count;
	}
	c->broken |= got < 0;
}

static inline void
help_frame(struct help_client *c, struct wn_str bytes)
{
	struct wn_tframe_reader r;
	struct wn_tframe_row row;
	int got;

	if (wn_tframe_read(&r, bytes, &c->frame) != 0 || c->frame.rows > HELP_ROWS) {
		c->broken = true;
		return;
	}
	if (c->frame.flags & WN_TF_FULL)
		memset(c->cells, 0, sizeof c->cells);
	if (c->frame.scrolled) {
		memmove(c->cells[0], c->cells[c->frame.scrolled],
			(c->frame.rows - c->frame.scrolled) * sizeof c->cells[0]);
		memset(c->cells[c->frame.rows - c->frame.scrolled], 0,
		       c->frame.scrolled * sizeof c->cells[0]);
	}
	while ((got = wn_tframe_next(&r, &row)) == 1)
		help_screen_row(c, &row);
	c->broken |= got < 0;
	c->frames++;
}

static inline bool
help_send(struct help_client *c, const struct wn_buf *b)
{
	size_t done = 0;

	while (done < b->len) {
		ssize_t n = send(c->fd, b->p + done, b->len - done, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

static inline void
help_notify(struct help_client *c, const char *method, const char *params, const char *bytes)
{
	struct wn_buf b;

	wn_buf_init(&b, 4 << 20);
	wn_rpc_write_notify(&b, method, wn_str(params), strlen(bytes));
	wn_buf_cstr(&b, bytes);
	help_send(c, &b);
	wn_buf_fini(&b);
}

static inline void
help_output(struct help_client *c, const struct wn_json *lines)
{
	for (const struct wn_json *l = wn_json_first(lines); l; l = wn_json_next(l)) {
		wn_buf_cstr(&c->text, wn_json_get_str(l, "text", ""));
		wn_buf_chr(&c->text, '\n');
	}
}

static inline void
help_notified(struct help_client *c, const struct wn_rpc_msg *m, struct wn_str bytes)
{
	struct wn_json *p = NULL;
	char params[32];

	if (wn_str_is(m->method, "shim.frame")) {
		help_frame(c, bytes);
		if (c->grant) {
			snprintf(params, sizeof params, "{\"frames\":%d}", c->grant);
			help_notify(c, "shim.credit", params, "");
		}
		return;
	}
	if (wn_json_parse(m->params, NULL, &p, NULL) != 0)
		return;
	if (wn_str_is(m->method, "shim.exit")) {
		c->exited = true;
		c->exit_code = (int)wn_json_get_num(p, "code", -1);
		c->exit_signal = (int)wn_json_get_num(p, "signal", 0);
	} else if (wn_str_is(m->method, "shim.output")) {
		help_output(c, wn_json_get(p, "lines"));
	} else if (wn_str_is(m->method, "shim.title")) {
		snprintf(c->title, sizeof c->title, "%s", wn_json_get_str(p, "title", ""));
	}
	wn_json_free(p);
}

static inline wn_err
help_on_msg(void *arg, const struct wn_rpc_msg *m, struct wn_str bytes)
{
	struct help_client *c = arg;
	int64_t id;

	if (m->kind == WN_RPC_NOTIFY) {
		help_notified(c, m, bytes);
		return 0;
	}
	wn_json_free(c->result);
	c->result = NULL;
	wn_diag_clear(&c->error);
	if (m->kind == WN_RPC_ERROR)
		wn_rpc_error_to_diag(m, &c->error);
	else if (wn_json_parse(m->result, NULL, &c->result, NULL) != 0)
		c->broken = true;
	if (bytes.len)
		help_frame(c, bytes);
	c->answered = wn_str_i64(m->id, &id) ? (int)id : -1;
	return 0;
}

static inline void
help_on_bad(void *arg, wn_err code, const char *text)
{
	(void)code;
	(void)text;
	((struct help_client *)arg)->broken = true;
}

static inline struct help_client *
help_connect(const struct help_shim *h)
{
	struct help_client *c = WN_NEW(struct help_client);
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	memcpy(a.sun_path, h->socket, strlen(h->socket) + 1);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0) {
		close(c->fd);
		c->fd = -1;
	}
	wn_rpc_reader_init(&c->reader, NULL);
	c->reader.on_msg = help_on_msg;
	c->reader.on_bad = help_on_bad;
	c->reader.arg = c;
	wn_buf_init(&c->text, 64 << 20);
	c->grant = 1;
	return c;
}

static inline void
help_close(struct help_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	wn_rpc_reader_fini(&c->reader);
	wn_json_free(c->result);
	wn_buf_fini(&c->text);
	wn_free(c);
}

/* Waits for bytes and takes them; false at the end of the connection or of the time. */
static inline bool
help_pump(struct help_client *c, int ms)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	static char buf[256 * 1024];
	ssize_t n;

	if (c->fd < 0 || poll(&p, 1, ms) <= 0)
		return false;
	n = recv(c->fd, buf, sizeof buf, 0);
	if (n <= 0) {
		close(c->fd);
		c->fd = -1;
		return false;
	}
	return wn_rpc_feed(&c->reader, buf, (size_t)n) == 0;
}

#define HELP_UNTIL(c, cond)                                                    \
	do {                                                                   \
		int64_t end_ = help_ms() + HELP_WAIT_MS;                       \
		while (!(cond) && help_ms() < end_ && help_pump((c), 100) + 1) \
			if ((c)->fd < 0)                                       \
				break;                                         \
	} while (0)

/* Calls and waits for the answer: 0 or the error's code. */
static inline wn_err
help_call(struct help_client *c, const char *method, const char *params, const char *bytes)
{
	struct wn_buf b;
	char id[16];
	int want = ++c->next_id;

	snprintf(id, sizeof id, "%d", want);
	wn_buf_init(&b, 4 << 20);
	wn_rpc_write_request(&b, wn_str(id), method, wn_str(params), strlen(bytes));
	wn_buf_cstr(&b, bytes);
	help_send(c, &b);
	wn_buf_fini(&b);
	HELP_UNTIL(c, c->answered == want);
	return c->answered == want ? c->error.code : WN_E_DEADLINE;
}

/* The mirrored screen as text, as fake_screen() gives it. */
static inline const char *
help_screen(struct help_client *c)
{
	wn_buf_clear(&c->text);
	for (uint32_t r = 0; r < c->frame.rows; r++) {
		size_t end = c->text.len;

		for (uint32_t col = 0; col < c->frame.cols; col++) {
			wn_buf_cstr(&c->text, c->cells[r][col][0] ? c->cells[r][col] : " ");
			if (c->cells[r][col][0])
				end = c->text.len;
		}
		wn_buf_cut(&c->text, end);
		wn_buf_chr(&c->text, '\n');
	}
	while (c->text.len && c->text.p[c->text.len - 1] == '\n')
		wn_buf_cut(&c->text, c->text.len - 1);
	return c->text.p ? c->text.p : "";
}

/* Ends the shim and reaps it; true when it left nothing behind. */
static inline bool
help_stop(struct help_shim *h)
{
	struct help_client *c = help_connect(h);
	bool clean;
	int status = 0;

	if (c->fd >= 0)
		help_call(c, "shim.signal", "{\"signal\":\"KILL\"}", "");
	if (c->fd >= 0)
		help_call(c, "shim.forget", "{}", "");
	else
		kill(h->pid, SIGKILL);
	help_close(c);
	waitpid(h->pid, &status, 0);
	wn_json_free(h->ready);
	clean = rmdir(h->dir) == 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!clean)
		clean = wn_file_rmtree(h->dir, NULL) != 0 && clean;
	return clean;
}

#endif
