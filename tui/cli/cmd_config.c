/*
 * config: the engine's settings, their values and where those come from.
 */
#include <string.h>

#include "gen/engine_types.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

static int
list(struct cli *c)
{
	static const char *const heads[] = { "SETTING", "VALUE", "FROM", "WHAT IT IS" };
	struct config_list_params params = { .prefix = wn_str(cli_word(c, 1)) };
	struct config_list_result r;
	struct cli_table t;
	int code = CLI_ASK(c, config_list, "config.list", &params, &r);

	if (code != CLI_OK)
		return code;
	for (size_t i = 0; c->json && i < r.settings_len; i++)
		cli_json_item(c, &model_setting_shape, &r.settings[i]);
	if (c->json)
		return CLI_OK;
	cli_table_init(&t, c, 4, heads);
	for (size_t i = 0; i < r.settings_len; i++) {
		cli_table_add(&t, r.settings[i].name);
		cli_table_add(&t, r.settings[i].value);
		cli_table_add(&t, wn_str(model_setting_source_name(r.settings[i].source)));
		cli_table_add(&t, r.settings[i].summary);
	}
	cli_table_print(&t);
	return CLI_OK;
}

static int
get(struct cli *c)
{
	struct config_get_params params = { .name = wn_str(cli_word(c, 1)) };
	struct config_get_result r;
	int code;

	if (c->nwords != 2)
		return cli_usage(c, "config get takes one setting");
	code = CLI_ASK(c, config_get, "config.get", &params, &r);
	if (code != CLI_OK)
		return code;
	if (c->json)
		cli_json_item(c, &model_setting_shape, &r.setting);
	else
		cli_printf(c, "%.*s\n", WN_STR_ARG(r.setting.value));
	return CLI_OK;
}

static int
exec(struct cli *c)
{
	const char *verb = c->nwords > 0 ? cli_word(c, 0) : "list";

	if (strcmp(verb, "list") == 0)
		return list(c);
	if (strcmp(verb, "get") == 0)
		return get(c);
	return cli_usage(c, "config can list and get, not \"%s\"", verb);
}

const struct cli_command cli_config = {
	.name = "config",
	.args = "list [PREFIX] | get SETTING",
	.summary = "show the engine's settings",
	.more = "They are changed in ~/.config/webnova/config.toml, by environment or by flags of "
		"webnovad.",
	.max = 2,
	.exec = exec,
};
