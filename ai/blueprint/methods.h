/*
 * Private to the module: its state, and what its methods share.
 */
#ifndef AI_BLUEPRINT_METHODS_H
#define AI_BLUEPRINT_METHODS_H

#include <pthread.h>

#include "ai/blueprint/report.h"
#include "ai/blueprint/source/source.h"
#include "gen/blueprint.h"
#include "runtime/abi/host.h"
#include "runtime/base/jsonschema.h"

/* The contract is compiled when the first blueprint comes: most engine starts see none. */
struct blueprint_state {
	pthread_mutex_t lock;
	struct wn_schema_set *set;
	const struct wn_schema *schema;
};

/* Checks a document. A report with errors is an answer (WN_OK); only what kept the check from
 * running is a failure. End the report in any case. [job] */
wn_err blueprint_run_check(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_json *doc,
			   struct blueprint_report *report) WN_MUST;
/* Parses a document and lets it pass only without errors; *doc_out is owned by the caller, NULL
 * after a failure. [job] */
wn_err blueprint_checked(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str text,
			 struct wn_json **doc_out) WN_MUST;
/* Findings of a report for the wire, in ctx->arena: at most 200. places nullable: without them the
 * findings say what the report knows itself. */
struct model_finding *blueprint_wire_findings(struct wn_ctx *ctx,
					      const struct blueprint_report *report,
					      struct blueprint_source *places, size_t *n_out);
/* Reads what came as text. WN_OK also when it cannot be read: then out->doc is NULL and out->report
 * says why. End out in any case. [job] */
wn_err blueprint_open_source(struct wn_ctx *ctx, const struct model_blueprint_source *source,
			     struct blueprint_source *out) WN_MUST;

#endif
