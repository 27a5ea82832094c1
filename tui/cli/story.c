/*
 * Events as people read them. An event whose cause was shown before stands one step to its right
 * and names it.
 */
#include "tui/cli/story.h"

#include <stdio.h>
#include <string.h>

#include "gen/workspace_types.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"
#include "tui/cli/print.h"

#define DEPTH_MAX 6
#define TYPE_COLS 28
#define ABOUT_COLS 14

int
story_new(struct cli *c, struct story **out)
{
	struct workspace_list_params params = { 0 };
	struct workspace_list_result list;
	int code = CLI_ASK(c, workspace_list, "workspace.list", &params, &list);

	*out = NULL;
	if (code != CLI_OK)
		return code;
	*out = WN_NEW(struct story);
	(*out)->c = c;
	(*out)->spaces = list.workspaces;
	(*out)->nspaces = list.workspaces_len;
	return CLI_OK;
}

void
story_free(struct story *s)
{
	wn_free(s);
}

static const struct story_event *
find_seen(const struct story *s, struct wn_str id)
{
	size_t n = s->nseen < STORY_SEEN ? s->nseen : STORY_SEEN;

	for (size_t i = 0; id.len > 0 && i < n; i++) {
		const struct story_event *e = &s->seen[(s->nseen - 1 - i) % STORY_SEEN];

		if (wn_str_is(id, e->id))
			return e;
	}
	return NULL;
}

static int
remember(struct story *s, const struct model_event *e, const struct story_event *cause)
{
	struct story_event *slot = &s->seen[s->nseen++ % STORY_SEEN];
	int depth = cause != NULL ? cause->depth + 1 : 0;

	(void)snprintf(slot->id, sizeof slot->id, "%.*s", WN_STR_ARG(e->id));
	slot->seq = e->seq;
	slot->depth = depth < DEPTH_MAX ? depth : DEPTH_MAX;
	return slot->depth;
}

/* What an event is about: a workspace by its name, anything else by kind and the end of its id. */
static const char *
about(const struct story *s, struct wn_str stream, struct wn_arena *a)
{
	ptrdiff_t slash = wn_str_chr(stream, '/');
	struct wn_str id = slash < 0 ? stream : wn_str_sub(stream, (size_t)slash + 1, stream.len);

	for (size_t i = 0; i < s->nspaces; i++)
		if (wn_str_eq(s->spaces[i].id, id))
			return wn_arena_printf(a, "%.*s", WN_STR_ARG(s->spaces[i].name));
	if (slash < 0 || id.len <= 6)
		return wn_arena_printf(a, "%.*s", WN_STR_ARG(stream));
	return wn_arena_printf(a, "%.*s %.*s", (int)slash, stream.p, 6, id.p + id.len - 6);
}

/* Ids and sums say nothing to people; the columns beside have what matters of them. */
static bool
is_dull(const char *key)
{
	static const char *const keys[] = { "id",     "job",	"workspace", "blueprint_sha256",
					    "parent", "module", "platform",  "created",
					    "pid" };

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return false;
}

static void
add_member(const struct wn_json *m, struct wn_buf *out)
{
	const char *key = wn_json_key(m);
	int64_t n;

	if (is_dull(key))
		return;
	if (wn_json_type(m) == WN_JSON_OBJECT && strcmp(key, "error") == 0)
		(void)wn_buf_printf(out, "%s, ", wn_json_get_str(m, "text", ""));
	else if (wn_json_type(m) == WN_JSON_STRING)
		(void)wn_buf_printf(out, "%s, ", wn_json_str(m, ""));
	else if (wn_json_type(m) == WN_JSON_NUMBER && wn_json_i64(m, &n))
		(void)wn_buf_printf(out, "%s %lld, ", key, (long long)n);
}

static void
progress(const struct wn_json *j, struct wn_buf *out)
{
	double total = wn_json_get_num(j, "total", 0);

	if (total > 0)
		(void)wn_buf_printf(out, "[%.0f/%.0f] ", wn_json_get_num(j, "done", 0), total);
	(void)wn_buf_printf(out, "%s, ", wn_json_get_str(j, "text", ""));
}

static void
details(struct wn_str data, struct wn_buf *out)
{
	struct wn_json *j = NULL;

	if (wn_json_parse(data, NULL, &j, NULL) != 0)
		return;
	if (wn_json_get(j, "total") != NULL && wn_json_get(j, "text") != NULL)
		progress(j, out);
	else
		for (const struct wn_json *m = wn_json_first(j); m != NULL; m = wn_json_next(m))
			add_member(m, out);
	if (out->len >= 2)
		wn_buf_cut(out, out->len - 2);
	wn_json_free(j);
}

static enum cli_style
style_of(struct wn_str type)
{
	if (wn_str_has_suffix(type, WN_STR(".failed")))
		return CLI_RED;
	if (wn_str_has_suffix(type, WN_STR(".progress")))
		return CLI_DIM;
	return CLI_BOLD;
}

/* The event it followed from, by its number when it was shown; else who asked. */
static const char *
led_by(const struct model_event *e, const struct story_event *cause, struct wn_arena *a)
{
	struct wn_str id = e->causation;

	if (cause != NULL)
		return wn_arena_printf(a, "after #%lld", (long long)cause->seq);
	if (id.len > 6)
		return wn_arena_printf(a, "after %.*s", 6, id.p + id.len - 6);
	return wn_arena_printf(a, "by %.*s", WN_STR_ARG(e->actor));
}

void
story_show(struct story *s, const struct model_event *e)
{
	const struct story_event *cause = find_seen(s, e->causation);
	struct cli *c = s->c;
	struct wn_arena a;
	struct wn_buf b;
	char clock[CLI_CLOCK_MAX];
	int depth;

	if (c->json) {
		cli_json_item(c, &model_event_shape, e);
		return;
	}
	wn_arena_init(&a, 0);
	wn_buf_init(&b, (size_t)1 << 20);
	depth = remember(s, e, cause);
	cli_clock(e->time, clock);
	cli_cell_out(c, CLI_DIM, wn_str(wn_arena_printf(&a, "#%lld", (long long)e->seq)), 7);
	cli_cell_out(c, CLI_DIM, wn_str(clock), 14);
	cli_cell_out(c, style_of(e->type),
		     wn_str(wn_arena_printf(&a, "%*s%.*s", depth * 2, "", WN_STR_ARG(e->type))),
		     TYPE_COLS);
	cli_cell_out(c, CLI_PLAIN, wn_str(about(s, e->stream, &a)), ABOUT_COLS);
	cli_cell_out(c, CLI_BLUE, wn_str(led_by(e, cause, &a)), 14);
	details(e->data, &b);
	(void)fputc(' ', stdout);
	cli_cell_out(c, CLI_PLAIN, wn_buf_view(&b), 0);
	(void)fputc('\n', stdout);
	wn_buf_fini(&b);
	wn_arena_fini(&a);
}
