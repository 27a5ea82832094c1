/*
 * A store for tests: the interface "store" in memory (SQLite's :memory: for the tables), all in the
 * calling thread: append commits and calls back before it returns, unless it is held. Failures can
 * be asked for.
 */
#ifndef TESTS_LIB_FAKE_STORE_H
#define TESTS_LIB_FAKE_STORE_H

#include "runtime/abi/iface_store.h"

struct fake_store;

/* Owned. Offer fake_store_iface with fake_store_mod(), or with any module whose state is the store.
 */
struct fake_store *fake_store_new(void);
void fake_store_free(struct fake_store *s);
struct wn_mod *fake_store_mod(struct fake_store *s);
extern const struct wn_iface_store fake_store_iface;
/* Log as it stands. */
size_t fake_store_count(const struct fake_store *s);
const struct wn_event *fake_store_at(const struct fake_store *s, size_t i);
/* The next n appends fail with err (WN_E_NO_SPACE, ...). */
void fake_store_fail(struct fake_store *s, wn_err err, int n);
/* Holds commits back until released: appends are accepted, their callbacks come at the release. */
void fake_store_hold(struct fake_store *s, bool hold);
/* The next n dead letters are refused. */
void fake_store_refuse_dead(struct fake_store *s, int n);
/* What was dead-lettered, as "consumer event-id". */
size_t fake_store_dead_count(const struct fake_store *s);
const char *fake_store_dead(const struct fake_store *s, size_t i);
int64_t fake_store_cursor(const struct fake_store *s, const char *consumer); /* 0: none */
void fake_store_set_cursor(struct fake_store *s, const char *consumer, int64_t seq);

#endif
