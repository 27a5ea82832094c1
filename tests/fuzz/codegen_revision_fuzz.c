/*
 * Fuzzes what a second generation stands on: a record of tables that lay in the user's directory,
 * two revisions of a blueprint, and three versions of a JSON file. Input: {"a": blueprint, "b":
 * blueprint, "schema": record, "base", "ours", "theirs"}; each may be missing or anything.
 */
#include <stdint.h>

#include "ai/codegen/codegen.h"
#include "ai/codegen/merge_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Generates on top of a record; returns the new record, owned, or NULL. */
static struct wn_json *
generate(const struct wn_json *blueprint, const struct wn_json *schema)
{
	const struct codegen_options options = { .schema = schema };
	struct codegen_files files;
	struct wn_json *record = NULL;
	struct wn_diag d = { 0 };

	if (codegen_generate(blueprint, &options, &files, &d) == WN_OK) {
		const struct codegen_file *f = codegen_files_find(&files, CODEGEN_SCHEMA);

		/* What we write ourselves can always be read again. */
		if (!f || wn_json_parse(f->content, NULL, &record, NULL) != WN_OK)
			__builtin_trap();
	} else if (!d.code) {
		__builtin_trap();
	}
	codegen_files_fini(&files);
	return record;
}

/* The same blueprint on its own record changes nothing. */
static void
revise(const struct wn_json *a, const struct wn_json *b)
{
	struct wn_json *first = a ? generate(a, NULL) : NULL, *same, *second;

	if (!first)
		return;
	same = generate(a, first);
	if (!same || !wn_json_equal(same, first))
		__builtin_trap();
	second = b ? generate(b, first) : NULL;
	wn_json_free(second);
	wn_json_free(same);
	wn_json_free(first);
}

static void
merge(const struct wn_json *base, const struct wn_json *ours, const struct wn_json *theirs)
{
	struct wn_json *one, *both;

	if (!base || !ours || !theirs)
		return;
	one = codegen_merge_json(base, ours, base);
	if (!one || !wn_json_equal(one, ours))
		__builtin_trap();
	both = codegen_merge_json(base, ours, theirs);
	wn_json_free(both);
	wn_json_free(one);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct wn_json_limits limits = { .bytes = 65536 };
	struct wn_json *doc, *record = NULL;

	if (wn_json_parse(wn_strn((const char *)data, size), &limits, &doc, NULL) != WN_OK)
		return 0;
	revise(wn_json_get(doc, "a"), wn_json_get(doc, "b"));
	if (wn_json_get(doc, "a") && wn_json_get(doc, "schema"))
		record = generate(wn_json_get(doc, "a"), wn_json_get(doc, "schema"));
	merge(wn_json_get(doc, "base"), wn_json_get(doc, "ours"), wn_json_get(doc, "theirs"));
	wn_json_free(record);
	wn_json_free(doc);
	return 0;
}
