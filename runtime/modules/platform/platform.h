/*
 * Private to modules/platform: the interfaces it stands on.
 */
#ifndef RUNTIME_MODULES_PLATFORM_PLATFORM_H
#define RUNTIME_MODULES_PLATFORM_PLATFORM_H

#include "gen/platform.h"
#include "runtime/abi/decision.h"
#include "runtime/abi/iface_blueprint.h"
#include "runtime/abi/iface_codegen.h"
#include "runtime/abi/iface_snapshot.h"
#include "runtime/abi/iface_workspace.h"

enum platform_need {
	NEED_WORKSPACE,
	NEED_BLUEPRINT,
	NEED_CODEGEN,
	NEED_SNAPSHOT,
	NEED_COMPLIANCE,
	NEED_RISK
};
#define DECIDERS 2 /* compliance and risk: who may refuse */

#define PLATFORM_BLUEPRINT "blueprint.json" /* the stored blueprint, relative to the workspace */

static inline const struct wn_iface_workspace *
platform_workspace(struct wn_mod *m)
{
	return (const struct wn_iface_workspace *)m->bound[NEED_WORKSPACE].vtable;
}

static inline const struct wn_iface_blueprint *
platform_blueprint(struct wn_mod *m)
{
	return (const struct wn_iface_blueprint *)m->bound[NEED_BLUEPRINT].vtable;
}

static inline const struct wn_iface_codegen *
platform_codegen(struct wn_mod *m)
{
	return (const struct wn_iface_codegen *)m->bound[NEED_CODEGEN].vtable;
}

static inline const struct wn_iface_snapshot *
platform_snapshot(struct wn_mod *m)
{
	return (const struct wn_iface_snapshot *)m->bound[NEED_SNAPSHOT].vtable;
}

/* Parses and checks a blueprint; errors end it (WN_E_SCHEMA, where = the first one's pointer),
 * warnings are returned in ctx->arena. *doc_out is owned by the caller. [job] */
wn_err platform_check(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str text,
		      struct wn_json **doc_out, struct model_finding **warnings_out, size_t *n_out);
/* Writes the blueprint into a workspace directory. [job] */
wn_err platform_store_blueprint(struct wn_ctx *ctx, const char *dir, const struct wn_json *doc);

/* A platform that is being made, as the next engine finds it when this one ends in the middle. */
struct platform_card {
	const char *id, *tenant, *path,
		*stage;	  /* workspace; target; directory beside it that becomes the target */
	int64_t dev, ino; /* of the stage; it keeps them when it is moved. 0: not made yet */
};

/* platform_recover.c. Writes the card, durable when it returns; and takes it away. [job] */
wn_err platform_card_write(struct wn_mod *m, struct wn_ctx *ctx, const struct platform_card *card);
void platform_card_remove(struct wn_mod *m, struct wn_ctx *ctx, const char *id);
/* Starts a job that ends what an engine left half done, when there is such a thing. [loop, at
 * start] */
wn_err platform_recover(struct wn_mod *m, struct wn_ctx *ctx);

#endif
