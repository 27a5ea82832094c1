/* error and log. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <errno.h>
#include <string.h>
#include <cmocka.h>

#include "runtime/base/error.h"
#include "runtime/base/json.h"
#include "runtime/base/log.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

static void
the_first_cause_is_kept(void **state)
{
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(wn_fail(&d, WN_E_LIMIT, "first %d", 1), WN_E_LIMIT);
	assert_int_equal(wn_fail(&d, WN_E_IO, "second"), WN_E_IO);
	assert_int_equal(d.code, WN_E_LIMIT);
	assert_string_equal(d.text, "first 1");
	assert_int_equal(wn_fail(NULL, WN_E_IO, "nobody hears"), WN_E_IO);
}

static void
where_is_set_once(void **state)
{
	struct wn_diag d = { 0 };

	(void)state;
	wn_fail_where(&d, "/a/%d", 1);
	wn_fail_where(&d, "/b");
	wn_fail_where(NULL, "/b");
	assert_string_equal(d.where, "/a/1");
}

static void
notes_are_added_and_cut(void **state)
{
	struct wn_diag d = { 0 };

	(void)state;
	wn_fail(&d, WN_E_IO, "a");
	wn_fail_note(&d, "b");
	assert_string_equal(d.text, "a; b");
	for (int i = 0; i < 200; i++)
		wn_fail_note(&d, "some more context");
	assert_true(strlen(d.text) < sizeof(d.text));
	wn_fail_note(NULL, "x");
}

static void
a_cut_text_is_still_utf8(void **state)
{
	(void)state;
	for (int pad = 0; pad < 4; pad++) {
		struct wn_diag d = { 0 };
		char text[1000];

		memset(text, 'x', sizeof(text));
		for (size_t i = (size_t)pad; i + 3 < sizeof(text) - 1; i += 3)
			memcpy(text + i, "\xE2\x82\xAC", 3);
		text[sizeof(text) - 1] = '\0';
		wn_fail(&d, WN_E_IO, "%s", text);
		assert_true(strlen(d.text) > 500);
		assert_true(wn_utf8_valid(wn_str(d.text)));
	}
}

static void
errno_gives_code_and_text(void **state)
{
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(wn_fail_errno(&d, ENOSPC, "%s", "/x"), WN_E_NO_SPACE);
	assert_string_equal(d.text, "/x: No space left on device");
	assert_int_equal(wn_fail_errno(&d, ENOENT, "again"), WN_E_NOT_FOUND);
	assert_int_equal(d.code, WN_E_NO_SPACE);
	wn_diag_clear(&d);
	assert_int_equal(d.code, WN_OK);
	assert_int_equal(wn_error_from_errno(0), WN_OK);
	assert_int_equal(wn_error_from_errno(EACCES), WN_E_DENIED);
	assert_int_equal(wn_error_from_errno(12345), WN_E_IO);
}

static void
every_code_has_a_row_and_a_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < wn_error_count; i++) {
		const struct wn_error_row *row = &wn_error_rows[i];

		assert_ptr_equal(wn_error_row(row->code), row);
		assert_int_equal(wn_error_by_name(row->name), row->code);
		assert_true(row->text[0] != '\0');
	}
	assert_int_equal(wn_error_row(-99999)->code, WN_E_INTERNAL);
	assert_int_equal(wn_error_row(7)->code, WN_E_INTERNAL);
	assert_int_equal(wn_error_by_name("no such"), WN_E_INTERNAL);
	assert_int_equal(wn_error_by_name(NULL), WN_E_INTERNAL);
}

struct log_fixture {
	struct wn_clock_fake clock;
	struct wn_log log;
	struct wn_buf out;
};

static void
keep(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	(void)level;
	wn_buf_add(arg, line, n);
}

static int
log_setup(void **state)
{
	struct log_fixture *f = WN_NEW(struct log_fixture);

	wn_clock_fake_init(&f->clock, 0);
	wn_buf_init(&f->out, 1 << 20);
	f->log = (struct wn_log){ WN_LOG_INFO, 0, &f->clock.clock, keep, &f->out };
	*state = f;
	return 0;
}

static int
log_teardown(void **state)
{
	struct log_fixture *f = *state;

	wn_buf_fini(&f->out);
	wn_free(f);
	return 0;
}

static void
human_line_has_typed_fields(void **state)
{
	struct log_fixture *f = *state;

	wn_log(&f->log, WN_LOG_WARN, "rpc", "client connected", WN_I("fd", -7), WN_S("name", "a b"),
	       WN_S("plain", "xyz"), WN_B("ok", 1), WN_ERRF(WN_E_LIMIT), WN_S("none", NULL));
	assert_string_equal(f->out.p, "1970-01-01T00:00:00.000Z warn  rpc: client connected fd=-7 "
				      "name=\"a b\" plain=xyz ok=true error=limit none=null\n");
}

static void
json_line_has_typed_fields(void **state)
{
	struct log_fixture *f = *state;

	f->log.json = 1;
	wn_log(&f->log, WN_LOG_INFO, "rpc", "hi", WN_I("fd", 7), WN_S("name", "a\"b"),
	       WN_B("ok", 0), WN_I("big", INT64_MAX), WN_SECRET("key", "hunter2"));
	assert_string_equal(
		f->out.p,
		"{\"time\":\"1970-01-01T00:00:00.000Z\",\"level\":\"info\",\"area\":\"rpc\","
		"\"text\":\"hi\",\"fd\":7,\"name\":\"a\\\"b\",\"ok\":false,"
		"\"big\":\"9223372036854775807\",\"key\":\"[redacted]\"}\n");
}

static void
secrets_never_appear(void **state)
{
	struct log_fixture *f = *state;

	wn_log(&f->log, WN_LOG_INFO, "x", "y", WN_SECRET("token", "hunter2"));
	f->log.json = 1;
	wn_log(&f->log, WN_LOG_INFO, "x", "y", WN_SECRET("token", "hunter2"));
	assert_int_equal(wn_str_find(wn_buf_view(&f->out), WN_STR("hunter2")), -1);
	assert_true(wn_str_find(wn_buf_view(&f->out), WN_STR("token=[redacted]")) >= 0);
}

/* Every byte value, in text, field and area: one line, no control character, valid UTF-8. */
static void
data_cannot_add_lines_or_escapes(void **state)
{
	struct log_fixture *f = *state;
	char all[300];

	for (int i = 0; i < 255; i++)
		all[i] = (char)(i + 1);
	memcpy(all + 255,
	       "\xC2\x9B"
	       "31m\xE2\x80\xAE",
	       9);
	all[263] = '\0';
	for (f->log.json = 0; f->log.json < 2; f->log.json++) {
		struct wn_str s;

		wn_buf_clear(&f->out);
		wn_log(&f->log, WN_LOG_INFO, all, all, WN_S("f", all), WN_S(all, "x"));
		s = wn_buf_view(&f->out);
		assert_true(wn_utf8_valid(s));
		if (!f->log.json)
			assert_int_equal(wn_str_find(s, WN_STR("\xE2\x80\xAE")), -1);
		assert_int_equal(wn_str_chr(s, '\n'), s.len - 1);
		for (size_t i = 0; i + 1 < s.len; i++) {
			assert_true((unsigned char)s.p[i] >= 0x20 && s.p[i] != 0x7F);
			assert_false((unsigned char)s.p[i] == 0xC2 &&
				     (unsigned char)s.p[i + 1] < 0xA0);
		}
	}
}

static void
json_lines_parse(void **state)
{
	struct log_fixture *f = *state;
	struct wn_json *j;

	f->log.json = 1;
	wn_log(&f->log, WN_LOG_ERROR, "a", "b\n\x1b[31m", WN_S("x", "\xff"));
	assert_int_equal(wn_json_parse(wn_buf_view(&f->out), NULL, &j, NULL), WN_OK);
	assert_string_equal(wn_json_get_str(j, "text", ""), "b\n\x1b[31m");
	assert_string_equal(wn_json_get_str(j, "x", ""), "\xEF\xBF\xBD");
	wn_json_free(j);
}

static void
less_severe_levels_are_dropped(void **state)
{
	struct log_fixture *f = *state;

	wn_log(&f->log, WN_LOG_DEBUG, "x", "y");
	assert_int_equal(f->out.len, 0);
	wn_log(NULL, WN_LOG_ERROR, "x", "y");
}

static void
a_record_too_long_is_still_announced(void **state)
{
	struct log_fixture *f = *state;
	char *big = wn_alloc(100001);

	memset(big, 'x', 100000);
	wn_log(&f->log, WN_LOG_INFO, "x", "y", WN_S("big", big));
	assert_true(wn_str_find(wn_buf_view(&f->out), WN_STR("too long")) > 0);
	wn_free(big);
}

static void
level_names_parse(void **state)
{
	(void)state;
	assert_int_equal(wn_log_level_parse("error"), WN_LOG_ERROR);
	assert_int_equal(wn_log_level_parse("debug"), WN_LOG_DEBUG);
	assert_int_equal(wn_log_level_parse("Debug"), -1);
	assert_int_equal(wn_log_level_parse(""), -1);
	assert_int_equal(wn_log_level_parse(NULL), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_cause_is_kept),
		cmocka_unit_test(where_is_set_once),
		cmocka_unit_test(notes_are_added_and_cut),
		cmocka_unit_test(a_cut_text_is_still_utf8),
		cmocka_unit_test(errno_gives_code_and_text),
		cmocka_unit_test(every_code_has_a_row_and_a_name),
		cmocka_unit_test_setup_teardown(human_line_has_typed_fields, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(json_line_has_typed_fields, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(secrets_never_appear, log_setup, log_teardown),
		cmocka_unit_test_setup_teardown(data_cannot_add_lines_or_escapes, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(json_lines_parse, log_setup, log_teardown),
		cmocka_unit_test_setup_teardown(less_severe_levels_are_dropped, log_setup,
						log_teardown),
		cmocka_unit_test_setup_teardown(a_record_too_long_is_still_announced, log_setup,
						log_teardown),
		cmocka_unit_test(level_names_parse),
	};

	return cmocka_run_group_tests_name("runtime/base/error", tests, NULL, NULL);
}
