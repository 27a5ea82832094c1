/*
 * Structured log lines to words. A line without a message and a level is not ours to change.
 */
#include "tui/pane/run/human.h"

#include <string.h>

#include "runtime/base/json.h"

#define LINE_MAX_BYTES 65536
#define TEXT_MAX 300 /* of one value that is text */
#define MANY 12	     /* fields that are shown */

static const char *const messages[] = { "msg", "message", "event", NULL };
static const char *const levels[] = { "level", "severity", "lvl", "levelname", NULL };
/* Said elsewhere (the time, the machine), or of no use to a reader. */
static const char *const hidden[] = {
	"msg",	  "message",   "event", "level",      "severity",   "lvl",	"levelname",
	"time",	  "timestamp", "ts",	"@timestamp", "pid",	    "hostname", "v",
	"method", "path",      "url",	"status",     "statusCode", "ms",	"responseTime",
	"err",	  "error",     "stack", "req",	      "res",	    NULL
};

static bool
is_in(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static const struct wn_json *
first_of(const struct wn_json *j, const char *const *names)
{
	const struct wn_json *found = NULL;

	for (; *names && !found; names++)
		found = wn_json_get(j, *names);
	return found;
}

/* Numbers are pino's and bunyan's; words are everybody else's. */
static enum run_level
level_of(const struct wn_json *j)
{
	static const struct {
		const char *word;
		enum run_level level;
	} words[] = { { "trace", RUN_LEVEL_DEBUG },    { "debug", RUN_LEVEL_DEBUG },
		      { "info", RUN_LEVEL_INFO },      { "notice", RUN_LEVEL_INFO },
		      { "warn", RUN_LEVEL_WARN },      { "warning", RUN_LEVEL_WARN },
		      { "error", RUN_LEVEL_ERROR },    { "err", RUN_LEVEL_ERROR },
		      { "fatal", RUN_LEVEL_ERROR },    { "critical", RUN_LEVEL_ERROR },
		      { "panic", RUN_LEVEL_ERROR },    { "alert", RUN_LEVEL_ERROR },
		      { "emergency", RUN_LEVEL_ERROR } };
	const char *text = wn_json_str(j, "");
	double n;

	if (wn_json_type(j) == WN_JSON_NUMBER) {
		n = wn_json_num(j, 0);
		return n >= 50	 ? RUN_LEVEL_ERROR
		       : n >= 40 ? RUN_LEVEL_WARN
		       : n >= 30 ? RUN_LEVEL_INFO
		       : n > 0	 ? RUN_LEVEL_DEBUG
				 : RUN_LEVEL_NONE;
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcasecmp(text, words[i].word) == 0)
			return words[i].level;
	return RUN_LEVEL_NONE;
}

/* The beginning of a long text, whole characters, and a mark that there was more. */
static void
some(struct wn_str s, struct wn_buf *out)
{
	size_t n = s.len < TEXT_MAX ? s.len : TEXT_MAX;

	while (n < s.len && n > 0 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
		n--;
	(void)wn_buf_add(out, s.p, n);
	(void)wn_buf_cstr(out, n < s.len ? "…" : "");
}

/* A value in its shortest form: text without quotes when it is one word. */
static void
value(const struct wn_json *j, struct wn_buf *out)
{
	struct wn_str s = wn_str(wn_json_str(j, ""));
	struct wn_buf b;

	if (wn_json_type(j) == WN_JSON_STRING) {
		bool one = s.len > 0 && s.p[strcspn(s.p, " \t\n\"=")] == '\0';

		(void)wn_buf_cstr(out, one ? "" : "\"");
		some(s, out);
		(void)wn_buf_cstr(out, one ? "" : "\"");
		return;
	}
	wn_buf_init(&b, LINE_MAX_BYTES);
	if (wn_json_print(j, &b) == WN_OK)
		some(wn_buf_view(&b), out);
	wn_buf_fini(&b);
}

static void
word(const struct wn_json *j, const char *after, struct wn_buf *out)
{
	if (!j)
		return;
	(void)wn_buf_chr(out, ' ');
	value(j, out);
	(void)wn_buf_cstr(out, after);
}

/* "GET /orders 200 8 ms": what a request is known by, in the order people say it. */
static void
request(const struct wn_json *j, struct wn_buf *out)
{
	static const char *const paths[] = { "path", "url", NULL };
	static const char *const statuses[] = { "status", "statusCode", NULL };
	static const char *const times[] = { "ms", "responseTime", NULL };
	const struct wn_json *req = wn_json_get(j, "req"), *res = wn_json_get(j, "res");
	const struct wn_json *method = wn_json_get(j, "method"), *path = first_of(j, paths);
	const struct wn_json *status = first_of(j, statuses);

	word(method ? method : wn_json_get(req, "method"), "", out);
	word(path ? path : first_of(req, paths), "", out);
	word(status ? status : first_of(res, statuses), "", out);
	word(first_of(j, times), " ms", out);
}

/* An error as it would be said: its own message, or itself when it is text. */
static void
error(const struct wn_json *j, struct wn_buf *out)
{
	static const char *const names[] = { "err", "error", NULL };
	const struct wn_json *e = first_of(j, names), *m = wn_json_get(e, "message");

	if (!e)
		return;
	(void)wn_buf_cstr(out, ": ");
	some(wn_str(wn_json_str(m ? m : e, "")), out);
	if (!m && wn_json_type(e) != WN_JSON_STRING)
		value(e, out);
}

bool
run_human(struct wn_str line, struct wn_buf *out, enum run_level *level_out)
{
	struct wn_str text = wn_str_trim(line);
	const struct wn_json *message, *level;
	struct wn_json *j = NULL;
	int shown = 0;
	bool is;

	*level_out = RUN_LEVEL_NONE;
	if (text.len < 2 || text.len > LINE_MAX_BYTES || text.p[0] != '{' ||
	    wn_json_parse(text, NULL, &j, NULL))
		return false;
	message = first_of(j, messages);
	level = first_of(j, levels);
	is = message && level && wn_json_type(message) == WN_JSON_STRING;
	if (is) {
		*level_out = level_of(level);
		(void)wn_buf_cstr(out, wn_json_str(message, ""));
		request(j, out);
		error(j, out);
		for (const struct wn_json *f = wn_json_first(j); f && shown < MANY;
		     f = wn_json_next(f)) {
			if (is_in(hidden, wn_json_key(f)))
				continue;
			(void)wn_buf_printf(out, "%s%s=", shown++ == 0 ? "  " : " ",
					    wn_json_key(f));
			value(f, out);
		}
	}
	wn_json_free(j);
	return is;
}

const char *
run_level_name(enum run_level level)
{
	static const char *const names[] = { "", "debug", "info", "warn", "error" };

	return names[level];
}
