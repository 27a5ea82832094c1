/*
 * Shapes: the constraints of one value and the texts of what is wrong, shared by reading and
 * checking. The way down is kept as a chain on the stack and becomes a JSON Pointer only then.
 */
#include "runtime/base/shape_priv.h"

#include <inttypes.h>
#include <math.h>

#include "runtime/base/id.h"
#include "runtime/base/utf8.h"

static void
pointer_add(struct wn_buf *b, const struct wn_shape_place *at)
{
	if (!at)
		return;
	pointer_add(b, at->up);
	if (at->key.p)
		wn_json_pointer_add(b, at->key);
	else
		wn_buf_printf(b, "/%zu", at->index);
}

void
wn_shape_set_where_(struct wn_diag *d, const struct wn_shape_place *at)
{
	struct wn_buf b;

	if (!d || d->where[0])
		return;
	wn_buf_init(&b, WN_DIAG_WHERE_MAX - 1);
	pointer_add(&b, at);
	if (b.len)
		wn_fail_where(d, "%s", b.p);
	wn_buf_fini(&b);
}

wn_err
wn_shape_broken_(struct wn_diag *d, const struct wn_shape_place *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	wn_err err = wn_failv(d, WN_E_SCHEMA, fmt, ap);
	va_end(ap);
	wn_shape_set_where_(d, at);
	return err;
}

wn_err
wn_shape_check_size_(const struct wn_shape *s, size_t n, const char *unit,
		     const struct wn_shape_place *at, struct wn_diag *d)
{
	if (n < s->min)
		return wn_shape_broken_(d, at, "expected at least %zu %s, found %zu", s->min, unit,
					n);
	if (s->has_max && n > s->max)
		return wn_shape_broken_(d, at, "expected at most %zu %s, found %zu", s->max, unit,
					n);
	return WN_OK;
}

wn_err
wn_shape_check_string_(const struct wn_shape *s, struct wn_str v, const struct wn_shape_place *at,
		       struct wn_diag *d)
{
	if (!wn_utf8_valid(v))
		return wn_shape_broken_(d, at, "expected UTF-8 text, found other bytes");
	if (s->min || s->has_max) {
		wn_err err = wn_shape_check_size_(s, wn_utf8_count(v), "characters", at, d);
		if (err)
			return err;
	}
	if (s->matches && !s->matches(v))
		return wn_shape_broken_(d, at, "expected text that matches %s, found \"%.*s\"",
					s->pattern, (int)wn_utf8_fit(v, 40, NULL), v.p);
	if (s->is_ulid && !wn_id_is_ulid(v))
		return wn_shape_broken_(d, at, "expected a ULID, found \"%.*s\"",
					(int)wn_utf8_fit(v, 40, NULL), v.p);
	if (s->is_uuid && !wn_id_is_uuid(v))
		return wn_shape_broken_(d, at, "expected a UUID, found \"%.*s\"",
					(int)wn_utf8_fit(v, 40, NULL), v.p);
	return WN_OK;
}

wn_err
wn_shape_check_number_(const struct wn_shape *s, double v, const struct wn_shape_place *at,
		       struct wn_diag *d)
{
	if (!isfinite(v))
		return wn_shape_broken_(d, at, "expected a finite number");
	if (s->has_lo && v < s->lo)
		return wn_shape_broken_(d, at, "expected a number of at least %.15g, found %.15g",
					s->lo, v);
	if (s->has_hi && v > s->hi)
		return wn_shape_broken_(d, at, "expected a number of at most %.15g, found %.15g",
					s->hi, v);
	return WN_OK;
}

wn_err
wn_shape_check_integer_(const struct wn_shape *s, int64_t v, const struct wn_shape_place *at,
			struct wn_diag *d)
{
	const int64_t exact = INT64_C(1) << 53;

	if (v > exact || v < -exact)
		return wn_shape_broken_(d, at, "expected an integer within +-2^53, found %" PRId64,
					v);
	return wn_shape_check_number_(s, (double)v, at, d);
}

wn_err
wn_shape_check_boolean_(const struct wn_shape *s, bool v, const struct wn_shape_place *at,
			struct wn_diag *d)
{
	if (s->has_lo && v != (s->lo != 0.0))
		return wn_shape_broken_(d, at, "expected %s, found %s", v ? "false" : "true",
					v ? "true" : "false");
	return WN_OK;
}

wn_err
wn_shape_enum_broken_(const struct wn_shape *s, struct wn_str found,
		      const struct wn_shape_place *at, struct wn_diag *d)
{
	struct wn_buf b;

	wn_buf_init(&b, 300);
	for (size_t i = 0; i < s->n; i++)
		wn_buf_printf(&b, "%s\"%s\"", i ? ", " : "", s->values[i]);
	wn_err err = found.p ? wn_shape_broken_(d, at, "expected %s%s, found \"%.*s\"",
						s->n > 1 ? "one of " : "", b.p ? b.p : "",
						(int)wn_utf8_fit(found, 40, NULL), found.p)
			     : wn_shape_broken_(d, at, "expected one of %s, found an unknown value",
						b.p ? b.p : "");
	wn_buf_fini(&b);
	return err;
}

wn_err
wn_shape_required_broken_(const struct wn_shape_field *f, const struct wn_shape_place *up,
			  struct wn_diag *d)
{
	return wn_shape_broken_(d, up, "expected the member \"%s\", which is required", f->name);
}

wn_err
wn_shape_blame(struct wn_diag *d, wn_err err, wn_err as)
{
	if (err != WN_E_SCHEMA)
		return err;
	if (d && d->code == WN_E_SCHEMA)
		d->code = as;
	return as;
}

const char *
wn_shape_enum_name(const char *const *values, size_t n, unsigned value)
{
	return value >= 1 && value <= n ? values[value - 1] : NULL;
}

unsigned
wn_shape_enum_value(const char *const *values, size_t n, struct wn_str name)
{
	for (size_t i = 0; i < n; i++)
		if (wn_str_is(name, values[i]))
			return (unsigned)i + 1;
	return 0;
}
