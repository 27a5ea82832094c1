/*
 * doctor: what is installed, what is missing, what that costs and how to mend it. Needs no engine.
 */
#include "runtime/base/json_write.h"
#include "tui/cli/commands.h"
#include "tui/cli/doctor.h"
#include "tui/cli/print.h"

static const char *const words[] = { "ok", "note", "missing", "needed" };

void
doctor_section(struct doctor *d, const char *title)
{
	struct cli *c = d->c;

	if (c->json)
		return;
	cli_cell_out(c, CLI_BOLD, wn_str(title), 0);
	cli_printf(c, "\n");
}

static void
json_row(struct cli *c, enum doctor_state state, const char *name, const char *found,
	 const char *cost, const char *fix)
{
	struct wn_buf b;
	struct wn_jw w;

	wn_buf_init(&b, 65536);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "name", name);
	wn_jw_kstr(&w, "state", words[state]);
	wn_jw_kstr(&w, "found", found);
	if (cost != NULL)
		wn_jw_kstr(&w, "cost", cost);
	if (fix != NULL)
		wn_jw_kstr(&w, "fix", fix);
	wn_jw_object_end(&w);
	cli_json_line(c, wn_buf_view(&b));
	wn_buf_fini(&b);
}

void
doctor_row(struct doctor *d, enum doctor_state state, const char *name, const char *found,
	   const char *cost, const char *fix)
{
	static const enum cli_style styles[] = { CLI_GREEN, CLI_BLUE, CLI_YELLOW, CLI_RED };
	struct cli *c = d->c;

	d->missing += state == DOCTOR_MISSING;
	d->essential += state == DOCTOR_ESSENTIAL;
	if (c->json) {
		json_row(c, state, name, found, cost, fix);
		return;
	}
	if (c->quiet && state < DOCTOR_MISSING)
		return;
	cli_printf(c, "  ");
	cli_cell_out(c, styles[state], wn_str(words[state]), 9);
	cli_cell_out(c, CLI_PLAIN, wn_str(name), 20);
	cli_printf(c, "%s\n", found);
	if (state != DOCTOR_OK && cost != NULL && cost[0] != '\0')
		cli_printf(c, "%31s%s\n", "", cost);
	if (state != DOCTOR_OK && fix != NULL && fix[0] != '\0')
		cli_printf(c, "%31sTo mend it: %s\n", "", fix);
}

static int
exec(struct cli *c)
{
	struct doctor d = { .c = c };

	doctor_section(&d, "Programs");
	doctor_programs(&d);
	doctor_section(&d, "Terminal");
	doctor_terminal(&d);
	doctor_section(&d, "Places");
	doctor_places(&d);
	doctor_section(&d, "Engine");
	doctor_engine(&d);
	if (d.essential > 0)
		cli_say(c, "\n%d needed for the main job %s missing.\n", d.essential,
			d.essential == 1 ? "is" : "are");
	else if (d.missing > 0)
		cli_say(c, "\nThe main job works; %d %s missing.\n", d.missing,
			d.missing == 1 ? "thing is" : "things are");
	else
		cli_say(c, "\nEverything is in order.\n");
	return d.essential > 0 ? CLI_FAILED : CLI_OK;
}

const struct cli_command cli_doctor = {
	.name = "doctor",
	.args = "",
	.summary = "say what is installed, what is missing and how to mend it",
	.more = "Exits with 1 when something the main job needs is missing.",
	.exec = exec,
};
