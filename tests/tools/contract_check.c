/*
 * Holds what was said on the wire against the contracts: every message recorded by engine.record is
 * validated with our own validator, and every method, notification, event and error must have been
 * provoked by some test.
 *
 *	contract_check [--promises] UNPROVOKED RECORD
 *
 * UNPROVOKED lists the errors that a healthy machine cannot be made to give, each with its reason
 * ("unless root: ...": those that take root to provoke).
 * --promises also names the errors a method declares that no test provoked of it. Speaks TAP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "gen/contracts.h"
#include "gen/schemas.h"
#include "runtime/base/json.h"
#include "runtime/base/jsonschema.h"
#include "runtime/base/map.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"

enum { SHOWN_MAX = 60, NAME_BYTES = 300, TEXT_BYTES = 1200 };

/* What a client asked and was not answered yet; the same id may be open twice (the engine refuses
 * the second one first). */
struct asked {
	struct asked *below;
	char *method;
	struct wn_json *params; /* nullable */
};

struct check {
	struct wn_schema_set *set;
	struct wn_map compiled; /* URI to const struct wn_schema */
	struct wn_map open;	/* engine, connection and id to struct asked */
	struct wn_map seen;	/* "method x", "notification x", "event x", "error x", "x gave y" */
	struct wn_map broken;	/* what broke, each once */
	struct wn_buf faults;
	size_t messages;
	int told; /* lines of TAP */
};

/* Any request may fail so, whatever it asks: it never reached its method, or the machine, the store
 * or the caller ended it. What else a method may answer it declares. */
static const char *const any_method[] = {
	"request",     "parse",	   "method",	"invalid", "unauthenticated",
	"denied",      "limit",	   "rate",	"busy",	   "cancelled",
	"deadline",    "no_space", "read_only", "io",	   "no_memory",
	"unavailable", "internal", "corrupt",	NULL
};

static void
see(struct check *c, const char *what, const char *name)
{
	char *key = wn_asprintf("%s %s", what, name);

	(void)wn_map_set(&c->seen, wn_str(key), c);
	wn_free(key);
}

static bool
was_seen(const struct check *c, const char *what, const char *name)
{
	char *key = wn_asprintf("%s %s", what, name);
	bool seen = wn_map_has(&c->seen, wn_str(key));

	wn_free(key);
	return seen;
}

/* Tells a fault once, with the message it was first found in. */
static void
fault(struct check *c, const char *name, const char *text, const struct wn_json *message)
{
	char key[2 * TEXT_BYTES];
	struct wn_buf b;

	(void)snprintf(key, sizeof(key), "%s: %s", name, text);
	if (wn_map_set(&c->broken, wn_str(key), c) != NULL || c->broken.len > SHOWN_MAX)
		return;
	wn_buf_init(&b, 64u << 20);
	(void)wn_json_print(message, &b);
	(void)wn_buf_printf(&c->faults, "# %s\n#   %.*s\n", key, (int)(b.len < 600 ? b.len : 600),
			    b.p != NULL ? b.p : "");
	wn_buf_fini(&b);
}

/* ---- schemas ---- */

static void
add_contracts(struct check *c)
{
	struct wn_schema_opts opts = { .assert_format = true, .max_errors = 1 };

	c->set = wn_schema_set_new(&opts);
	for (const struct wn_schema_row *r = wn_schema_rows; r->uri != NULL; r++) {
		struct wn_diag d = { 0 };
		struct wn_json *doc = NULL;
		wn_err err = wn_json_parse(wn_str(r->text), NULL, &doc, &d);

		if (err == WN_OK)
			err = wn_schema_set_add(c->set, r->uri, doc, &d);
		wn_json_free(doc);
		if (err != WN_OK) {
			printf("Bail out! %s: %s\n", r->uri, d.text);
			exit(2);
		}
	}
}

static const struct wn_schema *
schema_of(struct check *c, const char *uri)
{
	const struct wn_schema *s = wn_map_get(&c->compiled, wn_str(uri));
	struct wn_diag d = { 0 };

	if (s != NULL || wn_schema_text(uri) == NULL)
		return s;
	if (wn_schema_compile(c->set, uri, &s, &d) != WN_OK) {
		printf("Bail out! %s: %s\n", uri, d.text);
		exit(2);
	}
	(void)wn_map_set(&c->compiled, wn_str(uri), (void *)(uintptr_t)s);
	return s;
}

static void
validate(struct check *c, const char *uri, const struct wn_json *value,
	 const struct wn_json *message)
{
	const struct wn_schema *s = schema_of(c, uri);
	struct wn_json *nothing = NULL;
	struct wn_diag d = { 0 };
	char text[TEXT_BYTES];

	if (s == NULL) {
		fault(c, uri, "there is no such contract", message);
		return;
	}
	if (value == NULL)
		value = nothing = wn_json_new_object();
	if (wn_schema_validate(s, value, NULL, &d) != WN_OK) {
		(void)snprintf(text, sizeof(text), "%s at \"%s\"", d.text, d.where);
		fault(c, uri, text, message);
	}
	wn_json_free(nothing);
}

/* ---- what is inside ---- */

/* A failure that was kept: a job's. */
static void
check_failure(struct check *c, const struct wn_json *failure, const struct wn_json *message)
{
	const char *name = wn_json_get_str(failure, "name", "");

	if (failure == NULL)
		return;
	if (strcmp(wn_error_row(wn_error_by_name(name))->name, name) != 0)
		fault(c, "a failure", "an error that is not of the table", message);
	else
		see(c, "error", name);
}

static void
check_event(struct check *c, const struct wn_json *event, const struct wn_json *message)
{
	const char *type = wn_json_get_str(event, "type", "");

	if (wn_contract_event_find(type) == NULL) {
		fault(c, type, "an event that no contract declares", message);
		return;
	}
	see(c, "event", type);
	if (strcmp(type, "job.failed") == 0)
		check_failure(c, wn_json_get(wn_json_get(event, "data"), "error"), message);
	validate(c, wn_json_get_str(event, "dataschema", ""), wn_json_get(event, "data"), message);
}

/* What a job answered follows its method's contract too. One with a subject is a module's own work,
 * whatever its kind is called. */
static void
check_job(struct check *c, const struct wn_json *job, const struct wn_json *message)
{
	const char *kind = wn_json_get_str(job, "kind", "");
	char uri[NAME_BYTES];

	check_failure(c, wn_json_get(job, "error"), message);
	(void)snprintf(uri, sizeof(uri), "urn:webnova:rpc:%s:result", kind);
	if (wn_json_get(job, "subject") != NULL)
		return;
	if (wn_json_get(job, "result") != NULL && wn_contract_method_find(kind) != NULL)
		validate(c, uri, wn_json_get(job, "result"), message);
}

static void
check_inside(struct check *c, const char *name, const struct wn_json *value,
	     const struct wn_json *message)
{
	const struct wn_json *i;

	if (strcmp(name, "event.item") == 0)
		check_event(c, wn_json_get(value, "event"), message);
	for (i = wn_json_first(wn_json_get(value, "events"));
	     strcmp(name, "event.list") == 0 && i != NULL; i = wn_json_next(i))
		check_event(c, i, message);
	for (i = wn_json_first(wn_json_get(value, "jobs"));
	     strcmp(name, "job.list") == 0 && i != NULL; i = wn_json_next(i))
		check_job(c, i, message);
	if (strcmp(name, "job.get") == 0)
		check_job(c, wn_json_get(value, "job"), message);
}

/* ---- messages ---- */

static bool
open_key(const struct wn_json *line, const struct wn_json *message, struct wn_buf *key)
{
	const struct wn_json *id = wn_json_get(message, "id");

	wn_buf_clear(key);
	if (wn_json_type(id) == WN_JSON_NONE || wn_json_type(id) == WN_JSON_NULL)
		return false;
	(void)wn_buf_printf(key, "%s %.0f ", wn_json_get_str(line, "engine", ""),
			    wn_json_get_num(line, "conn", 0));
	return wn_json_print(id, key) == WN_OK;
}

static struct asked *
take_asked(struct check *c, struct wn_str key)
{
	struct asked *a = wn_map_remove(&c->open, key);

	if (a != NULL && a->below != NULL)
		(void)wn_map_set(&c->open, key, a->below);
	return a;
}

static void
asked_free(void *arg)
{
	struct asked *a = arg;

	while (a != NULL) {
		struct asked *below = a->below;

		wn_free(a->method);
		wn_json_free(a->params);
		wn_free(a);
		a = below;
	}
}

static void
on_asked(struct check *c, const struct wn_json *message, struct wn_str key)
{
	struct asked *a = WN_NEW(struct asked);

	a->method = wn_strdup(wn_json_get_str(message, "method", ""));
	if (wn_json_get(message, "params") != NULL)
		a->params = wn_json_copy(wn_json_get(message, "params"));
	a->below = wn_map_set(&c->open, key, a);
}

static void
on_result(struct check *c, const struct asked *a, const struct wn_json *message)
{
	char uri[NAME_BYTES];
	const struct wn_json *result = wn_json_get(message, "result");

	if (wn_contract_method_find(a->method) == NULL) {
		fault(c, a->method, "a method that no contract declares was answered", message);
		return;
	}
	see(c, "method", a->method);
	(void)snprintf(uri, sizeof(uri), "urn:webnova:rpc:%s:params", a->method);
	validate(c, uri, a->params, message);
	(void)snprintf(uri, sizeof(uri), "urn:webnova:rpc:%s:result", a->method);
	validate(c, uri, result, message);
	check_inside(c, a->method, result, message);
}

static bool
promised(const char *method, const char *error)
{
	const struct wn_contract_method *m = wn_contract_method_find(method);
	size_t n = strlen(error);

	for (size_t i = 0; any_method[i] != NULL; i++)
		if (strcmp(any_method[i], error) == 0)
			return true;
	for (const char *at = m != NULL && m->errors != NULL ? m->errors : "";
	     (at = strstr(at, error)) != NULL; at += n)
		if ((at == m->errors || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
			return true;
	return false;
}

/* a NULL: an answer to something that had no id the engine could read. */
static void
on_error(struct check *c, const struct asked *a, const struct wn_json *message)
{
	const struct wn_json *error = wn_json_get(message, "error"),
			     *data = wn_json_get(error, "data");
	const char *name = wn_json_get_str(data, "name", ""),
		   *method = a != NULL ? a->method : "(none)";
	const struct wn_error_row *row = wn_error_row(wn_error_by_name(name));
	char text[TEXT_BYTES];

	if (strcmp(row->name, name) != 0 || (int)wn_json_get_num(error, "code", 0) != row->rpc ||
	    wn_json_get_str(error, "message", "")[0] == '\0' ||
	    wn_json_get_str(data, "hint", "")[0] == '\0') {
		fault(c, method, "an error that is not of the table, or without a text or hint",
		      message);
		return;
	}
	see(c, "error", name);
	(void)snprintf(text, sizeof(text), "%s gave", method);
	see(c, text, name);
	if (promised(method, name))
		return;
	(void)snprintf(text, sizeof(text), "gave the error %s, which it does not declare", name);
	fault(c, method, text, message);
}

static void
on_note(struct check *c, const struct wn_json *message)
{
	const char *name = wn_json_get_str(message, "method", "");
	const struct wn_contract_method *m = wn_contract_method_find(name);
	const struct wn_json *params = wn_json_get(message, "params");
	char uri[NAME_BYTES];

	if (m == NULL || !m->is_notification) {
		fault(c, name, "a notification that no contract declares", message);
		return;
	}
	see(c, "notification", name);
	(void)snprintf(uri, sizeof(uri), "urn:webnova:rpc:%s:params", name);
	validate(c, uri, params, message);
	check_inside(c, name, params, message);
}

static void
on_answer(struct check *c, const struct wn_json *message, struct asked *a)
{
	if (wn_json_get(message, "error") != NULL)
		on_error(c, a, message);
	else if (a != NULL)
		on_result(c, a, message);
	else
		fault(c, "a result", "nobody asked for", message);
}

static void
on_line(struct check *c, const struct wn_json *line, struct wn_buf *key)
{
	const struct wn_json *message = wn_json_get(line, "message");
	bool in = strcmp(wn_json_get_str(line, "direction", ""), "in") == 0;
	bool has_id = open_key(line, message, key);
	struct asked *a;

	c->messages++;
	if (message == NULL)
		return;
	if (in && has_id) {
		on_asked(c, message, wn_buf_view(key));
	} else if (!in && wn_json_get(message, "method") != NULL) {
		on_note(c, message);
	} else if (!in) {
		a = has_id ? take_asked(c, wn_buf_view(key)) : NULL;
		on_answer(c, message, a);
		if (a != NULL)
			a->below = NULL;
		asked_free(a);
	}
}

/* An engine that was killed may have left half a line, and the next one wrote behind it: the part
 * that begins last is whole. */
static struct wn_str
whole_line(char *text, size_t n)
{
	static const char begin[] = "{\"engine\":\"";
	char *p = text, *found;

	while ((found = strstr(p + 1, begin)) != NULL)
		p = found;
	return wn_strn(p, n - (size_t)(p - text));
}

static void
read_record(struct check *c, FILE *f)
{
	static const struct wn_json_limits limits = { .bytes = 64u << 20, .lossy_numbers = true };
	char *text = NULL;
	size_t cap = 0;
	ssize_t n;
	struct wn_buf key;

	wn_buf_init(&key, 4096);
	while ((n = getline(&text, &cap, f)) > 0) {
		struct wn_json *line = NULL;
		struct wn_diag d = { 0 };

		/* What a client sent may be JSON that only our strict reader refuses. */
		if (wn_json_parse((struct wn_str){ text, (size_t)n }, &limits, &line, &d) ==
			    WN_OK ||
		    wn_json_parse(whole_line(text, (size_t)n), &limits, &line, NULL) == WN_OK)
			on_line(c, line, &key);
		else if (strstr(text, "\"direction\":\"in\"") == NULL)
			fault(c, "the engine", d.text, NULL);
		wn_json_free(line);
	}
	free(text);
	wn_buf_fini(&key);
}

/* ---- what no test did ---- */

static int
tell(struct check *c, bool good, const char *name, const struct wn_buf *details)
{
	printf("%sok %d - %s\n%.*s", good ? "" : "not ", ++c->told, name,
	       good ? 0 : (int)details->len, details->p != NULL ? details->p : "");
	return good ? 0 : 1;
}

static int
missing_contracts(struct check *c, const char *what)
{
	struct wn_buf b;
	char name[NAME_BYTES];
	int failed;

	wn_buf_init(&b, 1u << 20);
	for (const struct wn_contract_event *e = wn_contract_events;
	     *what == 'e' && e->type != NULL; e++)
		if (!was_seen(c, what, e->type))
			(void)wn_buf_printf(&b, "# no test saw the %s %s\n", what, e->type);
	for (const struct wn_contract_method *m = wn_contract_methods;
	     *what != 'e' && m->name != NULL; m++)
		if (m->is_notification == (*what == 'n') && !was_seen(c, what, m->name))
			(void)wn_buf_printf(&b, "# no test saw the %s %s\n", what, m->name);
	(void)snprintf(name, sizeof(name), "every %s was seen", what);
	failed = tell(c, b.len == 0, name, &b);
	wn_buf_fini(&b);
	return failed;
}

/* Lines "name<TAB>reason"; '#' begins a comment. Adds what is wrong with the list itself. */
static bool
read_unprovoked(const char *path, struct wn_map *names, struct wn_buf *wrong)
{
	FILE *f = fopen(path, "r");
	char text[1024];

	while (f != NULL && fgets(text, sizeof(text), f) != NULL) {
		char *tab = strchr(text, '\t');
		size_t n = tab != NULL ? (size_t)(tab - text) : strcspn(text, "\n");

		if (text[0] == '#' || text[0] == '\n')
			continue;
		if (tab != NULL && strncmp(tab + 1, "unless root: ", 13) == 0 && geteuid() == 0)
			continue;
		if (tab == NULL || strlen(tab + 1) < 20)
			(void)wn_buf_printf(wrong, "# %s: %.*s has no reason\n", path, (int)n,
					    text);
		text[n] = '\0';
		if (strcmp(wn_error_row(wn_error_by_name(text))->name, text) != 0)
			(void)wn_buf_printf(wrong, "# %s: there is no error %s\n", path, text);
		(void)wn_map_set(names, wn_str(text), names);
	}
	if (f != NULL)
		fclose(f);
	return f != NULL;
}

static int
missing_errors(struct check *c, const char *unprovoked)
{
	struct wn_map excused;
	struct wn_buf b;
	int failed;

	wn_map_init(&excused);
	wn_buf_init(&b, 1u << 20);
	if (!read_unprovoked(unprovoked, &excused, &b))
		(void)wn_buf_printf(&b, "# cannot read %s\n", unprovoked);
	for (size_t i = 0; i < wn_error_count; i++) {
		const char *name = wn_error_rows[i].name;
		bool seen = was_seen(c, "error", name), excuse = wn_map_has(&excused, wn_str(name));

		if (wn_error_rows[i].code != WN_OK && !seen && !excuse)
			(void)wn_buf_printf(&b, "# no test provoked the error %s\n", name);
		if (seen && excuse)
			(void)wn_buf_printf(&b, "# %s excuses %s, which a test provoked\n",
					    unprovoked, name);
	}
	failed = tell(c, b.len == 0, "every error was provoked, or says why it cannot be", &b);
	wn_buf_fini(&b);
	wn_map_fini(&excused, NULL);
	return failed;
}

static void
tell_promises(const struct check *c)
{
	char key[NAME_BYTES];

	for (const struct wn_contract_method *m = wn_contract_methods; m->name != NULL; m++)
		for (size_t i = 0; i < wn_error_count && m->errors != NULL; i++) {
			const char *name = wn_error_rows[i].name, *at = strstr(m->errors, name);

			(void)snprintf(key, sizeof(key), "%s gave", m->name);
			if (at != NULL && promised(m->name, name) && !was_seen(c, key, name))
				printf("# %s may give %s; no test saw it\n", m->name, name);
		}
}

int
main(int argc, char **argv)
{
	struct check c = { 0 };
	bool promises = argc == 4 && strcmp(argv[1], "--promises") == 0;
	FILE *f = argc == 3 || promises ? fopen(argv[argc - 1], "r") : NULL;
	int failed;

	if (f == NULL) {
		fputs("usage: contract_check [--promises] UNPROVOKED RECORD\n", stderr);
		return 2;
	}
	wn_map_init(&c.compiled);
	wn_map_init(&c.open);
	wn_map_init(&c.seen);
	wn_map_init(&c.broken);
	wn_buf_init(&c.faults, 1u << 20);
	add_contracts(&c);
	read_record(&c, f);
	fclose(f);
	printf("# %zu messages\n", c.messages);
	failed = tell(&c, c.broken.len == 0, "every message keeps its contract", &c.faults);
	failed += missing_contracts(&c, "method");
	failed += missing_contracts(&c, "notification");
	failed += missing_contracts(&c, "event");
	failed += missing_errors(&c, argv[argc - 2]);
	printf("1..%d\n", c.told);
	if (promises)
		tell_promises(&c);
	wn_map_fini(&c.compiled, NULL);
	wn_map_fini(&c.open, asked_free);
	wn_map_fini(&c.seen, NULL);
	wn_map_fini(&c.broken, NULL);
	wn_buf_fini(&c.faults);
	wn_schema_set_free(c.set);
	return failed > 0 ? 1 : 0;
}
