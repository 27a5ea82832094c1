/*
 * What the platform's boxes use of what they may, while they run: asked again when the engine
 * signals that it changed, never by a clock.
 */
#include <stdio.h>

#include "gen/client.h"
#include "tui/pane/run/run.h"

#define SIGNALS 1000000 /* latest wins: there is nothing to hold back */
#define MIB (1024 * 1024)

static const struct model_sandbox_limit *
limit_of(const struct model_sandbox_usage *u, enum model_sandbox_limit_name name)
{
	for (size_t i = 0; i < u->limits_len; i++)
		if (u->limits[i].name == name)
			return &u->limits[i];
	return NULL;
}

static void
amount(struct run *r, const char *words, const struct model_sandbox_limit *l, int64_t unit,
       const char *unit_words, struct wn_buf *out)
{
	if (l == NULL || !l->has_used)
		return;
	(void)wn_buf_printf(out, "%s%s %lld", out->len > 0 ? "  " : "", words,
			    (long long)(l->used / unit));
	if (l->value > 0)
		(void)wn_buf_printf(out, " %s %lld", TR(r, "of", "من"),
				    (long long)(l->value / unit));
	(void)wn_buf_cstr(out, unit_words);
	if (l->enforced == MODEL_SANDBOX_LIMIT_ENFORCED_NONE && l->value > 0)
		(void)wn_buf_printf(out, " (%s)", TR(r, "not enforced here", "غير مفروض هنا"));
}

static void
words(struct run *r, const struct model_sandbox_usage *u, struct wn_buf *out)
{
	amount(r, TR(r, "cpu", "المعالج"), limit_of(u, MODEL_SANDBOX_LIMIT_NAME_PROCESSOR), 1, " %",
	       out);
	amount(r, TR(r, "memory", "الذاكرة"), limit_of(u, MODEL_SANDBOX_LIMIT_NAME_MEMORY), MIB,
	       " MiB", out);
	amount(r, TR(r, "processes", "العمليات"), limit_of(u, MODEL_SANDBOX_LIMIT_NAME_PROCESSES),
	       1, "", out);
	amount(r, TR(r, "disk", "القرص"), limit_of(u, MODEL_SANDBOX_LIMIT_NAME_DISK), MIB, " MiB",
	       out);
}

static void
on_usage(void *arg, wn_err err, const struct sandbox_usage_result *res, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct run *r = arg;
	struct wn_buf b;

	(void)attachment;
	(void)d;
	r->usage_asked = false;
	if (err != 0)
		return;
	wn_buf_init(&b, sizeof r->usage - 1);
	if (r->state == RUN_RUNNING && res->workspaces_len > 0)
		words(r, &res->workspaces[0], &b);
	snprintf(r->usage, sizeof r->usage, "%s", b.p != NULL ? b.p : "");
	wn_buf_fini(&b);
	run_redraw(r);
}

static void
ask(struct run *r)
{
	struct sandbox_usage_params p = { .workspace = wn_str(r->workspace) };
	struct wn_diag d = { 0 };

	if (r->usage_asked || r->state != RUN_RUNNING)
		return;
	r->usage_asked =
		wn_call_sandbox_usage(r->host->ops->engine(r->host), &p, on_usage, r, &d) == 0;
}

static void
on_subscribed(void *arg, wn_err err, const struct signal_subscribe_result *res,
	      struct wn_str attachment, const struct wn_diag *d)
{
	struct run *r = arg;

	(void)attachment;
	(void)d;
	if (err == 0)
		r->signal_stream = res->stream;
}

static void
on_signal(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct run *r = arg;
	struct signal_item_note note;
	struct wn_arena arena;

	(void)method;
	(void)attachment;
	if (r->signal_stream == 0)
		return;
	wn_arena_init(&arena, 65536);
	if (signal_item_note_parse(params, &arena, &note, NULL) == 0 &&
	    note.stream == r->signal_stream)
		ask(r);
	wn_arena_fini(&arena);
}

void
run_usage_begin(struct run *r)
{
	static struct wn_str const topics[] = { { "sandbox.usage", 13 } };
	struct signal_subscribe_params p = { .topics = (struct wn_str *)(uintptr_t)topics,
					     .topics_len = 1,
					     .subject = wn_str(r->workspace),
					     .credit = SIGNALS };
	struct wn_diag d = { 0 };

	if (r->state != RUN_RUNNING) {
		r->usage[0] = '\0';
		return;
	}
	if (r->signal_stream == 0 && !r->signal_asked)
		r->signal_asked = wn_call_signal_subscribe(r->host->ops->engine(r->host), &p,
							   on_subscribed, r, &d) == 0;
	ask(r);
}

void
run_usage_listen(struct run *r)
{
	r->host->ops->listen(r->host, "signal.item", on_signal, r);
}
