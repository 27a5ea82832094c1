/*
 * What link.c and link_ask.c share.
 */
#ifndef RUNTIME_KERNEL_LINK_PRIV_H
#define RUNTIME_KERNEL_LINK_PRIV_H

#include "runtime/base/error.h"

/* A connected, non-blocking socket; WN_E_UNAVAILABLE when nobody listens. */
wn_err wn_link_connect(const char *path, int *fd_out, struct wn_diag *d) WN_MUST;

#endif
