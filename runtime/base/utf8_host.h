/*
 * Host names, ASCII and internationalized (IDNA 2008). Syntax only; nothing is looked up.
 */
#ifndef RUNTIME_BASE_UTF8_HOST_H
#define RUNTIME_BASE_UTF8_HOST_H

#include <stdbool.h>

#include "runtime/base/str.h"

/* Letters, digits and inner hyphens in labels of up to 63, 253 in all; A-labels must decode. */
bool wn_utf8_is_hostname(struct wn_str s);
/* As above, but A-labels are not looked into: what RFC 5321 calls a Domain. */
bool wn_utf8_is_domain(struct wn_str s);
/* RFC 5890 to 5893: U-labels and A-labels, contextual rules, the bidi rule. */
bool wn_utf8_is_idn_hostname(struct wn_str s);

#endif
