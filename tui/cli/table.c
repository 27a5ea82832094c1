/*
 * The table of commands, in the order of help, and the search in it.
 */
#include <string.h>

#include "tui/cli/command.h"
#include "tui/cli/commands.h"

const struct cli_command *const cli_commands[] = {
	&cli_new,
	&cli_open,
	&cli_generate,
	&cli_blueprint,
	&cli_run,
	&cli_stop,
	&cli_ps,
	&cli_logs,
	&cli_db,
	&cli_secrets,
	&cli_snapshot_create,
	&cli_history,
	&cli_diff,
	&cli_restore,
	&cli_events,
	&cli_jobs,
	&cli_cancel,
	&cli_doctor,
	&cli_config,
	&cli_engine,
	&cli_rpc,
	&cli_completion,
	&cli_help,
	&cli_version,
	NULL,
};

const struct cli_command *
cli_find(const char *name)
{
	for (size_t i = 0; cli_commands[i] != NULL; i++) {
		const struct cli_command *c = cli_commands[i];

		if (strcmp(c->name, name) == 0 || (c->alias != NULL && strcmp(c->alias, name) == 0))
			return c;
	}
	return NULL;
}

#define NAME_MAX_LEN 24

/* Edits between two words (insert, remove, replace, swap of neighbours), Damerau and Levenshtein's
 * way. */
static size_t
distance(const char *a, const char *b)
{
	size_t d[NAME_MAX_LEN + 1][NAME_MAX_LEN + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > NAME_MAX_LEN || m > NAME_MAX_LEN)
		return NAME_MAX_LEN;
	for (size_t i = 0; i <= n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 1; j <= m; j++) {
			size_t best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[n][m];
}

const char *
cli_nearest(const char *name)
{
	const char *best = NULL;
	size_t least = strlen(name) / 2 + 1; /* more than half wrong is no slip */

	for (size_t i = 0; cli_commands[i] != NULL; i++) {
		size_t n = distance(name, cli_commands[i]->name);

		if (n < least) {
			least = n;
			best = cli_commands[i]->name;
		}
	}
	return best;
}
