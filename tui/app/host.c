/*
 * What panes may ask of the application (pane/host.h), and the ends of it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "tui/app/app.h"

/* A call of a pane on its way; outlives the tab as an orphan nobody hears. */
struct tab_call {
	struct tab_call *next, **link;
	struct tab *tab; /* NULL: orphan */
	wn_rpc_reply_fn reply;
	void *arg;
};

static struct tab *
tab_of(struct pane_host *h)
{
	return (struct tab *)h;
}

/* ---- calls to the engine ---- */

static void
call_unlink(struct tab_call *c)
{
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
}

static void
on_reply(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct tab_call *c = arg;

	if (c->tab != NULL) {
		call_unlink(c);
		c->reply(c->arg, err, result, attachment, d);
	}
	wn_free(c);
}

static void
no_engine(void *arg)
{
	struct tab_call *c = arg;
	struct wn_diag d = { 0 };

	wn_fail(&d, WN_E_UNAVAILABLE, "there is no engine (started with --engine none)");
	on_reply(c, d.code, WN_STR_NONE, WN_STR_NONE, &d);
}

static wn_err
port_call(struct wn_rpc_port *port, const char *method, struct wn_str params,
	  struct wn_str attachment, wn_rpc_reply_fn reply, void *arg)
{
	struct tab *t = (struct tab *)((char *)port - offsetof(struct tab, port));
	struct wn_rpc_port *real = t->app->client ? wn_client_port(t->app->client) : NULL;
	struct tab_call *c = WN_NEW(struct tab_call);
	wn_err err = 0;

	*c = (struct tab_call){ t->calls, &t->calls, t, reply, arg };
	if (c->next != NULL)
		c->next->link = &c->next;
	t->calls = c;
	if (real != NULL)
		err = real->call(real, method, params, attachment, on_reply, c);
	else
		app_timer(t->app, NULL, NULL, 0, no_engine, c);
	if (err != 0) {
		call_unlink(c);
		wn_free(c);
	}
	return err;
}

static void
calls_end(struct tab *t)
{
	struct wn_diag d = { 0 };

	wn_fail(&d, WN_E_CANCELLED, "the pane was closed");
	while (t->calls != NULL) {
		struct tab_call *c = t->calls;

		call_unlink(c);
		c->tab = NULL;
		c->reply(c->arg, WN_E_CANCELLED, WN_STR_NONE, WN_STR_NONE, &d);
	}
}

/* ---- life of a tab ---- */

void
app_tab_init(struct tab *t, struct app *a, const struct pane_type *type)
{
	*t = (struct tab){ .host = { &app_host_ops },
			   .port = { port_call },
			   .app = a,
			   .type = type,
			   .dirty = true,
			   .refs = 1 };
}

void
app_tab_unref(struct tab *t)
{
	if (--t->refs > 0)
		return;
	wn_free(t);
}

void
app_tab_release(struct tab *t)
{
	struct app *a = t->app;

	if (a->overlay != NULL && a->overlay->tab == t)
		app_overlay_close(a);
	app_timers_drop(a, t);
	calls_end(t);
	for (size_t i = 0; i < t->listens.len; i++)
		wn_free(t->listens.p[i].glob);
	wn_vec_fini(&t->listens);
	for (size_t i = 0; i < t->watches.len; i++) {
		app_unwatch(a, t->watches.p[i]);
		wn_free(t->watches.p[i]);
	}
	wn_vec_fini(&t->watches);
}

/* ---- other threads ---- */

struct work {
	uv_work_t req;
	struct tab *tab;
	pane_work_fn fn;
	pane_done_fn done;
	void *arg;
};

static void
on_work(uv_work_t *req)
{
	struct work *w = req->data;

	w->fn(w->arg);
}

static void
on_work_done(uv_work_t *req, int status)
{
	struct work *w = req->data;
	struct app *a = w->tab->app;

	a->working--;
	w->done(w->arg, status != 0 || w->tab->self == NULL);
	app_tab_unref(w->tab);
	wn_free(w);
	app_ahead_run(a);
	app_quit_go_on(a);
}

static void
host_work(struct pane_host *h, pane_work_fn fn, pane_done_fn done, void *arg)
{
	struct work *w = WN_NEW(struct work);
	struct tab *t = tab_of(h);

	*w = (struct work){ .tab = t, .fn = fn, .done = done, .arg = arg };
	w->req.data = w;
	t->refs++;
	t->app->working++;
	uv_queue_work(t->app->loop, &w->req, on_work, on_work_done);
}

void
app_post(struct app *a, struct tab *t, void (*fn)(void *), void *arg)
{
	struct app_posted *p = WN_NEW(struct app_posted);

	*p = (struct app_posted){ NULL, t, fn, arg };
	pthread_mutex_lock(&a->lock);
	*a->posted_last = p;
	a->posted_last = &p->next;
	pthread_mutex_unlock(&a->lock);
	uv_async_send(&a->async);
}

static void
host_post(struct pane_host *h, void (*fn)(void *), void *arg)
{
	app_post(tab_of(h)->app, tab_of(h), fn, arg);
}

void
app_posts_run(struct app *a)
{
	struct app_posted *p;
	bool woken;

	pthread_mutex_lock(&a->lock);
	p = a->posted;
	woken = a->woken;
	a->posted = NULL;
	a->posted_last = &a->posted;
	a->woken = false;
	pthread_mutex_unlock(&a->lock);
	while (p != NULL) {
		struct app_posted *next = p->next;

		if (p->tab == NULL || p->tab->self != NULL)
			p->fn(p->arg);
		wn_free(p);
		p = next;
	}
	if (woken)
		app_tell(a, NULL, &(struct pane_event){ .type = PANE_WAKE });
}

static void
wake(void *arg)
{
	struct app *a = arg;

	pthread_mutex_lock(&a->lock);
	a->woken = true;
	pthread_mutex_unlock(&a->lock);
	uv_async_send(&a->async);
}

static void *
host_shared(struct pane_host *h, const struct pane_shared *kind)
{
	struct app *a = tab_of(h)->app;

	for (size_t i = 0; i < a->shared.len; i++)
		if (strcmp(a->shared.p[i].kind->name, kind->name) == 0)
			return a->shared.p[i].obj;
	wn_vec_push(&a->shared, (struct app_shared){ kind, kind->make(wake, a) });
	return wn_vec_last(&a->shared).obj;
}

/* ---- words ---- */

void
app_say(struct app *a, enum pane_status kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->message, sizeof a->message, fmt, ap);
	va_end(ap);
	a->message_kind = kind;
	a->redraw = true;
}

void
app_fail(struct app *a, const struct wn_diag *d)
{
	const struct wn_error_row *row = wn_error_row(d->code);

	if (d->text[0] == '\0')
		app_say(a, PANE_ERROR, "%s %s", row->text, row->hint);
	else
		app_say(a, PANE_ERROR, "%s", d->text);
}

static void host_say(struct pane_host *h, enum pane_status kind, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void
host_say(struct pane_host *h, enum pane_status kind, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	app_say(tab_of(h)->app, kind, "%s", buf);
}

static void
host_fail(struct pane_host *h, const struct wn_diag *d)
{
	app_fail(tab_of(h)->app, d);
}

const char *
app_tr(const struct app *a, struct tui_text t)
{
	return a->arabic && t.ar != NULL ? t.ar : t.en != NULL ? t.en : "";
}

const char *
app_keys(struct app *a, const char *command)
{
	const struct tui_caps *caps = tui_term_caps(a->term);
	const struct tui_binding *b = tui_keymap_of(&a->keymap, command, !caps->kitty);
	struct wn_buf out;

	if (b == NULL)
		return "";
	wn_buf_init(&out, sizeof a->keys_buf);
	tui_chord_print(&b->chord, &out);
	snprintf(a->keys_buf, sizeof a->keys_buf, "%s", out.p != NULL ? out.p : "");
	wn_buf_fini(&out);
	return a->keys_buf;
}

void
app_copy(struct app *a, struct wn_str text)
{
	wn_buf_clear(&a->clipboard);
	wn_buf_str(&a->clipboard, text);
	tui_term_copy(a->term, text, &a->tty.buf);
}

void
app_notify(struct app *a, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	for (size_t i = 0; i < a->tabs.len; i++) {
		struct tab *t = a->tabs.p[i];

		for (size_t j = 0; t->self != NULL && j < t->listens.len; j++)
			if (wn_str_glob(wn_str(t->listens.p[j].glob), method, 0))
				t->listens.p[j].fn(t->listens.p[j].arg, method, params, attachment);
	}
}

/* ---- the rest of the table ---- */

static void
host_redraw(struct pane_host *h)
{
	tab_of(h)->dirty = true;
}

static void
close_later(void *arg)
{
	struct tab *t = arg;

	if (t->self != NULL)
		app_close_now(t->app, t);
}

static void
host_close_me(struct pane_host *h)
{
	struct tab *t = tab_of(h);

	if (!t->closing) {
		t->closing = true;
		app_timer(t->app, t, NULL, 0, close_later, t);
	}
}

static bool
host_focused(struct pane_host *h)
{
	return app_focus(tab_of(h)->app) == tab_of(h);
}

static void
host_open_file(struct pane_host *h, const char *path, int64_t line, int64_t col)
{
	app_open_path(tab_of(h)->app, path, line, col);
}

static void
host_open_pane(struct pane_host *h, const char *type, const char *arg)
{
	app_open(tab_of(h)->app, type, arg, NULL);
}

static bool
host_run(struct pane_host *h, const char *command, const char *arg)
{
	return app_run(tab_of(h)->app, command, arg);
}

static void
host_ask_secret(struct pane_host *h, const char *question, pane_answer_fn fn, void *arg)
{
	app_ask_secret(tab_of(h)->app, tab_of(h), question, fn, arg);
}

static void
host_ask(struct pane_host *h, const char *question, const char *initial, pane_answer_fn fn,
	 void *arg)
{
	app_ask(tab_of(h)->app, tab_of(h), question, initial, fn, arg);
}

static void
host_choose(struct pane_host *h, const char *question, const struct pane_choice *c,
	    pane_answer_fn fn, void *arg)
{
	app_choose(tab_of(h)->app, tab_of(h), question, c, fn, arg);
}

static void
host_timer(struct pane_host *h, void **slot, int64_t ms, void (*fn)(void *), void *arg)
{
	app_timer(tab_of(h)->app, tab_of(h), slot, ms, fn, arg);
}

static void
host_timer_stop(struct pane_host *h, void **slot)
{
	app_timer_stop(tab_of(h)->app, slot);
}

static struct wn_rpc_port *
host_engine(struct pane_host *h)
{
	return &tab_of(h)->port;
}

static bool
host_engine_up(struct pane_host *h)
{
	return tab_of(h)->app->engine_up;
}

static int64_t
host_last_call(struct pane_host *h)
{
	const struct wn_client *c = tab_of(h)->app->client;

	return c != NULL ? wn_client_last_call(c) : 0;
}

static void
host_listen(struct pane_host *h, const char *glob, pane_notify_fn fn, void *arg)
{
	wn_vec_push(&tab_of(h)->listens, (struct tab_listen){ wn_strdup(glob), fn, arg });
}

static void
host_copy(struct pane_host *h, struct wn_str text)
{
	app_copy(tab_of(h)->app, text);
}

static struct wn_str
host_clipboard(struct pane_host *h)
{
	return wn_buf_view(&tab_of(h)->app->clipboard);
}

static void
host_tell(struct pane_host *h, const struct pane_event *ev)
{
	app_tell(tab_of(h)->app, tab_of(h), ev);
}

static void
host_watch(struct pane_host *h, const char *dir, bool on)
{
	struct tab *t = tab_of(h);

	if (on) {
		app_watch(t->app, dir);
		wn_vec_push(&t->watches, wn_strdup(dir));
		return;
	}
	for (size_t i = 0; i < t->watches.len; i++)
		if (strcmp(t->watches.p[i], dir) == 0) {
			app_unwatch(t->app, dir);
			wn_free(t->watches.p[i]);
			wn_vec_remove(&t->watches, i);
			return;
		}
}

static const char *
host_root(struct pane_host *h)
{
	return tab_of(h)->app->root;
}

static const char *
host_tr(struct pane_host *h, struct tui_text t)
{
	return app_tr(tab_of(h)->app, t);
}

static const struct wn_clock *
host_clock(struct pane_host *h)
{
	return tab_of(h)->app->clock;
}

static const char *
host_keys(struct pane_host *h, const char *command)
{
	return app_keys(tab_of(h)->app, command);
}

static const char *
host_keymap(struct pane_host *h)
{
	return tab_of(h)->app->keymap.name;
}

static void
host_bell(struct pane_host *h)
{
	wn_buf_chr(&tab_of(h)->app->tty.buf, '\a');
}

static void
host_cursor_shape(struct pane_host *h, int shape)
{
	tab_of(h)->shape = shape;
}

static bool
host_context(struct pane_host *h, struct pane_context *out)
{
	const struct tui_node *center = tab_of(h)->app->center;
	struct tab *t = center->tabs.len > 0 ? center->tabs.p[center->active] : NULL;

	return t != NULL && t->self != NULL && t->type->context != NULL &&
	       t->type->context(t->self, out);
}

const struct pane_host_ops app_host_ops = {
	.redraw = host_redraw,
	.close_me = host_close_me,
	.focused = host_focused,
	.open_file = host_open_file,
	.open_pane = host_open_pane,
	.run = host_run,
	.say = host_say,
	.fail = host_fail,
	.ask = host_ask,
	.ask_secret = host_ask_secret,
	.choose = host_choose,
	.timer = host_timer,
	.timer_stop = host_timer_stop,
	.work = host_work,
	.post = host_post,
	.engine = host_engine,
	.engine_up = host_engine_up,
	.last_call = host_last_call,
	.listen = host_listen,
	.copy = host_copy,
	.clipboard = host_clipboard,
	.tell = host_tell,
	.watch = host_watch,
	.root = host_root,
	.tr = host_tr,
	.shared = host_shared,
	.clock = host_clock,
	.keys = host_keys,
	.keymap = host_keymap,
	.cursor_shape = host_cursor_shape,
	.bell = host_bell,
	.context = host_context,
};
