/*
 * Picks the reader, then composes what it read.
 */
#include "ai/blueprint/import/import.h"

#include "ai/blueprint/compose/compose.h"
#include "ai/blueprint/import/import_priv.h"
#include "runtime/base/utf8.h"

static wn_err
read_text(struct import *im, enum blueprint_import_format format, struct wn_str text)
{
	switch (format) {
	case BLUEPRINT_IMPORT_SQL:
		return import_sql(im, text);
	case BLUEPRINT_IMPORT_OPENAPI:
		return import_openapi(im, text);
	case BLUEPRINT_IMPORT_PRISMA:
		return import_prisma(im, text);
	default:
		return import_jdl(im, text);
	}
}

static wn_err
check_text(struct wn_str text, struct wn_diag *d)
{
	if (text.len > BLUEPRINT_IMPORT_BYTES)
		return wn_fail(d, WN_E_LIMIT, "the text has %zu bytes; %zu are allowed", text.len,
			       BLUEPRINT_IMPORT_BYTES);
	if (!wn_utf8_valid(text) || (text.len && memchr(text.p, '\0', text.len)))
		return wn_fail(d, WN_E_PARSE, "it is no UTF-8 text");
	return WN_OK;
}

wn_err
blueprint_import(enum blueprint_import_format format, struct wn_str text, const char *name,
		 struct blueprint_import *out, struct wn_diag *d)
{
	struct import im = { .out = out, .d = d };
	struct wn_json *sketch = NULL;
	wn_err err = check_text(text, d);

	*out = (struct blueprint_import){ 0 };
	wn_arena_init(&out->arena, 0);
	im.arena = &out->arena;
	im.entities = wn_json_new_array();
	im.enums = wn_json_new_object();
	if (!err)
		err = read_text(&im, format, text);
	if (!err && out->entities == 0)
		err = wn_fail(d, WN_E_INVALID,
			      "there is nothing in it that a blueprint could hold");
	if (!err)
		sketch = import_finish(&im, name);
	if (!err)
		err = blueprint_compose(sketch, &out->doc, d);
	wn_json_free(sketch);
	wn_json_free(im.entities);
	wn_json_free(im.enums);
	wn_vec_fini(&im.links);
	wn_vec_fini(&im.tokens);
	return err;
}

void
blueprint_import_fini(struct blueprint_import *import)
{
	wn_json_free(import->doc);
	import->doc = NULL;
	wn_vec_fini(&import->lost);
	wn_arena_fini(&import->arena);
}
