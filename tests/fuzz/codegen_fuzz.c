/*
 * Any JSON as a blueprint: generated or refused, never a crash. The generator is only given
 * documents that follow the schema; this one is not, on purpose.
 */
#include <stddef.h>
#include <stdint.h>

#include "ai/codegen/codegen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct wn_json_limits limits = { .bytes = 65536, .depth = 40, .values = 20000 };
	struct codegen_files files;
	struct wn_json *doc = NULL;

	if (wn_json_parse(wn_strn((const char *)data, size), &limits, &doc, NULL) == WN_OK) {
		(void)!codegen_generate(doc, NULL, &files, NULL);
		codegen_files_fini(&files);
	}
	wn_json_free(doc);
	return 0;
}
