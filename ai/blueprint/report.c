/*
 * Findings: collecting, bounding, printing. Knows nothing of what is checked.
 */
#include "ai/blueprint/report.h"
#include "runtime/base/json_write.h"

#define POINTER_MAX 4096

void
blueprint_report_init(struct blueprint_report *r, const struct wn_json *doc)
{
	*r = (struct blueprint_report){ .doc = doc };
	wn_arena_init(&r->arena, 0);
}

void
blueprint_report_fini(struct blueprint_report *r)
{
	wn_vec_fini(&r->findings);
	wn_arena_fini(&r->arena);
	*r = (struct blueprint_report){ 0 };
}

/* Depth first; the pointer is cut back where the value is not found. */
static bool
find(const struct wn_json *j, const struct wn_json *value, struct wn_buf *out)
{
	size_t i = 0, mark = out->len;
	if (j == value)
		return true;
	for (const struct wn_json *c = wn_json_first(j); c; c = wn_json_next(c), i++) {
		if (wn_json_key(c))
			(void)wn_json_pointer_add(out, wn_str(wn_json_key(c)));
		else
			(void)wn_buf_printf(out, "/%zu", i);
		if (find(c, value, out))
			return true;
		wn_buf_cut(out, mark);
	}
	return false;
}

wn_err
blueprint_pointer(const struct wn_json *doc, const struct wn_json *value, struct wn_buf *out)
{
	if (value)
		(void)find(doc, value, out);
	return out->err;
}

/* Counts; false when there is no room for another. */
static bool
count(struct blueprint_report *r, enum blueprint_severity severity)
{
	if (severity == BLUEPRINT_ERROR)
		return r->errors++ < BLUEPRINT_ERRORS_MAX;
	return r->warnings++ < BLUEPRINT_WARNINGS_MAX;
}

void
blueprint_report_at(struct blueprint_report *r, enum blueprint_severity severity, const char *rule,
		    const char *pointer, const char *hint, const char *text)
{
	if (!count(r, severity))
		return;
	wn_vec_push(&r->findings, (struct blueprint_finding){
					  .severity = severity,
					  .rule = rule,
					  .pointer = wn_arena_strdup(&r->arena, pointer),
					  .text = wn_arena_strdup(&r->arena, text),
					  .hint = wn_arena_strdup(&r->arena, hint),
				  });
}

void
blueprint_report_add(struct blueprint_report *r, enum blueprint_severity severity, const char *rule,
		     const struct wn_json *where, const char *hint, const char *fmt, ...)
{
	struct wn_buf pointer, text;
	va_list ap;
	wn_buf_init(&pointer, POINTER_MAX);
	wn_buf_init(&text, POINTER_MAX);
	(void)blueprint_pointer(r->doc, where, &pointer);
	va_start(ap, fmt);
	(void)wn_buf_vprintf(&text, fmt, ap);
	va_end(ap);
	blueprint_report_at(r, severity, rule, pointer.p ? pointer.p : "", hint,
			    text.p ? text.p : "Something is wrong here.");
	wn_buf_fini(&pointer);
	wn_buf_fini(&text);
}

wn_err
blueprint_report_print(const struct blueprint_report *r, struct wn_buf *out)
{
	struct wn_jw w;
	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kint(&w, "errors", (int64_t)r->errors);
	wn_jw_kint(&w, "warnings", (int64_t)r->warnings);
	wn_jw_key(&w, "findings");
	wn_jw_array(&w);
	for (size_t i = 0; i < r->findings.len; i++) {
		const struct blueprint_finding *f = &r->findings.p[i];
		wn_jw_object(&w);
		wn_jw_kstr(&w, "severity", f->severity == BLUEPRINT_ERROR ? "error" : "warning");
		wn_jw_kstr(&w, "rule", f->rule);
		wn_jw_kstr(&w, "pointer", f->pointer);
		wn_jw_kstr(&w, "text", f->text);
		wn_jw_kstr(&w, "hint", f->hint);
		wn_jw_object_end(&w);
	}
	wn_jw_array_end(&w);
	wn_jw_object_end(&w);
	return out->err;
}
