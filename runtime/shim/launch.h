/*
 * The launcher: `webnovad --launch SPEC -- PROGRAM ARGS...` joins control groups, lowers its
 * limits, and becomes bubblewrap, which becomes the program. What needs a descriptor or a limit of
 * the process itself happens here, because the caller (an exec, a shim) only knows an argv.
 *
 * It stands on libc alone and is built twice: into webnovad, and as a small static program that
 * webnovad carries and runs from memory, since loading webnovad's libraries takes longer than
 * all the rest of a box's start.
 */
#ifndef RUNTIME_SHIM_LAUNCH_H
#define RUNTIME_SHIM_LAUNCH_H

/* Exit code when there will be no program; one line on standard error says why. */
#define LAUNCH_FAILED 125
/* Where the program of bubblewrap's arguments finds what it is handed: `--seccomp 4`. */
#define LAUNCH_ARGS_FD 3
#define LAUNCH_FILTER_FD 4

/* Entry of `--launch`; argv[0] is the name of the way it was called. Returns only on failure. */
int wn_launch_main(int argc, char **argv);

#endif
