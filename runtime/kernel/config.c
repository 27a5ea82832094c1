/*
 * Implements the settings. Values are kept as JSON text beside what is read often (text, number,
 * bool).
 */
#include "runtime/kernel/config.h"

#include <assert.h>
#include <string.h>

#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "runtime/base/json_write.h"
#include "runtime/base/jsonschema.h"
#include "runtime/base/mem.h"
#include "runtime/kernel/toml.h"

enum { FILE_MAX = 1 << 20, VALUE_MAX = 64 << 10 };

struct slot {
	char *json; /* owned; NULL: the default */
	char *text; /* of a string, else the JSON */
	int64_t num;
	bool flag;
	enum wn_config_source source;
};

struct wn_config {
	const struct wn_setting *settings;
	struct slot *slots;
	size_t n;
	struct wn_schema_set *schemas; /* nullable */
};

static ptrdiff_t
find(const struct wn_config *c, struct wn_str name)
{
	for (size_t i = 0; i < c->n; i++) {
		if (wn_str_is(name, c->settings[i].name))
			return (ptrdiff_t)i;
	}
	return -1;
}

static void
fill(struct slot *s, const struct wn_json *v, const char *json)
{
	int64_t num;

	wn_free(s->json);
	wn_free(s->text);
	s->json = wn_strdup(json);
	s->text = wn_strdup(wn_json_str(v, json));
	s->num = wn_json_i64(v, &num) ? num : (int64_t)wn_json_num(v, 0);
	s->flag = wn_json_bool(v, false);
}

struct wn_config *
wn_config_new(const struct wn_setting *settings, size_t n)
{
	struct wn_config *c = WN_NEW(struct wn_config);

	c->settings = settings;
	c->n = n;
	c->slots = wn_alloc_array(n + 1, sizeof(*c->slots));
	for (size_t i = 0; i < n; i++) {
		struct wn_json *v = NULL;

		if (wn_json_parse(wn_str(settings[i].fallback), NULL, &v, NULL) != WN_OK)
			assert(!"a default is no JSON; the contract compiler checks that");
		fill(&c->slots[i], v, settings[i].fallback);
		wn_json_free(v);
	}
	return c;
}

void
wn_config_free(struct wn_config *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->n; i++) {
		wn_free(c->slots[i].json);
		wn_free(c->slots[i].text);
	}
	wn_schema_set_free(c->schemas);
	wn_free(c->slots);
	wn_free(c);
}

/* ---- an unknown name ---- */

/* Edit distance, cut off at names of 100 bytes. */
static size_t
distance(const char *a, struct wn_str b)
{
	size_t row[101], n = b.len < 100 ? b.len : 100;

	for (size_t k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 0; a[i] != '\0'; i++) {
		size_t diag = row[0];

		row[0] = i + 1;
		for (size_t k = 1; k <= n; k++) {
			size_t best = diag + (a[i] != b.p[k - 1]);

			diag = row[k];
			if (row[k] + 1 < best)
				best = row[k] + 1;
			if (row[k - 1] + 1 < best)
				best = row[k - 1] + 1;
			row[k] = best;
		}
	}
	return row[n];
}

static wn_err
unknown(const struct wn_config *c, struct wn_str name, struct wn_diag *d)
{
	const char *nearest = NULL;
	size_t best = 0;

	for (size_t i = 0; i < c->n; i++) {
		size_t x = distance(c->settings[i].name, name);

		if (nearest == NULL || x < best) {
			nearest = c->settings[i].name;
			best = x;
		}
	}
	return wn_fail(d, WN_E_INVALID, "there is no setting %.*s; did you mean %s?",
		       name.len < 100 ? (int)name.len : 100, name.p,
		       nearest != NULL ? nearest : "(there are none)");
}

/* ---- setting ---- */

/* One set for all schemas that are looked at, made when the first is: most runs need none. */
static wn_err
check(struct wn_config *c, const struct wn_setting *s, const struct wn_json *v, struct wn_diag *d)
{
	const struct wn_schema *schema = NULL;
	struct wn_json *doc = NULL;
	char *uri = wn_asprintf("urn:webnova:config:%s", s->name);
	wn_err err = WN_OK;

	if (c->schemas == NULL)
		c->schemas = wn_schema_set_new(NULL);
	if (wn_schema_compile(c->schemas, uri, &schema, NULL) != WN_OK) {
		err = wn_json_parse(wn_str(s->schema), NULL, &doc, d);
		if (err == WN_OK)
			err = wn_schema_set_add(c->schemas, uri, doc, d);
		if (err == WN_OK)
			err = wn_schema_compile(c->schemas, uri, &schema, d);
	}
	if (err == WN_OK)
		err = wn_schema_validate(schema, v, NULL, d);
	if (err != WN_OK)
		wn_fail_note(d, "%s: %s", s->name, s->summary);
	wn_json_free(doc);
	wn_free(uri);
	return err;
}

static wn_err
set_json(struct wn_config *c, size_t i, struct wn_str json, enum wn_config_source source,
	 struct wn_diag *d)
{
	struct wn_json *v = NULL;
	struct wn_buf text;
	wn_err err = wn_json_parse(json, NULL, &v, d);

	if (err != WN_OK) {
		wn_fail_note(d, "as the value of %s", c->settings[i].name);
		return err;
	}
	wn_buf_init(&text, VALUE_MAX);
	err = check(c, &c->settings[i], v, d);
	if (err == WN_OK)
		err = wn_json_print(v, &text);
	if (err == WN_OK) {
		fill(&c->slots[i], v, text.p);
		c->slots[i].source = source;
	}
	wn_buf_fini(&text);
	wn_json_free(v);
	return err;
}

wn_err
wn_config_set(struct wn_config *c, const char *name, struct wn_str value,
	      enum wn_config_source source, struct wn_diag *d)
{
	ptrdiff_t i = find(c, wn_str(name));
	struct wn_buf quoted;
	wn_err err;

	if (i < 0)
		return unknown(c, wn_str(name), d);
	if (strcmp(c->settings[i].type, "string") != 0)
		return set_json(c, (size_t)i, value, source, d);
	wn_buf_init(&quoted, VALUE_MAX);
	err = wn_json_quote(&quoted, value);
	if (err == WN_OK)
		err = set_json(c, (size_t)i, wn_buf_view(&quoted), source, d);
	wn_buf_fini(&quoted);
	return err;
}

static wn_err
on_toml(void *arg, struct wn_str name, struct wn_str json, int line, struct wn_diag *d)
{
	struct wn_config *c = arg;
	ptrdiff_t i = find(c, name);
	wn_err err;

	err = i < 0 ? unknown(c, name, d) : set_json(c, (size_t)i, json, WN_CONFIG_FILE, d);
	if (err != WN_OK)
		wn_fail_note(d, "at line %d", line);
	return err;
}

/* Walks nested objects; a setting's value may itself be an object, so its name is looked for first.
 */
static wn_err
take_json(struct wn_config *c, const struct wn_json *j, const char *prefix, struct wn_diag *d)
{
	wn_err err = WN_OK;

	for (j = wn_json_first(j); j != NULL && err == WN_OK; j = wn_json_next(j)) {
		char *name =
			wn_asprintf("%s%s%s", prefix, prefix[0] != '\0' ? "." : "", wn_json_key(j));

		if (find(c, wn_str(name)) >= 0) {
			struct wn_buf text;

			wn_buf_init(&text, VALUE_MAX);
			err = wn_json_print(j, &text);
			if (err == WN_OK)
				err = set_json(c, (size_t)find(c, wn_str(name)), wn_buf_view(&text),
					       WN_CONFIG_FILE, d);
			wn_buf_fini(&text);
		} else if (wn_json_type(j) == WN_JSON_OBJECT && strlen(name) < 200) {
			err = take_json(c, j, name, d);
		} else {
			err = unknown(c, wn_str(name), d);
		}
		wn_free(name);
	}
	return err;
}

static wn_err
read_json(struct wn_config *c, struct wn_str text, struct wn_diag *d)
{
	struct wn_json_limits limits = { .bytes = FILE_MAX, .depth = 32 };
	struct wn_json *j = NULL;
	wn_err err = wn_json_parse(text, &limits, &j, d);

	if (err == WN_OK && wn_json_type(j) != WN_JSON_OBJECT)
		err = wn_fail(d, WN_E_PARSE, "the file must hold one JSON object");
	if (err == WN_OK)
		err = take_json(c, j, "", d);
	wn_json_free(j);
	return err;
}

wn_err
wn_config_text(struct wn_config *c, const char *name, struct wn_str text, struct wn_diag *d)
{
	wn_err err;

	if (wn_str_has_suffix(wn_str(name), WN_STR(".json")))
		err = read_json(c, text, d);
	else
		err = wn_toml_read(text, on_toml, c, d);
	if (err != WN_OK)
		wn_fail_note(d, "in %s", name);
	return err;
}

wn_err
wn_config_file(struct wn_config *c, const char *path, struct wn_diag *d)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, FILE_MAX);
	err = wn_file_read(path, &b, d);
	if (err == WN_OK)
		err = wn_config_text(c, path, b.p != NULL ? wn_buf_view(&b) : WN_STR(""), d);
	wn_buf_fini(&b);
	return err;
}

wn_err
wn_config_env(struct wn_config *c, char *const *env, struct wn_diag *d)
{
	for (; env != NULL && *env != NULL; env++) {
		const char *eq = strchr(*env, '=');
		size_t n = eq != NULL ? (size_t)(eq - *env) : 0;

		if (n == 0 || strncmp(*env, "WEBNOVA_", 8) != 0)
			continue;
		for (size_t i = 0; i < c->n; i++) {
			const char *name = c->settings[i].env;
			wn_err err;

			if (name == NULL || strlen(name) != n || strncmp(name, *env, n) != 0)
				continue;
			err = wn_config_set(c, c->settings[i].name, wn_str(eq + 1), WN_CONFIG_ENV,
					    d);
			if (err != WN_OK) {
				wn_fail_note(d, "in the environment variable %s", name);
				return err;
			}
		}
	}
	return WN_OK;
}

/* ---- reading ---- */

const struct wn_setting *
wn_config_flag(const struct wn_config *c, const char *flag)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->settings[i].flag != NULL && strcmp(c->settings[i].flag, flag) == 0)
			return &c->settings[i];
	}
	return NULL;
}

size_t
wn_config_count(const struct wn_config *c)
{
	return c->n;
}

const struct wn_setting *
wn_config_at(const struct wn_config *c, size_t i)
{
	return &c->settings[i];
}

bool
wn_config_has(const struct wn_config *c, const char *name)
{
	return find(c, wn_str(name)) >= 0;
}

static const struct slot *
slot(const struct wn_config *c, const char *name)
{
	ptrdiff_t i = find(c, wn_str(name));

	assert(i >= 0 && "a setting that no schema knows");
	return &c->slots[i];
}

const char *
wn_config_str(const struct wn_config *c, const char *name)
{
	return slot(c, name)->text;
}

int64_t
wn_config_int(const struct wn_config *c, const char *name)
{
	return slot(c, name)->num;
}

bool
wn_config_bool(const struct wn_config *c, const char *name)
{
	return slot(c, name)->flag;
}

const char *
wn_config_json(const struct wn_config *c, const char *name)
{
	return slot(c, name)->json;
}

const char *
wn_config_source(const struct wn_config *c, const char *name)
{
	static const char *const names[] = { "default", "file", "env", "flag" };

	return names[slot(c, name)->source];
}

wn_err
wn_config_print(const struct wn_config *c, struct wn_buf *out)
{
	struct wn_str table = WN_STR_NONE;

	for (size_t i = 0; i < c->n; i++) {
		const struct wn_setting *s = &c->settings[i];
		const char *dot = strrchr(s->name, '.');
		struct wn_str here =
			dot != NULL ? wn_strn(s->name, (size_t)(dot - s->name)) : WN_STR("");

		if (i == 0 || !wn_str_eq(here, table))
			(void)wn_buf_printf(out, "%s[%.*s]\n", i > 0 ? "\n" : "", WN_STR_ARG(here));
		table = here;
		(void)wn_buf_printf(out, "# %s (%s; %s)\n%s = %s\n", s->summary,
				    wn_config_source(c, s->name),
				    s->env != NULL ? s->env : "no variable",
				    dot != NULL ? dot + 1 : s->name, c->slots[i].json);
	}
	return out->err;
}
