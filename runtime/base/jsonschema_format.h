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
bool js_format_uri(struct wn_str s);
bool js_format_uri_reference(struct wn_str s);
bool js_format_iri(struct wn_str s);
bool js_format_iri_reference(struct wn_str s);
bool js_format_uri_template(struct wn_str s);

#endif
