/*
 * Fuzzes the reading of descriptions: whatever is written, either nothing is made or a blueprint
 * without errors, and every label points into it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "ai/blueprint/check.h"
#include "ai/blueprint/words/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blueprint_draft draft;
	struct blueprint_report report;
	wn_err err;

	if (size > 5000)
		return 0;
	err = blueprint_from_words(wn_strn((const char *)data, size), NULL, &draft, NULL);
	if (draft.matched > draft.words || (err && draft.doc))
		abort();
	for (size_t i = 0; draft.doc && i < draft.elements.len; i++)
		if (!wn_json_at(draft.doc, draft.elements.p[i].pointer))
			abort();
	if (draft.doc) {
		if (blueprint_check(draft.doc, NULL, &report) != WN_OK)
			abort();
		blueprint_report_fini(&report);
	}
	blueprint_draft_fini(&draft);
	return 0;
}
