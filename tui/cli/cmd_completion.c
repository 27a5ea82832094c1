/*
 * completion: what a shell needs to complete our words, written from the table of commands.
 */
#include <string.h>

#include "tui/cli/commands.h"
#include "tui/cli/print.h"

/* Commands whose first word is one of these rather than a path. */
static const struct {
	const char *command, *words;
} verbs[] = {
	{ "blueprint", "check explain diff graph edit convert draft templates import" },
	{ "config", "list get" },
	{ "engine", "start stop status" },
	{ "completion", "bash zsh fish" },
	{ "db", "list create start stop query backup backups restore branch delete" },
	{ "secrets", "list set get delete revert import rotate status unlock passphrase" },
};

static const char *
verbs_of(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].command, name) == 0)
			return verbs[i].words;
	return NULL;
}

static void
names(struct cli *c)
{
	for (size_t i = 0; cli_commands[i] != NULL; i++)
		cli_printf(c, "%s%s", i > 0 ? " " : "", cli_commands[i]->name);
}

static void
flags(struct cli *c, const struct cli_command *cmd)
{
	for (const struct cli_option *o = cmd->options; o != NULL && o->name != NULL; o++)
		cli_printf(c, "--%s ", o->name);
	cli_printf(c, "--json --quiet --yes --engine --help");
}

static void
bash(struct cli *c)
{
	cli_printf(c, "# bash completion of webnova: webnova completion bash > "
		      "~/.local/share/bash-completion/completions/webnova\n"
		      "_webnova()\n{\n"
		      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} cmd= i words=\n"
		      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
		      "\t\tcase ${COMP_WORDS[i]} in\n\t\t--engine) ((i++)) ;;\n\t\t-*) ;;\n"
		      "\t\t*) cmd=${COMP_WORDS[i]}; break ;;\n\t\tesac\n\tdone\n"
		      "\tcase $cmd in\n\t'') words='");
	names(c);
	cli_printf(c, "' ;;\n\thelp) words='");
	names(c);
	cli_printf(c, "' ;;\n");
	for (size_t i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *cmd = cli_commands[i];
		const char *v = verbs_of(cmd->name);

		if (strcmp(cmd->name, "help") == 0)
			continue;
		cli_printf(c, "\t%s) words='%s%s", cmd->name, v != NULL ? v : "",
			   v != NULL ? " " : "");
		flags(c, cmd);
		cli_printf(c, "' ;;\n");
	}
	cli_printf(c, "\tesac\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
		      "\t[[ ${#COMPREPLY[@]} -eq 0 ]] && COMPREPLY=($(compgen -f -- \"$cur\"))\n}\n"
		      "complete -o filenames -F _webnova webnova\n");
}

/* Text inside single quotes of zsh and fish. */
static const char *
quoted(struct cli *c, const char *text)
{
	struct wn_buf b;
	const char *out;

	wn_buf_init(&b, 65536);
	for (; *text != '\0'; text++)
		(void)(*text == '\'' ? wn_buf_cstr(&b, "'\\''") : wn_buf_chr(&b, *text));
	out = wn_arena_strndup(&c->arena, b.p != NULL ? b.p : "", b.len);
	wn_buf_fini(&b);
	return out;
}

static void
zsh(struct cli *c)
{
	cli_printf(c, "#compdef webnova\n# zsh completion of webnova: put it into a directory of "
		      "$fpath as _webnova\n"
		      "_webnova() {\n\tlocal -a cmds\n\tcmds=(\n");
	for (size_t i = 0; cli_commands[i] != NULL; i++)
		cli_printf(c, "\t\t'%s:%s'\n", cli_commands[i]->name,
			   quoted(c, cli_commands[i]->summary));
	cli_printf(c, "\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command "
		      "cmds\n\t\t_files\n\t\treturn\n\tfi\n"
		      "\tcase $words[2] in\n");
	for (size_t i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *cmd = cli_commands[i];
		const char *v = verbs_of(cmd->name);

		cli_printf(c, "\t%s) compadd -- ", cmd->name);
		if (v != NULL)
			cli_printf(c, "%s ", v);
		if (strcmp(cmd->name, "help") == 0)
			names(c);
		else
			flags(c, cmd);
		cli_printf(c, " ;;\n");
	}
	cli_printf(c, "\tesac\n\t_files\n}\ncompdef _webnova webnova\n");
}

static void
fish(struct cli *c)
{
	cli_printf(c, "# fish completion of webnova: webnova completion fish > "
		      "~/.config/fish/completions/webnova.fish\n");
	for (size_t i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *cmd = cli_commands[i];
		const char *v = verbs_of(cmd->name);

		cli_printf(c, "complete -c webnova -n __fish_use_subcommand -a %s -d '%s'\n",
			   cmd->name, quoted(c, cmd->summary));
		if (v != NULL)
			cli_printf(
				c,
				"complete -c webnova -n '__fish_seen_subcommand_from %s' -a '%s'\n",
				cmd->name, v);
		for (const struct cli_option *o = cmd->options; o != NULL && o->name != NULL; o++)
			cli_printf(c,
				   "complete -c webnova -n '__fish_seen_subcommand_from %s' -l "
				   "%s%s%s -d '%s'\n",
				   cmd->name, o->name,
				   o->letter != 0 ? wn_arena_printf(&c->arena, " -s %c", o->letter)
						  : "",
				   o->value != NULL ? " -r" : "", quoted(c, o->help));
	}
	cli_printf(c, "complete -c webnova -l json -d 'one JSON object a line'\n"
		      "complete -c webnova -l quiet -s q\ncomplete -c webnova -l yes -s y\n"
		      "complete -c webnova -l engine -r\ncomplete -c webnova -l help -s h\n");
}

static int
exec(struct cli *c)
{
	const char *shell = cli_word(c, 0);

	if (strcmp(shell, "bash") == 0)
		bash(c);
	else if (strcmp(shell, "zsh") == 0)
		zsh(c);
	else if (strcmp(shell, "fish") == 0)
		fish(c);
	else
		return cli_usage(c, "completions are for bash, zsh and fish, not \"%s\"", shell);
	return CLI_OK;
}

const struct cli_command cli_completion = {
	.name = "completion",
	.args = "bash|zsh|fish",
	.summary = "print the completions of a shell",
	.min = 1,
	.max = 1,
	.exec = exec,
};
