/*
 * rpc: any method of the engine, with its progress. The answer is the result as JSON.
 */
#include <string.h>

#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "raw", 0, NULL, "the attachment of the answer instead of the answer" },
	{ NULL, 0, NULL, NULL },
};

static int
exec(struct cli *c)
{
	const char *text = cli_word(c, 1);
	struct wn_str params = WN_STR("{}");
	struct wn_diag d = { 0 };
	int code = CLI_OK;

	if (text != NULL && strcmp(text, "-") == 0)
		code = cli_document(c, "-", &params);
	else if (text != NULL)
		code = cli_object(c, text, &params);
	if (code == CLI_OK)
		code = cli_connect(c);
	if (code != CLI_OK)
		return code;
	if (cli_call(c, cli_word(c, 0), params, true, &d) != 0)
		return cli_fail(c, &d);
	if (cli_opt(c, "raw") != NULL)
		(void)fwrite(c->attachment.len > 0 ? c->attachment.p : "", 1, c->attachment.len,
			     stdout);
	else
		cli_json_line(c, wn_buf_view(&c->raw));
	return CLI_OK;
}

const struct cli_command cli_rpc = {
	.name = "rpc",
	.args = "METHOD [JSON|-] [--raw]",
	.summary = "call a method of the engine",
	.more = "JSON is the object of parameters; - reads it from standard input. `webnova rpc "
		"rpc.discover` lists the\n"
		"methods.",
	.options = options,
	.min = 1,
	.max = 2,
	.exec = exec,
};
