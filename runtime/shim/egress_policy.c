/*
 * Allowed names, forbidden addresses. An address is judged, not only the name it came from: a name
 * may lead anywhere, and elsewhere the next time it is asked for.
 */
#include "runtime/shim/egress_policy.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

bool
egress_host(struct wn_str text, char out[EGRESS_HOST_MAX])
{
	size_t n = 0;

	if (text.len > 2 && text.p[0] == '[' && text.p[text.len - 1] == ']')
		text = wn_strn(text.p + 1, text.len - 2);
	if (text.len > 1 && text.p[text.len - 1] == '.')
		text.len--;
	if (text.len == 0 || text.len >= EGRESS_HOST_MAX)
		return false;
	for (; n < text.len; n++) {
		char c = text.p[n];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
		      c == '_' || c == ':'))
			return false;
		out[n] = c;
	}
	out[n] = '\0';
	return out[0] != '-' && out[0] != '.';
}

/* "host", "host:port", "[v6]:port", "*.host". */
static bool
rule_parse(struct wn_str text, struct egress_rule *out)
{
	ptrdiff_t colon = -1;
	struct wn_str host = text;

	*out = (struct egress_rule){ .port = 0 };
	for (size_t i = text.len; i > 0 && colon < 0; i--)
		if (text.p[i - 1] == ':')
			colon = (ptrdiff_t)i - 1;
	/* Several colons without brackets are an IPv6 address. */
	if (colon > 0 && (text.p[colon - 1] == ']' || !memchr(text.p, ':', (size_t)colon))) {
		host = wn_strn(text.p, (size_t)colon);
		for (size_t i = (size_t)colon + 1; i < text.len; i++) {
			if (text.p[i] < '0' || text.p[i] > '9' || out->port > 65535)
				return false;
			out->port = out->port * 10 + (text.p[i] - '0');
		}
		if (out->port == 0 || out->port > 65535)
			return false;
	}
	if (host.len > 2 && host.p[0] == '*' && host.p[1] == '.') {
		out->below = true;
		host = wn_strn(host.p + 2, host.len - 2);
	}
	return egress_host(host, out->host);
}

wn_err
egress_rules_parse(struct egress_rules *r, const char *text, struct wn_diag *d)
{
	struct wn_str rest = wn_str(text), part;

	*r = (struct egress_rules){ 0 };
	while (wn_str_split(&rest, ',', &part)) {
		struct egress_rule rule;

		part = wn_str_trim(part);
		if (part.len == 0)
			continue;
		if (!rule_parse(part, &rule)) {
			egress_rules_fini(r);
			return wn_fail(d, WN_E_INVALID, "\"%.*s\" is no name with an optional port",
				       WN_STR_ARG(part));
		}
		wn_vec_push(&r->v, rule);
	}
	return WN_OK;
}

void
egress_rules_fini(struct egress_rules *r)
{
	wn_vec_fini(&r->v);
}

static bool
is_below(const char *host, const char *parent)
{
	size_t n = strlen(host), m = strlen(parent);

	return n > m + 1 && host[n - m - 1] == '.' && strcmp(host + n - m, parent) == 0;
}

bool
egress_rules_allow(const struct egress_rules *r, const char *host, int port)
{
	for (size_t i = 0; i < r->v.len; i++) {
		const struct egress_rule *rule = &r->v.p[i];

		if (rule->port ? rule->port != port : port != 80 && port != 443)
			continue;
		if (rule->below ? is_below(host, rule->host) : strcmp(host, rule->host) == 0)
			return true;
	}
	return false;
}

/* --- addresses ---- */

/* IANA's special-purpose registry for IPv4: none of it is somebody's server out there. */
static bool
v4_public(uint32_t a)
{
	static const struct {
		uint32_t net;
		int bits;
	} special[] = { { 0x00000000, 8 },  { 0x0A000000, 8 },	{ 0x64400000, 10 },
			{ 0x7F000000, 8 },  { 0xA9FE0000, 16 }, { 0xAC100000, 12 },
			{ 0xC0000000, 24 }, { 0xC0000200, 24 }, { 0xC0586300, 24 },
			{ 0xC0A80000, 16 }, { 0xC6120000, 15 }, { 0xC6336400, 24 },
			{ 0xCB007100, 24 }, { 0xE0000000, 4 },	{ 0xF0000000, 4 } };

	for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
		if (((a ^ special[i].net) >> (32 - special[i].bits)) == 0)
			return false;
	return true;
}

static uint32_t
v4_at(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Only global unicast, without the parts of it that are no one's or hold an IPv4 address. */
static bool
v6_public(const unsigned char *p)
{
	static const unsigned char nat64[12] = { 0x00, 0x64, 0xff, 0x9b };
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

	if (memcmp(p, mapped, sizeof mapped) == 0 || memcmp(p, nat64, sizeof nat64) == 0)
		return v4_public(v4_at(p + 12));
	if ((p[0] & 0xE0) != 0x20)
		return false;
	if (p[0] == 0x20 && p[1] == 0x02) /* 6to4 */
		return v4_public(v4_at(p + 2));
	/* 2001::/23 (Teredo and other protocols'), 2001:db8::/32 and 3fff::/20 (documentation) */
	if (p[0] == 0x20 && p[1] == 0x01 && (p[2] < 2 || (p[2] == 0x0d && p[3] == 0xb8)))
		return false;
	return !(p[0] == 0x3f && p[1] == 0xff && p[2] < 0x10);
}

bool
egress_is_public(const struct sockaddr *a)
{
	if (a->sa_family == AF_INET)
		return v4_public(
			ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr));
	if (a->sa_family == AF_INET6)
		return v6_public(((const struct sockaddr_in6 *)(const void *)a)->sin6_addr.s6_addr);
	return false;
}
