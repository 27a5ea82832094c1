/*
 * Methods that hand input to a terminal's shim. Loop thread: the shim is asked, nobody waits,
 * except where its answer is the answer.
 */
#include "runtime/modules/terminal/terminal.h"

#include <stdio.h>
#include <string.h>

#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"

static void
ignore_reply(void *arg, wn_err err, struct wn_str result, struct wn_str bytes,
	     const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)result;
	(void)bytes;
	(void)d;
}

/* Nothing is answered to input: an answer would cost the shim a write before each echo. */
static wn_err
tell(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, const char *method,
     struct wn_str params, struct wn_str bytes)
{
	struct terminal_item *it;
	wn_err err = terminal_item_find(m, ctx, id, &it);

	if (!err && (!it->running || !it->link))
		err = WN_FAIL(ctx, WN_E_STATE, "the program in this terminal has ended");
	return err ? err : m->host->link_notify(it->link, method, params, bytes);
}

wn_err
terminal_on_input(struct wn_mod *m, struct wn_ctx *ctx, const struct terminal_input_params *params,
		  struct terminal_input_result *result)
{
	struct wn_str bytes = m->host->attachment(ctx);
	struct terminal_item *it;

	(void)result;
	if (bytes.len == 0)
		return terminal_item_find(m, ctx, params->terminal, &it);
	return tell(m, ctx, params->terminal, params->paste ? "shim.paste" : "shim.input",
		    WN_STR("{}"), bytes);
}

/* As the shim counts them: 1 shift, 2 alt, 4 ctrl. */
static int
modifiers(bool shift, bool alt, bool ctrl)
{
	return (shift ? 1 : 0) | (alt ? 2 : 0) | (ctrl ? 4 : 0);
}

wn_err
terminal_on_key(struct wn_mod *m, struct wn_ctx *ctx, const struct terminal_key_params *params,
		struct terminal_key_result *result)
{
	struct wn_buf text;
	struct wn_jw w;
	wn_err err;

	(void)result;
	wn_buf_init(&text, 4096);
	wn_jw_init(&w, &text);
	wn_jw_object(&w);
	wn_jw_key(&w, "key");
	wn_jw_str(&w, params->key);
	wn_jw_kint(&w, "mods", modifiers(params->shift, params->alt, params->ctrl));
	wn_jw_object_end(&w);
	err = tell(m, ctx, params->terminal, "shim.key", wn_buf_view(&text), WN_STR_NONE);
	wn_buf_fini(&text);
	return err;
}

wn_err
terminal_on_mouse(struct wn_mod *m, struct wn_ctx *ctx, const struct terminal_mouse_params *params,
		  struct terminal_mouse_result *result)
{
	struct wn_buf text;
	struct wn_jw w;
	wn_err err;

	(void)result;
	wn_buf_init(&text, 4096);
	wn_jw_init(&w, &text);
	wn_jw_object(&w);
	wn_jw_kint(&w, "row", params->row);
	wn_jw_kint(&w, "col", params->col);
	/* the shim counts buttons from 0 and calls none of them 3; wheels are the same in both */
	wn_jw_kint(&w, "button",
		   params->button == 0	? 3
		   : params->button < 4 ? params->button - 1
					: params->button);
	wn_jw_kstr(&w, "action", params->moved ? "move" : params->pressed ? "press" : "release");
	wn_jw_kint(&w, "mods", modifiers(params->shift, params->alt, params->ctrl));
	wn_jw_object_end(&w);
	err = tell(m, ctx, params->terminal, "shim.mouse", wn_buf_view(&text), WN_STR_NONE);
	wn_buf_fini(&text);
	return err;
}

wn_err
terminal_on_resize(struct wn_mod *m, struct wn_ctx *ctx,
		   const struct terminal_resize_params *params,
		   struct terminal_resize_result *result)
{
	struct terminal_item *it;
	char text[80];
	wn_err err = terminal_item_find(m, ctx, params->terminal, &it);

	(void)result;
	if (err)
		return err;
	it->rows = params->rows;
	it->cols = params->cols;
	snprintf(text, sizeof text, "{\"rows\":%lld,\"cols\":%lld}", (long long)params->rows,
		 (long long)params->cols);
	return tell(m, ctx, params->terminal, "shim.resize", wn_str(text), WN_STR_NONE);
}

/* --- scrollback: the shim's answer is ours ------------------------------------------------ */

struct waiting {
	struct wn_mod *m;
	struct wn_call *call;
};

static void
on_scrollback(void *arg, wn_err err, struct wn_str result, struct wn_str rows,
	      const struct wn_diag *d)
{
	struct waiting *w = (struct waiting *)arg;
	struct wn_json *j = NULL;
	char text[64] = "{\"total\":0}";

	if (!err && wn_json_parse(result, NULL, &j, NULL) == WN_OK)
		snprintf(text, sizeof text, "{\"total\":%lld}",
			 (long long)(wn_json_get_num(j, "next", 0) -
				     wn_json_get_num(j, "first", 0)));
	wn_json_free(j);
	w->m->host->reply(w->call, err, d, wn_str(text), rows);
	wn_free(w);
}

/* The shim is asked; its answer goes to fn, which ends the call. */
static wn_err
ask(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, const char *method,
    struct wn_str params, wn_link_reply_fn fn)
{
	struct terminal_item *it;
	struct waiting *w;
	wn_err err = terminal_item_find(m, ctx, id, &it);

	if (!err && !it->link)
		err = WN_FAIL(ctx, WN_E_STATE, "the terminal cannot be reached");
	if (err)
		return err;
	w = WN_NEW(struct waiting);
	w->m = m;
	w->call = m->host->defer(ctx);
	err = m->host->link_call(it->link, method, params, WN_STR_NONE, fn, w);
	if (err) {
		m->host->reply(w->call, err, &ctx->diag, WN_STR_NONE, WN_STR_NONE);
		wn_free(w);
	}
	return WN_PENDING;
}

wn_err
terminal_on_scrollback(struct wn_mod *m, struct wn_ctx *ctx,
		       const struct terminal_scrollback_params *params,
		       struct terminal_scrollback_result *result)
{
	char text[80];

	(void)result;
	snprintf(text, sizeof text, "{\"from\":%lld,\"count\":%lld}", (long long)params->from,
		 (long long)params->count);
	return ask(m, ctx, params->terminal, "shim.scrollback", wn_str(text), on_scrollback);
}

/* The shim's answer is ours as it is. */
static void
on_found(void *arg, wn_err err, struct wn_str result, struct wn_str bytes, const struct wn_diag *d)
{
	struct waiting *w = (struct waiting *)arg;

	(void)bytes;
	w->m->host->reply(w->call, err, d, result, WN_STR_NONE);
	wn_free(w);
}

wn_err
terminal_on_find(struct wn_mod *m, struct wn_ctx *ctx, const struct terminal_find_params *params,
		 struct terminal_find_result *result)
{
	struct wn_buf text;
	struct terminal_item *it;
	struct wn_jw w;
	wn_err err = terminal_item_find(m, ctx, params->terminal, &it);

	(void)result;
	if (err)
		return err;
	if (params->text.len == 0 && params->mark == 0)
		return WN_FAIL(ctx, WN_E_INVALID, "a text to find, or a mark, is needed");
	wn_buf_init(&text, 4096);
	wn_jw_init(&w, &text);
	wn_jw_object(&w);
	wn_jw_kint(&w, "from", params->from);
	wn_jw_kbool(&w, "back", params->back);
	if (params->text.len > 0) {
		wn_jw_key(&w, "text");
		wn_jw_str(&w, params->text);
	} else {
		wn_jw_kstr(&w, "mark", terminal_find_params_mark_name(params->mark));
	}
	wn_jw_object_end(&w);
	err = ask(m, ctx, params->terminal, "shim.find", wn_buf_view(&text), on_found);
	wn_buf_fini(&text);
	return err;
}

wn_err
terminal_on_link(struct wn_mod *m, struct wn_ctx *ctx, const struct terminal_link_params *params,
		 struct terminal_link_result *result)
{
	char text[40];

	(void)result;
	snprintf(text, sizeof text, "{\"link\":%lld}", (long long)params->link);
	return ask(m, ctx, params->terminal, "shim.link", wn_str(text), on_found);
}

wn_err
terminal_on_list(struct wn_mod *m, struct wn_ctx *ctx, const struct terminal_list_params *params,
		 struct terminal_list_result *result)
{
	struct terminal *t = terminal_of(m);
	struct wn_map_iter it;

	(void)params;
	result->terminals = (struct model_terminal *)wn_arena_array(ctx->arena, t->items.len + 1,
								    sizeof *result->terminals);
	wn_map_iter_init(&it, &t->items);
	while (wn_map_iter_next(&it)) {
		const struct terminal_item *item = (const struct terminal_item *)it.value;

		if (strcmp(item->tenant, ctx->tenant) == 0)
			terminal_item_model(item, ctx->arena,
					    &result->terminals[result->terminals_len++]);
	}
	return WN_OK;
}

wn_err
terminal_on_close(struct wn_mod *m, struct wn_ctx *ctx, const struct terminal_close_params *params,
		  struct terminal_close_result *result)
{
	struct terminal_item *it;
	wn_err err = terminal_item_find(m, ctx, params->terminal, &it);

	(void)result;
	if (!err && it->link)
		err = m->host->link_call(it->link, "shim.forget", WN_STR("{}"), WN_STR_NONE,
					 ignore_reply, NULL);
	return err;
}
