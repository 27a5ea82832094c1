/*
 * The keeper: a small process that outlives the engine by a moment. When the engine dies, however,
 * it kills the process groups of the programs that ran for it. Programs that left their group
 * (shims) live on. Owns nothing but the pipe to that process.
 */
#ifndef RUNTIME_KERNEL_KEEPER_H
#define RUNTIME_KERNEL_KEEPER_H

#include <sys/types.h>

struct wn_keeper;

/* Owned. The process is made with the first program that runs. Any thread. */
struct wn_keeper *wn_keeper_new(void);
/* The process ends, and with it what still runs. Nobody may use it any more; k nullable. */
void wn_keeper_free(struct wn_keeper *k);
/* The group of a program that was just started; it may not be reaped before wn_keeper_remove().
 * Without a process to keep it nothing is kept. k nullable. Any thread. */
void wn_keeper_add(struct wn_keeper *k, pid_t group);
void wn_keeper_remove(struct wn_keeper *k, pid_t group);

#endif
