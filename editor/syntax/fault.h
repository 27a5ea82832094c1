/*
 * Surviving a crash inside a grammar; private to editor/syntax.
 */
#ifndef EDITOR_SYNTAX_FAULT_H
#define EDITOR_SYNTAX_FAULT_H

#include <signal.h>

/* Puts our handler before the one that is there for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT,
 * and takes these out of the set, which the thread is about to block. Faults outside ed_fault_run()
 * go to the old one as before. Again and again does no harm. */
void ed_fault_install(sigset_t *blocked);
/* Runs fn(arg). 0, or the signal it died of: then what it was at is in an unknown state and must
 * never be touched or freed again. */
int ed_fault_run(void (*fn)(void *arg), void *arg);
/* Keeps p reachable for ever: what was left behind is a leak on purpose. link is p's own field. */
void ed_fault_bury(void *p, void **link);

#endif
