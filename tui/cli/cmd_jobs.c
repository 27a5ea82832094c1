/*
 * jobs: what the engine works at, and what it worked at.
 */
#include "gen/engine_types.h"
#include "runtime/base/clock.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "state", 's', "STATE", "only running, finished, failed or cancelled ones" },
	{ "limit", 'n', "N", "at most so many (20)" },
	{ NULL, 0, NULL, NULL },
};

static const char *
took(struct cli *c, const struct model_job *j)
{
	int64_t ms = j->has_ended ? j->ended - j->started : wn_now_ms(wn_clock_real()) - j->started;

	return wn_arena_printf(&c->arena, "%lld.%lld s", (long long)(ms / 1000),
			       (long long)(ms % 1000 / 100));
}

static void
add_row(struct cli_table *t, const struct model_job *j)
{
	cli_table_add(t, j->job);
	cli_table_add(t, j->kind);
	cli_table_add(t, wn_str(model_job_state_name(j->state)));
	cli_table_add(t, wn_str(cli_time(t->c, j->started)));
	cli_table_add(t, wn_str(took(t->c, j)));
	cli_table_add(t, j->error != NULL ? j->error->text : j->text);
}

static int
exec(struct cli *c)
{
	static const char *const heads[] = { "JOB", "KIND", "STATE", "STARTED", "TOOK", "TEXT" };
	const char *state = cli_opt(c, "state");
	struct job_list_params params = { .has_limit = true, .limit = 20 };
	struct job_list_result list;
	struct cli_table t;
	int code;

	if (!cli_opt_int(c, "limit", 1, 1000, &params.limit))
		return CLI_USAGE;
	if (state != NULL && (params.state = job_list_params_state_value(wn_str(state))) == 0)
		return cli_usage(c, "a job is running, finished, failed or cancelled, not \"%s\"",
				 state);
	code = CLI_ASK(c, job_list, "job.list", &params, &list);
	if (code != CLI_OK)
		return code;
	for (size_t i = 0; c->json && i < list.jobs_len; i++)
		cli_json_item(c, &model_job_shape, &list.jobs[i]);
	if (c->json)
		return CLI_OK;
	if (list.jobs_len == 0) {
		cli_say(c, "no jobs\n");
		return CLI_OK;
	}
	cli_table_init(&t, c, 6, heads);
	for (size_t i = 0; i < list.jobs_len; i++)
		add_row(&t, &list.jobs[i]);
	cli_table_print(&t);
	return CLI_OK;
}

const struct cli_command cli_jobs = {
	.name = "jobs",
	.args = "[--state STATE] [-n N]",
	.summary = "list the engine's jobs",
	.options = options,
	.exec = exec,
};
