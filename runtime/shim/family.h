/*
 * The processes a service has started, behind its sandbox.
 */
#ifndef RUNTIME_SHIM_FAMILY_H
#define RUNTIME_SHIM_FAMILY_H

#include <sys/types.h>

/* Signals every descendant of root (and root) but the sandbox's own processes: those would end at
 * once and take the program with them before it can end cleanly. Returns how many got it; 0 also
 * when /proc cannot say. */
int family_signal(pid_t root, int sig);

#endif
