/*
 * Contract tests of interfaces: the same checks for whoever offers one. Every module of the
 * generated table that offers the interface is brought up on a fake host, with the modules it
 * needs, and gets the checks.
 */
#ifndef TESTS_LIB_CONTRACT_H
#define TESTS_LIB_CONTRACT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/lib/fake_host.h"
#include "tests/lib/fake_store.h"

struct contract {
	struct fake_host *h;
	struct fake_store *store;
	const struct wn_module *desc;
	struct wn_mod *mod;
	const void *vtable;
};

/* As the setup and teardown of each test: *state is a struct contract of the module at hand. */
int contract_setup(void **state);
int contract_teardown(void **state);
/* Runs the tests once for each module that offers the interface; the number of failures. No such
 * module is one. */
int contract_run(const char *iface, const struct CMUnitTest *tests, size_t n);

#define CONTRACT_TEST(f) cmocka_unit_test_setup_teardown(f, contract_setup, contract_teardown)

#endif
