/*
 * Interface "pipeline" 1.0: named stages run in order for a workspace (test, build, deploy,
 * promote), each a method of the engine. Extension point: extensions/pipeline has no runner.
 */
#ifndef RUNTIME_ABI_IFACE_PIPELINE_H
#define RUNTIME_ABI_IFACE_PIPELINE_H

#include "runtime/abi/module.h"
#include "runtime/base/id.h"

#define WN_PIPELINE_STAGES_MAX 64

struct wn_pipeline_stage {
	const char *name;     /* unique in its pipeline */
	const char *method;   /* "preview.start" */
	struct wn_str params; /* JSON object; empty: {} */
};

enum wn_pipeline_phase {
	WN_PIPELINE_QUEUED,
	WN_PIPELINE_RUNNING,
	WN_PIPELINE_DONE,
	WN_PIPELINE_FAILED
};
struct wn_pipeline_state {
	enum wn_pipeline_phase phase;
	const char *stage;  /* at hand, or that failed; nullable; in ctx->arena */
	const char *reason; /* of a failure; nullable; in ctx->arena */
};

struct wn_iface_pipeline {
	/* Takes a run. WN_E_INVALID: no or too many stages, a stage without name or method, a name
	 * twice, params that are no JSON object; WN_E_UNAVAILABLE: there is no runner, with the
	 * reason, and nothing was run. [job] */
	wn_err (*submit)(struct wn_mod *, struct wn_ctx *, struct wn_str workspace,
			 const struct wn_pipeline_stage *stages, size_t n,
			 char id_out[WN_ULID_MAX]);
	/* WN_E_NOT_FOUND: no such run. [job] */
	wn_err (*state)(struct wn_mod *, struct wn_ctx *, struct wn_str id,
			struct wn_pipeline_state *out);
};

#endif
