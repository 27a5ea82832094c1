/*
 * What a word of the command line names: a directory, a workspace, a snapshot, a document.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gen/snapshot_types.h"
#include "gen/workspace_types.h"
#include "runtime/base/file.h"
#include "runtime/base/id.h"
#include "runtime/base/json.h"
#include "runtime/base/mem.h"
#include "tui/cli/print.h"

#define DOCUMENT_MAX ((size_t)16 << 20)
#define TAIL_MIN 4 /* characters of an id that may stand for it */

static bool
is_remote(const struct cli *c)
{
	return c->engine != NULL && strncmp(c->engine, "ssh://", 6) == 0;
}

const char *
cli_absolute(struct cli *c, const char *word)
{
	char cwd[PATH_MAX], *path;
	const char *kept;

	if (is_remote(c)) {
		if (word != NULL && word[0] == '/')
			return word;
		(void)cli_usage(c,
				"the engine is on another machine: name the directory there by its "
				"absolute path");
		return NULL;
	}
	if (getcwd(cwd, sizeof cwd) == NULL) {
		struct wn_diag d = { 0 };

		(void)wn_fail_errno(&d, errno, "the current directory");
		(void)cli_fail(c, &d);
		return NULL;
	}
	path = wn_path_clean(word != NULL && word[0] != '\0' ? word : ".", cwd);
	kept = wn_arena_strdup(&c->arena, path);
	wn_free(path);
	/* The engine knows directories by their real path. */
	if (realpath(kept, cwd) != NULL)
		kept = wn_arena_strdup(&c->arena, cwd);
	return kept;
}

int
cli_workspace(struct cli *c, const char *word, struct model_workspace *out)
{
	struct workspace_get_params params = { .workspace = WN_STR_NONE };
	struct workspace_get_result result;
	int code;

	if (word != NULL && wn_id_is_ulid(wn_str(word)) && !wn_file_exists(word)) {
		params.workspace = wn_str(word);
	} else {
		const char *path = cli_absolute(c, word);

		if (path == NULL)
			return CLI_USAGE;
		params.path = wn_str(path);
		if (!is_remote(c) && word != NULL && !wn_file_is_dir(path)) {
			struct wn_diag d = { 0 };

			(void)wn_fail(&d, WN_E_NOT_FOUND, "there is no directory %s", path);
			return cli_fail(c, &d);
		}
	}
	code = CLI_ASK(c, workspace_get, "workspace.get", &params, &result);
	if (code == CLI_OK)
		*out = result.workspace;
	else if (code == CLI_FAILED && !c->json)
		(void)fputs("`webnova new DIR --blueprint FILE` makes a platform, `webnova open "
			    "DIR` makes a "
			    "directory known.\n",
			    stderr);
	return code;
}

bool
cli_is_snapshot(const char *word)
{
	return wn_id_is_ulid(wn_str(word)) || strcmp(word, "first") == 0 ||
	       strncmp(word, "last", 4) == 0;
}

static bool
ends_with_folded(struct wn_str id, const char *tail)
{
	size_t n = strlen(tail);

	if (n < TAIL_MIN || n > id.len)
		return false;
	for (size_t i = 0; i < n; i++) {
		char t = tail[i];

		if (t >= 'a' && t <= 'z')
			t = (char)(t - 'a' + 'A');
		if (id.p[id.len - n + i] != t)
			return false;
	}
	return true;
}

/* "last" is 0, "last~3" is 3, "first" the oldest; -1: another kind of name. */
static int64_t
position(const char *word, size_t n)
{
	int64_t back;

	if (strcmp(word, "first") == 0)
		return (int64_t)n - 1;
	if (strcmp(word, "last") == 0)
		return 0;
	if (strncmp(word, "last~", 5) == 0 && wn_str_i64(wn_str(word + 5), &back) && back >= 0)
		return back;
	return -1;
}

static int
no_snapshot(struct cli *c, const char *word, size_t matches)
{
	struct wn_diag d = { 0 };

	(void)wn_fail(&d, WN_E_NOT_FOUND,
		      matches > 1 ? "several snapshots end in \"%s\"; `webnova history` lists them"
				  : "there is no snapshot \"%s\"; `webnova history` lists them",
		      word);
	return cli_fail(c, &d);
}

int
cli_snapshot(struct cli *c, struct wn_str workspace, const char *word, struct wn_str *out)
{
	struct snapshot_list_params params = { .workspace = workspace,
					       .has_limit = true,
					       .limit = 1000 };
	struct snapshot_list_result list;
	size_t matches = 0;
	int64_t at;
	int code;

	*out = wn_str(word);
	if (wn_id_is_ulid(*out))
		return CLI_OK;
	code = CLI_ASK(c, snapshot_list, "snapshot.list", &params, &list);
	if (code != CLI_OK)
		return code;
	at = position(word, list.snapshots_len);
	if (at >= 0 && (size_t)at < list.snapshots_len) {
		*out = list.snapshots[at].id;
		return CLI_OK;
	}
	for (size_t i = 0; at < 0 && i < list.snapshots_len; i++)
		if (ends_with_folded(list.snapshots[i].id, word)) {
			*out = list.snapshots[i].id;
			matches++;
		}
	return matches == 1 ? CLI_OK : no_snapshot(c, word, matches);
}

/* A pipe has no size and cannot be read twice: read to its end, within the maximum. */
wn_err
cli_read_stdin(struct wn_buf *b, struct wn_diag *d)
{
	for (;;) {
		char *room = wn_buf_reserve(b, 65536);
		ssize_t n = room != NULL ? read(0, room, 65536) : 0;

		if (room == NULL)
			return wn_fail(d, WN_E_LIMIT, "more than %zu bytes on standard input",
				       DOCUMENT_MAX);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return wn_fail_errno(d, errno, "standard input");
		if (n == 0)
			return 0;
		wn_buf_commit(b, (size_t)n);
	}
}

/* One message is one line, so the text goes as we print it. */
static wn_err
parse_object(struct cli *c, struct wn_str text, struct wn_str *out, struct wn_diag *d)
{
	struct wn_json *j = NULL;
	struct wn_buf b;
	wn_err err = wn_json_parse(text, NULL, &j, d);

	wn_buf_init(&b, DOCUMENT_MAX);
	if (err == 0 && wn_json_type(j) != WN_JSON_OBJECT)
		err = wn_fail(d, WN_E_PARSE, "it is no JSON object");
	if (err == 0)
		err = wn_json_print(j, &b);
	if (err == 0)
		*out = wn_arena_str(&c->arena, wn_buf_view(&b));
	else
		(void)wn_fail(d, err, "the document is too large");
	wn_buf_fini(&b);
	wn_json_free(j);
	return err;
}

int
cli_object(struct cli *c, const char *text, struct wn_str *out)
{
	struct wn_diag d = { 0 };

	if (parse_object(c, wn_str(text), out, &d) == 0)
		return CLI_OK;
	return cli_usage(c, "the parameters are no JSON object: %s", d.text);
}

int
cli_document(struct cli *c, const char *path, struct wn_str *out)
{
	struct wn_diag d = { 0 };
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, DOCUMENT_MAX);
	err = strcmp(path, "-") == 0 ? cli_read_stdin(&b, &d) : wn_file_read(path, &b, &d);
	if (err == 0)
		err = parse_object(c, wn_buf_view(&b), out, &d);
	if (err == WN_E_PARSE)
		wn_fail_where(&d, "%s", path);
	wn_buf_fini(&b);
	return err == 0 ? CLI_OK : cli_fail(c, &d);
}
