/*
 * logs: what a platform says, and said when it has ended.
 */
#include "gen/engine_types.h"
#include "gen/preview_types.h"
#include "runtime/base/clock.h"
#include "runtime/base/json_write.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"
#include "tui/pane/run/human.h"

#define CREDIT 64
#define CREDIT_AGAIN 32

static const struct cli_option options[] = {
	{ "follow", 'f', NULL, "go on with what comes" },
	{ "lines", 'n', "N", "lines of the past (100)" },
	{ "find", 0, "TEXT", "only lines of the past with this text, rotated files too" },
	{ NULL, 0, NULL, NULL },
};

struct logs {
	int64_t stream; /* 0: not known yet */
	int taken;	/* notifications since the last grant */
	bool ended;
};

/* Structured lines as words; others as they are. */
static void
show_words(struct cli *c, int64_t time, bool is_err, struct wn_str text)
{
	static const enum cli_style styles[] = { CLI_PLAIN, CLI_DIM, CLI_PLAIN, CLI_YELLOW,
						 CLI_RED };
	char clock[CLI_CLOCK_MAX];
	enum run_level level;
	struct wn_buf words;

	wn_buf_init(&words, (size_t)1 << 20);
	cli_clock(time, clock);
	cli_cell_out(c, CLI_DIM, wn_str(clock), 14);
	if (run_human(text, &words, &level)) {
		cli_cell_out(c, styles[level], wn_str(run_level_name(level)), 6);
		cli_cell_out(c, styles[level], wn_buf_view(&words), 0);
	} else {
		cli_cell_out(c, is_err ? CLI_RED : CLI_PLAIN, text, 0);
	}
	(void)fputc('\n', stdout);
	wn_buf_fini(&words);
}

static void
show_line(struct cli *c, int64_t time, bool is_err, struct wn_str text)
{
	struct wn_buf b;
	struct wn_jw w;
	char iso[WN_TIME_MAX];

	if (!c->json) {
		show_words(c, time, is_err, text);
		return;
	}
	wn_time_print(time, iso);
	wn_buf_init(&b, (size_t)1 << 20);
	wn_jw_init(&w, &b);
	wn_jw_object(&w);
	wn_jw_kstr(&w, "time", iso);
	wn_jw_kstr(&w, "source", is_err ? "err" : "out");
	wn_jw_key(&w, "text");
	wn_jw_str(&w, text);
	wn_jw_object_end(&w);
	cli_json_line(c, wn_buf_view(&b));
	wn_buf_fini(&b);
}

static void
ignore(void *arg, wn_err err, struct wn_str result, struct wn_str attachment,
       const struct wn_diag *d)
{
	(void)arg;
	(void)err;
	(void)result;
	(void)attachment;
	(void)d;
}

static void
grant(struct cli *c, struct logs *l)
{
	struct wn_rpc_port *port = wn_client_port(wn_sync_client(c->sync));
	char params[80];

	if (++l->taken < CREDIT_AGAIN)
		return;
	(void)snprintf(params, sizeof params, "{\"stream\":%lld,\"credit\":%d}",
		       (long long)l->stream, l->taken);
	l->taken = 0;
	(void)port->call(port, "stream.credit", wn_str(params), WN_STR_NONE, ignore, NULL);
}

static void
on_note(struct cli *c, struct wn_str method, struct wn_str params)
{
	struct logs *l = c->note_arg;
	struct stream_closed_note closed;
	struct preview_log_note note;
	struct wn_arena arena;

	wn_arena_init(&arena, 0);
	if (wn_str_is(method, "preview.log") &&
	    preview_log_note_parse(params, &arena, &note, NULL) == 0) {
		l->stream = note.stream;
		for (size_t i = 0; i < note.lines_len; i++)
			show_line(c, note.lines[i].time,
				  note.lines[i].source == PREVIEW_LOG_NOTE_LINES_ITEM_SOURCE_ERR,
				  note.lines[i].text);
		if (fflush(stdout) != 0)
			l->ended = true; /* nobody reads any more */
		grant(c, l);
	} else if (wn_str_is(method, "stream.closed") &&
		   stream_closed_note_parse(params, &arena, &closed, NULL) == 0) {
		l->ended = true;
	}
	wn_arena_fini(&arena);
}

static bool
has_ended(void *arg)
{
	return ((struct logs *)arg)->ended;
}

static int
live(struct cli *c, struct wn_str workspace, int64_t tail, bool follow)
{
	struct preview_logs_params params = { .workspace = workspace,
					      .has_tail = true,
					      .tail = tail,
					      .has_follow = true,
					      .follow = follow,
					      .credit = CREDIT };
	struct preview_logs_result result;
	struct wn_diag d = { 0 };
	struct logs l = { 0 };
	int code;
	wn_err err;

	c->note_arg = &l;
	c->on_note = on_note;
	code = CLI_ASK(c, preview_logs, "preview.logs", &params, &result);
	err = code == CLI_OK ? wn_sync_wait(c->sync, has_ended, &l, 0, &d) : 0;
	c->on_note = NULL;
	c->note_arg = NULL;
	if (code != CLI_OK)
		return code;
	return err == 0 || err == WN_E_CANCELLED ? CLI_OK : cli_fail(c, &d);
}

static int
past(struct cli *c, struct wn_str workspace, int64_t tail, const char *find)
{
	struct preview_last_log_params params = {
		.workspace = workspace, .has_tail = true, .tail = tail, .find = wn_str(find)
	};
	struct preview_last_log_result result;
	int code = CLI_ASK(c, preview_last_log, "preview.last_log", &params, &result);

	for (size_t i = 0; code == CLI_OK && i < result.lines_len; i++)
		show_line(c, result.lines[i].time,
			  result.lines[i].source == PREVIEW_LAST_LOG_RESULT_LINES_ITEM_SOURCE_ERR,
			  result.lines[i].text);
	return code;
}

static int
exec(struct cli *c)
{
	struct preview_status_params params;
	struct preview_status_result status;
	struct model_workspace ws;
	const char *find = cli_opt(c, "find");
	int64_t tail = 100;
	int code;

	if (find != NULL && find[0] == '\0')
		find = NULL;
	if (!cli_opt_int(c, "lines", 1, 10000, &tail))
		return CLI_USAGE;
	code = cli_workspace(c, cli_word(c, 0), &ws);
	if (code != CLI_OK)
		return code;
	params.workspace = ws.id;
	code = CLI_ASK(c, preview_status, "preview.status", &params, &status);
	if (code != CLI_OK)
		return code;
	if (status.preview.state == MODEL_PREVIEW_STATE_RUNNING && find == NULL)
		return live(c, ws.id, tail, cli_opt(c, "follow") != NULL);
	return past(c, ws.id, tail, find);
}

const struct cli_command cli_logs = {
	.name = "logs",
	.args = "[DIR] [-f] [-n N] [--find TEXT]",
	.summary = "show what a platform says",
	.more = "Of a platform that has ended: what it said last.",
	.options = options,
	.max = 1,
	.exec = exec,
};
