/*
 * Formats log records: JSON lines for programs, one human line for people. Data can
 * never add a line or an escape sequence, and a secret never leaves this file.
 */
#include "runtime/base/log.h"

#include <string.h>

#include "runtime/base/json_write.h"
#include "runtime/base/utf8.h"

enum { LINE_MAX_BYTES = 64 * 1024 };

static const char *const level_names[] = { "error", "warn", "info", "debug" };
static const char redacted[] = "[redacted]";

int
wn_log_level_parse(const char *s)
{
	for (int i = 0; s && i <= WN_LOG_DEBUG; i++)
		if (strcmp(s, level_names[i]) == 0)
			return i;
	return -1;
}

static const char *
level_name(enum wn_log_level level)
{
	return (unsigned)level <= WN_LOG_DEBUG ? level_names[level] : "error";
}

static void
json_field(struct wn_jw *w, const struct wn_log_field *f)
{
	wn_jw_key(w, f->key ? f->key : "?");
	switch (f->kind) {
	case WN_LF_INT:
		/* Larger ones would lose digits in most readers. */
		if (f->num > INT64_C(9007199254740992) || f->num < -INT64_C(9007199254740992))
			wn_jw_i64s(w, f->num);
		else
			wn_jw_int(w, f->num);
		break;
	case WN_LF_BOOL:
		wn_jw_bool(w, f->num != 0);
		break;
	case WN_LF_ERR:
		wn_jw_cstr(w, wn_error_row((wn_err)f->num)->name);
		break;
	case WN_LF_SECRET:
		wn_jw_cstr(w, redacted);
		break;
	default:
		wn_jw_cstr(w, f->str);
		break;
	}
}

static void
format_json(enum wn_log_level level, const char *time, const char *area, const char *text,
	    const struct wn_log_field *f, struct wn_buf *out)
{
	struct wn_jw w;

	wn_jw_init(&w, out);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "time", time);
	wn_jw_kstr(&w, "level", level_name(level));
	wn_jw_kstr(&w, "area", area);
	wn_jw_kstr(&w, "text", text);
	for (; f && f->kind != WN_LF_END; f++)
		json_field(&w, f);
	wn_jw_object_end(&w);
}

/* Controls (C0, DEL, C1), line separators and direction overrides: what could fool a reader. */
static bool
is_unsafe(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7F && cp <= 0x9F) || cp == 0x2028 || cp == 0x2029 ||
	       (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static void
put_unsafe(struct wn_buf *out, uint32_t cp)
{
	if (cp == '\n')
		wn_buf_cstr(out, "\\n");
	else if (cp == '\t')
		wn_buf_cstr(out, "\\t");
	else
		wn_buf_printf(out, "\\u%04x", (unsigned)cp);
}

static void
put_safe(struct wn_buf *out, struct wn_str s, bool quoted)
{
	for (size_t i = 0; i < s.len && !out->err;) {
		uint32_t cp;
		size_t n = wn_utf8_decode(s.p + i, s.len - i, &cp);

		if (cp == WN_UTF8_BAD) {
			wn_buf_printf(out, "\\x%02x", (unsigned char)s.p[i]);
		} else if (is_unsafe(cp)) {
			put_unsafe(out, cp);
		} else {
			if (quoted && (cp == '"' || cp == '\\'))
				wn_buf_chr(out, '\\');
			wn_buf_add(out, s.p + i, n);
		}
		i += n;
	}
}

/* A value with blanks, quotes or nothing in it is quoted, so that fields can be told apart. */
static void
put_value(struct wn_buf *out, const char *s)
{
	bool quoted = s && (!*s || strpbrk(s, " \t\n\"="));

	if (quoted)
		wn_buf_chr(out, '"');
	put_safe(out, wn_str(s ? s : "null"), quoted);
	if (quoted)
		wn_buf_chr(out, '"');
}

static void
human_field(struct wn_buf *out, const struct wn_log_field *f)
{
	wn_buf_chr(out, ' ');
	put_safe(out, wn_str(f->key ? f->key : "?"), false);
	wn_buf_chr(out, '=');
	switch (f->kind) {
	case WN_LF_INT:
		wn_buf_printf(out, "%lld", (long long)f->num);
		break;
	case WN_LF_BOOL:
		wn_buf_cstr(out, f->num ? "true" : "false");
		break;
	case WN_LF_ERR:
		wn_buf_cstr(out, wn_error_row((wn_err)f->num)->name);
		break;
	case WN_LF_SECRET:
		wn_buf_cstr(out, redacted);
		break;
	default:
		put_value(out, f->str);
		break;
	}
}

static void
format_human(enum wn_log_level level, const char *time, const char *area, const char *text,
	     const struct wn_log_field *f, struct wn_buf *out)
{
	wn_buf_printf(out, "%s %-5s ", time, level_name(level));
	put_safe(out, wn_str(area), false);
	wn_buf_cstr(out, ": ");
	put_safe(out, wn_str(text), false);
	for (; f && f->kind != WN_LF_END; f++)
		human_field(out, f);
}

void
wn_log_format(const struct wn_log *log, enum wn_log_level level, const char *area, const char *text,
	      const struct wn_log_field *fields, struct wn_buf *out)
{
	char time[WN_TIME_MAX];

	wn_time_print(wn_now_ms(log->clock ? log->clock : wn_clock_real()), time);
	if (log->json)
		format_json(level, time, area, text, fields, out);
	else
		format_human(level, time, area, text, fields, out);
	wn_buf_chr(out, '\n');
}

void
wn_log_write(const struct wn_log *log, enum wn_log_level level, const char *area, const char *text,
	     const struct wn_log_field *fields)
{
	struct wn_buf line;

	if (!log || !log->sink || level > log->level)
		return;
	wn_buf_init(&line, LINE_MAX_BYTES);
	wn_log_format(log, level, area, text, fields, &line);
	if (line.err) {
		/* Too long: the record without its fields says at least that it was there. */
		wn_buf_clear(&line);
		wn_log_format(log, level, area, "(a record that was too long)", NULL, &line);
	}
	log->sink(log->arg, level, wn_buf_view(&line).p, line.len);
	wn_buf_fini(&line);
}
