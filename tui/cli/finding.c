/*
 * Findings of a blueprint check, for people and for programs.
 */
#include "tui/cli/finding.h"

#include "gen/blueprint_types.h"
#include "tui/cli/print.h"

void
cli_findings(struct cli *c, const struct model_finding *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct model_finding *f = &list[i];
		bool is_error = f->severity == MODEL_FINDING_SEVERITY_ERROR;

		if (c->json) {
			cli_json_item(c, &model_finding_shape, f);
			continue;
		}
		cli_cell_out(c, is_error ? CLI_RED : CLI_YELLOW,
			     wn_str(is_error ? "error" : "warning"), 9);
		cli_cell_out(c, CLI_BOLD, f->pointer.len > 0 ? f->pointer : WN_STR("/"), 0);
		cli_printf(c, "  %.*s\n", WN_STR_ARG(f->text));
		if (f->hint.len > 0)
			cli_printf(c, "         %.*s\n", WN_STR_ARG(f->hint));
	}
}

int
cli_check_blueprint(struct cli *c, struct wn_str document, bool *valid_out)
{
	struct blueprint_check_params params = { .blueprint = document };
	struct blueprint_check_result result;
	int code = CLI_ASK(c, blueprint_check, "blueprint.check", &params, &result);

	if (code != CLI_OK)
		return code;
	*valid_out = result.valid;
	cli_findings(c, result.findings, result.findings_len);
	return CLI_OK;
}
