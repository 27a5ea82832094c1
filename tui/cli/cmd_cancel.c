/*
 * cancel: asks a job to end, and waits until it has.
 */
#include "gen/engine_types.h"
#include "runtime/base/id.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static int
exec(struct cli *c)
{
	struct job_cancel_params params = { .job = wn_str(cli_word(c, 0)) };
	struct job_wait_params wait = { .job = params.job };
	struct job_cancel_result none;
	struct job_wait_result r;
	int code;

	if (!wn_id_is_ulid(params.job))
		return cli_usage(c, "\"%s\" is no job's id; webnova jobs lists them",
				 cli_word(c, 0));
	code = CLI_ASK(c, job_cancel, "job.cancel", &params, &none);
	if (code == CLI_OK)
		code = CLI_ASK(c, job_wait, "job.wait", &wait, &r);
	if (code != CLI_OK)
		return code;
	if (c->json)
		cli_json_item(c, &job_wait_result_shape, &r);
	else
		cli_say(c, "job %.*s is %s\n", WN_STR_ARG(r.job),
			job_wait_result_state_name(r.state));
	return CLI_OK;
}

const struct cli_command cli_cancel = {
	.name = "cancel",
	.args = "JOB",
	.summary = "end a running job",
	.min = 1,
	.max = 1,
	.exec = exec,
};
