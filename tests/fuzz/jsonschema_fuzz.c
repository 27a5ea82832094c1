/*
 * Fuzzes the JSON Schema validator. The input is a document {"schema": ..., "value": ...}; any
 * schema may come from a plugin or a blueprint, so compiling it must be as safe as validating.
 */
#include <stdint.h>

#include "runtime/base/jsonschema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_result(const struct wn_schema_result *r, wn_err err)
{
	if (err == WN_OK && (!r->valid || r->n > 0))
		__builtin_trap();
	if (err == WN_E_SCHEMA && r->valid)
		__builtin_trap();
	for (size_t i = 0; i < r->n; i++)
		if (!r->errors[i].pointer || !r->errors[i].schema || !*r->errors[i].expected)
			__builtin_trap();
}

static void
one(const struct wn_json *doc, bool assert_format)
{
	struct wn_schema_opts opts = { .assert_format = assert_format };
	struct wn_schema_set *set = wn_schema_set_new(&opts);
	const struct wn_schema *schema;
	struct wn_schema_result r = { 0 };
	struct wn_diag d = { 0 };
	if (wn_schema_set_add(set, "urn:f", wn_json_get(doc, "schema"), &d) == WN_OK &&
	    wn_schema_compile(set, "urn:f", &schema, &d) == WN_OK) {
		check_result(&r, wn_schema_validate(schema, wn_json_get(doc, "value"), &r, &d));
		wn_schema_result_fini(&r);
	}
	wn_schema_set_free(set);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct wn_json_limits limits = { .bytes = 65536, .lossy_numbers = true };
	struct wn_json *doc;
	if (wn_json_parse(wn_strn((const char *)data, size), &limits, &doc, NULL) != WN_OK)
		return 0;
	one(doc, size % 2 == 0);
	wn_json_free(doc);
	return 0;
}
