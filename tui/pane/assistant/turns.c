/*
 * The turns of the conversation, and their way into the session and back.
 */
#include <stdio.h>
#include <string.h>

#include "tui/pane/assistant/assistant.h"

#define SAVE_TURNS 20
#define SAVE_BYTES ((size_t)200000) /* of all answers */

static void
turn_fini(struct turn *t)
{
	wn_free(t->question);
	wn_free(t->about);
	wn_free(t->note);
	wn_buf_fini(&t->answer);
	tui_markdown_fini(&t->asked_md);
	tui_markdown_fini(&t->md);
}

struct turn *
asst_turn(struct assistant *a, struct wn_str question, const char *about)
{
	struct turn t = { .question = wn_strndup(question.p, question.len),
			  .about = wn_strdup(about) };

	if (a->turns.len == TURNS_MAX) {
		turn_fini(&a->turns.p[0]);
		wn_vec_remove(&a->turns, 0);
	}
	wn_buf_init(&t.answer, ANSWER_MAX);
	tui_markdown_init(&t.asked_md);
	tui_markdown_init(&t.md);
	wn_vec_push(&a->turns, t);
	return &wn_vec_last(&a->turns);
}

void
asst_turns_clear(struct assistant *a)
{
	for (size_t i = 0; i < a->turns.len; i++)
		turn_fini(&a->turns.p[i]);
	wn_vec_clear(&a->turns);
	a->conversation[0] = '\0';
	a->back = false;
}

static void
save_one(const struct turn *t, struct wn_jw *w)
{
	wn_jw_object(w);
	wn_jw_kstr(w, "question", t->question);
	if (t->about != NULL)
		wn_jw_kstr(w, "about", t->about);
	wn_jw_key(w, "answer");
	wn_jw_str(w, wn_buf_view(&t->answer));
	wn_jw_kbool(w, "local", t->local);
	wn_jw_kbool(w, "whole", t->state == TURN_DONE);
	if (t->model[0] != '\0')
		wn_jw_kstr(w, "model", t->model);
	if (t->note != NULL)
		wn_jw_kstr(w, "note", t->note);
	wn_jw_object_end(w);
}

void
asst_turns_save(const struct assistant *a, struct wn_jw *w)
{
	size_t from = a->turns.len, bytes = 0;

	while (from > 0 && a->turns.len - from < SAVE_TURNS) {
		bytes += a->turns.p[from - 1].answer.len;
		if (bytes > SAVE_BYTES)
			break;
		from--;
	}
	if (a->conversation[0] != '\0')
		wn_jw_kstr(w, "conversation", a->conversation);
	wn_jw_key(w, "turns");
	wn_jw_array(w);
	for (; from < a->turns.len; from++)
		save_one(&a->turns.p[from], w);
	wn_jw_array_end(w);
}

void
asst_turns_load(struct assistant *a, const struct wn_json *state)
{
	const char *id = wn_json_get_str(state, "conversation", "");

	if (wn_id_is_ulid(wn_str(id)))
		snprintf(a->conversation, sizeof a->conversation, "%s", id);
	for (const struct wn_json *j = wn_json_first(wn_json_get(state, "turns")); j != NULL;
	     j = wn_json_next(j)) {
		struct turn *t = asst_turn(a, wn_str(wn_json_get_str(j, "question", "")),
					   wn_json_get_str(j, "about", NULL));
		const char *note = wn_json_get_str(j, "note", NULL);

		wn_buf_cstr(&t->answer, wn_json_get_str(j, "answer", ""));
		t->local = wn_json_get_bool(j, "local", false);
		t->state = wn_json_get_bool(j, "whole", false) ? TURN_DONE : TURN_CUT;
		snprintf(t->model, sizeof t->model, "%s", wn_json_get_str(j, "model", ""));
		t->note = wn_strdup(note);
	}
}
