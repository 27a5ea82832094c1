/*
 * Three-way merge of JSON by structure: members by key, elements of a list by their id or name.
 */
#ifndef AI_CODEGEN_MERGE_JSON_H
#define AI_CODEGEN_MERGE_JSON_H

#include "runtime/base/json.h"

/* What both sides made of base, owned; NULL when they changed the same value differently. base
 * nullable: both added it. Members keep the order of theirs, what only ours has comes behind. */
struct wn_json *codegen_merge_json(const struct wn_json *base, const struct wn_json *ours,
				   const struct wn_json *theirs);

#endif
