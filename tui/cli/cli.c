/*
 * The command line: reads the arguments, finds the command, runs it. Prints only what is wrong with
 * the arguments.
 */
#include "tui/cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/mem.h"
#include "tui/cli/print.h"

#define RAW_MAX ((size_t)64 << 20)

const struct cli_option cli_global_options[] = {
	{ "json", 0, NULL, "one JSON object a line" },
	{ "quiet", 'q', NULL, "no progress and no remarks" },
	{ "yes", 'y', NULL, "answer yes where a confirmation is asked" },
	{ "engine", 0, "ADDRESS", "unix:PATH, ssh://[user@]host[:port] or stdio:COMMAND" },
	{ "help", 'h', NULL, "what the command does" },
	{ NULL, 0, NULL, NULL },
};

/* ---- options ---- */

static const struct cli_option *
find_option(const struct cli_option *table, const char *text, size_t n)
{
	for (; table != NULL && table->name != NULL; table++)
		if (n == 1 ? table->letter == text[0] && table->letter != 0
			   : strlen(table->name) == n && strncmp(table->name, text, n) == 0)
			return table;
	return NULL;
}

static void
take_global(struct cli *c, const struct cli_option *o, const char *value)
{
	switch (o->name[0]) {
	case 'j':
		c->json = true;
		break;
	case 'q':
		c->quiet = true;
		break;
	case 'y':
		c->yes = true;
		break;
	case 'e':
		c->engine = value;
		break;
	default:
		c->help = true;
		break;
	}
}

/* Where the reading of the arguments is. */
struct reading {
	int argc, at;
	char **argv;
	bool words_only;
};

/* The value behind an option: after '=', or the next argument. NULL: missing. */
static const char *
value_of(struct reading *r, const char *attached)
{
	if (attached != NULL)
		return attached;
	return r->at + 1 < r->argc ? r->argv[++r->at] : NULL;
}

static int
take_option(struct cli *c, struct reading *r)
{
	const char *arg = r->argv[r->at];
	bool is_long = arg[1] == '-';
	const char *name = arg + (is_long ? 2 : 1);
	size_t n = is_long ? strcspn(name, "=") : 1;
	const char *attached = NULL, *value = "";
	const struct cli_option *o = NULL, *g;

	if (is_long && name[n] == '=')
		attached = name + n + 1;
	else if (!is_long && name[1] != '\0')
		attached = name + 1; /* "-n20" */
	if (c->command != NULL)
		o = find_option(c->command->options, name, n);
	g = o == NULL ? find_option(cli_global_options, name, n) : NULL;
	if (o == NULL && g == NULL)
		return cli_usage(c, "unknown option %s", arg);
	if ((o != NULL ? o : g)->value != NULL)
		value = value_of(r, attached);
	else if (attached != NULL)
		return cli_usage(c, "%s takes no value", arg);
	if (value == NULL)
		return cli_usage(c, "%s needs a value", arg);
	if (g != NULL) {
		take_global(c, g, value);
		return CLI_OK;
	}
	if (c->ngiven == CLI_OPTIONS)
		return cli_usage(c, "more than %d options", CLI_OPTIONS);
	c->given[c->ngiven++] = (struct cli_given){ o, value };
	return CLI_OK;
}

static int
take_word(struct cli *c, const char *word)
{
	const char *near;

	if (c->command != NULL) {
		if (c->nwords == CLI_WORDS)
			return cli_usage(c, "more than %d words", CLI_WORDS);
		c->words[c->nwords++] = word;
		return CLI_OK;
	}
	c->command = cli_find(word);
	if (c->command != NULL)
		return CLI_OK;
	near = cli_nearest(word);
	return near != NULL
		       ? cli_usage(c, "there is no command \"%s\"; did you mean %s?", word, near)
		       : cli_usage(c, "there is no command \"%s\"", word);
}

static int
read_args(struct cli *c, int argc, char **argv)
{
	struct reading r = { .argc = argc, .argv = argv };
	int code = CLI_OK;

	for (r.at = 1; r.at < argc && code == CLI_OK; r.at++) {
		const char *arg = argv[r.at];

		if (r.words_only || arg[0] != '-' || arg[1] == '\0')
			code = take_word(c, arg);
		else if (strcmp(arg, "--") == 0)
			r.words_only = true;
		else
			code = take_option(c, &r);
	}
	return code;
}

const char *
cli_opt(const struct cli *c, const char *name)
{
	for (int i = c->ngiven - 1; i >= 0; i--)
		if (strcmp(c->given[i].option->name, name) == 0)
			return c->given[i].value;
	return NULL;
}

const char *
cli_word(const struct cli *c, int n)
{
	return n < c->nwords ? c->words[n] : NULL;
}

bool
cli_opt_int(struct cli *c, const char *name, int64_t lo, int64_t hi, int64_t *out)
{
	const char *text = cli_opt(c, name);
	int64_t v;

	if (text == NULL)
		return true;
	if (!wn_str_i64(wn_str(text), &v) || v < lo || v > hi) {
		(void)cli_usage(c, "--%s takes a number from %lld to %lld, not \"%s\"", name,
				(long long)lo, (long long)hi, text);
		return false;
	}
	*out = v;
	return true;
}

/* ---- running ---- */

static void
start(struct cli *c, const char *program)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	*c = (struct cli){ .program = program };
	c->tty_out = isatty(1) == 1;
	c->tty_err = isatty(2) == 1 && term != NULL && strcmp(term, "dumb") != 0;
	c->color = c->tty_out && (no_color == NULL || no_color[0] == '\0') && term != NULL &&
		   strcmp(term, "dumb") != 0;
	c->engine = getenv("WEBNOVA_ENGINE");
	wn_arena_init(&c->arena, 0);
	wn_buf_init(&c->raw, RAW_MAX);
	wn_buf_init(&c->attachment, RAW_MAX);
}

static void
end(struct cli *c)
{
	wn_sync_close(c->sync);
	wn_buf_fini(&c->raw);
	wn_buf_fini(&c->attachment);
	wn_arena_fini(&c->arena);
}

static int
run(struct cli *c)
{
	const struct cli_command *cmd = c->command;

	if (cmd == NULL || c->help) {
		if (cmd != NULL) {
			c->words[0] = cmd->name;
			c->nwords = 1;
		}
		return cli_find("help")->exec(c);
	}
	if (c->nwords < cmd->min)
		return cli_usage(c, "%s needs more than that", cmd->name);
	if (cmd->max >= 0 && c->nwords > cmd->max)
		return cli_usage(c, "%s does not take \"%s\"", cmd->name, c->words[cmd->max]);
	return cmd->exec(c);
}

int
wn_cli_main(int argc, char **argv)
{
	struct cli *c = WN_NEW(struct cli);
	int code;

	(void)signal(SIGPIPE, SIG_IGN); /* a closed pager is noticed when writing */
	start(c, argv[0]);
	code = read_args(c, argc, argv);
	if (code == CLI_OK)
		code = run(c);
	if (fflush(stdout) != 0 && code == CLI_OK)
		code = CLI_FAILED;
	end(c);
	wn_free(c);
	return code;
}

bool
wn_cli_wants(int argc, char **argv)
{
	struct stat st;

	for (int i = 1; i < argc; i++) {
		const char *s = argv[i];
		const struct cli_option *o;

		if (strcmp(s, "--engine") == 0) {
			i++;
			continue;
		}
		if (s[0] == '-') {
			/* The IDE has options of its own; these are the command line's. */
			o = s[1] == '-'
				    ? find_option(cli_global_options, s + 2, strcspn(s + 2, "="))
				    : NULL;
			if (o == NULL || strcmp(o->name, "help") == 0)
				return false;
			continue;
		}
		if (cli_find(s) != NULL)
			return true;
		return strchr(s, '/') == NULL && strchr(s, '.') == NULL && stat(s, &st) != 0;
	}
	return false;
}
