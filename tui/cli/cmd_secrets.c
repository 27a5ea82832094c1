/*
 * secrets: values that a workspace's processes get as environment. A value is never an argument:
 * other people of the machine can read those.
 */
#include <stdlib.h>
#include <string.h>

#include "gen/secret_types.h"
#include "runtime/base/file.h"
#include "tui/cli/commands.h"
#include "tui/cli/print.h"

#define INPUT_MAX ((size_t)1 << 20)

static const struct cli_option options[] = {
	{ "dir", 'C', "DIR", "the workspace at or above DIR" },
	{ "env", 'e', "NAME", "environment (development, where webnova run looks)" },
	{ "readable", 0, NULL, "set, import: the value may be read again with get" },
	{ "remove", 0, NULL, "passphrase: go back to a key file" },
	{ NULL, 0, NULL, NULL },
};

/* What a verb may use. Words are borrowed from the command line. */
struct asked {
	struct cli *c;
	struct wn_str workspace, environment, name;
	bool readable;
};

static void
wipe(struct wn_buf *b)
{
	if (b->p != NULL)
		explicit_bzero(b->p, b->cap);
	wn_buf_fini(b);
}

static void
show(struct cli *c, const struct model_secret *s, const char *what)
{
	if (c->json)
		cli_json_item(c, &model_secret_shape, s);
	else
		cli_say(c, "%.*s %s in %.*s, version %lld\n", WN_STR_ARG(s->name), what,
			WN_STR_ARG(s->environment), (long long)s->version);
}

static void
show_list(struct cli *c, const struct model_secret *list, size_t n)
{
	static const char *const heads[] = { "ENVIRONMENT", "NAME", "VERSION", "READABLE",
					     "CHANGED" };
	struct cli_table t;

	for (size_t i = 0; c->json && i < n; i++)
		cli_json_item(c, &model_secret_shape, &list[i]);
	if (c->json)
		return;
	if (n == 0) {
		cli_say(c, "no secret; webnova secrets set NAME keeps one\n");
		return;
	}
	cli_table_init(&t, c, 5, heads);
	for (size_t i = 0; i < n; i++) {
		cli_table_add(&t, list[i].environment);
		cli_table_add(&t, list[i].name);
		cli_table_add(
			&t, wn_str(wn_arena_printf(&c->arena, "%lld", (long long)list[i].version)));
		cli_table_add(&t, wn_str(list[i].readable ? "yes" : "no"));
		cli_table_add(&t, wn_str(cli_time(c, list[i].changed)));
	}
	cli_table_print(&t);
}

static int
list(struct asked *a)
{
	struct secret_list_params params = { .workspace = a->workspace };
	struct secret_list_result r;
	int code;

	if (cli_opt(a->c, "env") != NULL)
		params.environment = a->environment;
	code = CLI_ASK(a->c, secret_list, "secret.list", &params, &r);
	if (code == CLI_OK)
		show_list(a->c, r.secrets, r.secrets_len);
	return code;
}

static int
set(struct asked *a)
{
	struct secret_set_params params = { .workspace = a->workspace,
					    .environment = a->environment,
					    .name = a->name,
					    .has_readable = true,
					    .readable = a->readable };
	struct secret_set_result r;
	struct wn_buf value;
	int code;

	wn_buf_init(&value, INPUT_MAX);
	code = cli_hidden(a->c, "Value (not shown): ", &value);
	a->c->send = wn_buf_view(&value);
	if (code == CLI_OK)
		code = CLI_ASK(a->c, secret_set, "secret.set", &params, &r);
	wipe(&value);
	if (code == CLI_OK)
		show(a->c, &r.secret, "is kept");
	return code;
}

static int
get(struct asked *a)
{
	struct secret_get_params params = { a->workspace, a->environment, a->name };
	struct secret_get_result r;
	int code = CLI_ASK(a->c, secret_get, "secret.get", &params, &r);

	/* Bytes as they are, for pipes; a terminal gets them without its controls. */
	if (code == CLI_OK && a->c->tty_out)
		cli_put(a->c, wn_buf_view(&a->c->attachment));
	else if (code == CLI_OK)
		(void)fwrite(a->c->attachment.p != NULL ? a->c->attachment.p : "", 1,
			     a->c->attachment.len, stdout);
	if (code == CLI_OK && a->c->tty_out)
		cli_printf(a->c, "\n");
	return code;
}

static int
revert(struct asked *a)
{
	struct secret_revert_params params = { .workspace = a->workspace,
					       .environment = a->environment,
					       .name = a->name };
	const char *word = cli_word(a->c, 2);
	struct secret_revert_result r;
	char *end = NULL;
	int code;

	params.version = word != NULL ? strtoll(word, &end, 10) : 0;
	if (word == NULL || *end != '\0' || params.version < 1)
		return cli_usage(a->c, "name the version to go back to");
	code = CLI_ASK(a->c, secret_revert, "secret.revert", &params, &r);
	if (code == CLI_OK)
		show(a->c, &r.secret, "has its old value again");
	return code;
}

static int
delete_one(struct asked *a)
{
	struct secret_delete_params params = { a->workspace, a->environment, a->name };
	struct secret_delete_result r;
	int code = CLI_ASK(a->c, secret_delete, "secret.delete", &params, &r);

	if (code == CLI_OK)
		cli_say(a->c, "%.*s is deleted\n", WN_STR_ARG(a->name));
	return code;
}

static int
import(struct asked *a)
{
	struct secret_import_params params = { .workspace = a->workspace,
					       .environment = a->environment,
					       .has_readable = true,
					       .readable = a->readable };
	struct secret_import_result r;
	struct wn_diag d = { 0 };
	struct wn_buf text;
	int code = CLI_OK;

	wn_buf_init(&text, INPUT_MAX);
	if (wn_str_is(a->name, "-"))
		code = cli_hidden(a->c, "", &text);
	else if (wn_file_read(cli_word(a->c, 1), &text, &d) != 0)
		code = cli_fail(a->c, &d);
	a->c->send = wn_buf_view(&text);
	if (code == CLI_OK)
		code = CLI_ASK(a->c, secret_import, "secret.import", &params, &r);
	wipe(&text);
	if (code == CLI_OK)
		show_list(a->c, r.secrets, r.secrets_len);
	return code;
}

static int
rotate(struct asked *a)
{
	struct secret_rotate_params params = { 0 };
	struct secret_rotate_result r;
	int code = CLI_TASK(a->c, secret_rotate, "secret.rotate", &params, &r);

	if (code == CLI_OK && a->c->json)
		cli_json_item(a->c, &secret_rotate_result_shape, &r);
	else if (code == CLI_OK)
		cli_say(a->c, "a new key; %lld values were encrypted with it\n",
			(long long)r.secrets);
	return code;
}

static int
status(struct asked *a)
{
	struct secret_status_params params = { 0 };
	struct secret_status_result r;
	int code = CLI_ASK(a->c, secret_status, "secret.status", &params, &r);

	if (code == CLI_OK && a->c->json)
		cli_json_item(a->c, &secret_status_result_shape, &r);
	else if (code == CLI_OK)
		cli_printf(a->c, "the secrets are %s; their key is kept by a %s\n",
			   r.locked ? "locked" : "open",
			   r.key == MODEL_KEY_FILE ? "key file" : "passphrase");
	return code;
}

static int
unlock(struct asked *a)
{
	struct secret_unlock_params params = { 0 };
	struct secret_unlock_result r;
	struct wn_buf word;
	int code;

	wn_buf_init(&word, 4096);
	code = cli_hidden(a->c, "Passphrase: ", &word);
	a->c->send = wn_buf_view(&word);
	if (code == CLI_OK)
		code = CLI_ASK(a->c, secret_unlock, "secret.unlock", &params, &r);
	wipe(&word);
	if (code == CLI_OK)
		cli_say(a->c, "the secrets are open until the engine ends\n");
	return code;
}

static int
passphrase(struct asked *a)
{
	struct secret_passphrase_params params = { 0 };
	struct secret_passphrase_result r;
	struct wn_buf word;
	int code = CLI_OK;

	wn_buf_init(&word, 4096);
	if (cli_opt(a->c, "remove") == NULL) {
		code = cli_hidden(a->c, "New passphrase: ", &word);
		if (code == CLI_OK && word.len == 0)
			code = cli_usage(a->c, "an empty passphrase keeps nothing; --remove goes "
					       "back to a key file");
	}
	a->c->send = wn_buf_view(&word);
	if (code == CLI_OK)
		code = CLI_ASK(a->c, secret_passphrase, "secret.passphrase", &params, &r);
	wipe(&word);
	if (code == CLI_OK)
		cli_say(a->c, "the secrets are kept by a %s\n",
			r.key == MODEL_KEY_FILE ? "key file"
						: "passphrase; nobody can open them "
						  "without it");
	return code;
}

static const struct verb {
	const char *name;
	bool workspace, word; /* what it is about */
	int (*exec)(struct asked *a);
} verbs[] = {
	{ "list", true, false, list },	    { "set", true, true, set },
	{ "get", true, true, get },	    { "delete", true, true, delete_one },
	{ "revert", true, true, revert },   { "import", true, true, import },
	{ "rotate", false, false, rotate }, { "status", false, false, status },
	{ "unlock", false, false, unlock }, { "passphrase", false, false, passphrase },
};

static const struct verb *
verb_of(const char *name)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static int
exec(struct cli *c)
{
	const char *name = c->nwords > 0 ? cli_word(c, 0) : "list";
	const char *env = cli_opt(c, "env");
	const struct verb *v = verb_of(name);
	struct asked a = { .c = c,
			   .environment = wn_str(env != NULL ? env : "development"),
			   .readable = cli_opt(c, "readable") != NULL };
	struct model_workspace ws;
	int code;

	if (v == NULL)
		return cli_usage(c,
				 "secrets can list, set, get, delete, revert, import, rotate, "
				 "status, unlock and passphrase, not \"%s\"",
				 name);
	if (v->word && cli_word(c, 1) == NULL)
		return cli_usage(c, "name %s",
				 strcmp(name, "import") == 0 ? "a file, or - for standard input"
							     : "the secret");
	if (v->word)
		a.name = wn_str(cli_word(c, 1));
	if (v->workspace) {
		code = cli_workspace(c, cli_opt(c, "dir"), &ws);
		if (code != CLI_OK)
			return code;
		a.workspace = ws.id;
	}
	return v->exec(&a);
}

const struct cli_command cli_secrets = {
	.name = "secrets",
	.args = "[list | set NAME | get NAME | delete NAME | revert NAME VERSION | import FILE | "
		"rotate | status | unlock | passphrase]",
	.summary = "keep values for a workspace's processes, encrypted",
	.more = "A value is typed without being shown, or read from standard input (a last line "
		"break is left out); it is never an argument. Only --readable ones can be read "
		"again; "
		"all reach the platform as its environment when it starts.",
	.options = options,
	.max = 3,
	.exec = exec,
};
