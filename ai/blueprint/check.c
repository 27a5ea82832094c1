/*
 * The order of the checks: schema, references, meaning. Every step runs whatever the ones
 * before found, so one call shows everything that is wrong.
 */
#include "ai/blueprint/check_priv.h"

/* Some checks compare all things with all. */
#define THINGS_MAX 5000

static void
add_schema_errors(struct blueprint_report *out, const struct wn_schema_result *r)
{
	for (size_t i = 0; i < r->n; i++)
		blueprint_report_at(out, BLUEPRINT_ERROR, "schema", r->errors[i].pointer,
				    blueprint_schema_hint(&out->arena, r->errors[i].keyword,
							  r->errors[i].expected),
				    r->errors[i].expected);
}

/* WN_E_SCHEMA: findings were added. Other errors: the check itself could not be done. */
static wn_err
check_schema(const struct wn_json *doc, const struct wn_schema *schema,
	     struct blueprint_report *out)
{
	struct wn_schema_result r = { 0 };
	struct wn_diag d = { 0 };
	wn_err err = wn_schema_validate(schema, doc, &r, &d);
	if (err == WN_E_SCHEMA)
		add_schema_errors(out, &r);
	else if (err)
		blueprint_report_at(out, BLUEPRINT_ERROR, "schema", d.where,
				    "Make the document smaller or less deep.", d.text);
	wn_schema_result_fini(&r);
	return err ? WN_E_SCHEMA : WN_OK;
}

static void
check_meaning(struct check *c)
{
	blueprint_check_references(c);
	blueprint_check_identity(c);
	blueprint_check_entities(c);
	blueprint_check_relations(c);
	blueprint_check_views(c);
	blueprint_check_workflows(c);
	blueprint_check_operations(c);
	blueprint_check_pages(c);
	blueprint_check_seed(c);
	blueprint_check_labels(c);
}

wn_err
blueprint_check(const struct wn_json *doc, const struct wn_schema *schema,
		struct blueprint_report *out)
{
	struct check c = { .doc = doc, .report = out };
	wn_err err = WN_OK;
	blueprint_report_init(out, doc);
	if (schema)
		err = check_schema(doc, schema, out);
	blueprint_index_init(&c.ix, doc);
	if (c.ix.things.len <= THINGS_MAX)
		check_meaning(&c);
	else
		ERROR(&c, "limit", NULL, "Split it into several blueprints.",
		      "The blueprint has %zu things; at most %d can be checked.", c.ix.things.len,
		      THINGS_MAX);
	blueprint_index_fini(&c.ix);
	out->doc = NULL;
	if (err)
		return err;
	return out->errors > 0 ? WN_E_INVALID : WN_OK;
}
