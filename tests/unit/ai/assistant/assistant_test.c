/*
 * Parts of the assistant that stand alone: filter, words, ignore rules, and the module with a
 * provider that is a function of this test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "ai/assistant/assistant.h"
#include "tests/lib/fake_host.h"
#include "tests/lib/fake_store.h"

extern const struct wn_module assistant_module;

/* ---- filter ---- */

static void
check_filter(const char *in, const char *want)
{
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	assert_int_equal(assistant_filter(wn_str(in), &b), WN_OK);
	assert_string_equal(b.p != NULL ? b.p : "", want);
	wn_buf_fini(&b);
}

static void
escape_sequences_lose_their_escape(void **state)
{
	(void)state;
	check_filter("a\x1b]0;title\x07z\x9b", "a]0;titlez\xEF\xBF\xBD");
	check_filter("\xC2\x9B"
		     "31m",
		     "31m");
}

static void
tabs_newlines_and_arabic_marks_stay(void **state)
{
	(void)state;
	check_filter("a\tb\r\nc\xE2\x80\x8F", "a\tb\nc\xE2\x80\x8F");
}

static void
direction_overrides_are_dropped(void **state)
{
	(void)state;
	check_filter("a\xE2\x80\xAE"
		     "b\xE2\x81\xA6",
		     "ab");
}

/* ---- words ---- */

static void
small_words_and_doubles_are_left_out(void **state)
{
	struct assistant_words w;
	struct wn_arena a;

	(void)state;
	wn_arena_init(&a, 0);
	assistant_words(&a, WN_STR("Where is the Order, the ORDER of user_id?"), &w);
	assert_int_equal(w.n, 2);
	assert_true(wn_str_is(w.word[0], "order"));
	assert_true(wn_str_is(w.word[1], "user_id"));
	wn_arena_fini(&a);
}

static void
a_question_of_nothing_has_no_words(void **state)
{
	struct assistant_words w;
	struct wn_arena a;

	(void)state;
	wn_arena_init(&a, 0);
	assistant_words(&a, WN_STR("?? \xff a b"), &w);
	assert_int_equal(w.n, 0);
	wn_arena_fini(&a);
}

/* ---- ignore rules ---- */

static void
the_last_rule_that_fits_decides(void **state)
{
	struct wn_arena a;
	struct assistant_ignore ig = { .arena = &a };

	(void)state;
	wn_arena_init(&a, 0);
	assistant_ignore_add(&ig, "", WN_STR("# x\n*.log\n!keep.log\n/out/\ntmp/\nsrc/*.gen\n"));
	assistant_ignore_add(&ig, "sub", WN_STR("/only\n"));
	assert_true(assistant_ignored(&ig, "a/b.log", false));
	assert_false(assistant_ignored(&ig, "a/keep.log", false));
	assert_true(assistant_ignored(&ig, "out", true));
	assert_false(assistant_ignored(&ig, "a/out", true));
	assert_true(assistant_ignored(&ig, "a/tmp", true));
	assert_false(assistant_ignored(&ig, "a/tmp", false));
	assert_true(assistant_ignored(&ig, "src/x.gen", false));
	assert_true(assistant_ignored(&ig, "sub/only", false));
	assert_false(assistant_ignored(&ig, "only", false));
	wn_vec_fini(&ig.rules);
	wn_arena_fini(&a);
}

/* ---- the module ---- */

struct world {
	struct fake_store *store;
	struct fake_host *h;
	struct wn_mod workspace, provider;
	bool has_provider;
};

static wn_err
no_workspace(struct wn_mod *m, struct wn_ctx *ctx, struct wn_str id, struct wn_workspace *out)
{
	(void)m;
	(void)out;
	return WN_FAIL(ctx, WN_E_NOT_FOUND, "there is no workspace %.*s", WN_STR_ARG(id));
}

static void
facts(struct wn_mod *m, struct wn_ctx *ctx, struct wn_model_facts *out)
{
	(void)m;
	(void)ctx;
	*out = (struct wn_model_facts){ .configured = true, .model = "unit", .host = "here" };
}

/* Says how many messages it was given, then breaks off. */
static wn_err
chat(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_chat *q, struct wn_chat_result *out)
{
	char text[64];

	(void)m;
	(void)ctx;
	*out = (struct wn_chat_result){ .finish = WN_CHAT_CUT,
					.fault = WN_CHAT_NETWORK,
					.why = "gone",
					.tokens_in = -1,
					.tokens_out = -1 };
	(void)snprintf(text, sizeof(text), "%zu messages\x1b", q->n);
	return q->on_text(q->arg, wn_str(text));
}

static const struct wn_iface_workspace workspace_iface = { .get = no_workspace };
static const struct wn_iface_provider provider_iface = { .facts = facts, .chat = chat };

static struct world
world_new(bool with_provider)
{
	struct world w = { .store = fake_store_new(), .h = fake_host_new() };

	fake_host_offer(w.h, "store", &fake_store_iface, fake_store_mod(w.store));
	fake_host_offer(w.h, "workspace", &workspace_iface, &w.workspace);
	if (with_provider)
		fake_host_offer(w.h, "provider", &provider_iface, &w.provider);
	(void)fake_host_add(w.h, &assistant_module);
	assert_int_equal(fake_host_start(w.h), WN_OK);
	return w;
}

static void
world_free(struct world *w)
{
	fake_host_free(w->h);
	fake_store_free(w->store);
}

static void
without_a_provider_the_status_says_why(void **state)
{
	struct world w = world_new(false);

	(void)state;
	assert_int_equal(fake_host_call(w.h, "assistant.status", "{}"), WN_OK);
	assert_non_null(strstr(fake_host_result(w.h), "\"configured\":false"));
	assert_non_null(strstr(fake_host_result(w.h), "no provider"));
	world_free(&w);
}

static void
a_broken_answer_is_recorded_as_incomplete(void **state)
{
	struct world w = world_new(true);

	(void)state;
	assert_int_equal(fake_host_call(w.h, "assistant.ask", "{\"text\":\"hi\"}"), WN_OK);
	assert_non_null(strstr(fake_host_result(w.h), "\"text\":\"2 messages\""));
	assert_non_null(strstr(fake_host_result(w.h), "\"complete\":false"));
	assert_int_equal(fake_host_sent(w.h), 1);
	assert_non_null(strstr(fake_host_sent_at(w.h, 0, NULL), "assistant.delta"));
	assert_int_equal(fake_store_count(w.store), 2);
	assert_true(wn_str_find(fake_store_at(w.store, 1)->data, WN_STR("\"note\":\"gone\"")) > 0);
	world_free(&w);
}

static void
a_question_that_cannot_be_recorded_is_not_asked(void **state)
{
	struct world w = world_new(true);

	(void)state;
	fake_store_fail(w.store, WN_E_NO_SPACE, 1);
	assert_int_equal(fake_host_call(w.h, "assistant.ask", "{\"text\":\"hi\"}"), WN_E_NO_SPACE);
	assert_int_equal(fake_host_sent(w.h), 0);
	world_free(&w);
}

static void
another_workspace_is_not_found(void **state)
{
	struct world w = world_new(true);

	(void)state;
	assert_int_equal(
		fake_host_call(w.h, "assistant.ask",
			       "{\"text\":\"hi\",\"workspace\":\"01ARZ3NDEKTSV4RRFFQ69G5FAV\"}"),
		WN_E_NOT_FOUND);
	assert_int_equal(fake_store_count(w.store), 0);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escape_sequences_lose_their_escape),
		cmocka_unit_test(tabs_newlines_and_arabic_marks_stay),
		cmocka_unit_test(direction_overrides_are_dropped),
		cmocka_unit_test(small_words_and_doubles_are_left_out),
		cmocka_unit_test(a_question_of_nothing_has_no_words),
		cmocka_unit_test(the_last_rule_that_fits_decides),
		cmocka_unit_test(without_a_provider_the_status_says_why),
		cmocka_unit_test(a_broken_answer_is_recorded_as_incomplete),
		cmocka_unit_test(a_question_that_cannot_be_recorded_is_not_asked),
		cmocka_unit_test(another_workspace_is_not_found),
	};

	return cmocka_run_group_tests_name("ai/assistant/assistant", tests, NULL, NULL);
}
