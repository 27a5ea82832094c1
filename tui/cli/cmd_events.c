/*
 * events: the log, from any point of it, and what comes.
 */
#include <stdlib.h>
#include <string.h>

#include "gen/engine_types.h"
#include "runtime/base/vec.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"
#include "tui/cli/story.h"

#define CREDIT 256
#define CREDIT_AGAIN 128
#define PAGE 500
#define TYPES_MAX 64
#define GROUPS_MAX 1000 /* correlations looked up for one workspace */

static const struct cli_option options[] = {
	{ "follow", 'f', NULL, "go on with what comes" },
	{ "type", 't', "TYPE", "only these: snapshot.created or snapshot.*; may be given again" },
	{ "workspace", 'w', "DIR",
	  "only what belongs to this workspace, with the jobs that did it" },
	{ "after", 0, "SEQ", "all events after this number (default: the last ones)" },
	{ "limit", 'n', "N", "how many of the past without --after (100)" },
	{ NULL, 0, NULL, NULL },
};

struct events {
	struct cli *c;
	struct story *story;
	struct wn_str types[TYPES_MAX];
	size_t ntypes;
	struct wn_str stream; /* of the workspace; empty: all */
	int64_t shown;	      /* seq of the last one */
	int64_t live;	      /* number of the subscription */
	int taken;
	bool ended;
	WN_VEC(struct model_event) list;
	WN_VEC(const char *) groups; /* correlations that belong to the workspace */
};

static int
read_types(struct events *e)
{
	struct cli *c = e->c;

	for (int i = 0; i < c->ngiven; i++) {
		struct wn_str rest = wn_str(c->given[i].value), one;

		if (strcmp(c->given[i].option->name, "type") != 0)
			continue;
		while (wn_str_split(&rest, ',', &one)) {
			if (one.len == 0)
				continue;
			if (e->ntypes == TYPES_MAX)
				return cli_usage(c, "more than %d types", TYPES_MAX);
			e->types[e->ntypes++] = one;
		}
	}
	return CLI_OK;
}

/* ---- the past ---- */

static int
by_seq(const void *a, const void *b)
{
	const struct model_event *x = a, *y = b;

	return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static int
fetch(struct events *e, struct event_list_params *p, struct event_list_result *r)
{
	int code;

	p->types = e->ntypes > 0 ? e->types : NULL;
	p->types_len = e->ntypes;
	code = CLI_ASK(e->c, event_list, "event.list", p, r);
	for (size_t i = 0; code == CLI_OK && i < r->events_len; i++)
		wn_vec_push(&e->list, r->events[i]);
	return code;
}

/* The newest few, or all after a number, page by page. */
static int
fetch_past(struct events *e, int64_t after, int64_t limit)
{
	struct event_list_params p = { .stream = e->stream, .has_limit = true, .limit = PAGE };
	struct event_list_result r = { 0 };
	int code;

	if (after < 0) {
		p.limit = limit;
		p.has_newest_first = p.newest_first = true;
		return fetch(e, &p, &r);
	}
	do {
		p.has_after = true;
		p.after = after;
		code = fetch(e, &p, &r);
		if (code == CLI_OK && r.events_len > 0)
			after = r.events[r.events_len - 1].seq;
	} while (code == CLI_OK && r.events_len == PAGE);
	return code;
}

static bool
is_of_group(const struct events *e, struct wn_str correlation)
{
	for (size_t i = 0; i < e->groups.len; i++)
		if (wn_str_is(correlation, e->groups.p[i]))
			return true;
	return false;
}

static void
learn_group(struct events *e, const struct model_event *ev)
{
	if (ev->correlation.len > 0 && e->groups.len < GROUPS_MAX &&
	    !is_of_group(e, ev->correlation))
		wn_vec_push(&e->groups,
			    wn_arena_strndup(&e->c->arena, ev->correlation.p, ev->correlation.len));
}

/* A workspace's events name what they belong to; the jobs behind them are found by that. */
static int
widen(struct events *e)
{
	size_t own = e->list.len, kept = 0;
	int code = CLI_OK;

	for (size_t i = 0; i < own; i++)
		learn_group(e, &e->list.p[i]);
	for (size_t i = 0; i < e->groups.len && code == CLI_OK; i++) {
		struct event_list_params p = { .correlation = wn_str(e->groups.p[i]),
					       .has_limit = true,
					       .limit = 1000 };
		struct event_list_result r = { 0 };

		code = fetch(e, &p, &r);
	}
	qsort(e->list.p, e->list.len, sizeof *e->list.p, by_seq);
	for (size_t i = 0; i < e->list.len; i++)
		if (kept == 0 || e->list.p[kept - 1].seq != e->list.p[i].seq)
			e->list.p[kept++] = e->list.p[i];
	e->list.len = kept;
	return code;
}

static int
past(struct events *e, int64_t after, int64_t limit)
{
	int code = fetch_past(e, after, limit);

	if (code == CLI_OK && e->stream.len > 0)
		code = widen(e);
	if (e->list.len > 0)
		qsort(e->list.p, e->list.len, sizeof *e->list.p, by_seq);
	for (size_t i = 0; code == CLI_OK && i < e->list.len; i++) {
		story_show(e->story, &e->list.p[i]);
		e->shown = e->list.p[i].seq;
	}
	return code;
}

/* ---- what comes ---- */

static void
ignore(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
       const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)result;
	(void)attachment;
	(void)d;
}

static void
grant(struct events *e)
{
	struct wn_rpc_port *port = wn_client_port(wn_sync_client(e->c->sync));
	char params[80];

	if (++e->taken < CREDIT_AGAIN)
		return;
	(void)snprintf(params, sizeof params, "{\"stream\":%lld,\"credit\":%d}", (long long)e->live,
		       e->taken);
	e->taken = 0;
	(void)port->call(port, "stream.credit", wn_str(params), WN_STR_NONE, ignore, NULL);
}

static bool
wanted(struct events *e, const struct model_event *ev)
{
	if (ev->seq <= e->shown)
		return false;
	if (e->stream.len == 0)
		return true;
	if (wn_str_eq(ev->stream, e->stream)) {
		learn_group(e, ev);
		return true;
	}
	return is_of_group(e, ev->correlation);
}

static void
on_note(struct cli *c, struct wn_str method, struct wn_str params)
{
	struct events *e = c->note_arg;
	struct event_item_note note;
	struct wn_arena arena;

	if (wn_str_is(method, "stream.closed")) {
		e->ended = true;
		return;
	}
	wn_arena_init(&arena, 0);
	if (wn_str_is(method, "event.item") &&
	    event_item_note_parse(params, &arena, &note, NULL) == 0) {
		e->live = note.stream;
		if (wanted(e, &note.event)) {
			story_show(e->story, &note.event);
			e->ended = e->ended || fflush(stdout) != 0;
		}
		grant(e);
	}
	wn_arena_fini(&arena);
}

static bool
has_ended(void *arg)
{
	return ((struct events *)arg)->ended;
}

static int
follow(struct events *e)
{
	struct event_subscribe_params p = { .credit = CREDIT,
					    .types = e->ntypes > 0 ? e->types : NULL,
					    .types_len = e->ntypes };
	struct event_subscribe_result r;
	struct wn_diag d = { 0 };
	wn_err err;
	int code;

	/* Without a past to go on from: from now. */
	p.has_after = e->shown > 0;
	p.after = e->shown;
	(void)fflush(stdout);
	e->c->note_arg = e;
	e->c->on_note = on_note;
	code = CLI_ASK(e->c, event_subscribe, "event.subscribe", &p, &r);
	if (code != CLI_OK)
		return code;
	err = wn_sync_wait(e->c->sync, has_ended, e, 0, &d);
	e->c->on_note = NULL;
	return err == 0 || err == WN_E_CANCELLED ? CLI_OK : cli_fail(e->c, &d);
}

static int
exec(struct cli *c)
{
	struct events e = { .c = c };
	struct model_workspace ws;
	int64_t after = -1, limit = 100;
	int code;

	if (!cli_opt_int(c, "after", 0, INT64_MAX, &after) ||
	    !cli_opt_int(c, "limit", 1, 1000, &limit))
		return CLI_USAGE;
	code = read_types(&e);
	if (code == CLI_OK && cli_opt(c, "workspace") != NULL) {
		code = cli_workspace(c, cli_opt(c, "workspace"), &ws);
		if (code == CLI_OK)
			e.stream = wn_str(
				wn_arena_printf(&c->arena, "workspace/%.*s", WN_STR_ARG(ws.id)));
	}
	if (code == CLI_OK)
		code = story_new(c, &e.story);
	if (code == CLI_OK)
		code = past(&e, after, limit);
	if (code == CLI_OK && cli_opt(c, "follow") != NULL)
		code = follow(&e);
	story_free(e.story);
	wn_vec_fini(&e.list);
	wn_vec_fini(&e.groups);
	return code;
}

const struct cli_command cli_events = {
	.name = "events",
	.args = "[--follow] [--type T] [--workspace DIR] [--after SEQ] [--limit N]",
	.summary = "show what happened and what led to it",
	.more = "An event stands one step to the right of the one that led to it, and names it by "
		"its number.",
	.options = options,
	.exec = exec,
};
