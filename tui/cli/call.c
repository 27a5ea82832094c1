/*
 * Asking the engine: connecting, one call at a time, cancelling what takes long.
 */
#include <stdio.h>
#include <string.h>

#include "gen/engine_types.h"
#include "runtime/base/mem.h"
#include "tui/cli/print.h"

#define ANSWER_MAX ((size_t)64 << 20)
#define TICK_TTY_MS 100
#define TICK_MS 250

/* One call on its way; lives until its answer, also when nobody waits for it any more. */
struct pending {
	struct cli *c;
	bool done, abandoned;
	wn_err err;
	struct wn_diag d;
};

static void
on_notify(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct cli *c = arg;
	struct call_progress_note note;
	struct wn_arena arena;

	(void)attachment;
	if (!wn_str_is(method, "call.progress")) {
		if (c->on_note != NULL)
			c->on_note(c, method, params);
		return;
	}
	wn_arena_init(&arena, 0);
	if (c->task_id.len > 0 && call_progress_note_parse(params, &arena, &note, NULL) == 0 &&
	    wn_str_eq(note.id, c->task_id))
		cli_progress_note(c, note.done, note.total, note.text);
	wn_arena_fini(&arena);
}

wn_err
cli_try_connect(struct cli *c, bool start, struct wn_diag *d)
{
	struct wn_client_opts o = {
		.engine = c->engine,
		.program = c->program,
		.name = "webnova",
		.autostart = start,
		.on_notify = on_notify,
		.arg = c,
	};

	return c->sync != NULL ? 0 : wn_sync_open(&o, &c->sync, d);
}

int
cli_connect(struct cli *c)
{
	struct wn_diag d = { 0 };
	wn_err err = cli_try_connect(c, true, &d);

	if (err == 0)
		return CLI_OK;
	(void)cli_fail(c, &d);
	return err == WN_E_INVALID ? CLI_USAGE : CLI_UNREACHABLE;
}

static void
on_reply(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct pending *p = arg;
	struct cli *c = p->c;

	if (p->abandoned) {
		wn_free(p);
		return;
	}
	p->done = true;
	p->err = err;
	if (err != 0) {
		p->d = *d;
		return;
	}
	(void)wn_buf_str(&c->raw, result);
	(void)wn_buf_str(&c->attachment, attachment);
	if (c->raw.err != 0 || c->attachment.err != 0)
		p->err = wn_fail(&p->d, WN_E_LIMIT, "the answer is too large");
}

static bool
is_done(void *arg)
{
	return ((struct pending *)arg)->done;
}

static void
ignore_reply(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	     const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)result;
	(void)attachment;
	(void)d;
}

/* Asks the engine to end it; the call itself then answers "cancelled". */
static void
send_cancel(struct cli *c, int64_t id)
{
	struct wn_rpc_port *port = wn_client_port(wn_sync_client(c->sync));
	char params[48];

	(void)snprintf(params, sizeof params, "{\"id\":%lld}", (long long)id);
	(void)port->call(port, "call.cancel", wn_str(params), WN_STR_NONE, ignore_reply, NULL);
}

/* Waits for the answer. ^C cancels at the engine, a second ^C leaves. */
static wn_err
await(struct cli *c, struct pending *p, int64_t id, bool task, struct wn_diag *d)
{
	bool cancelling = false;
	wn_err err = 0;

	while (!p->done) {
		struct wn_diag why = { 0 };

		err = wn_sync_wait(c->sync, is_done, p, task && c->tty_err ? TICK_TTY_MS : TICK_MS,
				   &why);
		if (err == WN_E_DEADLINE) {
			if (task)
				cli_progress_tick(c);
		} else if (err == WN_E_CANCELLED && !cancelling) {
			cancelling = true;
			send_cancel(c, id);
			if (task)
				cli_progress_note(
					c, c->progress.done, c->progress.total,
					WN_STR("cancelling (^C again leaves it to the engine)"));
		} else if (err == WN_E_CANCELLED) {
			p->abandoned = true;
			return wn_fail(d, WN_E_CANCELLED,
				       "left before the engine confirmed the end; `webnova jobs` "
				       "shows it");
		} else if (err != 0) {
			p->abandoned = true;
			return wn_fail(d, why.code, "%s", why.text);
		}
	}
	err = p->err;
	if (err != 0)
		*d = p->d;
	wn_free(p);
	return err;
}

wn_err
cli_call(struct cli *c, const char *method, struct wn_str params, bool task, struct wn_diag *d)
{
	struct pending *p = WN_NEW(struct pending);
	struct wn_rpc_port *port = wn_client_port(wn_sync_client(c->sync));
	int64_t id;
	wn_err err;

	wn_buf_clear(&c->raw);
	wn_buf_clear(&c->attachment);
	p->c = c;
	err = port->call(port, method, params, c->send, on_reply, p);
	c->send = WN_STR_NONE;
	if (err != 0) {
		wn_free(p);
		return wn_fail(d, err, "%s could not be sent", method);
	}
	id = wn_client_last_call(wn_sync_client(c->sync));
	if (task) {
		c->task_id = wn_str(wn_arena_printf(&c->arena, "%lld", (long long)id));
		cli_progress_begin(c);
	}
	err = await(c, p, id, task, d);
	if (task)
		cli_progress_end(c);
	c->task_id = WN_STR_NONE;
	return err;
}

static int
typed(struct cli *c, const char *method, bool task, const struct wn_shape *ps, const void *params,
      const struct wn_shape *rs, void *result)
{
	struct wn_diag d = { 0 };
	struct wn_buf b;
	int code = cli_connect(c);
	wn_err err;

	if (code != CLI_OK)
		return code;
	wn_buf_init(&b, ANSWER_MAX);
	err = wn_shape_validate(ps, params, &d);
	if (err == 0)
		err = wn_shape_print(ps, params, &b);
	if (err == 0)
		err = cli_call(c, method, wn_buf_view(&b), task, &d);
	wn_buf_fini(&b);
	if (err == 0)
		err = wn_shape_parse(rs, wn_arena_str(&c->arena, wn_buf_view(&c->raw)), &c->arena,
				     result, &d);
	if (err != 0 && d.code == 0)
		(void)wn_fail(&d, err, "%s failed", method);
	return err == 0 ? CLI_OK : cli_fail(c, &d);
}

int
cli_ask(struct cli *c, const char *method, const struct wn_shape *ps, const void *params,
	const struct wn_shape *rs, void *result)
{
	return typed(c, method, false, ps, params, rs, result);
}

int
cli_task(struct cli *c, const char *method, const struct wn_shape *ps, const void *params,
	 const struct wn_shape *rs, void *result)
{
	return typed(c, method, true, ps, params, rs, result);
}
