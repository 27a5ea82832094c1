/*
 * What the command line and the environment say: which mode, which directories, which settings.
 * Owns the texts. Knows no module.
 */
#ifndef RUNTIME_ENGINE_OPTIONS_H
#define RUNTIME_ENGINE_OPTIONS_H

#include <stdbool.h>

#include "runtime/base/error.h"
#include "runtime/kernel/config.h"

enum mode {
	MODE_RUN,
	MODE_SHIM,
	MODE_LAUNCH,
	MODE_EGRESS,
	MODE_STDIO,
	MODE_REBUILD,
	MODE_CHECK,
	MODE_PRINT_CONFIG,
	MODE_VERSION,
	MODE_HELP
};

struct options {
	enum mode mode;
	bool foreground;
	char *socket, *run_dir, *state_dir, *cache_dir, *log_path, *lock_path, *self;
	char *config_path; /* NULL: none was found */
	struct wn_config *config;
};

/* Reads argv, the configuration file and the environment, in the order that lets flags win. */
wn_err options_read(struct options *o, int argc, char **argv, char *const *env,
		    struct wn_diag *d) WN_MUST;
void options_fini(struct options *o);
extern const char options_help[];

#endif
