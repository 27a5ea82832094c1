/*
 * Names of files as text: what is told can be read back, and only that.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "runtime/modules/snapshot/snapshot.h"

static int
setup(void **state)
{
	static struct wn_arena arena;
	static struct wn_ctx ctx;

	wn_arena_init(&arena, 0);
	ctx = (struct wn_ctx){ .arena = &arena };
	*state = &ctx;
	return 0;
}

static int
teardown(void **state)
{
	wn_arena_fini(((struct wn_ctx *)*state)->arena);
	return 0;
}

static void
tells(struct wn_ctx *ctx, const char *name, const char *want)
{
	struct wn_str told = snapshot_name_tell(ctx->arena, name), back;

	assert_true(wn_str_is(told, want));
	assert_int_equal(snapshot_name_read(ctx, told, &back), WN_OK);
	assert_true(wn_str_is(back, name));
}

static void
a_name_in_utf8_is_itself(void **state)
{
	tells(*state, "src/main.c", "src/main.c");
	tells(*state, "\xd8\xb9 a\\b", "\xd8\xb9 a\\b");
	tells(*state, "a\"b", "a\"b");
}

static void
other_bytes_are_quoted_as_git_does(void **state)
{
	tells(*state, "caf\xe9", "\"caf\\351\"");
	tells(*state, "\"q\\", "\"\\\"q\\\\\"");
	tells(*state, "\xff\n\x7f", "\"\\377\\012\\177\"");
}

static void
every_byte_survives(void **state)
{
	char name[257];

	for (int c = 1; c < 256; c++)
		name[c - 1] = (char)c;
	name[255] = '\0';
	{
		struct wn_str back,
			told = snapshot_name_tell(((struct wn_ctx *)*state)->arena, name);

		assert_int_equal(snapshot_name_read(*state, told, &back), WN_OK);
		assert_true(wn_str_is(back, name));
	}
}

static void
what_is_no_quoted_name_is_refused(void **state)
{
	static const char *const bad[] = { "\"",	"\"a",	    "\"a\"b",
					   "\"\\\"",	"\"\\9\"",  "\"\\400\"",
					   "\"\\000\"", "\"\\35\"", "\"\\n\"" };
	struct wn_ctx *ctx = *state;
	struct wn_str out;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		wn_diag_clear(&ctx->diag);
		assert_int_equal(snapshot_name_read(ctx, wn_str(bad[i]), &out), WN_E_INVALID);
	}
}

#define CASE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = { CASE(a_name_in_utf8_is_itself),
					    CASE(other_bytes_are_quoted_as_git_does),
					    CASE(every_byte_survives),
					    CASE(what_is_no_quoted_name_is_refused) };

	return cmocka_run_group_tests_name("runtime/modules/snapshot_name", tests, NULL, NULL);
}
