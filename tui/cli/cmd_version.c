/*
 * version: of this program, and of the engine when one runs.
 */
#include "runtime/base/json.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static int
exec(struct cli *c)
{
	struct wn_diag d = { 0 };
	struct wn_json *j = NULL;
	const char *engine = NULL;

	if (cli_try_connect(c, false, &d) == 0 &&
	    wn_json_parse(wn_client_hello(wn_sync_client(c->sync)), NULL, &j, NULL) == 0)
		engine = wn_json_get_str(j, "version", NULL);
	if (c->json) {
		struct wn_json *out = wn_json_new_object();
		struct wn_buf b;

		wn_json_set_str(out, "webnova", WN_VERSION);
		wn_json_set_str(out, "webnovad", engine);
		wn_buf_init(&b, 4096);
		if (wn_json_print(out, &b) == 0)
			cli_json_line(c, wn_buf_view(&b));
		wn_buf_fini(&b);
		wn_json_free(out);
	} else {
		cli_printf(c, "webnova %s\n", WN_VERSION);
		cli_printf(c, "webnovad %s\n", engine != NULL ? engine : "(not running)");
	}
	wn_json_free(j);
	return CLI_OK;
}

const struct cli_command cli_version = {
	.name = "version",
	.args = "",
	.summary = "say the versions of both programs",
	.exec = exec,
};
