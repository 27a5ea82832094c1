/*
 * webnova: the IDE in a terminal, and the command line over the same engine. Reads the arguments
 * and hands over; owns the one application object.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/base/mem.h"
#include "tui/app/app.h"
#include "tui/cli/cli.h"

enum { EXIT_USAGE = 2 };

static const char usage_text[] =
	"webnova [options] [FOLDER|FILE]    open the IDE\n"
	"webnova COMMAND ...                one command, then back to the shell (webnova help)\n"
	"\n"
	"  --engine ADDRESS   unix:PATH, ssh://[user@]host[:port], stdio:COMMAND, or none\n"
	"  --theme NAME       dark, light, contrast, or one of yours\n"
	"  --colors N         8, 16, 256, direct, or none (default: what the terminal says)\n"
	"  --version, --help\n";

static int
usage_error(const char *what, const char *arg)
{
	fprintf(stderr, "webnova: %s: %s\nwebnova --help shows what is possible.\n", what, arg);
	return EXIT_USAGE;
}

static int
colors_of(const char *s)
{
	static const struct {
		const char *name;
		int n;
	} names[] = {
		{ "none", 1 }, { "8", 8 }, { "16", 16 }, { "256", 256 }, { "direct", 1 << 24 }
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (strcmp(names[i].name, s) == 0)
			return names[i].n;
	return 0;
}

/* -1: go on with the IDE; else the exit code. */
static int
parse_args(int argc, char **argv, struct app_opts *o)
{
	bool only_paths = false;

	for (int i = 1; i < argc; i++) {
		const char *s = argv[i];
		bool has_value = i + 1 < argc;

		if (only_paths || s[0] != '-' || s[1] == '\0') {
			if (o->path != NULL)
				return usage_error("one folder or file at a time, not also", s);
			o->path = s;
		} else if (strcmp(s, "--") == 0) {
			only_paths = true;
		} else if (strcmp(s, "--version") == 0) {
			printf("webnova %s\n", WN_VERSION);
			return 0;
		} else if (strcmp(s, "--help") == 0 || strcmp(s, "-h") == 0) {
			fputs(usage_text, stdout);
			return 0;
		} else if (strcmp(s, "--engine") == 0 || strcmp(s, "--theme") == 0 ||
			   strcmp(s, "--colors") == 0) {
			if (!has_value)
				return usage_error("a value is missing after", s);
			i++;
			if (s[2] == 'e')
				o->engine = argv[i];
			else if (s[2] == 't')
				o->theme = argv[i];
			else if ((o->colors = colors_of(argv[i])) == 0)
				return usage_error("no number of colours", argv[i]);
		} else {
			return usage_error("unknown option", s);
		}
	}
	return -1;
}

static int
run_ide(const struct app_opts *o)
{
	struct app *a = WN_NEW(struct app);
	struct wn_diag d = { 0 };
	uv_loop_t loop;
	int code;

	uv_loop_init(&loop);
	if (app_init(a, &loop, o, &d) == 0)
		uv_run(&loop, UV_RUN_DEFAULT);
	else
		a->exit_code = 1;
	code = a->exit_code;
	app_fini(a);
	uv_loop_close(&loop);
	wn_free(a);
	if (d.code != 0)
		fprintf(stderr, "webnova: %s\n", d.text);
	return code;
}

int
main(int argc, char **argv)
{
	struct app_opts o = { .program = argv[0] };
	int code;

	if (wn_cli_wants(argc, argv))
		return wn_cli_main(argc, argv);
	code = parse_args(argc, argv, &o);
	return code >= 0 ? code : run_ide(&o);
}
