/*
 * Blueprints read from files and handed to the engine, which reads none itself: what a blueprint
 * includes is looked for below its own directory only, links followed no further than that.
 */
#include "tui/cli/finding.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "gen/blueprint_types.h"
#include "runtime/base/file.h"
#include "runtime/base/utf8.h"
#include "tui/cli/print.h"

#define SOURCE_MAX ((size_t)4 << 20)
#define FILES_MAX 64

/* --- what was found --------------------------------------------------------------- */

/* "dir/orders.yaml:12:5", or the JSON Pointer when the place is not known. */
static struct wn_str
place(struct cli *c, const char *word, const struct model_finding *f)
{
	const char *slash = word != NULL ? strrchr(word, '/') : NULL;
	int dir = slash != NULL ? (int)(slash - word) + 1 : 0;

	if (f->file.len == 0)
		return f->pointer.len > 0 ? f->pointer : WN_STR("/");
	if (word != NULL && strcmp(word, "-") == 0)
		return wn_str(wn_arena_printf(&c->arena, "-:%lld:%lld", (long long)f->line,
					      (long long)f->column));
	return wn_str(wn_arena_printf(&c->arena, "%.*s%.*s:%lld:%lld", dir,
				      word != NULL ? word : "", WN_STR_ARG(f->file),
				      (long long)f->line, (long long)f->column));
}

void
cli_findings(struct cli *c, const char *word, const struct model_finding *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct model_finding *f = &list[i];
		bool is_error = f->severity == MODEL_FINDING_SEVERITY_ERROR;

		if (c->json) {
			cli_json_item(c, &model_finding_shape, f);
			continue;
		}
		cli_cell_out(c, is_error ? CLI_RED : CLI_YELLOW,
			     wn_str(is_error ? "error" : "warning"), 9);
		cli_cell_out(c, CLI_BOLD, place(c, word, f), 0);
		cli_printf(c, "  %.*s", WN_STR_ARG(f->text));
		if (f->file.len > 0 && f->pointer.len > 0)
			cli_printf(c, "  [%.*s]", WN_STR_ARG(f->pointer));
		cli_printf(c, "\n");
		if (f->hint.len > 0)
			cli_printf(c, "         %.*s\n", WN_STR_ARG(f->hint));
	}
}

/* --- files ------------------------------------------------------------------------------ */

const char *
cli_blueprint_file(struct cli *c, const char *word)
{
	static const char *const names[] = { "blueprint.yaml", "blueprint.yml", "blueprint.json" };

	if (strcmp(word, "-") == 0 || !wn_file_is_dir(word))
		return word;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *path = wn_arena_printf(&c->arena, "%s/%s", word, names[i]);

		if (wn_file_exists(path))
			return path;
	}
	return wn_arena_printf(&c->arena, "%s/blueprint.json", word);
}

/* What can be sent as a string. */
static bool
is_text(struct wn_str s)
{
	return wn_utf8_valid(s) && (s.len == 0 || memchr(s.p, '\0', s.len) == NULL);
}

int
cli_blueprint_source(struct cli *c, const char *word, struct model_blueprint_source *out)
{
	struct wn_diag d = { 0 };
	struct wn_buf b;
	wn_err err;

	*out = (struct model_blueprint_source){ 0 };
	wn_buf_init(&b, SOURCE_MAX);
	err = strcmp(word, "-") == 0 ? cli_read_stdin(&b, &d) : wn_file_read(word, &b, &d);
	if (err == 0 && !is_text(wn_buf_view(&b)))
		err = wn_fail(&d, WN_E_PARSE, "it is no UTF-8 text");
	if (err == WN_E_PARSE)
		wn_fail_where(&d, "%s", word);
	if (err == 0) {
		out->text = wn_arena_str(&c->arena, wn_buf_view(&b));
		out->path = strcmp(word, "-") == 0 ? WN_STR_NONE : wn_str(wn_path_base(word));
	}
	wn_buf_fini(&b);
	return err == 0 ? CLI_OK : cli_fail(c, &d);
}

/* An included file, as long as it lies below the blueprint's directory. False: it is not there. */
static bool
read_include(struct cli *c, const char *word, struct wn_str path, struct model_blueprint_file *out)
{
	char dir[PATH_MAX], real[PATH_MAX];
	const char *slash = strrchr(word, '/');
	const char *base =
		slash == NULL ? "." : wn_arena_strndup(&c->arena, word, (size_t)(slash - word) + 1);
	const char *whole = wn_arena_printf(&c->arena, "%s/%.*s", base, WN_STR_ARG(path));
	size_t n;
	struct stat st;
	struct wn_buf b;
	bool ok;

	if (realpath(base, dir) == NULL || realpath(whole, real) == NULL || stat(real, &st) != 0 ||
	    !S_ISREG(st.st_mode))
		return false;
	n = strlen(dir);
	if (strncmp(dir, real, n) != 0 || (real[n] != '/' && n > 1))
		return false;
	wn_buf_init(&b, SOURCE_MAX);
	ok = wn_file_read(real, &b, NULL) == 0 && is_text(wn_buf_view(&b));
	if (ok)
		*out = (struct model_blueprint_file){ .path = wn_arena_str(&c->arena, path),
						      .text = wn_arena_str(&c->arena,
									   wn_buf_view(&b)) };
	wn_buf_fini(&b);
	return ok;
}

/* Adds what is missing and can be found; false: nothing was added. */
static bool
add_missing(struct cli *c, const char *word, struct model_blueprint_source *s,
	    const struct wn_str *missing, size_t n)
{
	struct model_blueprint_file *files = (struct model_blueprint_file *)wn_arena_array(
		&c->arena, s->files_len + n + 1, sizeof *files);
	size_t len = s->files_len;

	if (strcmp(word, "-") == 0)
		return false;
	for (size_t i = 0; i < len; i++)
		files[i] = s->files[i];
	for (size_t i = 0; i < n && len < FILES_MAX; i++)
		len += read_include(c, word, missing[i], &files[len]);
	if (len == s->files_len)
		return false;
	s->files = files;
	s->files_len = len;
	return true;
}

/* --- asking -------------------------------------------------------------------------------- */

static int
read_source(struct cli *c, const char *word, struct model_blueprint_source *s,
	    struct blueprint_read_result *result)
{
	struct blueprint_read_params params;
	int code = cli_blueprint_source(c, word, s);

	while (code == CLI_OK) {
		params.source = *s;
		code = CLI_ASK(c, blueprint_read, "blueprint.read", &params, result);
		if (code != CLI_OK || result->missing_len == 0 ||
		    !add_missing(c, word, s, result->missing, result->missing_len))
			break;
	}
	return code;
}

int
cli_read_blueprint(struct cli *c, const char *word, struct wn_str *doc_out)
{
	struct model_blueprint_source s;
	struct blueprint_read_result result;
	const char *file = cli_blueprint_file(c, word);
	int code = read_source(c, file, &s, &result);

	if (code != CLI_OK)
		return code;
	if (result.blueprint.p == NULL) {
		cli_findings(c, file, result.findings, result.findings_len);
		return CLI_FAILED;
	}
	*doc_out = wn_arena_str(&c->arena, result.blueprint);
	return CLI_OK;
}

int
cli_check_blueprint(struct cli *c, const char *word, bool *valid_out, struct wn_str *doc_out)
{
	struct model_blueprint_source s;
	struct blueprint_read_result read;
	struct blueprint_check_params params = { .source = &s };
	struct blueprint_check_result result;
	const char *file = cli_blueprint_file(c, word);
	int code = read_source(c, file, &s, &read);

	*valid_out = false;
	if (code != CLI_OK)
		return code;
	if (read.blueprint.p == NULL) {
		cli_findings(c, file, read.findings, read.findings_len);
		return CLI_OK;
	}
	if (doc_out != NULL)
		*doc_out = wn_arena_str(&c->arena, read.blueprint);
	code = CLI_ASK(c, blueprint_check, "blueprint.check", &params, &result);
	if (code != CLI_OK)
		return code;
	*valid_out = result.valid;
	cli_findings(c, file, result.findings, result.findings_len);
	return CLI_OK;
}
