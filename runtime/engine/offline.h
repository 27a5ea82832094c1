/*
 * The commands that need no running engine: rebuild and check.
 */
#ifndef RUNTIME_ENGINE_OFFLINE_H
#define RUNTIME_ENGINE_OFFLINE_H

#include "runtime/engine/options.h"

/* Makes all projections again from the log; tells a running engine to do it when there is one. Exit
 * status. */
int offline_rebuild(const struct options *o);
/* Checks settings, manifests, wiring and, when no engine runs, the store. Says what it found. Exit
 * status. */
int offline_check(const struct options *o);

#endif
