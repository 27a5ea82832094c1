/*
 * Time: the system's clock, a clock for tests, RFC 3339 text. Keeps no state and
 * knows no time zone but UTC.
 */
#include "runtime/base/clock.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

static int64_t
real_wall_ms(const struct wn_clock *c)
{
	struct timespec ts;

	(void)c;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t
real_mono_ns(const struct wn_clock *c)
{
	struct timespec ts;

	(void)c;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

const struct wn_clock *
wn_clock_real(void)
{
	static const struct wn_clock real = { real_wall_ms, real_mono_ns };

	return &real;
}

static int64_t
fake_wall_ms(const struct wn_clock *c)
{
	return ((const struct wn_clock_fake *)c)->wall_ms;
}

static int64_t
fake_mono_ns(const struct wn_clock *c)
{
	return ((const struct wn_clock_fake *)c)->mono_ns;
}

void
wn_clock_fake_init(struct wn_clock_fake *f, int64_t wall_ms)
{
	*f = (struct wn_clock_fake){ { fake_wall_ms, fake_mono_ns }, wall_ms, 0 };
}

void
wn_clock_fake_advance(struct wn_clock_fake *f, int64_t ms)
{
	f->wall_ms += ms;
	f->mono_ns += ms * 1000000;
}

/* Days from 1970-01-01 to a date of the proleptic Gregorian calendar: years run from
 * March, so that the leap day is the last (the usual era arithmetic). */
static int64_t
days_from_date(int64_t y, int m, int d)
{
	int64_t era, in_era, in_year;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	in_era = y - era * 400;
	in_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static void
date_from_days(int64_t days, int64_t *y, int *m, int *d)
{
	int64_t era, in_era, year, in_year, month;

	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	in_era = days - era * 146097;
	year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	in_year = in_era - (365 * year + year / 4 - year / 100);
	month = (5 * in_year + 2) / 153;
	*d = (int)(in_year - (153 * month + 2) / 5 + 1);
	*m = (int)(month < 10 ? month + 3 : month - 9);
	*y = year + era * 400 + (*m <= 2);
}

#define MS_DAY INT64_C(86400000)
#define MS_FIRST INT64_C(-62167219200000) /* 0000-01-01 */
#define MS_LAST INT64_C(253402300799999)  /* 9999-12-31T23:59:59.999 */

void
wn_time_print(int64_t wall_ms, char out[WN_TIME_MAX])
{
	int64_t days, rest, y;
	int m, d;

	/* Years outside 0..9999 have no RFC 3339 form: the nearest end is shown. */
	wall_ms = wall_ms < MS_FIRST ? MS_FIRST : wall_ms > MS_LAST ? MS_LAST : wall_ms;
	days = wall_ms / MS_DAY;
	rest = wall_ms % MS_DAY;
	if (rest < 0) {
		rest += MS_DAY;
		days--;
	}
	date_from_days(days, &y, &m, &d);
	snprintf(out, WN_TIME_MAX, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", (unsigned)y % 10000,
		 (unsigned)m % 100, (unsigned)d % 100, (unsigned)(rest / 3600000) % 100,
		 (unsigned)(rest / 60000 % 60), (unsigned)(rest / 1000 % 60),
		 (unsigned)(rest % 1000));
}

/* Takes n digits from the front. */
static bool
take_digits(struct wn_str *s, size_t n, int *out)
{
	int v = 0;

	if (s->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = wn_str_sub(*s, n, s->len);
	*out = v;
	return true;
}

/* Takes one of the characters of set from the front. */
static bool
take_char(struct wn_str *s, const char *set, char *out_nullable)
{
	if (s->len == 0 || s->p[0] == '\0' || !strchr(set, s->p[0]))
		return false;
	if (out_nullable)
		*out_nullable = s->p[0];
	*s = wn_str_sub(*s, 1, s->len);
	return true;
}

static bool
take_date(struct wn_str *s, int64_t *days)
{
	static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y, m, d, last;

	if (!take_digits(s, 4, &y) || !take_char(s, "-", NULL) || !take_digits(s, 2, &m) ||
	    !take_char(s, "-", NULL) || !take_digits(s, 2, &d) || m < 1 || m > 12 || d < 1)
		return false;
	last = length[m - 1];
	if (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0))
		last = 29;
	*days = days_from_date(y, m, d);
	return d <= last;
}

/* The time of day in milliseconds; a fraction is cut behind the third digit. */
static bool
take_time(struct wn_str *s, int64_t *ms)
{
	int h, m, sec, fraction = 0, digits = 0;
	bool leap;

	if (!take_digits(s, 2, &h) || !take_char(s, ":", NULL) || !take_digits(s, 2, &m) ||
	    !take_char(s, ":", NULL) || !take_digits(s, 2, &sec) || h > 23 || m > 59 || sec > 60)
		return false;
	if (take_char(s, ".", NULL)) {
		int digit;

		for (; take_digits(s, 1, &digit); digits++)
			if (digits < 3)
				fraction = fraction * 10 + digit;
		if (digits == 0)
			return false;
		for (; digits < 3; digits++)
			fraction *= 10;
	}
	leap = sec == 60;
	*ms = ((h * 60 + m) * 60 + (leap ? 59 : sec)) * INT64_C(1000) + (leap ? 999 : fraction);
	return true;
}

static bool
take_zone(struct wn_str *s, int64_t *ms)
{
	char sign;
	int h, m;

	*ms = 0;
	if (take_char(s, "Zz", NULL))
		return true;
	if (!take_char(s, "+-", &sign) || !take_digits(s, 2, &h) || !take_char(s, ":", NULL) ||
	    !take_digits(s, 2, &m) || h > 23 || m > 59)
		return false;
	*ms = (h * 60 + m) * INT64_C(60000) * (sign == '-' ? -1 : 1);
	return true;
}

wn_err
wn_time_parse(struct wn_str s, int64_t *wall_ms_out)
{
	int64_t days, time, zone;

	if (!take_date(&s, &days) || !take_char(&s, "Tt ", NULL) || !take_time(&s, &time) ||
	    !take_zone(&s, &zone) || s.len)
		return WN_E_PARSE;
	*wall_ms_out = days * MS_DAY + time - zone;
	return WN_OK;
}
