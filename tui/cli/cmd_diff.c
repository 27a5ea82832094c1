/*
 * diff: what changed between two snapshots, or since one.
 */
#include "gen/snapshot_types.h"
#include "runtime/base/file.h"
#include "runtime/base/json_write.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

/* A unified diff, its added and removed lines coloured. */
static void
show_text(struct cli *c, struct wn_str text)
{
	struct wn_str line;

	while (wn_str_split(&text, '\n', &line)) {
		enum cli_style style = CLI_PLAIN;

		if (line.len == 0 && text.p == NULL)
			break;
		if (line.len > 0 && line.p[0] == '+')
			style = CLI_GREEN;
		else if (line.len > 0 && line.p[0] == '-')
			style = CLI_RED;
		else if (line.len > 0 && line.p[0] == '@')
			style = CLI_BLUE;
		cli_cell_out(c, style, line, 0);
		(void)fputc('\n', stdout);
	}
}

static void
show_changes(struct cli *c, const struct snapshot_diff_result *r)
{
	static const char letters[] = { '?', 'A', 'M', 'D', 'T' };
	static const enum cli_style styles[] = { CLI_PLAIN, CLI_GREEN, CLI_YELLOW, CLI_RED,
						 CLI_BLUE };

	for (size_t i = 0; i < r->changes_len; i++) {
		const struct model_file_change *f = &r->changes[i];

		cli_cell_out(c, styles[f->change], wn_strn(&letters[f->change], 1), 3);
		if (f->binary)
			cli_cell_out(c, CLI_DIM, WN_STR("binary"), 14);
		else
			cli_cell_out(
				c, CLI_DIM,
				wn_str(wn_arena_printf(&c->arena, "+%lld -%lld",
						       (long long)f->added, (long long)f->removed)),
				14);
		cli_cell_out(c, CLI_PLAIN, f->path, 0);
		(void)fputc('\n', stdout);
	}
	if (r->truncated)
		cli_say(c, "there is more\n");
	if (r->changes_len == 0)
		cli_say(c, "nothing differs\n");
}

static void
show_json(struct cli *c, const struct snapshot_diff_result *r, bool with_text)
{
	struct wn_buf b;
	struct wn_jw w;

	for (size_t i = 0; i < r->changes_len; i++)
		cli_json_item(c, &model_file_change_shape, &r->changes[i]);
	if (!with_text)
		return;
	wn_buf_init(&b, (size_t)128 << 20);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_key(&w, "diff");
	wn_jw_str(&w, wn_buf_view(&c->attachment));
	wn_jw_object_end(&w);
	if (b.err == 0)
		cli_json_line(c, wn_buf_view(&b));
	wn_buf_fini(&b);
}

/* The words that are left: snapshots first, then one path. */
static int
read_words(struct cli *c, int at, struct snapshot_diff_params *p)
{
	int code = CLI_OK;

	for (; at < c->nwords && code == CLI_OK; at++) {
		const char *word = c->words[at];

		if (p->path.p == NULL && cli_is_snapshot(word) && p->from.p == NULL)
			code = cli_snapshot(c, p->workspace, word, &p->from);
		else if (p->path.p == NULL && cli_is_snapshot(word) && p->to.p == NULL)
			code = cli_snapshot(c, p->workspace, word, &p->to);
		else if (p->path.p == NULL)
			p->path = wn_str(word);
		else
			code = cli_usage(c, "one path at a time, not also \"%s\"", word);
	}
	return code;
}

static int
exec(struct cli *c)
{
	struct snapshot_diff_params params = { .path = WN_STR_NONE };
	struct snapshot_diff_result result;
	struct model_workspace ws;
	const char *first = cli_word(c, 0);
	bool named = first != NULL && !cli_is_snapshot(first) &&
		     (wn_file_is_dir(first) || first[0] == '/');
	int code = cli_workspace(c, named ? first : NULL, &ws);

	if (code != CLI_OK)
		return code;
	params.workspace = ws.id;
	code = read_words(c, named, &params);
	if (code == CLI_OK)
		code = CLI_ASK(c, snapshot_diff, "snapshot.diff", &params, &result);
	if (code != CLI_OK)
		return code;
	if (c->json)
		show_json(c, &result, params.path.p != NULL);
	else if (params.path.p != NULL && c->attachment.len > 0)
		show_text(c, wn_buf_view(&c->attachment));
	else
		show_changes(c, &result);
	return CLI_OK;
}

const struct cli_command cli_diff = {
	.name = "diff",
	.args = "[DIR] [FROM [TO]] [PATH]",
	.summary = "show what changed",
	.more = "FROM and TO are snapshots: an id, first, last, last~N. Without them: since the "
		"last one.\n"
		"With PATH, relative to the workspace: that file's lines.",
	.max = 4,
	.exec = exec,
};
