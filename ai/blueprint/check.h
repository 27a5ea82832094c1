/*
 * Checks a blueprint beyond its schema: references, meaning, and what people would trip over.
 * Pure: no kernel, no disk, no clock; any thread.
 */
#ifndef AI_BLUEPRINT_CHECK_H
#define AI_BLUEPRINT_CHECK_H

#include "ai/blueprint/report.h"
#include "runtime/base/jsonschema.h"

/* Fills out (always initialised; blueprint_report_fini() it also after an error) with all
 * findings. schema is the compiled urn:webnova:model:blueprint; NULL leaves that step out. Returns
 * WN_E_SCHEMA when the document does not follow the schema, WN_E_INVALID when it does but has
 * other errors, WN_OK with or without warnings. doc is borrowed for the call. */
wn_err blueprint_check(const struct wn_json *doc, const struct wn_schema *schema,
		       struct blueprint_report *out) WN_MUST;

#endif
