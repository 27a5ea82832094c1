/*
 * Manual pages written from the table of commands, in the man(7) macros. They can say nothing that
 * help does not.
 */
#include <ctype.h>
#include <string.h>

#include "tui/cli/commands.h"
#include "tui/cli/man.h"
#include "tui/cli/print.h"

/* Text as roff reads it back: a backslash, a dash and a line that starts with a control character
 * would be taken for requests. */
static const char *
roff(struct cli *c, const char *text)
{
	struct wn_buf b;
	const char *out;
	bool line_start = true;

	wn_buf_init(&b, 65536);
	for (; *text != '\0'; text++) {
		if (line_start && (*text == '.' || *text == '\''))
			(void)wn_buf_cstr(&b, "\\&");
		if (*text == '\\')
			(void)wn_buf_cstr(&b, "\\e");
		else if (*text == '-')
			(void)wn_buf_cstr(&b, "\\-");
		else if (!(line_start && *text == ' '))
			(void)wn_buf_chr(&b, *text);
		line_start = *text == '\n' || (line_start && *text == ' ');
	}
	out = wn_arena_strndup(&c->arena, b.p != NULL ? b.p : "", b.len);
	wn_buf_fini(&b);
	return out;
}

static const char *
upper(struct cli *c, const char *name)
{
	char *out = wn_arena_strndup(&c->arena, name, strlen(name));

	for (char *p = out; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return out;
}

static void
head(struct cli *c, const char *page, const char *summary)
{
	cli_printf(c, ".TH %s 1 \"\" \"WebNova %s\" \"WebNova\"\n.SH NAME\n%s \\- %s\n",
		   roff(c, upper(c, page)), WN_VERSION, roff(c, page), roff(c, summary));
}

static void
option(struct cli *c, const struct cli_option *o)
{
	cli_printf(c, ".TP\n");
	if (o->letter != 0)
		cli_printf(c, "\\fB\\-%c\\fR, ", o->letter);
	cli_printf(c, "\\fB\\-\\-%s\\fR", roff(c, o->name));
	if (o->value != NULL)
		cli_printf(c, " \\fI%s\\fR", roff(c, o->value));
	cli_printf(c, "\n%s\n", roff(c, o->help));
}

static void
global_options(struct cli *c)
{
	for (const struct cli_option *o = cli_global_options; o->name != NULL; o++)
		option(c, o);
}

static void
exit_status(struct cli *c)
{
	cli_printf(c,
		   ".SH EXIT STATUS\n.TP\n0\nDone.\n.TP\n1\nFailed; the message says what happened "
		   "and what to do.\n"
		   ".TP\n2\nWrongly written.\n.TP\n3\nNeeds consent: say it again with \\-\\-yes.\n"
		   ".TP\n4\nThe engine cannot be reached, or was lost.\n");
}

void
cli_man_command(struct cli *c, const struct cli_command *cmd)
{
	const char *page = wn_arena_printf(&c->arena, "webnova-%s", cmd->name);

	head(c, page, cmd->summary);
	cli_printf(c, ".SH SYNOPSIS\n\\fBwebnova %s\\fR %s\n", roff(c, cmd->name),
		   roff(c, cmd->args));
	if (cmd->more != NULL || cmd->alias != NULL)
		cli_printf(c, ".SH DESCRIPTION\n");
	if (cmd->more != NULL)
		cli_printf(c, "%s\n", roff(c, cmd->more));
	if (cmd->alias != NULL)
		cli_printf(c, "Also called \\fB%s\\fR.\n", roff(c, cmd->alias));
	cli_printf(c, ".SH OPTIONS\n");
	for (const struct cli_option *o = cmd->options; o != NULL && o->name != NULL; o++)
		option(c, o);
	global_options(c);
	exit_status(c);
	cli_printf(c, ".SH SEE ALSO\n\\fBwebnova\\fR(1)\n");
}

void
cli_man_program(struct cli *c)
{
	head(c, "webnova", "terminal IDE, and the commands of its engine");
	cli_printf(c, ".SH SYNOPSIS\n\\fBwebnova\\fR [\\fIoptions\\fR] "
		      "[\\fIFOLDER\\fR|\\fIFILE\\fR]\n.br\n"
		      "\\fBwebnova\\fR \\fICOMMAND\\fR ...\n.SH DESCRIPTION\n"
		      "Without a command the IDE opens. F1 shows its help, Ctrl\\-P every command "
		      "and its key.\n"
		      "With a command one thing is done through the same engine, and the shell "
		      "comes back.\n"
		      "An engine is started when none runs.\n.SH COMMANDS\n");
	for (size_t i = 0; cli_commands[i] != NULL; i++)
		cli_printf(c, ".TP\n\\fBwebnova\\-%s\\fR(1)\n%s\n", roff(c, cli_commands[i]->name),
			   roff(c, cli_commands[i]->summary));
	cli_printf(c, ".SH OPTIONS\n");
	global_options(c);
	exit_status(c);
	cli_printf(c, ".SH ENVIRONMENT\n.TP\nWEBNOVA_ENGINE\nThe default of \\-\\-engine.\n"
		      ".TP\nWEBNOVA_SSH\nThe ssh command for engines named by ssh://.\n"
		      ".TP\nNO_COLOR\nNo colours.\n.SH SEE ALSO\n\\fBwebnovad\\fR(1)\n");
}
