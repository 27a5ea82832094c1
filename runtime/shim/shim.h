/*
 * The shim: one small process that keeps one terminal or one running service, and
 * outlives the engine. Started as `webnovad --shim` with its spec (spec.h) as JSON on standard
 * input.
 */
#ifndef RUNTIME_SHIM_SHIM_H
#define RUNTIME_SHIM_SHIM_H

/* Runs a shim until its child ended and was forgotten; with a last argument "--detach" it leaves
 * its starter's process group and session first. Writes one line of JSON to standard output when it
 * is ready or failed. Returns the exit status. */
int wn_shim_main(int argc, char **argv);

#endif
