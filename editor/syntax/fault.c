/*
 * A grammar is somebody else's C. When it crashes, its thread jumps out of it and leaves everything
 * it was at; the rest of the program never was in there. This is a seat belt, not a promise: a
 * grammar that wrote over our memory before it crashed is not undone.
 */
#include "editor/syntax/fault.h"

#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>

static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
#define N_FATAL (sizeof fatal / sizeof *fatal)

/* A signal handler can reach nothing but statics: these are the writable ones of editor. */
static struct sigaction previous[N_FATAL];
static _Thread_local sigjmp_buf *escape;
static void *_Atomic graveyard;

static void
on_fault(int sig)
{
	if (escape)
		siglongjmp(*escape, sig);
	for (size_t i = 0; i < N_FATAL; i++)
		if (fatal[i] == sig)
			(void)sigaction(sig, &previous[i], NULL);
	(void)raise(sig);
}

void
ed_fault_install(sigset_t *blocked)
{
	struct sigaction ours = { .sa_handler = on_fault }, old;

	/* Not blocked while it runs: the thread goes on after the jump, and raise() must arrive. */
	ours.sa_flags = SA_NODEFER;
	for (size_t i = 0; i < N_FATAL; i++) {
		sigdelset(blocked, fatal[i]);
		if (sigaction(fatal[i], NULL, &old) != 0 || old.sa_handler == on_fault)
			continue;
		previous[i] = old;
		(void)sigaction(fatal[i], &ours, NULL);
	}
}

int
ed_fault_run(void (*fn)(void *arg), void *arg)
{
	sigjmp_buf here;
	int sig = sigsetjmp(here, 1);

	if (sig == 0) {
		escape = &here;
		fn(arg);
	}
	escape = NULL;
	return sig;
}

void
ed_fault_bury(void *p, void **link)
{
	*link = atomic_load(&graveyard);
	while (!atomic_compare_exchange_weak(&graveyard, link, p))
		;
}
