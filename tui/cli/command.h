/*
 * Inside tui/cli: what a command is, and what it may use. A command reads its words and options,
 * asks the engine through cli_ask() or cli_task(), and prints through the functions of print.h.
 */
#ifndef TUI_CLI_COMMAND_H
#define TUI_CLI_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "gen/model.h"
#include "runtime/base/arena.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"
#include "runtime/base/shape.h"
#include "runtime/base/str.h"
#include "tui/cli/cli.h"
#include "tui/client/sync.h"

#define CLI_WORDS 64
#define CLI_OPTIONS 64

struct cli;

/* Tables end with a zero row. value NULL: a switch. */
struct cli_option {
	const char *name;  /* "--dry-run" without the dashes */
	char letter;	   /* 0: none */
	const char *value; /* what help calls it */
	const char *help;
};

struct cli_command {
	const char *name, *alias;	  /* alias nullable */
	const char *args;		  /* "[DIR] [--port N]" */
	const char *summary;		  /* one line */
	const char *more;		  /* nullable: further lines of help */
	const struct cli_option *options; /* nullable */
	int min, max;			  /* words after the name; max < 0: any number */
	int (*exec)(struct cli *c);	  /* an exit code */
};

/* One row of what was given; the same option may come again. */
struct cli_given {
	const struct cli_option *option;
	const char *value; /* "" for a switch */
};

struct cli_progress {
	int64_t began_ns, step_ns, said_ns; /* of the task, of the text, of the last line */
	int64_t done, total;
	char text[512];
	bool shown; /* an updating line is on the screen */
	int turn;
};

struct cli {
	const char *program, *engine; /* engine nullable */
	bool json, quiet, yes, help;
	bool color, tty_out, tty_err;
	const struct cli_command *command;
	const char *words[CLI_WORDS];
	int nwords;
	struct cli_given given[CLI_OPTIONS];
	int ngiven;
	struct wn_sync *sync;	       /* NULL until the first call */
	struct wn_arena arena;	       /* dies with the command */
	struct wn_buf raw, attachment; /* of the last answer */
	struct wn_str send;	       /* raw bytes that go with the next call; borrowed */
	struct wn_str task_id;	       /* of the call whose progress is shown; empty: none */
	struct cli_progress progress;
	/* Notifications other than progress; nullable. */
	void (*on_note)(struct cli *c, struct wn_str method, struct wn_str params);
	void *note_arg;
};

/* The last value given for an option, or NULL. */
const char *cli_opt(const struct cli *c, const char *name);
/* The nth word, or NULL. */
const char *cli_word(const struct cli *c, int n);
/* Whole number in range from an option; false (and a message): it is none. Absent leaves *out. */
bool cli_opt_int(struct cli *c, const char *name, int64_t lo, int64_t hi, int64_t *out);

/* --- the engine (call.c). All return an exit code after saying what went wrong. --- */

/* Connects, starting an engine where that is ours to do. Done by the others when needed. */
int cli_connect(struct cli *c);
/* As cli_connect() but starts none and says nothing; the failure is in d. */
wn_err cli_try_connect(struct cli *c, bool start, struct wn_diag *d);
/* One call; result lives in c->arena, its text in c->raw. shapes: of gen/. */
int cli_ask(struct cli *c, const char *method, const struct wn_shape *params_shape,
	    const void *params, const struct wn_shape *result_shape, void *result);
/* The same with progress on stderr; ^C cancels it at the engine and waits for that, a second ^C
 * leaves. */
int cli_task(struct cli *c, const char *method, const struct wn_shape *params_shape,
	     const void *params, const struct wn_shape *result_shape, void *result);
/* Raw JSON in; the answer in c->raw and c->attachment. Says nothing. */
wn_err cli_call(struct cli *c, const char *method, struct wn_str params, bool task,
		struct wn_diag *d);
#define CLI_ASK(c, name, method, p, r) \
	cli_ask((c), (method), &name##_params_shape, (p), &name##_result_shape, (r))
#define CLI_TASK(c, name, method, p, r) \
	cli_task((c), (method), &name##_params_shape, (p), &name##_result_shape, (r))

/* --- where (where.c) --- */

/* Absolute path of a word, in c->arena; NULL (and a message) when it cannot be. NULL word: here. */
const char *cli_absolute(struct cli *c, const char *word_nullable);
/* The workspace at or above a directory, or with that id. */
int cli_workspace(struct cli *c, const char *word_nullable, struct model_workspace *out);
/* A snapshot's whole id from "first", "last", "last~2", an id, or the end of one. */
int cli_snapshot(struct cli *c, struct wn_str workspace, const char *word, struct wn_str *out);
/* True when the word is written like a snapshot. */
bool cli_is_snapshot(const char *word);
/* A JSON object written on the command line, as one line in c->arena. */
int cli_object(struct cli *c, const char *text, struct wn_str *out);
/* What a person types without it being seen, or one value from standard input when that is no
 * terminal (a last line break is left out). Appends to out, which the caller wipes. */
int cli_hidden(struct cli *c, const char *prompt, struct wn_buf *out);
/* Standard input to its end, within b's maximum. */
wn_err cli_read_stdin(struct wn_buf *b, struct wn_diag *d);
/* Reads a whole JSON object from a file ("-": standard input) into c->arena. */
int cli_document(struct cli *c, const char *path, struct wn_str *out);

/* --- the table (table.c) --- */
extern const struct cli_command *const cli_commands[]; /* ends with NULL */
extern const struct cli_option cli_global_options[];   /* what every command takes */
const struct cli_command *cli_find(const char *name);
/* The command whose name is nearest to a wrong one, or NULL. */
const char *cli_nearest(const char *name);

/* --- progress (progress.c) --- */
void cli_progress_begin(struct cli *c);
void cli_progress_note(struct cli *c, int64_t done, int64_t total, struct wn_str text);
void cli_progress_tick(struct cli *c);
void cli_progress_end(struct cli *c);

#endif
