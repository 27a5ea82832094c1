/*
 * Fuzzes the four imports; the first byte picks one. Whatever is read, there is no blueprint, or
 * one without errors.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "ai/blueprint/check.h"
#include "ai/blueprint/import/import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* As in blueprint_source_fuzz.c: OpenAPI documents may be YAML. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blueprint_import import;
	struct blueprint_report report;
	wn_err err;

	if (size < 1 || size > 20000)
		return 0;
	err = blueprint_import((enum blueprint_import_format)(data[0] % 4),
			       wn_strn((const char *)data + 1, size - 1), NULL, &import, NULL);
	if ((err == WN_OK) != (import.doc != NULL))
		abort();
	if (import.doc) {
		err = blueprint_check(import.doc, NULL, &report);
		for (size_t i = 0; err && i < report.findings.len; i++)
			fprintf(stderr, "%s %s\n", report.findings.p[i].pointer,
				report.findings.p[i].text);
		if (err)
			abort();
		blueprint_report_fini(&report);
	}
	blueprint_import_fini(&import);
	return 0;
}
