/*
 * Fuzzes the checks, the diff and the explanation of blueprints: any JSON document must be
 * judged without harm, as it may come from a file, a model or another platform. The schema is
 * left out, so that documents get past it.
 */
#include <stdint.h>

#include "ai/blueprint/check.h"
#include "ai/blueprint/diff.h"
#include "ai/blueprint/explain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct wn_json *doc)
{
	struct blueprint_report r;
	struct wn_buf b;
	wn_err err = blueprint_check(doc, NULL, &r);
	if ((err == WN_OK) != (r.errors == 0))
		__builtin_trap();
	for (size_t i = 0; i < r.findings.len; i++)
		if (!*r.findings.p[i].text || !wn_json_at(doc, r.findings.p[i].pointer))
			__builtin_trap();
	wn_buf_init(&b, 1u << 20);
	(void)blueprint_report_print(&r, &b);
	wn_buf_fini(&b);
	blueprint_report_fini(&r);
}

static void
explain(const struct wn_json *doc, const char *locale)
{
	struct wn_buf b;
	wn_buf_init(&b, 1u << 20);
	(void)blueprint_explain(doc, locale, &b);
	wn_buf_fini(&b);
}

/* A document against itself never differs; against its first member it may. */
static void
diff(const struct wn_json *before, const struct wn_json *after)
{
	struct blueprint_diff d;
	struct wn_buf b;
	if (blueprint_diff(before, after, &d, NULL) == WN_OK && before == after &&
	    d.changes.len > 0)
		__builtin_trap();
	wn_buf_init(&b, 1u << 20);
	(void)blueprint_diff_print(&d, &b);
	wn_buf_fini(&b);
	blueprint_diff_fini(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct wn_json_limits limits = { .bytes = 65536 };
	struct wn_json *doc;
	if (wn_json_parse(wn_strn((const char *)data, size), &limits, &doc, NULL) != WN_OK)
		return 0;
	check(doc);
	explain(doc, "en");
	explain(doc, "ar");
	diff(doc, doc);
	/* An array of two: two revisions. */
	const struct wn_json *first = wn_json_first(doc);
	if (first && wn_json_next(first))
		diff(first, wn_json_next(first));
	wn_json_free(doc);
	return 0;
}
