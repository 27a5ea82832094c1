/*
 * What reaches the terminal: filter, colours, tables, failures.
 */
#include "tui/cli/print.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "runtime/base/json_write.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

#define TEXT_MAX ((size_t)64 << 20)

/* ---- the filter ---- */

/* What stands for a code point that may not be sent; 0: it may. */
static uint32_t
stand_in(uint32_t cp, bool keep_lines)
{
	if (cp == '\n' && keep_lines)
		return 0;
	if (cp == '\t')
		return ' ';
	if (cp < 0x20)
		return 0x2400 + cp;
	if (cp == 0x7F)
		return 0x2421;
	/* C1 controls, and the marks that reorder what others wrote. */
	if ((cp >= 0x80 && cp < 0xA0) || cp == 0x202D || cp == 0x202E || cp == WN_UTF8_BAD)
		return 0xFFFD;
	return 0;
}

void
cli_filter(struct wn_str s, bool keep_lines, struct wn_buf *out)
{
	size_t start = 0, i = 0;

	while (i < s.len) {
		uint32_t cp, other;
		size_t n = wn_utf8_decode(s.p + i, s.len - i, &cp);
		char buf[4];

		other = stand_in(cp, keep_lines);
		if (other != 0) {
			(void)wn_buf_add(out, s.p + start, i - start);
			(void)wn_buf_add(out, buf, wn_utf8_encode(other, buf));
			start = i + n;
		}
		i += n;
	}
	if (i > start)
		(void)wn_buf_add(out, s.p + start, i - start);
}

static void
put_to(FILE *f, struct wn_str s, bool keep_lines)
{
	struct wn_buf b;

	wn_buf_init(&b, TEXT_MAX);
	cli_filter(s, keep_lines, &b);
	if (b.len > 0)
		(void)fwrite(b.p, 1, b.len, f);
	wn_buf_fini(&b);
}

void
cli_put(struct cli *c, struct wn_str s)
{
	(void)c;
	put_to(stdout, s, true);
}

static void vput(FILE *f, const char *fmt, va_list ap) WN_PRINTF(2, 0);

static void
vput(FILE *f, const char *fmt, va_list ap)
{
	struct wn_buf b;

	wn_buf_init(&b, TEXT_MAX);
	(void)wn_buf_vprintf(&b, fmt, ap);
	put_to(f, wn_buf_view(&b), true);
	wn_buf_fini(&b);
}

void
cli_printf(struct cli *c, const char *fmt, ...)
{
	va_list ap;

	(void)c;
	va_start(ap, fmt);
	vput(stdout, fmt, ap);
	va_end(ap);
}

void
cli_say(struct cli *c, const char *fmt, ...)
{
	va_list ap;

	if (c->json || c->quiet)
		return;
	va_start(ap, fmt);
	vput(stdout, fmt, ap);
	va_end(ap);
}

void
cli_style(struct cli *c, enum cli_style style)
{
	static const char *const codes[] = { "0", "1", "2", "31", "32", "33", "34" };

	if (c->color)
		(void)fprintf(stdout, "\033[%sm", codes[style]);
}

void
cli_cell_out(struct cli *c, enum cli_style style, struct wn_str s, int cols)
{
	struct wn_buf b;
	int width;

	wn_buf_init(&b, TEXT_MAX);
	cli_filter(s, false, &b);
	width = wn_utf8_width(wn_buf_view(&b));
	if (style != CLI_PLAIN)
		cli_style(c, style);
	if (b.len > 0)
		(void)fwrite(b.p, 1, b.len, stdout);
	if (style != CLI_PLAIN)
		cli_style(c, CLI_PLAIN);
	for (; width < cols; width++)
		(void)fputc(' ', stdout);
	wn_buf_fini(&b);
}

/* ---- JSON ---- */

void
cli_json_line(struct cli *c, struct wn_str json)
{
	/* JSON escapes C0 itself; DEL, C1 and overrides are legal in it and are escaped for a
	 * terminal only. */
	for (size_t i = 0, start = 0; i <= json.len;) {
		uint32_t cp = 0;
		size_t n = i < json.len ? wn_utf8_decode(json.p + i, json.len - i, &cp) : 1;
		bool bad = c->tty_out && i < json.len && cp >= 0x7F && stand_in(cp, true) != 0;

		if (i == json.len || bad) {
			(void)fwrite(json.p + start, 1, i - start, stdout);
			start = i + n;
		}
		if (bad)
			(void)printf("\\u%04x", (unsigned)(cp == WN_UTF8_BAD ? 0xFFFD : cp));
		i += n;
	}
	(void)fputc('\n', stdout);
}

void
cli_json_item(struct cli *c, const struct wn_shape *shape, const void *value)
{
	struct wn_buf b;

	wn_buf_init(&b, TEXT_MAX);
	if (wn_shape_print(shape, value, &b) == 0)
		cli_json_line(c, wn_buf_view(&b));
	wn_buf_fini(&b);
}

/* ---- failures ---- */

/* A lost engine is told from a failure by the connection, not by the code: a platform's own network
 * may fail too. */
static int
code_of(const struct cli *c, wn_err err)
{
	if (err == WN_E_CONSENT)
		return CLI_CONSENT;
	if (c->sync != NULL && wn_client_state(wn_sync_client(c->sync)) != WN_CLIENT_UP)
		return CLI_UNREACHABLE;
	return CLI_FAILED;
}

static void
fail_json(struct cli *c, const struct wn_diag *d)
{
	const struct wn_error_row *row = wn_error_row(d->code);
	struct wn_buf b;
	struct wn_jw w;

	wn_buf_init(&b, TEXT_MAX);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_key(&w, "error");
	wn_jw_object(&w);
	wn_jw_kstr(&w, "name", row->name);
	wn_jw_kstr(&w, "text", d->text[0] != '\0' ? d->text : row->text);
	wn_jw_kstr(&w, "hint", row->hint);
	wn_jw_kstr(&w, "where", d->where);
	wn_jw_object_end(&w);
	wn_jw_object_end(&w);
	cli_json_line(c, wn_buf_view(&b));
	wn_buf_fini(&b);
}

int
cli_fail(struct cli *c, const struct wn_diag *d)
{
	const struct wn_error_row *row = wn_error_row(d->code);
	struct wn_buf b;

	cli_progress_end(c);
	if (c->json) {
		fail_json(c, d);
		return code_of(c, d->code);
	}
	(void)fflush(stdout);
	wn_buf_init(&b, 65536);
	(void)wn_buf_printf(&b, "webnova: %s", d->text[0] != '\0' ? d->text : row->text);
	if (d->where[0] != '\0' && strstr(d->text, d->where) == NULL)
		(void)wn_buf_printf(&b, " (at %s)", d->where);
	(void)wn_buf_printf(&b, "\n%s\n", row->hint);
	put_to(stderr, wn_buf_view(&b), true);
	wn_buf_fini(&b);
	return code_of(c, d->code);
}

int
cli_usage(struct cli *c, const char *fmt, ...)
{
	struct wn_diag d = { 0 };
	struct wn_buf b;
	va_list ap;

	va_start(ap, fmt);
	(void)wn_failv(&d, WN_E_INVALID, fmt, ap);
	va_end(ap);
	if (c->json) {
		fail_json(c, &d);
		return CLI_USAGE;
	}
	wn_buf_init(&b, 65536);
	(void)wn_buf_printf(&b, "webnova: %s\n", d.text);
	if (c->command != NULL)
		(void)wn_buf_printf(&b, "usage: webnova %s %s\n", c->command->name,
				    c->command->args);
	else
		(void)wn_buf_cstr(&b, "webnova help lists the commands.\n");
	put_to(stderr, wn_buf_view(&b), true);
	wn_buf_fini(&b);
	return CLI_USAGE;
}

/* ---- time ---- */

static bool
local(int64_t ms, struct tm *tm)
{
	time_t t = (time_t)(ms / 1000);

	return ms != 0 && localtime_r(&t, tm) != NULL;
}

const char *
cli_time(struct cli *c, int64_t wall_ms)
{
	struct tm tm;
	char buf[32];

	if (!local(wall_ms, &tm) || strftime(buf, sizeof buf, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		return "-";
	return wn_arena_strdup(&c->arena, buf);
}

void
cli_clock(int64_t wall_ms, char out[CLI_CLOCK_MAX])
{
	struct tm tm = { 0 };

	(void)local(wall_ms, &tm);
	(void)snprintf(out, CLI_CLOCK_MAX, "%02d:%02d:%02d.%03d", tm.tm_hour % 100, tm.tm_min % 100,
		       tm.tm_sec % 100, (int)(wall_ms % 1000));
}

/* ---- tables ---- */

void
cli_table_init(struct cli_table *t, struct cli *c, size_t cols, const char *const *heads)
{
	*t = (struct cli_table){ .c = c, .cols = cols };
	for (size_t i = 0; i < cols; i++)
		cli_table_add(t, wn_str(heads[i]));
}

void
cli_table_add(struct cli_table *t, struct wn_str cell)
{
	struct wn_buf b;

	wn_buf_init(&b, TEXT_MAX);
	cli_filter(cell, false, &b);
	wn_vec_push(&t->cells, wn_arena_strndup(&t->c->arena, b.p != NULL ? b.p : "", b.len));
	wn_buf_fini(&b);
}

static int
column_width(const struct cli_table *t, size_t col)
{
	int width = 0;

	for (size_t i = col; i < t->cells.len; i += t->cols) {
		int w = wn_utf8_width(wn_str(t->cells.p[i]));

		if (w > width)
			width = w;
	}
	return width;
}

void
cli_table_print(struct cli_table *t)
{
	int *widths = wn_alloc_array(t->cols, sizeof *widths);

	for (size_t i = 0; i < t->cols; i++)
		widths[i] = i + 1 == t->cols ? 0 : column_width(t, i) + 2;
	for (size_t i = 0; t->cols > 0 && i < t->cells.len; i++) {
		size_t col = i % t->cols;

		cli_cell_out(t->c, i < t->cols ? CLI_DIM : CLI_PLAIN, wn_str(t->cells.p[i]),
			     widths[col]);
		if (col + 1 == t->cols)
			(void)fputc('\n', stdout);
	}
	wn_free(widths);
	wn_vec_fini(&t->cells);
}
