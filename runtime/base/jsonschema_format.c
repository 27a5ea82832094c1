/*
 * The formats of the validation specification, section 7.3: dates, addresses, identifiers.
 * Host names are utf8_host.c's, URIs jsonschema_format_uri.c's.
 */
#include <strings.h>

#include "runtime/base/jsonschema_format.h"
#include "runtime/base/jsonschema_priv.h"
#include "runtime/base/utf8_host.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(char c)
{
	return is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'f');
}

/* n digits at *s, removed from it; -1 when they are not there. */
static int
digits(struct wn_str *s, size_t n)
{
	int v = 0;
	if (s->len < n)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!is_digit(s->p[i]))
			return -1;
		v = v * 10 + (s->p[i] - '0');
	}
	*s = wn_strn(s->p + n, s->len - n);
	return v;
}

static bool
take(struct wn_str *s, char c)
{
	if (s->len == 0 || s->p[0] != c)
		return false;
	*s = wn_strn(s->p + 1, s->len - 1);
	return true;
}

static bool
read_date(struct wn_str *s)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y = digits(s, 4), m, d;
	if (y < 0 || !take(s, '-') || (m = digits(s, 2)) < 1 || m > 12 || !take(s, '-'))
		return false;
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
	d = digits(s, 2);
	return d >= 1 && d <= days[m - 1] + (m == 2 && leap);
}

/* Z or a numeric offset, in minutes. */
static bool
read_offset(struct wn_str *s, int *minutes)
{
	int h, m, sign = 1;
	*minutes = 0;
	if (take(s, 'Z') || take(s, 'z'))
		return true;
	if (take(s, '-'))
		sign = -1;
	else if (!take(s, '+'))
		return false;
	if ((h = digits(s, 2)) < 0 || h > 23 || !take(s, ':') || (m = digits(s, 2)) < 0 || m > 59)
		return false;
	*minutes = sign * (h * 60 + m);
	return true;
}

static bool
read_time(struct wn_str *s)
{
	int h, m, sec, offset;
	if ((h = digits(s, 2)) < 0 || h > 23 || !take(s, ':') || (m = digits(s, 2)) < 0 || m > 59 ||
	    !take(s, ':') || (sec = digits(s, 2)) < 0 || sec > 60)
		return false;
	if (take(s, '.')) {
		if (digits(s, 1) < 0)
			return false;
		while (digits(s, 1) >= 0)
			;
	}
	if (!read_offset(s, &offset))
		return false;
	/* A leap second is the last one of a day in UTC. */
	return sec < 60 || ((h * 60 + m - offset) % 1440 + 1440) % 1440 == 1439;
}

static bool
date(struct wn_str s)
{
	return read_date(&s) && s.len == 0;
}

static bool
time_of_day(struct wn_str s)
{
	return read_time(&s) && s.len == 0;
}

static bool
date_time(struct wn_str s)
{
	return read_date(&s) && (take(&s, 'T') || take(&s, 't')) && read_time(&s) && s.len == 0;
}

/* Numbers with the given units in order, none left out between the first and the last. */
static size_t
units(struct wn_str *s, const char *order)
{
	size_t n = 0;
	while (s->len > 0 && is_digit(s->p[0])) {
		while (digits(s, 1) >= 0)
			;
		if (s->len == 0)
			return 0;
		const char *at = strchr(order, s->p[0]);
		if (!at || !*at || (n > 0 && at != order))
			return 0;
		order = at + 1;
		*s = wn_strn(s->p + 1, s->len - 1);
		n++;
	}
	return n;
}

/* RFC 3339, appendix A. */
static bool
duration(struct wn_str s)
{
	if (!take(&s, 'P'))
		return false;
	struct wn_str weeks = s;
	if (units(&weeks, "W") == 1 && weeks.len == 0)
		return true;
	size_t n = units(&s, "YMD");
	if (n == 0 && (s.len == 0 || s.p[0] != 'T'))
		return false;
	if (take(&s, 'T') && units(&s, "HMS") == 0)
		return false;
	return s.len == 0;
}

bool
js_format_ipv4(struct wn_str s)
{
	for (int i = 0; i < 4; i++) {
		int v = 0;
		size_t n = 0;
		if (i > 0 && !take(&s, '.'))
			return false;
		for (; n < s.len && n < 4 && is_digit(s.p[n]); n++)
			v = v * 10 + (s.p[n] - '0');
		if (n == 0 || n > 3 || v > 255 || (n > 1 && s.p[0] == '0'))
			return false;
		s = wn_strn(s.p + n, s.len - n);
	}
	return s.len == 0;
}

/* RFC 4291, section 2.2; no zone. */
bool
js_format_ipv6(struct wn_str s)
{
	int groups = 0;
	bool gap = false;
	if (s.len >= 2 && s.p[0] == ':' && s.p[1] == ':') {
		gap = true;
		s = wn_strn(s.p + 2, s.len - 2);
	}
	while (s.len > 0) {
		size_t n = 0;
		while (n < s.len && is_hex(s.p[n]))
			n++;
		if (n < s.len && s.p[n] == '.') {
			groups += 2;
			if (!js_format_ipv4(s))
				return false;
			break;
		}
		if (n == 0 || n > 4 || ++groups > 8)
			return false;
		s = wn_strn(s.p + n, s.len - n);
		if (s.len == 0)
			break;
		if (!take(&s, ':') || s.len == 0)
			return false;
		if (s.p[0] == ':') {
			if (gap)
				return false;
			gap = true;
			take(&s, ':');
		}
	}
	return gap ? groups <= 7 : groups == 8;
}

static bool
uuid(struct wn_str s)
{
	if (s.len != 36)
		return false;
	for (size_t i = 0; i < 36; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23 ? s.p[i] != '-' : !is_hex(s.p[i]))
			return false;
	return true;
}

static bool
json_pointer(struct wn_str s)
{
	if (s.len > 0 && s.p[0] != '/')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] == '~' && (i + 1 >= s.len || (s.p[i + 1] != '0' && s.p[i + 1] != '1')))
			return false;
	return true;
}

static bool
relative_json_pointer(struct wn_str s)
{
	size_t n = 0;
	while (n < s.len && is_digit(s.p[n]))
		n++;
	if (n == 0 || (n > 1 && s.p[0] == '0'))
		return false;
	s = wn_strn(s.p + n, s.len - n);
	return wn_str_is(s, "#") || json_pointer(s);
}

static bool
regex(struct wn_str s)
{
	struct wn_regex *re;
	wn_err err = wn_regex_new(s, &re, NULL);
	wn_regex_free(re);
	/* Not all that is well formed can be run here. */
	return err == WN_OK || err == WN_E_UNSUPPORTED;
}

static bool
is_atext(unsigned char c, bool utf8)
{
	return is_digit((char)c) || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c >= 128 && utf8) ||
	       (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* RFC 5321 Local-part (RFC 6531 with utf8) at the start; its length or 0. */
static size_t
local_part(struct wn_str s, bool utf8)
{
	size_t n = 0;
	if (s.len > 0 && s.p[0] == '"') {
		for (n = 1; n < s.len && s.p[n] != '"'; n++) {
			bool escaped = s.p[n] == '\\';
			if (escaped && ++n >= s.len)
				return 0;
			unsigned char c = (unsigned char)s.p[n];
			if (c < 32 || c == 127 || (c >= 128 && (!utf8 || escaped)))
				return 0;
		}
		return n < s.len ? n + 1 : 0;
	}
	while (n < s.len && (is_atext((unsigned char)s.p[n], utf8) ||
			     (s.p[n] == '.' && n > 0 && s.p[n - 1] != '.')))
		n++;
	return n > 0 && s.p[n - 1] == '.' ? 0 : n;
}

static bool
address_literal(struct wn_str s)
{
	if (s.len < 2 || s.p[s.len - 1] != ']')
		return false;
	s = wn_strn(s.p + 1, s.len - 2);
	if (s.len > 5 && !strncasecmp(s.p, "IPv6:", 5))
		return js_format_ipv6(wn_strn(s.p + 5, s.len - 5));
	return js_format_ipv4(s);
}

static bool
mailbox(struct wn_str s, bool utf8)
{
	size_t n = local_part(s, utf8);
	/* U+FFFE and U+FFFF are no characters and stand in no text. */
	if (wn_str_find(s, WN_STR("\xEF\xBF\xBE")) >= 0 ||
	    wn_str_find(s, WN_STR("\xEF\xBF\xBF")) >= 0)
		return false;
	if (n == 0 || n > 64 || n >= s.len || s.p[n] != '@')
		return false;
	s = wn_strn(s.p + n + 1, s.len - n - 1);
	if (s.len > 0 && s.p[0] == '[')
		return address_literal(s);
	return utf8 ? wn_utf8_is_idn_hostname(s) : wn_utf8_is_domain(s);
}

static bool
email(struct wn_str s)
{
	return mailbox(s, false);
}

static bool
idn_email(struct wn_str s)
{
	return mailbox(s, true);
}

js_format_fn
js_format(const char *name)
{
	static const struct {
		const char *name;
		js_format_fn fn;
	} formats[] = {
		{ "date-time", date_time },
		{ "date", date },
		{ "time", time_of_day },
		{ "duration", duration },
		{ "email", email },
		{ "idn-email", idn_email },
		{ "hostname", wn_utf8_is_hostname },
		{ "idn-hostname", wn_utf8_is_idn_hostname },
		{ "ipv4", js_format_ipv4 },
		{ "ipv6", js_format_ipv6 },
		{ "uri", js_format_uri },
		{ "uri-reference", js_format_uri_reference },
		{ "iri", js_format_iri },
		{ "iri-reference", js_format_iri_reference },
		{ "uri-template", js_format_uri_template },
		{ "uuid", uuid },
		{ "json-pointer", json_pointer },
		{ "relative-json-pointer", relative_json_pointer },
		{ "regex", regex },
	};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (!strcmp(formats[i].name, name))
			return formats[i].fn;
	return NULL;
}
