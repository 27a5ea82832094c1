/*
 * Evaluates compiled schemas: the walk itself and the keywords that apply schemas to the
 * same instance (references, allOf, anyOf, ...). Knows nothing of single assertions.
 */
#include "runtime/base/jsonschema_eval.h"

#define DEPTH_MAX 1500u
#define STEPS_MIN 1000000u
/* Beyond the minimum a large instance may take this many steps a value. */
#define STEPS_A_VALUE 100u

/* True when this schema is already being applied to this very instance, twice: the second
 * time the dynamic scope held the same resources, so it would go on for ever. */
static bool
is_circle(const struct js_node *n, const struct wn_json *inst, const struct js_frame *up)
{
	unsigned seen = 0;
	for (; up && up->inst == inst; up = up->up)
		seen += up->node == n;
	return seen >= 2;
}

static uint64_t
count_values(const struct wn_json *j)
{
	uint64_t n = 1;
	for (j = wn_json_first(j); j; j = wn_json_next(j))
		n += count_values(j);
	return n;
}

/* References can make a small schema exponential: steps are counted against the instance. */
static bool
too_many_steps(struct js_run *r)
{
	if (++r->steps <= r->max_steps)
		return false;
	uint64_t allowed = STEPS_A_VALUE * count_values(r->instance);
	if (allowed <= r->max_steps)
		return true;
	r->max_steps = allowed;
	return false;
}

static bool
may_enter(struct js_run *r, const struct js_node *n, const struct wn_json *inst,
	  const struct js_frame *up)
{
	if (r->fatal)
		return false;
	if (too_many_steps(r))
		return js_fatal(r, WN_E_LIMIT, "Validation took too many steps.");
	if (up && up->depth >= DEPTH_MAX)
		return js_fatal(r, WN_E_LIMIT,
				"The schema and the value nest too deep to validate.");
	if (is_circle(n, inst, up))
		return js_fatal(r, WN_E_CYCLE, "A $ref leads back to itself without an end.");
	return true;
}

static bool
run_keywords(struct js_run *r, const struct js_frame *f)
{
	bool valid = true;
	for (size_t i = 0; i < f->node->n; i++) {
		const struct js_kw *kw = &f->node->kws[i];
		if (kw->eval(r, f, kw))
			continue;
		valid = false;
		if (!r->collect || r->fatal)
			break;
	}
	return valid;
}

bool
js_eval(struct js_run *r, const struct js_node *n, const struct wn_json *inst,
	const struct js_at *at, const struct js_frame *up, struct js_marks *out)
{
	struct js_frame f = { up, n, inst, at, NULL, up ? up->depth + 1 : 1 };
	struct js_marks own = { 0 };
	if (!may_enter(r, n, inst, up))
		return false;
	if (wn_json_type(n->json) == WN_JSON_BOOL)
		return wn_json_bool(n->json, true) ||
		       js_fail(r, &f, NULL, "Nothing is allowed here, found %s.",
			       r->collect ? js_show(r, inst) : "");
	if (out || n->unevaluated) {
		own.at = r->marks.len;
		own.n = wn_json_len(inst);
		wn_vec_reserve(&r->marks, own.at + own.n);
		r->marks.len = own.at + own.n;
		if (own.n > 0)
			memset(r->marks.p + own.at, 0, own.n);
		f.marks = &own;
	}
	bool valid = run_keywords(r, &f);
	if (valid && out)
		for (size_t i = 0; i < own.n; i++)
			r->marks.p[out->at + i] |= r->marks.p[own.at + i];
	if (f.marks)
		r->marks.len = own.at;
	return valid;
}

bool
js_probe(struct js_run *r, const struct js_node *n, const struct wn_json *inst,
	 const struct js_at *at, const struct js_frame *up, struct js_marks *marks)
{
	bool collect = r->collect;
	r->collect = false;
	bool valid = js_eval(r, n, inst, at, up, marks);
	r->collect = collect;
	return valid;
}

void
js_mark(struct js_run *r, const struct js_frame *f, size_t child)
{
	if (f->marks)
		r->marks.p[f->marks->at + child] = 1;
}

void
js_mark_all(struct js_run *r, const struct js_frame *f)
{
	if (f->marks && f->marks->n > 0)
		memset(r->marks.p + f->marks->at, 1, f->marks->n);
}

/* The same instance, another schema. */
static bool
apply(struct js_run *r, const struct js_frame *f, const struct js_node *n)
{
	return js_eval(r, n, f->inst, f->at, f, f->marks);
}

bool
js_e_ref(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	return apply(r, f, kw->sub);
}

/* The outermost resource of the dynamic scope that has the anchor wins. */
bool
js_e_dynamic_ref(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	const struct js_node *target = kw->sub;
	const struct js_frame *s = f;
	if (kw->anchor)
		do {
			struct js_node *n = wn_map_get(&s->node->res->dynamic, wn_str(kw->anchor));
			if (n && n->queued)
				target = n;
		} while ((s = s->up) != NULL);
	return apply(r, f, target);
}

bool
js_e_all_of(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	bool valid = true;
	for (size_t i = 0; i < kw->list.n && (valid || r->collect) && !r->fatal; i++)
		valid &= apply(r, f, kw->list.p[i]);
	return valid;
}

bool
js_e_any_of(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	bool valid = false;
	size_t start = r->errors.len;
	size_t *ends = r->collect ? wn_alloc_array(kw->list.n, sizeof *ends) : NULL;
	for (size_t i = 0; i < kw->list.n && !r->fatal; i++) {
		valid |= apply(r, f, kw->list.p[i]);
		if (ends)
			ends[i] = r->errors.len;
		if (valid && !f->marks)
			break;
	}
	if (valid) {
		r->errors.len = start;
	} else if (ends && !r->fatal) {
		js_choose_branch(r, f, start, ends, kw->list.n);
		js_fail(r, f, kw, "Expected one of %zu alternatives, found %s which fits none.",
			kw->list.n, js_show(r, f->inst));
	}
	wn_free(ends);
	return valid && !r->fatal;
}

/* More than one alternative fits. */
static bool
fail_too_many(struct js_run *r, const struct js_frame *f, const struct js_kw *kw, size_t first,
	      size_t second)
{
	return js_fail(r, f, kw,
		       "Expected exactly one of %zu alternatives to fit, found that number %zu and "
		       "number %zu do.",
		       kw->list.n, first + 1, second + 1);
}

bool
js_e_one_of(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	size_t hits = 0, first = 0, second = 0, start = r->errors.len;
	size_t *ends = r->collect ? wn_alloc_array(kw->list.n, sizeof *ends) : NULL;
	for (size_t i = 0; i < kw->list.n && hits < 2 && !r->fatal; i++) {
		if (apply(r, f, kw->list.p[i]) && hits++ == 0)
			first = i;
		else if (hits == 2)
			second = i;
		if (ends)
			ends[i] = r->errors.len;
	}
	if (hits > 0)
		r->errors.len = start;
	if (hits > 1)
		fail_too_many(r, f, kw, first, second);
	if (hits == 0 && ends && !r->fatal) {
		js_choose_branch(r, f, start, ends, kw->list.n);
		js_fail(r, f, kw,
			"Expected exactly one of %zu alternatives, found %s which fits none.",
			kw->list.n, js_show(r, f->inst));
	}
	wn_free(ends);
	return hits == 1 && !r->fatal;
}

bool
js_e_not(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	/* Marks made under "not" count for unevaluated* inside it only. */
	if (!js_probe(r, kw->sub, f->inst, f->at, f, NULL))
		return !r->fatal;
	return js_fail(r, f, kw, "Expected something that does not fit this schema, found %s.",
		       js_show(r, f->inst));
}

bool
js_e_if(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	bool holds = js_probe(r, kw->sub, f->inst, f->at, f, f->marks);
	if (r->fatal)
		return false;
	const struct js_node *n = kw->list.p[holds ? 1 : 0];
	return !n || apply(r, f, n);
}

bool
js_e_dependent_schemas(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	bool valid = true;
	if (wn_json_type(f->inst) != WN_JSON_OBJECT)
		return true;
	for (const struct wn_json *m = wn_json_first(f->inst); m; m = wn_json_next(m)) {
		struct js_node *n = wn_map_get(kw->map, wn_str(wn_json_key(m)));
		if (n && !apply(r, f, n)) {
			valid = false;
			if (!r->collect || r->fatal)
				break;
		}
	}
	return valid;
}

bool
js_e_dependencies(struct js_run *r, const struct js_frame *f, const struct js_kw *kw)
{
	bool valid = js_e_dependent_schemas(r, f, kw);
	return !r->fatal && js_e_dependent_required(r, f, kw) && valid;
}

/* --- a whole run --- */

static void
copy_errors(struct js_run *r, struct wn_schema_result *out)
{
	size_t n =
		r->errors.len < r->set->opts.max_errors ? r->errors.len : r->set->opts.max_errors;
	out->errors = wn_arena_array(r->text, n + 1, sizeof *out->errors);
	out->n = n;
	for (size_t i = 0; i < n; i++) {
		const struct js_error *e = &r->errors.p[i];
		const struct js_node *node = e->node;
		out->errors[i] = (struct wn_schema_error){
			.pointer = e->pointer,
			.keyword = e->kw ? e->kw->name : "false",
			.expected = e->text,
			.schema =
				wn_arena_printf(r->text, "%s#%s%s%s", node->res->uri, node->pointer,
						e->kw ? "/" : "", e->kw ? e->kw->name : ""),
		};
	}
}

/* Second pass over an invalid instance, this time for its errors. */
static wn_err
collect(struct js_run *r, const struct wn_schema *schema, const struct wn_json *instance,
	struct wn_schema_result *result, struct wn_diag *d)
{
	r->collect = true;
	r->steps = 0;
	r->errors.len = 0;
	js_eval(r, schema->node, instance, NULL, NULL, NULL);
	if (r->fatal)
		return r->fatal;
	copy_errors(r, result);
	const struct wn_schema_error *e = result->errors;
	if (result->n == 0)
		return wn_fail(d, WN_E_SCHEMA, "The value does not follow its schema.");
	wn_fail_where(d, "%s", e->pointer);
	return wn_fail(d, WN_E_SCHEMA, "%s", e->expected);
}

wn_err
wn_schema_validate(const struct wn_schema *schema, const struct wn_json *instance,
		   struct wn_schema_result *result, struct wn_diag *d)
{
	struct wn_schema_result own = { 0 };
	struct js_run r = { .set = schema->set, .d = d };
	r.instance = instance;
	r.max_steps = STEPS_MIN;
	wn_err err = WN_OK;
	if (!result)
		result = &own;
	*result = (struct wn_schema_result){ .valid = true };
	r.text = WN_NEW(struct wn_arena);
	wn_arena_init(r.text, 0);
	result->mem = r.text;
	if (!js_eval(&r, schema->node, instance, NULL, NULL, NULL))
		result->valid = false;
	if (r.fatal)
		err = r.fatal;
	else if (!result->valid && (result != &own || d))
		err = collect(&r, schema, instance, result, d);
	else if (!result->valid)
		err = WN_E_SCHEMA;
	wn_vec_fini(&r.errors);
	wn_vec_fini(&r.marks);
	wn_schema_result_fini(&own);
	return err;
}

void
wn_schema_result_fini(struct wn_schema_result *r)
{
	if (r->mem) {
		wn_arena_fini(r->mem);
		wn_free(r->mem);
	}
	*r = (struct wn_schema_result){ 0 };
}
