/*
 * Arguments to commands and exit codes, as far as they need no engine.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tui/cli/cli.h"
#include "tui/cli/command.h"

#define ARGS_MAX 12

/* Runs a command line, its output thrown away. */
static int
run(const char *first, ...)
{
	char *argv[ARGS_MAX] = { (char *)(uintptr_t) "webnova" };
	int argc = 1, out, err, null, code;
	va_list ap;

	va_start(ap, first);
	for (const char *a = first; a != NULL && argc < ARGS_MAX; a = va_arg(ap, const char *))
		argv[argc++] = (char *)(uintptr_t)a;
	va_end(ap);
	(void)fflush(stdout);
	out = dup(1);
	err = dup(2);
	null = open("/dev/null", O_WRONLY);
	dup2(null, 1);
	dup2(null, 2);
	code = wn_cli_main(argc, argv);
	(void)fflush(stdout);
	dup2(out, 1);
	dup2(err, 2);
	close(out);
	close(err);
	close(null);
	return code;
}

static void
help_of_every_command_succeeds(void **state)
{
	(void)state;
	for (size_t i = 0; cli_commands[i] != NULL; i++)
		assert_int_equal(run("help", cli_commands[i]->name, NULL), CLI_OK);
	assert_int_equal(run("help", "--json", NULL), CLI_OK);
}

static void
an_unknown_command_is_a_usage_error(void **state)
{
	(void)state;
	assert_int_equal(run("snapshto", NULL), CLI_USAGE);
	assert_int_equal(run("help", "snapshto", NULL), CLI_USAGE);
}

static void
an_unknown_option_is_a_usage_error(void **state)
{
	(void)state;
	assert_int_equal(run("ps", "--nonsense", NULL), CLI_USAGE);
	assert_int_equal(run("ps", "-x", NULL), CLI_USAGE);
}

static void
a_missing_value_is_a_usage_error(void **state)
{
	(void)state;
	assert_int_equal(run("run", "--port", NULL), CLI_USAGE);
	assert_int_equal(run("new", "x", "--blueprint", NULL), CLI_USAGE);
	assert_int_equal(run("ps", "--engine", NULL), CLI_USAGE);
}

static void
a_switch_takes_no_value(void **state)
{
	(void)state;
	assert_int_equal(run("generate", "--dry-run=1", NULL), CLI_USAGE);
}

static void
a_number_out_of_range_is_a_usage_error(void **state)
{
	(void)state;
	assert_int_equal(run("run", "--port", "0", NULL), CLI_USAGE);
	assert_int_equal(run("run", "--port=65536", NULL), CLI_USAGE);
	assert_int_equal(run("logs", "-n12x", NULL), CLI_USAGE);
}

static void
too_few_and_too_many_words_are_usage_errors(void **state)
{
	(void)state;
	assert_int_equal(run("cancel", NULL), CLI_USAGE);
	assert_int_equal(run("stop", "a", "b", NULL), CLI_USAGE);
}

static void
an_engine_that_does_not_answer_is_said_by_its_code(void **state)
{
	(void)state;
	assert_int_equal(run("ps", "--engine", "unix:/nonexistent/wn.sock", NULL), CLI_UNREACHABLE);
	assert_int_equal(run("--engine", "unix:/nonexistent/wn.sock", "ps", "--json", NULL),
			 CLI_UNREACHABLE);
}

static void
an_address_that_is_none_is_a_usage_error(void **state)
{
	(void)state;
	assert_int_equal(run("ps", "--engine", "pigeon:home", NULL), CLI_USAGE);
}

static void
completions_come_for_three_shells(void **state)
{
	(void)state;
	assert_int_equal(run("completion", "bash", NULL), CLI_OK);
	assert_int_equal(run("completion", "zsh", NULL), CLI_OK);
	assert_int_equal(run("completion", "fish", NULL), CLI_OK);
	assert_int_equal(run("completion", "csh", NULL), CLI_USAGE);
}

static void
the_nearest_command_is_found(void **state)
{
	(void)state;
	assert_string_equal(cli_nearest("snapshto"), "snapshot");
	assert_string_equal(cli_nearest("hisotry"), "history");
	assert_null(cli_nearest("xyzzyplugh"));
}

static void
names_and_aliases_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; cli_commands[i] != NULL; i++) {
		assert_ptr_equal(cli_find(cli_commands[i]->name), cli_commands[i]);
		if (cli_commands[i]->alias != NULL)
			assert_ptr_equal(cli_find(cli_commands[i]->alias), cli_commands[i]);
	}
}

static bool
wants(const char *a, const char *b, const char *c)
{
	const char *argv[] = { "webnova", a, b, c, NULL };
	int argc = 1;

	while (argv[argc] != NULL)
		argc++;
	return wn_cli_wants(argc, (char **)(uintptr_t)argv);
}

static void
commands_are_told_from_paths(void **state)
{
	(void)state;
	assert_true(wants("ps", NULL, NULL));
	assert_true(wants("--json", "ps", NULL));
	assert_true(wants("--engine", "unix:/x", "ps"));
	assert_true(wants("snapshto", NULL, NULL));
	assert_false(wants("./ps", NULL, NULL));
	assert_false(wants("notes.txt", NULL, NULL));
	assert_false(wants("/tmp", NULL, NULL));
	assert_false(wants(NULL, NULL, NULL));
	assert_false(wants("--theme", "dark", NULL));
	assert_false(wants("--engine", "unix:/x", NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_of_every_command_succeeds),
		cmocka_unit_test(an_unknown_command_is_a_usage_error),
		cmocka_unit_test(an_unknown_option_is_a_usage_error),
		cmocka_unit_test(a_missing_value_is_a_usage_error),
		cmocka_unit_test(a_switch_takes_no_value),
		cmocka_unit_test(a_number_out_of_range_is_a_usage_error),
		cmocka_unit_test(too_few_and_too_many_words_are_usage_errors),
		cmocka_unit_test(an_engine_that_does_not_answer_is_said_by_its_code),
		cmocka_unit_test(an_address_that_is_none_is_a_usage_error),
		cmocka_unit_test(completions_come_for_three_shells),
		cmocka_unit_test(the_nearest_command_is_found),
		cmocka_unit_test(names_and_aliases_are_unique),
		cmocka_unit_test(commands_are_told_from_paths),
	};

	return cmocka_run_group_tests_name("unit/tui/cli/cli", tests, NULL, NULL);
}
