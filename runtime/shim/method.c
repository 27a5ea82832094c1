/*
 * What a client may ask of a shim; README.md has the table. Handlers check their
 * parameters themselves and change nothing when they fail.
 */
#include "runtime/shim/shim_priv.h"

#include <signal.h>

#include "runtime/base/clock.h"
#include "runtime/shim/find.h"
#include "runtime/shim/keys.h"

#define HISTORY_ROWS_MAX 2000 /* in one answer */

struct call {
	struct shim *s;
	struct client *c;
	const struct wn_json *p;
	struct wn_str bytes;
	struct answer *a;
};

static wn_err
number(struct call *k, const char *key, int64_t min, int64_t max, int64_t absent, int64_t *out)
{
	const struct wn_json *j = wn_json_get(k->p, key);

	*out = absent;
	if (j && (!wn_json_i64(j, out) || *out < min || *out > max))
		return wn_fail(&k->a->d, WN_E_INVALID,
			       "%s must be a whole number from %lld to %lld", key, (long long)min,
			       (long long)max);
	return 0;
}

static wn_err
need_kind(struct call *k, enum shim_kind kind)
{
	if (k->s->spec.kind == kind)
		return 0;
	return wn_fail(&k->a->d, WN_E_STATE, "this is a %s",
		       kind == SHIM_TERMINAL ? "service, not a terminal"
					     : "terminal, not a service");
}

static void
write_exit(struct shim *s, struct wn_jw *w)
{
	wn_jw_kbool(w, "exited", s->exited);
	if (!s->reaped)
		return;
	if (s->exit_signal)
		wn_jw_kint(w, "signal", s->exit_signal);
	else
		wn_jw_kint(w, "code", s->exit_code);
	wn_jw_ki64s(w, "ended_ms", s->ended_ms);
}

static wn_err
on_hello(struct call *k)
{
	struct shim *s = k->s;
	struct wn_jw w;

	wn_jw_init(&w, &k->a->json);
	wn_jw_object(&w);
	wn_jw_kint(&w, "protocol", SHIM_PROTOCOL);
	wn_jw_kstr(&w, "version", WN_VERSION);
	wn_jw_kstr(&w, "kind", s->spec.kind == SHIM_TERMINAL ? "terminal" : "service");
	wn_jw_kint(&w, "pid", getpid());
	wn_jw_kint(&w, "child", s->child.pid);
	wn_jw_ki64s(&w, "started_ms", s->started_ms);
	write_exit(s, &w);
	if (s->spec.kind == SHIM_TERMINAL) {
		wn_jw_kint(&w, "rows", s->grid.rows);
		wn_jw_kint(&w, "cols", s->grid.cols);
		wn_jw_kstr(&w, "title", s->vt.title);
		wn_jw_kstr(&w, "cwd", s->vt.cwd);
	} else {
		wn_jw_kint(&w, "first", (int64_t)logring_first(&s->log));
		wn_jw_kint(&w, "next", (int64_t)s->log.next);
		wn_jw_kint(&w, "port", s->forward.port);
		wn_jw_kint(&w, "asked", (int64_t)s->forward.asked);
		wn_jw_kint(&w, "log_lost", (int64_t)s->log.file_lost);
	}
	wn_jw_object_end(&w);
	return 0;
}

static wn_err
resize(struct call *k, int64_t rows, int64_t cols)
{
	if (rows * cols > GRID_CELLS_MAX)
		return wn_fail(&k->a->d, WN_E_INVALID, "rows * cols must be at most %d",
			       GRID_CELLS_MAX);
	terminal_resize(k->s, (int)rows, (int)cols);
	return 0;
}

static wn_err
on_attach(struct call *k)
{
	struct shim *s = k->s;
	int64_t rows, cols, credit, from;
	wn_err err;

	err = number(k, "rows", 1, GRID_ROWS_MAX, s->grid.rows, &rows);
	if (!err)
		err = number(k, "cols", 1, GRID_COLS_MAX, s->grid.cols, &cols);
	if (!err)
		err = number(k, "credit", 0, 1000, 8, &credit);
	if (!err)
		err = number(k, "from", 0, INT64_MAX, (int64_t)s->log.next, &from);
	if (err)
		return err;
	if (s->spec.kind == SHIM_TERMINAL) {
		err = resize(k, rows, cols);
		if (err)
			return err;
		k->c->full = true;
		k->c->credit = credit;
		frame_build(s, k->c, &k->a->bytes);
	} else {
		k->c->line = (uint64_t)from;
	}
	k->c->attached = true;
	if (s->exited)
		method_exit_notice(s, k->c);
	return on_hello(k);
}

static wn_err
on_detach(struct call *k)
{
	k->c->attached = false;
	return 0;
}

static wn_err
on_credit(struct call *k)
{
	int64_t n;
	wn_err err = number(k, "frames", 1, 1000, 1, &n);

	if (err)
		return err;
	k->c->credit = k->c->credit + n > 1000 ? 1000 : k->c->credit + n;
	if (k->s->spec.kind == SHIM_TERMINAL)
		terminal_frames(k->s);
	return 0;
}

/* ---- input ---- */

static wn_err
input(struct call *k, struct wn_str bytes)
{
	wn_err err = need_kind(k, SHIM_TERMINAL);

	if (!err)
		err = terminal_input(k->s, bytes);
	if (err == WN_E_STATE && !k->a->d.code)
		return wn_fail(&k->a->d, err, "the program has ended");
	if (err == WN_E_LIMIT)
		return wn_fail(&k->a->d, err, "the program does not read its input");
	return err;
}

static wn_err
on_input(struct call *k)
{
	return input(k, k->bytes);
}

static wn_err
send_built(struct call *k, struct wn_buf *b, wn_err err)
{
	if (!err)
		err = b->err ? b->err : input(k, wn_buf_view(b));
	wn_buf_fini(b);
	return err;
}

static wn_err
on_key(struct call *k)
{
	const char *key = wn_json_get_str(k->p, "key", "");
	struct wn_buf out;
	int64_t mods;
	wn_err err = number(k, "mods", 0, 63, 0, &mods);

	if (!err)
		err = need_kind(k, SHIM_TERMINAL);
	if (err)
		return err;
	wn_buf_init(&out, 256);
	err = keys_key(&k->s->vt, wn_str(key), (unsigned)mods, &out);
	if (err == WN_E_INVALID)
		wn_fail(&k->a->d, err, "there is no key named \"%s\"", key);
	return send_built(k, &out, err);
}

static wn_err
on_paste(struct call *k)
{
	struct wn_buf out;
	wn_err err = need_kind(k, SHIM_TERMINAL);

	if (err)
		return err;
	wn_buf_init(&out, SHIM_INPUT_MAX);
	keys_paste(&k->s->vt, k->bytes, &out);
	return send_built(k, &out, 0);
}

static wn_err
on_mouse(struct call *k)
{
	static const char *const actions[] = { "press", "release", "move" };
	const char *action = wn_json_get_str(k->p, "action", "");
	int64_t row, col, button, mods;
	struct wn_buf out;
	int which = 0;
	wn_err err = need_kind(k, SHIM_TERMINAL);

	while (which < 3 && strcmp(action, actions[which]) != 0)
		which++;
	if (!err && which == 3)
		err = wn_fail(&k->a->d, WN_E_INVALID, "action must be press, release or move");
	if (!err)
		err = number(k, "row", 0, GRID_ROWS_MAX, 0, &row);
	if (!err)
		err = number(k, "col", 0, GRID_COLS_MAX, 0, &col);
	if (!err)
		err = number(k, "button", 0, 7, 3, &button);
	if (!err)
		err = number(k, "mods", 0, 63, 0, &mods);
	if (err)
		return err;
	wn_buf_init(&out, 256);
	keys_mouse(&k->s->vt, (enum mouse_action)which, (unsigned)button, (unsigned)row,
		   (unsigned)col, (unsigned)mods, &out);
	return out.len ? send_built(k, &out, 0) : 0;
}

static wn_err
on_focus(struct call *k)
{
	struct wn_buf out;
	wn_err err = need_kind(k, SHIM_TERMINAL);

	if (err)
		return err;
	wn_buf_init(&out, 16);
	keys_focus(&k->s->vt, wn_json_get_bool(k->p, "in", true), &out);
	return out.len ? send_built(k, &out, 0) : 0;
}

/* ---- the rest ---- */

static wn_err
on_resize(struct call *k)
{
	int64_t rows = 0, cols = 0;
	wn_err err = need_kind(k, SHIM_TERMINAL);

	if (!err)
		err = number(k, "rows", 1, GRID_ROWS_MAX, k->s->grid.rows, &rows);
	if (!err)
		err = number(k, "cols", 1, GRID_COLS_MAX, k->s->grid.cols, &cols);
	return err ? err : resize(k, rows, cols);
}

static wn_err
color(struct call *k, const char *key, uint32_t *out)
{
	const struct wn_json *j = wn_json_get(k->p, key);
	int64_t v;

	if (!j)
		return 0;
	if (!wn_json_i64(j, &v) || v < 0 || v > 0xFFFFFF)
		return wn_fail(&k->a->d, WN_E_INVALID, "%s must be a number, 0xRRGGBB", key);
	*out = (uint32_t)v;
	return 0;
}

static wn_err
on_colors(struct call *k)
{
	wn_err err = need_kind(k, SHIM_TERMINAL);

	if (!err)
		err = color(k, "foreground", &k->s->vt.color_fg);
	return err ? err : color(k, "background", &k->s->vt.color_bg);
}

static wn_err
on_scrollback(struct call *k)
{
	struct history *h = &k->s->grid.history;
	struct wn_tframe f = { .flags = WN_TF_HISTORY, .cols = (uint32_t)k->s->grid.cols };
	int64_t from, count;
	struct wn_buf rows;
	struct wn_jw w;
	wn_err err = need_kind(k, SHIM_TERMINAL);

	if (!err)
		err = number(k, "from", 0, INT64_MAX, 0, &from);
	if (!err)
		err = number(k, "count", 1, HISTORY_ROWS_MAX, 100, &count);
	if (err)
		return err;
	if ((uint64_t)from < h->dropped_rows)
		from = (int64_t)h->dropped_rows;
	wn_buf_init(&rows, SHIM_QUEUE_HARD / 2);
	f.history = (uint64_t)from;
	f.rows = history_rows(h, (uint64_t)from, (uint32_t)count, &rows);
	wn_tframe_begin(&k->a->bytes, &f);
	wn_buf_str(&k->a->bytes, wn_buf_view(&rows));
	err = rows.err ? rows.err : k->a->bytes.err;
	wn_buf_fini(&rows);
	if (err)
		return wn_fail(&k->a->d, WN_E_LIMIT, "the rows are too large: ask for fewer");
	wn_jw_init(&w, &k->a->json);
	wn_jw_object(&w);
	wn_jw_kint(&w, "from", from);
	wn_jw_kint(&w, "count", f.rows);
	wn_jw_kint(&w, "first", (int64_t)h->dropped_rows);
	wn_jw_kint(&w, "next", (int64_t)(h->dropped_rows + h->rows));
	wn_jw_object_end(&w);
	return 0;
}

static wn_err
on_find(struct call *k)
{
	const char *text = wn_json_get_str(k->p, "text", ""),
		   *mark = wn_json_get_str(k->p, "mark", "");
	struct find want = { .text = wn_str(text), .back = wn_json_get_bool(k->p, "back", false) };
	struct found found;
	struct wn_jw w;
	wn_err err = need_kind(k, SHIM_TERMINAL);

	if (!err)
		err = number(k, "from", 0, INT64_MAX, 0, &want.from);
	if (err)
		return err;
	want.flags = strcmp(mark, "prompt") == 0   ? WN_TR_PROMPT
		     : strcmp(mark, "output") == 0 ? WN_TR_OUTPUT
						   : 0;
	if (want.text.len == 0 && want.flags == 0)
		return wn_fail(&k->a->d, WN_E_INVALID,
			       "text, or mark (prompt or output), is needed");
	found = find_run(&k->s->grid, &want);
	wn_jw_init(&w, &k->a->json);
	wn_jw_object(&w);
	wn_jw_kint(&w, "row", found.row);
	wn_jw_kint(&w, "col", found.col);
	wn_jw_kint(&w, "cols", found.cols);
	wn_jw_object_end(&w);
	return 0;
}

static wn_err
on_link(struct call *k)
{
	const char *uri;
	struct wn_jw w;
	int64_t link;
	wn_err err = need_kind(k, SHIM_TERMINAL);

	if (!err)
		err = number(k, "link", 1, VT_LINKS_MAX, 0, &link);
	if (err)
		return err;
	uri = vt_link(&k->s->vt, link);
	if (!uri)
		return wn_fail(&k->a->d, WN_E_NOT_FOUND, "there is no link %lld", (long long)link);
	wn_jw_init(&w, &k->a->json);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "uri", uri);
	wn_jw_object_end(&w);
	return 0;
}

static wn_err
on_log(struct call *k)
{
	int64_t from, max;
	struct wn_jw w;
	uint64_t next;
	wn_err err = need_kind(k, SHIM_SERVICE);

	if (!err)
		err = number(k, "from", 0, INT64_MAX, 0, &from);
	if (!err)
		err = number(k, "bytes", 1, 1 << 20, 1 << 18, &max);
	if (err)
		return err;
	wn_jw_init(&w, &k->a->json);
	wn_jw_object(&w);
	wn_jw_kint(&w, "first", (int64_t)logring_first(&k->s->log));
	wn_jw_key(&w, "lines");
	wn_jw_array(&w);
	next = logring_read(&k->s->log, (uint64_t)from, (size_t)max, &w);
	wn_jw_array_end(&w);
	wn_jw_kint(&w, "next", (int64_t)next);
	wn_jw_kint(&w, "end", (int64_t)k->s->log.next);
	wn_jw_object_end(&w);
	return 0;
}

static wn_err
on_signal(struct call *k)
{
	static const struct {
		const char *name;
		int sig;
	} known[] = { { "HUP", SIGHUP },   { "INT", SIGINT },	{ "QUIT", SIGQUIT },
		      { "KILL", SIGKILL }, { "TERM", SIGTERM }, { "CONT", SIGCONT },
		      { "STOP", SIGSTOP }, { "USR1", SIGUSR1 }, { "USR2", SIGUSR2 } };
	const char *name = wn_json_get_str(k->p, "signal", "TERM");
	int e;

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		e = shim_signal(k->s, known[i].sig);
		return e ? wn_fail(&k->a->d, WN_E_STATE, "the program has ended") : 0;
	}
	return wn_fail(&k->a->d, WN_E_INVALID,
		       "signal must be HUP, INT, QUIT, KILL, TERM, CONT, STOP, USR1 or USR2");
}

static wn_err
on_forget(struct call *k)
{
	shim_forget(k->s);
	return 0;
}

static const struct {
	const char *name;
	wn_err (*fn)(struct call *);
} methods[] = {
	{ "shim.hello", on_hello },   { "shim.attach", on_attach },
	{ "shim.detach", on_detach }, { "shim.credit", on_credit },
	{ "shim.input", on_input },   { "shim.key", on_key },
	{ "shim.paste", on_paste },   { "shim.mouse", on_mouse },
	{ "shim.focus", on_focus },   { "shim.resize", on_resize },
	{ "shim.colors", on_colors }, { "shim.scrollback", on_scrollback },
	{ "shim.log", on_log },	      { "shim.signal", on_signal },
	{ "shim.forget", on_forget }, { "shim.find", on_find },
	{ "shim.link", on_link },
};

wn_err
method_run(struct client *c, const struct wn_rpc_msg *m, struct wn_str bytes, struct answer *a)
{
	struct wn_json *params = NULL;
	struct call k = { c->shim, c, NULL, bytes, a };
	wn_err err = 0;

	if (m->params.len)
		err = wn_json_parse(m->params, NULL, &params, &a->d);
	k.p = params;
	for (size_t i = 0; !err && i < sizeof methods / sizeof methods[0]; i++)
		if (wn_str_is(m->method, methods[i].name)) {
			err = methods[i].fn(&k);
			wn_json_free(params);
			/* an attached service client gets what it missed behind its answer */
			return err;
		}
	wn_json_free(params);
	return err ? err
		   : wn_fail(&a->d, WN_E_METHOD, "there is no method %.*s", WN_STR_ARG(m->method));
}

void
method_exit_notice(struct shim *s, struct client *only)
{
	struct wn_buf params;
	struct wn_jw w;

	wn_buf_init(&params, 1024);
	wn_jw_init(&w, &params);
	wn_jw_object(&w);
	write_exit(s, &w);
	wn_jw_object_end(&w);
	if (only)
		client_notify(only, "shim.exit", wn_buf_view(&params), WN_STR_NONE);
	else
		clients_notify(s, "shim.exit", wn_buf_view(&params), WN_STR_NONE);
	wn_buf_fini(&params);
}
