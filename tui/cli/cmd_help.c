/*
 * help: the commands, or one of them.
 */
#include <string.h>

#include "runtime/base/json_write.h"
#include "tui/cli/commands.h"
#include "tui/cli/man.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "man", 0, NULL, "as a manual page, in roff" },
	{ NULL, 0, NULL, NULL },
};

static void
show_options(struct cli *c, const struct cli_option *o)
{
	for (; o != NULL && o->name != NULL; o++) {
		const char *letter =
			o->letter != 0 ? wn_arena_printf(&c->arena, "-%c, ", o->letter) : "    ";
		const char *text = wn_arena_printf(&c->arena, "  %s--%s%s%s", letter, o->name,
						   o->value != NULL ? " " : "",
						   o->value != NULL ? o->value : "");

		cli_cell_out(c, CLI_PLAIN, wn_str(text), 28);
		cli_printf(c, "%s\n", o->help);
	}
}

static void
show_one(struct cli *c, const struct cli_command *cmd)
{
	cli_printf(c, "usage: webnova %s %s\n\n%s\n", cmd->name, cmd->args, cmd->summary);
	if (cmd->more != NULL)
		cli_printf(c, "%s\n", cmd->more);
	if (cmd->alias != NULL)
		cli_printf(c, "Also called %s.\n", cmd->alias);
	if (cmd->options != NULL)
		cli_printf(c, "\n");
	show_options(c, cmd->options);
}

static void
show_json(struct cli *c)
{
	for (size_t i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *cmd = cli_commands[i];
		struct wn_buf b;
		struct wn_jw w;

		wn_buf_init(&b, 65536);
		wn_jw_init(&w, &b);
		wn_jw_object(&w);
		wn_jw_kstr(&w, "name", cmd->name);
		wn_jw_kstr(&w, "args", cmd->args);
		wn_jw_kstr(&w, "summary", cmd->summary);
		wn_jw_object_end(&w);
		cli_json_line(c, wn_buf_view(&b));
		wn_buf_fini(&b);
	}
}

static void
show_all(struct cli *c)
{
	cli_printf(c, "webnova [FOLDER|FILE]           open the IDE\n"
		      "webnova COMMAND ...             one command, then back to the shell\n\n");
	for (size_t i = 0; cli_commands[i] != NULL; i++) {
		cli_printf(c, "  ");
		cli_cell_out(c, CLI_BOLD, wn_str(cli_commands[i]->name), 12);
		cli_printf(c, "%s\n", cli_commands[i]->summary);
	}
	cli_printf(
		c,
		"\nwebnova help COMMAND says more. Everywhere: --json (one object a line), "
		"--quiet, --yes,\n"
		"--engine unix:PATH|ssh://[user@]host[:port]|stdio:COMMAND. DIR is the workspace "
		"at or above\n"
		"the current directory by default.\n"
		"Exit codes: 0 done, 1 failed, 2 wrongly written, 3 needs --yes, 4 no engine.\n");
}

static int
exec(struct cli *c)
{
	const char *name = cli_word(c, 0);
	const struct cli_command *cmd = name != NULL ? cli_find(name) : NULL;

	if (name != NULL && cmd == NULL) {
		const char *near = cli_nearest(name);

		return near != NULL ? cli_usage(c, "there is no command \"%s\"; did you mean %s?",
						name, near)
				    : cli_usage(c, "there is no command \"%s\"", name);
	}
	if (cli_opt(c, "man") != NULL)
		cmd != NULL ? cli_man_command(c, cmd) : cli_man_program(c);
	else if (cmd != NULL)
		show_one(c, cmd);
	else if (c->json)
		show_json(c);
	else
		show_all(c);
	return CLI_OK;
}

const struct cli_command cli_help = {
	.name = "help",
	.args = "[COMMAND] [--man]",
	.summary = "say what a command does",
	.options = options,
	.max = 1,
	.exec = exec,
};
