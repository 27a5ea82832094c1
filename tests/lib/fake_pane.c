/*
 * The fake host.
 */
#include "tests/lib/fake_pane.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>

#include "tui/input/key.h"

static struct fake_pane *
of(struct pane_host *h)
{
	return (struct fake_pane *)h;
}

static void
set(char **to, const char *text)
{
	wn_free(*to);
	*to = wn_strdup(text);
}

static wn_err
port_call(struct wn_rpc_port *port, const char *method, struct wn_str params,
	  struct wn_str attachment, wn_rpc_reply_fn reply, void *arg)
{
	struct fake_pane *f = (struct fake_pane *)((char *)port - offsetof(struct fake_pane, port));
	struct fake_call c = { wn_strdup(method),
			       wn_strndup(params.p, params.len),
			       wn_strndup(attachment.p != NULL ? attachment.p : "", attachment.len),
			       reply,
			       arg,
			       ++f->last_call };

	wn_vec_push(&f->calls, c);
	return 0;
}

static void
h_redraw(struct pane_host *h)
{
	(void)h;
}
static void
h_close_me(struct pane_host *h)
{
	of(h)->closing = true;
}
static bool
h_focused(struct pane_host *h)
{
	(void)h;
	return true;
}
static bool
h_up(struct pane_host *h)
{
	return of(h)->up;
}
static int64_t
h_last_call(struct pane_host *h)
{
	return of(h)->last_call;
}
static struct wn_rpc_port *
h_engine(struct pane_host *h)
{
	return &of(h)->port;
}
static const char *
h_root(struct pane_host *h)
{
	(void)h;
	return "/srv/shop";
}
static const char *
h_tr(struct pane_host *h, struct tui_text t)
{
	(void)h;
	return t.en;
}
static const struct wn_clock *
h_clock(struct pane_host *h)
{
	return &of(h)->clock.clock;
}
static const char *
h_keys(struct pane_host *h, const char *c)
{
	(void)h;
	(void)c;
	return "";
}
static const char *
h_keymap(struct pane_host *h)
{
	(void)h;
	return "standard";
}
static void
h_cursor_shape(struct pane_host *h, int shape)
{
	(void)h;
	(void)shape;
}
static void
h_copy(struct pane_host *h, struct wn_str s)
{
	char *t = wn_strndup(s.p, s.len);
	set(&of(h)->copied, t);
	wn_free(t);
}
static struct wn_str
h_clipboard(struct pane_host *h)
{
	return wn_str(of(h)->copied);
}
static void
h_tell(struct pane_host *h, const struct pane_event *e)
{
	(void)e;
	set(&of(h)->told, "told");
}
static void
h_fail(struct pane_host *h, const struct wn_diag *d)
{
	set(&of(h)->said, d->text);
}

static void h_say(struct pane_host *h, enum pane_status kind, const char *fmt, ...) WN_PRINTF(3, 4);

static void
h_say(struct pane_host *h, enum pane_status kind, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	(void)kind;
	va_start(ap, fmt);
	vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	set(&of(h)->said, buf);
}

static void
h_open_file(struct pane_host *h, const char *path, int64_t line, int64_t col)
{
	(void)line;
	(void)col;
	set(&of(h)->opened, path);
}

static void
h_open_pane(struct pane_host *h, const char *type, const char *arg)
{
	char *s = wn_asprintf("%s %s", type, arg != NULL ? arg : "");

	set(&of(h)->opened, s);
	wn_free(s);
}

static bool
h_run(struct pane_host *h, const char *command, const char *arg)
{
	(void)arg;
	set(&of(h)->opened, command);
	return true;
}

static void
h_ask(struct pane_host *h, const char *question, const char *initial, pane_answer_fn fn, void *arg)
{
	(void)initial;
	set(&of(h)->asked, question);
	of(h)->answer = fn;
	of(h)->answer_arg = arg;
}

static void
h_choose(struct pane_host *h, const char *question, const struct pane_choice *c, pane_answer_fn fn,
	 void *arg)
{
	(void)c;
	h_ask(h, question, NULL, fn, arg);
}

static void
h_timer(struct pane_host *h, void **slot, int64_t ms, void (*fn)(void *), void *arg)
{
	struct fake_pane *f = of(h);

	(void)ms;
	f->timer_fn = fn;
	f->timer_arg = arg;
	f->timer_slot = slot;
	if (slot != NULL)
		*slot = f;
}

static void
h_timer_stop(struct pane_host *h, void **slot)
{
	if (*slot != NULL)
		of(h)->timer_fn = NULL;
	*slot = NULL;
}

static void
h_listen(struct pane_host *h, const char *glob, pane_notify_fn fn, void *arg)
{
	wn_vec_push(&of(h)->listens, (struct fake_listen){ wn_strdup(glob), fn, arg });
}

static void *
h_shared(struct pane_host *h, const struct pane_shared *kind)
{
	struct fake_pane *f = of(h);

	if (f->shared == NULL) {
		f->shared_kind = kind;
		f->shared = kind->make(NULL, NULL);
	}
	return f->shared;
}

static bool
h_context(struct pane_host *h, struct pane_context *out)
{
	struct fake_pane *f = of(h);

	if (!f->can_context)
		return false;
	snprintf(out->path, sizeof out->path, "%s", f->context.path);
	snprintf(out->language, sizeof out->language, "%s", f->context.language);
	out->selection = f->context.selection;
	wn_buf_str(&out->text, wn_buf_view(&f->context.text));
	return true;
}

/* At once, on this thread. */
static void
h_work(struct pane_host *h, pane_work_fn fn, pane_done_fn done, void *arg)
{
	(void)h;
	fn(arg);
	done(arg, false);
}

static void
h_bell(struct pane_host *h)
{
	((struct fake_pane *)h)->bells++;
}

static const struct pane_host_ops ops = {
	.redraw = h_redraw,
	.close_me = h_close_me,
	.focused = h_focused,
	.open_file = h_open_file,
	.open_pane = h_open_pane,
	.run = h_run,
	.say = h_say,
	.fail = h_fail,
	.ask = h_ask,
	.choose = h_choose,
	.timer = h_timer,
	.timer_stop = h_timer_stop,
	.engine = h_engine,
	.engine_up = h_up,
	.last_call = h_last_call,
	.listen = h_listen,
	.copy = h_copy,
	.clipboard = h_clipboard,
	.tell = h_tell,
	.root = h_root,
	.tr = h_tr,
	.shared = h_shared,
	.clock = h_clock,
	.keys = h_keys,
	.keymap = h_keymap,
	.cursor_shape = h_cursor_shape,
	.bell = h_bell,
	.work = h_work,
	.context = h_context,
};

void
fake_pane_init(struct fake_pane *f, const struct pane_type *type)
{
	*f = (struct fake_pane){
		.host = { &ops }, .port = { port_call }, .type = type, .up = true
	};
	wn_clock_fake_init(&f->clock, 1700000000000);
	wn_buf_init(&f->context.text, 65536);
	tui_grid_init(&f->grid, 24, 80);
	assert_int_equal(tui_theme_load("dark", &f->theme, NULL), 0);
}

void
fake_pane_open(struct fake_pane *f, const char *arg, const char *state)
{
	struct wn_json *j = NULL;
	struct wn_diag d = { 0 };

	if (state != NULL)
		assert_int_equal(wn_json_parse(wn_str(state), NULL, &j, NULL), 0);
	f->self = f->type->open(&f->host, arg, j, &d);
	wn_json_free(j);
	assert_non_null(f->self);
}

static void
call_free(struct fake_call *c)
{
	wn_free(c->method);
	wn_free(c->params);
	wn_free(c->attachment);
}

void
fake_pane_fini(struct fake_pane *f)
{
	struct wn_diag d = { 0 };

	wn_fail(&d, WN_E_CANCELLED, "the pane was closed");
	while (f->calls.len > 0) { /* as the application does before close() */
		struct fake_call c = wn_vec_pop(&f->calls);

		c.reply(c.arg, WN_E_CANCELLED, WN_STR_NONE, WN_STR_NONE, &d);
		call_free(&c);
	}
	if (f->self != NULL)
		f->type->close(f->self);
	for (size_t i = 0; i < f->listens.len; i++)
		wn_free(f->listens.p[i].glob);
	wn_vec_fini(&f->listens);
	wn_vec_fini(&f->calls);
	if (f->shared != NULL)
		f->shared_kind->free(f->shared);
	wn_free(f->said);
	wn_free(f->copied);
	wn_free(f->opened);
	wn_free(f->asked);
	wn_free(f->told);
	wn_buf_fini(&f->context.text);
	tui_grid_fini(&f->grid);
}

const struct fake_call *
fake_pane_call(const struct fake_pane *f, const char *method)
{
	for (size_t i = 0; i < f->calls.len; i++)
		if (strcmp(f->calls.p[i].method, method) == 0)
			return &f->calls.p[i];
	return NULL;
}

static struct fake_call
take(struct fake_pane *f, const char *method)
{
	const struct fake_call *found = fake_pane_call(f, method);
	struct fake_call c;

	if (found == NULL)
		fail_msg("no call of %s is open", method);
	c = *found;
	wn_vec_remove(&f->calls, (size_t)(found - f->calls.p));
	return c;
}

void
fake_pane_reply(struct fake_pane *f, const char *method, const char *result,
		struct wn_str attachment)
{
	struct fake_call c = take(f, method);

	c.reply(c.arg, 0, wn_str(result), attachment, NULL);
	call_free(&c);
}

void
fake_pane_refuse(struct fake_pane *f, const char *method, wn_err err, const char *text)
{
	struct fake_call c = take(f, method);
	struct wn_diag d = { 0 };

	wn_fail(&d, err, "%s", text);
	c.reply(c.arg, err, WN_STR_NONE, WN_STR_NONE, &d);
	call_free(&c);
}

void
fake_pane_note(struct fake_pane *f, const char *method, const char *params,
	       struct wn_str attachment)
{
	for (size_t i = 0; i < f->listens.len; i++)
		if (wn_str_glob(wn_str(f->listens.p[i].glob), wn_str(method), 0))
			f->listens.p[i].fn(f->listens.p[i].arg, wn_str(method), wn_str(params),
					   attachment);
}

void
fake_pane_event(struct fake_pane *f, enum pane_event_type type)
{
	f->up = type == PANE_ENGINE_UP ? true : type == PANE_ENGINE_DOWN ? false : f->up;
	f->type->event(f->self, &(struct pane_event){ .type = type });
}

void
fake_pane_key(struct fake_pane *f, const char *name)
{
	struct tui_key k;

	assert_true(tui_key_parse(wn_str(name), &k));
	(void)f->type->key(f->self, &k);
}

void
fake_pane_type(struct fake_pane *f, const char *text)
{
	for (; *text != '\0'; text++)
		(void)f->type->key(f->self, &(struct tui_key){ (unsigned char)*text, 0 });
}

void
fake_pane_command(struct fake_pane *f, const char *id)
{
	for (const struct tui_command *c = f->type->commands; c->id != NULL; c++)
		if (strcmp(c->id, id) == 0) {
			c->run(f->self, NULL);
			return;
		}
	fail_msg("there is no command %s", id);
}

void
fake_pane_tick(struct fake_pane *f)
{
	void (*fn)(void *) = f->timer_fn;

	if (fn == NULL)
		return;
	f->timer_fn = NULL;
	if (f->timer_slot != NULL)
		*f->timer_slot = NULL;
	fn(f->timer_arg);
}

const char *
fake_pane_screen(struct fake_pane *f, int rows, int cols)
{
	static char text[65536];
	struct pane_draw d;
	size_t n = 0;

	tui_grid_resize(&f->grid, rows, cols);
	f->cursor = (struct pane_cursor){ -1, 0 };
	d = (struct pane_draw){ tui_view_all(&f->grid), &f->theme, true, &f->cursor, false };
	f->type->draw(f->self, &d);
	for (int y = 0; y < rows; y++) {
		for (int x = 0; x < cols; x++) {
			const struct tui_cell *c = tui_grid_at(&f->grid, y, x);

			assert_true(n + c->len + 2 < sizeof text);
			memcpy(text + n, c->text, c->len);
			n += c->len;
		}
		while (n > 0 && text[n - 1] == ' ')
			n--;
		text[n++] = '\n';
	}
	text[n] = '\0';
	return text;
}

bool
fake_pane_shows(struct fake_pane *f, const char *text)
{
	const char *screen = fake_pane_screen(f, f->grid.rows, f->grid.cols);

	if (strstr(screen, text) != NULL)
		return true;
	print_message("looked for \"%s\" in:\n%s", text, screen);
	return false;
}
