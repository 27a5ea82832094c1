/*
 * Format checks that more than one file of the validator needs. Each says whether the whole
 * text (valid UTF-8) is in the format; none keeps state.
 */
#ifndef RUNTIME_BASE_JSONSCHEMA_FORMAT_H
#define RUNTIME_BASE_JSONSCHEMA_FORMAT_H

#include <stdbool.h>

#include "runtime/base/str.h"

bool js_format_ipv4(struct wn_str s);
bool js_format_ipv6(struct wn_str s);
/* Letters, digits and inner hyphens in labels of up to 63, 253 in all; A-labels must decode. */
bool js_format_hostname(struct wn_str s);
/* As hostname, but any label with "--" in it is left alone: what RFC 5321 calls a Domain. */
bool js_format_domain(struct wn_str s);
/* RFC 5890 to 5893: U-labels and A-labels, contextual rules, the bidi rule. */
bool js_format_idn_hostname(struct wn_str s);
bool js_format_uri(struct wn_str s);
bool js_format_uri_reference(struct wn_str s);
bool js_format_iri(struct wn_str s);
bool js_format_iri_reference(struct wn_str s);
bool js_format_uri_template(struct wn_str s);

#endif
