/*
 * Where a box may go: names and ports that are allowed, and addresses that never are. Pure.
 */
#ifndef RUNTIME_SHIM_EGRESS_POLICY_H
#define RUNTIME_SHIM_EGRESS_POLICY_H

#include <netinet/in.h>
#include <stdbool.h>

#include "runtime/base/error.h"
#include "runtime/base/str.h"
#include "runtime/base/vec.h"

#define EGRESS_HOST_MAX 254 /* a name and its NUL */

struct egress_rule {
	char host[EGRESS_HOST_MAX]; /* lower case */
	int port;		    /* 0: 80 and 443 */
	bool below;		    /* "*.host": what is below it, not itself */
};

struct egress_rules {
	WN_VEC(struct egress_rule) v;
};

/* "api.example.com, *.example.org:8443": names with an optional port, at commas. */
wn_err egress_rules_parse(struct egress_rules *r, const char *text, struct wn_diag *d) WN_MUST;
void egress_rules_fini(struct egress_rules *r);
bool egress_rules_allow(const struct egress_rules *r, const char *host, int port);
/* A host as a request names it, lower case, without a dot at its end; false: it is none. Brackets
 * of an IPv6 address are taken off. */
bool egress_host(struct wn_str text, char out[EGRESS_HOST_MAX]);
/* True for addresses of the open internet; not for this machine's, a private network's, link-local,
 * multicast, documentation or any that carries such a one inside (NAT64, 6to4, mapped). */
bool egress_is_public(const struct sockaddr *a);

#endif
