/*
 * Time as an object, so that tests can hold it. Wall time is milliseconds since
 * 1970 UTC; monotonic time is nanoseconds from an arbitrary start.
 */
#ifndef RUNTIME_BASE_CLOCK_H
#define RUNTIME_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "runtime/base/error.h"
#include "runtime/base/str.h"

struct wn_clock {
	int64_t (*wall_ms)(const struct wn_clock *);
	int64_t (*mono_ns)(const struct wn_clock *);
};

/* The system's clock. Any thread. */
const struct wn_clock *wn_clock_real(void);

/* A clock that stands still until told. `clock` comes first: pass &fake.clock. */
struct wn_clock_fake {
	struct wn_clock clock;
	int64_t wall_ms, mono_ns;
};
void wn_clock_fake_init(struct wn_clock_fake *f, int64_t wall_ms);
void wn_clock_fake_advance(struct wn_clock_fake *f, int64_t ms);

static inline int64_t
wn_now_ms(const struct wn_clock *c)
{
	return c->wall_ms(c);
}

static inline int64_t
wn_mono_ns(const struct wn_clock *c)
{
	return c->mono_ns(c);
}

#define WN_TIME_MAX 25 /* "2026-01-31T23:59:59.999Z" and the NUL */

/* RFC 3339 in UTC with milliseconds. */
void wn_time_print(int64_t wall_ms, char out[WN_TIME_MAX]);
/* Any RFC 3339 date-time to milliseconds (leap second 60 accepted as 59.999). */
wn_err wn_time_parse(struct wn_str s, int64_t *wall_ms_out) WN_MUST;

#endif
