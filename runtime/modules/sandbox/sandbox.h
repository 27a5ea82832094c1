/*
 * Private to modules/sandbox: turns a spec into the argv of a confined program.
 */
#ifndef RUNTIME_MODULES_SANDBOX_SANDBOX_H
#define RUNTIME_MODULES_SANDBOX_SANDBOX_H

#include <pthread.h>
#include <stdbool.h>

#include "runtime/abi/host.h"
#include "runtime/abi/iface_sandbox.h"

/* What the launcher found on this machine. */
struct sandbox_facts {
	bool known, bwrap, namespaces, seccomp, memory, pids, cpu;
};

struct sandbox {
	const struct wn_host *host;
	char *spec_dir;	      /* specs on their way to the launcher; they may hold secrets: 0700 */
	pthread_mutex_t lock; /* guards facts: asked from several job threads */
	struct sandbox_facts facts;
};

/* Asks the launcher once and remembers. [job] */
wn_err sandbox_facts_get(struct wn_mod *m, struct wn_ctx *ctx, struct sandbox_facts *out);
/* iface sandbox: see abi/iface_sandbox.h. [job] */
wn_err sandbox_command(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_sandbox_spec *spec,
		       const char *const *argv, const char *const **argv_out, bool *isolated_out,
		       const char **limits_out);

static inline struct sandbox *
sandbox_of(struct wn_mod *m)
{
	return (struct sandbox *)m->state;
}

#endif
