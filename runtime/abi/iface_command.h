/*
 * Interface "command" 1.0: the command centre: the engines of an organisation in one view, and
 * orders to them. Extension point: extensions/command knows this engine only.
 */
#ifndef RUNTIME_ABI_IFACE_COMMAND_H
#define RUNTIME_ABI_IFACE_COMMAND_H

#include "runtime/abi/module.h"

struct wn_command_engine {
	const char *id;	  /* "self" is this one */
	const char *name; /* for people */
	bool self, reachable;
};

struct wn_iface_command {
	/* The engines of the ctx's tenant, this one first and once; in ctx->arena. [job] */
	wn_err (*engines)(struct wn_mod *, struct wn_ctx *, const struct wn_command_engine **out,
			  size_t *n_out);
	/* Calls a method on another engine, as the ctx's actor. WN_E_NOT_FOUND: no such engine;
	 * WN_E_INVALID: it is this one, the method is empty, or params is no JSON object;
	 * WN_E_UNAVAILABLE: it cannot be reached. *result_out is JSON in ctx->arena. [job] */
	wn_err (*send)(struct wn_mod *, struct wn_ctx *, struct wn_str engine, struct wn_str method,
		       struct wn_str params, struct wn_str *result_out);
};

#endif
