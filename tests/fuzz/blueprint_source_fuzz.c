/*
 * Fuzzes reading and editing of blueprints as text. The first byte picks the format. What is read
 * has places inside its text, and is read back from its YAML; an edit that succeeds gives exactly
 * the edited document (blueprint_edit() checks that itself) and leaves a text that can be read.
 */
#include <stdint.h>
#include <stdlib.h>

#include "ai/blueprint/source/edit.h"
#include "ai/blueprint/source/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 loses 2 KB after some errors in long quoted text; ours must lose nothing. */
const char *
__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static void
read_back(const struct wn_json *doc)
{
	struct blueprint_file f = { "again.yaml", WN_STR_NONE };
	struct blueprint_source s;
	struct wn_buf b;

	wn_buf_init(&b, 1u << 20);
	if (blueprint_yaml_print(doc, BLUEPRINT_YAML_DOCUMENT, 0, &b) == WN_OK) {
		f.text = wn_buf_view(&b);
		if (blueprint_source_read(&f, 1, &s) == WN_OK && !wn_json_equal(s.doc, doc))
			abort();
		blueprint_source_fini(&s);
	}
	wn_buf_fini(&b);
}

static void
edit(const struct blueprint_file *f, enum blueprint_edit_op op, const char *pointer)
{
	struct wn_json *v = wn_json_new_object();
	struct blueprint_edit e = { op, pointer, v };
	struct blueprint_file after = { f->path, WN_STR_NONE };
	struct blueprint_source s;
	struct wn_buf b;

	wn_json_set_str(v, "en", "a: #b");
	wn_buf_init(&b, 1u << 20);
	if (blueprint_edit(f, &e, 1, &b, NULL) == WN_OK) {
		after.text = wn_buf_view(&b);
		if (blueprint_source_read(&after, 1, &s) == WN_E_PARSE)
			abort();
		blueprint_source_fini(&s);
	}
	wn_buf_fini(&b);
	wn_json_free(v);
}

static void
edits(const struct blueprint_file *f, const struct wn_json *doc)
{
	struct wn_buf p;

	wn_buf_init(&p, 1000);
	for (const struct wn_json *c = wn_json_first(doc); c; c = wn_json_next(c)) {
		if (!wn_json_key(c))
			break;
		wn_buf_clear(&p);
		(void)wn_json_pointer_add(&p, wn_str(wn_json_key(c)));
		if (p.err)
			continue;
		edit(f, BLUEPRINT_EDIT_SET, p.p);
		edit(f, BLUEPRINT_EDIT_REMOVE, p.p);
		(void)wn_buf_cstr(&p, "/0");
		edit(f, BLUEPRINT_EDIT_ADD, p.p);
		edit(f, BLUEPRINT_EDIT_REMOVE, p.p);
		break;
	}
	edit(f, BLUEPRINT_EDIT_SET, "/new");
	edit(f, BLUEPRINT_EDIT_ADD, "/-");
	wn_buf_fini(&p);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blueprint_file f[2] = { { "a.yaml", WN_STR_NONE }, { "b.yaml", WN_STR_NONE } };
	struct blueprint_source s;
	struct blueprint_place place;

	if (size < 1 || size > 20000)
		return 0;
	f[0].path = data[0] & 1 ? "a.json" : "a.yaml";
	f[0].text = f[1].text = wn_strn((const char *)data + 1, size - 1);
	if ((blueprint_source_read(f, 2, &s) == WN_OK) != (s.doc != NULL))
		abort();
	if (!s.doc && s.report.errors == 0)
		abort();
	for (size_t i = 0; i < s.marks.len && s.doc; i++)
		if (s.marks.p[i].end < s.marks.p[i].at ||
		    s.marks.p[i].end > s.files.p[s.marks.p[i].file].text.len)
			abort();
	if (s.doc && !blueprint_source_place(&s, "/a/b", &place))
		abort();
	if (s.doc)
		read_back(s.doc);
	if (s.doc)
		edits(&f[0], s.doc);
	blueprint_source_fini(&s);
	return 0;
}
