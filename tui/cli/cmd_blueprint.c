/*
 * blueprint: check, explain, diff, graph, edit, convert.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "gen/blueprint_types.h"
#include "runtime/base/file.h"
#include "runtime/base/json.h"
#include "tui/cli/commands.h"
#include "tui/cli/draft.h"
#include "tui/cli/finding.h"
#include "tui/cli/print.h"

static const struct cli_option options[] = {
	{ "locale", 'l', "en|ar", "language of the explanation, or of titles in a graph" },
	{ "pages", 0, NULL, "graph: the pages instead of the entities" },
	{ "as", 0, "FORMAT", "graph: text, svg, mermaid or json; convert: yaml or json" },
	{ "width", 0, "N", "graph: columns; the terminal's by default" },
	{ "short", 0, NULL, "graph: names only, no fields" },
	{ "from", 0, "FORMAT",
	  "import: sql, openapi, prisma or jdl; by the file's name by default" },
	{ "name", 0, "NAME", "import: what the platform is called" },
	CLI_DRAFT_OPTIONS,
	{ NULL, 0, NULL, NULL },
};

static int
check(struct cli *c)
{
	int worst = CLI_OK;

	for (int i = 1; i < c->nwords; i++) {
		bool valid = false;
		int code;

		if (c->nwords > 2)
			cli_say(c, "%s:\n", c->words[i]);
		code = cli_check_blueprint(c, c->words[i], &valid, NULL);
		if (code == CLI_OK && valid)
			cli_say(c, "%s is valid\n", c->words[i]);
		else if (code == CLI_OK)
			code = CLI_FAILED;
		if (code != CLI_OK)
			worst = code;
	}
	return worst;
}

/* The person's language when we write it, else English. */
static const char *
locale_of(const struct cli *c)
{
	const char *l = cli_opt(c, "locale");
	const char *vars[] = { getenv("LC_ALL"), getenv("LC_MESSAGES"), getenv("LANG") };

	for (size_t i = 0; l == NULL && i < sizeof vars / sizeof vars[0]; i++)
		if (vars[i] != NULL && vars[i][0] != '\0')
			l = vars[i][0] == 'a' && vars[i][1] == 'r' ? "ar" : "en";
	return l != NULL ? l : "en";
}

/* Text of many lines as it is; nothing of it can steer the terminal. */
static void
put_text(struct cli *c, struct wn_str text)
{
	struct wn_str line, rest = text;

	while (wn_str_split(&rest, '\n', &line))
		if (line.len > 0 || rest.p != NULL)
			cli_printf(c, "%.*s\n", WN_STR_ARG(line));
}

static int
explain(struct cli *c)
{
	struct blueprint_explain_params params = { .locale = 0 };
	struct blueprint_explain_result result;
	const char *locale = locale_of(c);
	int code;

	params.locale = blueprint_explain_params_locale_value(wn_str(locale));
	if (params.locale == 0)
		return cli_usage(c, "the languages are en and ar, not \"%s\"", locale);
	for (int i = 1; i < c->nwords; i++) {
		code = cli_read_blueprint(c, c->words[i], &params.blueprint);
		if (code == CLI_OK)
			code = CLI_ASK(c, blueprint_explain, "blueprint.explain", &params, &result);
		if (code != CLI_OK)
			return code;
		if (c->json)
			cli_json_item(c, &blueprint_explain_result_shape, &result);
		else
			put_text(c, result.text);
	}
	return CLI_OK;
}

static void
show_change(struct cli *c, const struct blueprint_diff_result_changes_item *x)
{
	const char *class = blueprint_diff_result_changes_item_class_name(x->class);

	cli_cell_out(c,
		     strcmp(class, "safe") == 0		 ? CLI_GREEN
		     : strcmp(class, "destructive") == 0 ? CLI_RED
							 : CLI_YELLOW,
		     wn_str(class), 13);
	cli_cell_out(c, CLI_PLAIN, wn_str(blueprint_diff_result_changes_item_kind_name(x->kind)),
		     9);
	cli_printf(c, "%.*s (%.*s)\n", WN_STR_ARG(x->text), WN_STR_ARG(x->pointer));
	if (x->has_breaking && x->breaking)
		cli_printf(c, "             breaking: clients of the API notice this\n");
	if (x->has_covered && !x->covered && strcmp(class, "safe") != 0)
		cli_printf(c, "             the blueprint's migrations do not say yet what becomes "
			      "of the rows\n");
}

static int
diff(struct cli *c)
{
	struct blueprint_diff_params params;
	struct blueprint_diff_result result;
	int code;

	if (c->nwords != 3)
		return cli_usage(c, "blueprint diff takes two files");
	code = cli_read_blueprint(c, c->words[1], &params.from);
	if (code == CLI_OK)
		code = cli_read_blueprint(c, c->words[2], &params.to);
	if (code == CLI_OK)
		code = CLI_ASK(c, blueprint_diff, "blueprint.diff", &params, &result);
	if (code != CLI_OK)
		return code;
	for (size_t i = 0; i < result.changes_len; i++)
		if (c->json)
			cli_json_item(c, &blueprint_diff_result_changes_item_shape,
				      &result.changes[i]);
		else
			show_change(c, &result.changes[i]);
	if (result.changes_len == 0)
		cli_say(c, "nothing changes\n");
	return CLI_OK;
}

static int64_t
terminal_width(const struct cli *c)
{
	struct winsize w = { 0 };

	return c->tty_out && ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col >= 40 ? w.ws_col : 80;
}

static int
graph(struct cli *c)
{
	struct blueprint_graph_params params = { .has_fields = true, .has_width = true };
	struct blueprint_graph_result result;
	const char *as = cli_opt(c, "as"), *locale = cli_opt(c, "locale");
	int code;

	params.width = terminal_width(c);
	if (c->nwords != 2)
		return cli_usage(c, "blueprint graph takes one file");
	if (!cli_opt_int(c, "width", 40, 1000, &params.width))
		return CLI_USAGE;
	params.format = blueprint_graph_params_format_value(wn_str(as != NULL ? as : "text"));
	params.of = cli_opt(c, "pages") != NULL ? BLUEPRINT_GRAPH_PARAMS_OF_PAGES
						: BLUEPRINT_GRAPH_PARAMS_OF_ENTITIES;
	params.fields = cli_opt(c, "short") == NULL;
	if (params.format == 0)
		return cli_usage(c, "a graph is text, svg, mermaid or json, not \"%s\"", as);
	if (locale != NULL) {
		params.locale = blueprint_graph_params_locale_value(wn_str(locale));
		if (params.locale == 0)
			return cli_usage(c, "the languages are en and ar, not \"%s\"", locale);
	}
	code = cli_read_blueprint(c, c->words[1], &params.blueprint);
	if (code == CLI_OK)
		code = CLI_ASK(c, blueprint_graph, "blueprint.graph", &params, &result);
	if (code != CLI_OK)
		return code;
	if (c->json)
		cli_json_item(c, &blueprint_graph_result_shape, &result);
	else
		put_text(c, result.text);
	return CLI_OK;
}

/* A JSON value as it is written; anything else is text. */
static struct wn_str
value_of(struct cli *c, const char *word)
{
	struct wn_json *j = NULL;
	struct wn_buf b;
	struct wn_str out;

	if (wn_json_parse(wn_str(word), NULL, &j, NULL) != 0)
		j = wn_json_new_str(wn_str(word));
	wn_buf_init(&b, (size_t)4 << 20);
	(void)wn_json_print(j, &b);
	out = wn_arena_str(&c->arena, wn_buf_view(&b));
	wn_buf_fini(&b);
	wn_json_free(j);
	return out;
}

static int
edit(struct cli *c)
{
	struct blueprint_edit_params_edits_item item = { 0 };
	struct blueprint_edit_params params = { .edits = &item, .edits_len = 1 };
	struct blueprint_edit_result result;
	struct wn_diag d = { 0 };
	const char *file = cli_blueprint_file(c, c->words[1]), *op = cli_word(c, 2);
	bool removes;
	int code;

	if (op != NULL)
		item.op = blueprint_edit_params_edits_item_op_value(wn_str(op));
	removes = item.op == BLUEPRINT_EDIT_PARAMS_EDITS_ITEM_OP_REMOVE;
	if (item.op == 0 || c->nwords != (removes ? 4 : 5) || strcmp(file, "-") == 0)
		return cli_usage(c, "blueprint edit FILE set|add|remove POINTER [VALUE]");
	item.pointer = wn_str(c->words[3]);
	if (!removes)
		item.value = value_of(c, c->words[4]);
	code = cli_blueprint_source(c, file, &params.source);
	if (code == CLI_OK)
		code = CLI_ASK(c, blueprint_edit, "blueprint.edit", &params, &result);
	if (code != CLI_OK)
		return code;
	if (wn_file_write(file, result.text, 0644, &d) != 0)
		return cli_fail(c, &d);
	if (c->json)
		cli_json_item(c, &blueprint_edit_result_shape, &result);
	else
		cli_say(c, "%s: %s %s\n", file, op, c->words[3]);
	return CLI_OK;
}

/* A document as YAML or JSON, or as the whole answer with --json. */
static int
print_document(struct cli *c, struct wn_str doc)
{
	struct blueprint_print_params params = { .blueprint = doc };
	struct blueprint_print_result result;
	const char *as = cli_opt(c, "as");
	int code;

	params.format = blueprint_print_params_format_value(wn_str(as != NULL ? as : "yaml"));
	if (params.format == 0)
		return cli_usage(c, "a blueprint is written as yaml or json, not \"%s\"", as);
	code = CLI_ASK(c, blueprint_print, "blueprint.print", &params, &result);
	if (code == CLI_OK)
		put_text(c, result.text);
	return code;
}

static int
convert(struct cli *c)
{
	struct wn_str doc;
	int code;

	if (c->nwords != 2)
		return cli_usage(c, "blueprint convert takes one file");
	code = cli_read_blueprint(c, c->words[1], &doc);
	return code == CLI_OK ? print_document(c, doc) : code;
}

/* By the ending of the file's name; 0: it says nothing. */
static enum blueprint_import_params_format
import_format(const struct cli *c, const char *file)
{
	static const struct {
		const char *ending, *format;
	} endings[] = { { ".sql", "sql" },    { ".prisma", "prisma" }, { ".jdl", "jdl" },
			{ ".jh", "jdl" },     { ".json", "openapi" },  { ".yaml", "openapi" },
			{ ".yml", "openapi" } };
	const char *from = cli_opt(c, "from");

	for (size_t i = 0; from == NULL && i < sizeof endings / sizeof endings[0]; i++)
		if (wn_str_has_suffix(wn_str(file), wn_str(endings[i].ending)))
			from = endings[i].format;
	return blueprint_import_params_format_value(wn_str(from));
}

static void
tell_lost(struct cli *c, const struct blueprint_import_result *r)
{
	if (c->quiet)
		return;
	cli_note(c, "%lld things, %lld fields and %lld relations were carried over.\n",
		 (long long)r->entities, (long long)r->fields, (long long)r->relations);
	for (size_t i = 0; i < r->lost_len; i++)
		if (r->lost[i].has_line)
			cli_note(c, "  line %lld: %.*s\n", (long long)r->lost[i].line,
				 WN_STR_ARG(r->lost[i].text));
		else
			cli_note(c, "  %.*s\n", WN_STR_ARG(r->lost[i].text));
}

static int
import(struct cli *c)
{
	struct blueprint_import_params params = { .name = wn_str(cli_opt(c, "name")) };
	struct blueprint_import_result result;
	struct model_blueprint_source source;
	int code;

	if (c->nwords != 2)
		return cli_usage(c, "blueprint import takes one file");
	params.format = import_format(c, c->words[1]);
	if (params.format == 0)
		return cli_usage(c, "say what it is: --from sql, openapi, prisma or jdl");
	code = cli_blueprint_source(c, c->words[1], &source);
	params.text = source.text;
	if (code == CLI_OK)
		code = CLI_ASK(c, blueprint_import, "blueprint.import", &params, &result);
	if (code != CLI_OK)
		return code;
	if (c->json) {
		cli_json_item(c, &blueprint_import_result_shape, &result);
		return CLI_OK;
	}
	tell_lost(c, &result);
	return print_document(c, wn_arena_str(&c->arena, result.blueprint));
}

static int
draft(struct cli *c)
{
	struct blueprint_draft_result result;
	int code = cli_draft(c, 1, &result);

	if (code != CLI_OK || c->json) {
		if (code == CLI_OK)
			cli_json_item(c, &blueprint_draft_result_shape, &result);
		return code;
	}
	return print_document(c, result.blueprint);
}

static int
exec(struct cli *c)
{
	static const struct {
		const char *verb;
		int (*fn)(struct cli *);
	} verbs[] = {
		{ "check", check },   { "explain", explain },
		{ "diff", diff },     { "graph", graph },
		{ "edit", edit },     { "convert", convert },
		{ "draft", draft },   { "templates", cli_templates },
		{ "import", import },
	};
	const char *verb = cli_word(c, 0);

	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verb, verbs[i].verb) == 0 && c->nwords < 2 &&
		    verbs[i].fn != cli_templates &&
		    !(verbs[i].fn == draft && cli_opt(c, "template") != NULL))
			return cli_usage(c, "blueprint %s needs more: see webnova help blueprint",
					 verb);
		else if (strcmp(verb, verbs[i].verb) == 0)
			return verbs[i].fn(c);
	return cli_usage(
		c,
		"blueprint can check, explain, diff, graph, edit, convert, draft, import and "
		"list templates, not \"%s\"",
		verb);
}

const struct cli_command cli_blueprint = {
	.name = "blueprint",
	.alias = "bp",
	.args = "check FILE... | explain FILE | diff FROM TO | graph FILE | edit FILE "
		"set|add|remove "
		"POINTER [VALUE] | convert FILE",
	.summary = "check, explain, compare, draw or edit blueprints (YAML or JSON)",
	.more = "FILE may be a directory with a blueprint, or - for standard input. check says "
		"line and column\n"
		"and exits with 1 when there is an error; warnings alone are valid. edit keeps "
		"comments and order.",
	.options = options,
	.min = 1,
	.max = -1,
	.exec = exec,
};
