/*
 * A shim in a session of its own (`--shim --detach`).
 */
#ifndef RUNTIME_SHIM_DETACH_H
#define RUNTIME_SHIM_DETACH_H

/* Forks. In the shim: -1, in its own session. In the first process: its exit status, once the shim
 * is ready or failed. Only while there is one thread and no loop. */
int shim_detach(void);

#endif
