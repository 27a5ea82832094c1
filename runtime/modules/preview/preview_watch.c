/*
 * Looks at a running service through its shim, every few seconds: whether it was asked anything,
 * which makes being busy its right, and whether its log floods. Loop thread.
 */
#include <stdio.h>

#include "runtime/base/json.h"
#include "runtime/modules/preview/preview.h"

#define LOOK_MS 5000
#define FLOODS 2 /* looks in a row: ten seconds */
#define SECOND_NS INT64_C(1000000000)

static const struct wn_iface_sandbox *
sandbox(const struct preview_item *it)
{
	return (const struct wn_iface_sandbox *)it->m->bound[NEED_SANDBOX].vtable;
}

/* Lines a second since the last look, against what is allowed. */
static void
look_at_log(struct preview_item *it, int64_t lines, int64_t now)
{
	const struct wn_host *h = it->m->host;
	int64_t most = h->config_int(h, "preview.log_lines_per_second"), rate = 0;
	char words[160];

	if (it->watched_ns > 0 && now > it->watched_ns && lines > it->lines)
		rate = (lines - it->lines) * 1000 /
		       ((now - it->watched_ns) / (SECOND_NS / 1000) + 1);
	it->floods = most > 0 && rate > most ? it->floods + 1 : 0;
	if (it->floods < FLOODS)
		return;
	snprintf(words, sizeof words, "it wrote %lld log lines a second, of the %lld it may",
		 (long long)rate, (long long)most);
	sandbox(it)->stop(it->m->bound[NEED_SANDBOX].mod, it->workspace, WN_SANDBOX_LOG_FLOOD,
			  words, "preview.log_lines_per_second");
}

/* Asking for one place after another that it may not reach is a search. */
static void
look_at_way_out(struct preview_item *it)
{
	const struct wn_host *h = it->m->host;
	int64_t most = h->config_int(h, "preview.egress_scan"), n;
	char words[160];

	if (most == 0 || !preview_egress_is_on(h))
		return;
	n = preview_egress_refused(h, it->workspace);
	if (n < most)
		return;
	snprintf(words, sizeof words,
		 "it asked for %lld different places in a minute that it may not reach",
		 (long long)n);
	sandbox(it)->stop(it->m->bound[NEED_SANDBOX].mod, it->workspace, WN_SANDBOX_PORT_SCAN,
			  words, "preview.egress_scan");
}

static void
on_hello(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
	 const struct wn_diag *d)
{
	struct preview_item *it = (struct preview_item *)arg;
	int64_t now = wn_mono_ns(it->m->host->clock), asked, lines;
	struct wn_json *j = NULL;

	(void)attachment;
	(void)d;
	if (err || !it->watch || wn_json_parse(result, NULL, &j, NULL))
		return;
	asked = (int64_t)wn_json_get_num(j, "asked", 0);
	lines = (int64_t)wn_json_get_num(j, "next", 0);
	wn_json_free(j);
	if (asked > it->asked)
		sandbox(it)->requested(it->m->bound[NEED_SANDBOX].mod, it->workspace);
	look_at_log(it, lines, now);
	look_at_way_out(it);
	it->asked = asked;
	it->lines = lines;
	it->watched_ns = now;
}

static void
look(void *arg)
{
	struct preview_item *it = (struct preview_item *)arg;

	if (it->link)
		(void)it->m->host->link_call(it->link, "shim.hello", WN_STR("{}"), WN_STR_NONE,
					     on_hello, it);
}

void
preview_watch_start(struct preview_item *it)
{
	preview_watch_stop(it);
	it->asked = it->lines = it->watched_ns = 0;
	it->floods = 0;
	it->watch = it->m->host->timer_start(it->m, LOOK_MS, LOOK_MS, look, it);
}

void
preview_watch_stop(struct preview_item *it)
{
	it->m->host->timer_stop(it->m, it->watch);
	it->watch = NULL;
}
