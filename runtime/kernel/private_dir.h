/*
 * Directories for sockets and locks: whoever can write into one can take a socket's place, so it
 * must be ours alone.
 */
#ifndef RUNTIME_KERNEL_PRIVATE_DIR_H
#define RUNTIME_KERNEL_PRIVATE_DIR_H

#include "runtime/base/error.h"

/* Makes dir when it is missing; WN_E_DENIED unless it is a directory of this user with mode 700.
 * Blocking. */
wn_err wn_private_dir(const char *dir, struct wn_diag *d) WN_MUST;
/* The same for the directory that holds the file `path`. */
wn_err wn_private_dir_of(const char *path, struct wn_diag *d) WN_MUST;

#endif
