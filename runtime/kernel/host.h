/*
 * Fills the table of functions a module gets (runtime/abi/host.h) with the kernel's parts.
 */
#ifndef RUNTIME_KERNEL_HOST_H
#define RUNTIME_KERNEL_HOST_H

#include "runtime/kernel/kernel.h"

void wn_host_fill(struct wn_kernel *k);

#endif
