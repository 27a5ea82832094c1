/*
 * engine: starts, stops and describes the engine.
 */
#include <string.h>

#include "gen/engine_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static void
show(struct cli *c, const struct engine_info_result *r)
{
	if (c->json) {
		cli_json_item(c, &engine_info_result_shape, r);
		return;
	}
	cli_printf(c, "webnovad %.*s, process %lld, since %s\n", WN_STR_ARG(r->version),
		   (long long)r->pid, cli_time(c, r->started));
	cli_printf(c, "socket   %.*s\n", WN_STR_ARG(r->socket));
	cli_printf(c, "state    %.*s\n", WN_STR_ARG(r->state_dir));
	cli_printf(c, "log      %.*s\n", WN_STR_ARG(r->log));
	cli_printf(c, "store    %s%s%.*s, %lld events\n", engine_info_result_store_name(r->store),
		   r->store_why.len > 0 ? ": " : "", WN_STR_ARG(r->store_why), (long long)r->seq);
	cli_printf(c, "now      %lld connections, %lld jobs\n", (long long)r->connections,
		   (long long)r->jobs);
	cli_printf(c, "modules ");
	for (size_t i = 0; i < r->modules_len; i++)
		cli_printf(c, " %.*s", WN_STR_ARG(r->modules[i].name));
	cli_printf(c, "\n");
}

static int
status(struct cli *c, bool start)
{
	struct engine_info_params params = { 0 };
	struct engine_info_result r;
	struct wn_diag d = { 0 };
	int code;

	if (cli_try_connect(c, start, &d) != 0) {
		(void)cli_fail(c, &d);
		return CLI_UNREACHABLE;
	}
	code = CLI_ASK(c, engine_info, "engine.info", &params, &r);
	if (code == CLI_OK)
		show(c, &r);
	return code;
}

static int
stop(struct cli *c)
{
	struct engine_stop_params params = { 0 };
	struct engine_stop_result r;
	struct wn_diag d = { 0 };
	int code;

	if (cli_try_connect(c, false, &d) != 0) {
		cli_say(c, "no engine runs\n");
		return CLI_OK;
	}
	code = CLI_ASK(c, engine_stop, "engine.stop", &params, &r);
	if (code != CLI_OK)
		return code;
	/* It closes the connection when it has ended its work. */
	(void)cli_call(c, "engine.ping", WN_STR("{}"), false, &d);
	cli_say(c, "the engine ends; platforms and terminals go on\n");
	return CLI_OK;
}

static int
exec(struct cli *c)
{
	const char *verb = c->nwords > 0 ? cli_word(c, 0) : "status";

	if (strcmp(verb, "status") == 0)
		return status(c, false);
	if (strcmp(verb, "start") == 0)
		return status(c, true);
	if (strcmp(verb, "stop") == 0)
		return stop(c);
	return cli_usage(c, "the engine can start, stop and status, not \"%s\"", verb);
}

const struct cli_command cli_engine = {
	.name = "engine",
	.args = "start | stop | status",
	.summary = "start, stop or describe the engine",
	.more = "Every command starts it when it does not run. What it keeps running goes on "
		"without it.",
	.max = 1,
	.exec = exec,
};
