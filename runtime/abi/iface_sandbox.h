/*
 * Interface "sandbox" 1.1, offered by modules/sandbox: how to run a program confined, and why one
 * was stopped.
 *
 * It gives an argv: the caller runs it (host->exec, or a shim), so confinement and process
 * keeping stay two things.
 */
#ifndef RUNTIME_ABI_IFACE_SANDBOX_H
#define RUNTIME_ABI_IFACE_SANDBOX_H

#include "runtime/abi/module.h"

struct wn_sandbox_bind {
	const char *from, *to; /* absolute; to nullable: same place */
	bool writable;
};

struct wn_sandbox_spec {
	const char *name; /* for the cgroup and messages: a workspace id */
	const char *kind; /* what runs, in a word: "service", "terminal"; nullable: "task" */
	const char *
		workspace; /* directory mounted writable at its own path; .git in it is read-only */
	const struct wn_sandbox_bind *binds; /* more mounts */
	size_t nbinds;
	const char *const *scratch; /* empty writable places of their own over the mounts,
				       NULL-terminated; nullable */
	const char *const *env;	    /* the whole environment, "K=V", NULL-terminated */
	const char *cwd;	    /* nullable: workspace */
	bool terminal; /* it runs on a terminal: keep its session (typing into it is filtered) */
	bool network;  /* false: no interface but loopback of its own */
	int64_t memory_bytes, pids, cpu_percent, tmp_bytes,
		file_bytes; /* 0: the configured default */
};

/* Rules that others than the sandbox itself watch. */
enum wn_sandbox_rule { WN_SANDBOX_LOG_FLOOD, WN_SANDBOX_PORT_SCAN };

struct wn_iface_sandbox {
	/* The argv (in ctx->arena, NULL-terminated) that runs `argv` confined as spec says.
	 * WN_E_SANDBOX with the reason when this machine cannot, unless the configuration allows
	 * running unconfined; *isolated_out says which. [job] */
	wn_err (*command)(struct wn_mod *, struct wn_ctx *, const struct wn_sandbox_spec *spec,
			  const char *const *argv, const char *const **argv_out, bool *isolated_out,
			  const char **limits_out);
	/* A workspace's service was asked something: being busy is its right. [loop] */
	void (*requested)(struct wn_mod *, const char *workspace);
	/* Why the workspace's service, which has just ended, was stopped by a limit or a rule;
	 * false: it was not. [loop] */
	bool (*why)(struct wn_mod *, const char *workspace, char *reason_out, size_t n);
	/* Stops the workspace's service for a rule, with a sentence for people and the setting that
	 * allows more. [loop] */
	void (*stop)(struct wn_mod *, const char *workspace, enum wn_sandbox_rule rule,
		     const char *reason, const char *setting);
};

#endif
