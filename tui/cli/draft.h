/*
 * Inside tui/cli: from a description to a blueprint, with what was understood shown and what is
 * open asked.
 */
#ifndef TUI_CLI_DRAFT_H
#define TUI_CLI_DRAFT_H

#include "gen/blueprint_types.h"
#include "tui/cli/command.h"

/* Drafts from words first..; reads the options template and answer. Asks on a terminal, unless
 * --yes or
 * --json. CLI_FAILED (and what is missing said) when it is not understood. result lives in
 * c->arena. */
int cli_draft(struct cli *c, int first, struct blueprint_draft_result *result);
/* Text for people on stderr, made safe; not with --json or --quiet. */
void cli_note(struct cli *c, const char *fmt, ...) WN_PRINTF(2, 3);
/* The templates, one a line. */
int cli_templates(struct cli *c);

#define CLI_DRAFT_OPTIONS                                                                  \
	{ "template", 't', "NAME", "the kind of platform (webnova blueprint templates)" }, \
	{                                                                                  \
		"answer", 'a', "ID=VALUE", "the answer to a question; may come again"      \
	}

#endif
