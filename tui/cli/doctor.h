/*
 * Inside tui/cli: one row of what the doctor looks at.
 */
#ifndef TUI_CLI_DOCTOR_H
#define TUI_CLI_DOCTOR_H

#include "tui/cli/command.h"

enum doctor_state { DOCTOR_OK, DOCTOR_NOTE, DOCTOR_MISSING, DOCTOR_ESSENTIAL };

struct doctor {
	struct cli *c;
	int missing, essential; /* rows in those states */
};

void doctor_section(struct doctor *d, const char *title);
/* found: what there is; cost and fix: nullable, what its absence costs and how to end it. */
void doctor_row(struct doctor *d, enum doctor_state state, const char *name, const char *found,
		const char *cost, const char *fix);

void doctor_programs(struct doctor *d);
void doctor_terminal(struct doctor *d);
void doctor_places(struct doctor *d);
void doctor_engine(struct doctor *d);

#endif
