/*
 * What a shim is asked to keep: read once from a JSON object.
 */
#ifndef RUNTIME_SHIM_SPEC_H
#define RUNTIME_SHIM_SPEC_H

#include <stdbool.h>
#include <stdint.h>

#include "runtime/base/error.h"
#include "runtime/base/json.h"

enum shim_kind { SHIM_TERMINAL, SHIM_SERVICE };

struct spec {
	struct wn_json *doc; /* owned; the strings below lie in it */
	enum shim_kind kind;
	const char *socket, *cwd, *term;
	char **argv, **env; /* owned arrays, NULL at the end; env rows are owned "K=V" */
	bool env_clear;
	int rows, cols;
	int64_t scrollback; /* lines */
	int64_t ring_bytes;
	const char *log_file;	    /* nullable */
	int64_t log_bytes;	    /* rotate above */
	const char *forward_socket; /* nullable: no forward */
	int forward_port, forward_max;
	int grace_s; /* how long an ended child's state is kept for an engine to collect */
};

/* Text of the spec; WN_E_INVALID says which member is wrong. */
wn_err spec_parse(struct spec *s, struct wn_str text, struct wn_diag *d) WN_MUST;
void spec_fini(struct spec *s);

#endif
