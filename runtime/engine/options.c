/*
 * Implements the reading of options.
 */
#include "runtime/engine/options.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

const char options_help[] =
	"usage: webnovad [options]            start the engine of this user (in the background)\n"
	"       webnovad --stdio              one connection on standard input and output\n"
	"       webnovad rebuild              make all projections again from the event log\n"
	"       webnovad check                check configuration, modules and store, then exit\n"
	"\n"
	"  --foreground         do not go to the background\n"
	"  --socket PATH        listen there (its directory must be yours alone)\n"
	"  --state-dir DIR      keep the store and the log there\n"
	"  --config FILE        read this file (TOML or JSON)\n"
	"  --print-config       print every setting, its value and where it comes from\n"
	"  --set NAME=VALUE     one setting, e.g. --set engine.log.level=debug\n"
	"  --log-level LEVEL    error, warn, info or debug\n"
	"  --log-format FORMAT  json or human\n"
	"  --version, --help\n";

/* ---- directories ---- */

static char *
xdg_dir(const char *var, const char *fallback)
{
	const char *base = getenv(var), *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return wn_path_join(base, "webnova");
	if (home == NULL || home[0] != '/')
		return wn_asprintf("/tmp/webnova-%u/%s", (unsigned)geteuid(), fallback);
	return wn_asprintf("%s/%s/webnova", home, fallback);
}

static char *
default_run_dir(void)
{
	const char *run = getenv("XDG_RUNTIME_DIR");

	if (run != NULL && run[0] == '/' && wn_file_is_dir(run))
		return wn_path_join(run, "webnova");
	return wn_asprintf("/tmp/webnova-%u", (unsigned)geteuid());
}

static char *
absolute(const char *path)
{
	char cwd[4096];
	char *clean;

	if (getcwd(cwd, sizeof(cwd)) == NULL)
		return wn_strdup(path);
	clean = wn_path_clean(path, cwd);
	return clean;
}

static void
set_text(char **at, char *text)
{
	wn_free(*at);
	*at = text;
}

static void
set_directories(struct options *o)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (o->socket != NULL) {
		o->run_dir = wn_strndup(o->socket, (size_t)(wn_path_base(o->socket) - o->socket));
		if (strlen(o->run_dir) > 1)
			o->run_dir[strlen(o->run_dir) - 1] = '\0';
	} else {
		o->run_dir = default_run_dir();
		o->socket = wn_path_join(o->run_dir, "engine.sock");
	}
	if (o->state_dir == NULL)
		o->state_dir = xdg_dir("XDG_STATE_HOME", ".local/state");
	o->cache_dir = xdg_dir("XDG_CACHE_HOME", ".cache");
	o->log_path = wn_path_join(o->state_dir, "log/engine.log");
	o->lock_path = wn_path_join(o->run_dir, "engine.lock");
	o->self = n > 0 ? wn_strndup(exe, (size_t)n) : wn_strdup("webnovad");
}

/* ---- the configuration ---- */

static wn_err
find_config(struct options *o, struct wn_diag *d)
{
	static const char *const names[] = { "config.toml", "config.json" };
	char *dir;
	wn_err err = WN_OK;

	if (o->config_path != NULL)
		return wn_config_file(o->config, o->config_path, d);
	dir = xdg_dir("XDG_CONFIG_HOME", ".config");
	for (size_t i = 0; i < 2 && o->config_path == NULL; i++) {
		char *path = wn_path_join(dir, names[i]);

		if (wn_file_exists(path))
			o->config_path = wn_strdup(path);
		wn_free(path);
	}
	wn_free(dir);
	if (o->config_path != NULL)
		err = wn_config_file(o->config, o->config_path, d);
	return err;
}

/* ---- the command line ---- */

/* What a word of the command line means. */
enum word { WORD_FOREGROUND, WORD_SOCKET, WORD_STATE_DIR, WORD_CONFIG, WORD_SET, WORD_MODE };

static const struct {
	const char *text;
	enum word word;
	bool value;
	enum mode mode;
} words[] = {
	{ "--foreground", WORD_FOREGROUND, false, MODE_RUN },
	{ "--socket", WORD_SOCKET, true, MODE_RUN },
	{ "--state-dir", WORD_STATE_DIR, true, MODE_RUN },
	{ "--config", WORD_CONFIG, true, MODE_RUN },
	{ "--set", WORD_SET, true, MODE_RUN },
	{ "--stdio", WORD_MODE, false, MODE_STDIO },
	{ "rebuild", WORD_MODE, false, MODE_REBUILD },
	{ "check", WORD_MODE, false, MODE_CHECK },
	{ "--print-config", WORD_MODE, false, MODE_PRINT_CONFIG },
	{ "--version", WORD_MODE, false, MODE_VERSION },
	{ "--help", WORD_MODE, false, MODE_HELP },
	{ "-h", WORD_MODE, false, MODE_HELP },
};

struct args {
	char **argv;
	int argc, at;
	bool settings; /* second pass: settings only */
};

static wn_err
value_of(struct args *a, const char **out, struct wn_diag *d)
{
	if (a->at + 1 >= a->argc)
		return wn_fail(d, WN_E_INVALID, "%s needs a value", a->argv[a->at]);
	*out = a->argv[++a->at];
	return WN_OK;
}

static wn_err
set_setting(struct options *o, const char *text, struct wn_diag *d)
{
	const char *eq = strchr(text, '=');
	char *name;
	wn_err err;

	if (eq == NULL)
		return wn_fail(d, WN_E_INVALID, "--set %s: write NAME=VALUE", text);
	name = wn_strndup(text, (size_t)(eq - text));
	err = wn_config_set(o->config, name, wn_str(eq + 1), WN_CONFIG_FLAG, d);
	wn_free(name);
	return err;
}

static void
take_word(struct options *o, size_t i, const char *value)
{
	switch (words[i].word) {
	case WORD_FOREGROUND:
		o->foreground = true;
		break;
	case WORD_SOCKET:
		set_text(&o->socket, absolute(value));
		break;
	case WORD_STATE_DIR:
		set_text(&o->state_dir, absolute(value));
		break;
	case WORD_CONFIG:
		set_text(&o->config_path, absolute(value));
		break;
	case WORD_SET:
		break;
	case WORD_MODE:
		o->mode = words[i].mode;
		break;
	}
}

static wn_err
one_arg(struct options *o, struct args *a, struct wn_diag *d)
{
	const char *text = a->argv[a->at], *value = NULL;
	const struct wn_setting *s;
	wn_err err = WN_OK;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i].text) != 0)
			continue;
		if (words[i].value)
			err = value_of(a, &value, d);
		if (err == WN_OK && a->settings && words[i].word == WORD_SET)
			return set_setting(o, value, d);
		if (err == WN_OK && !a->settings)
			take_word(o, i, value);
		return err;
	}
	s = wn_config_flag(o->config, text);
	if (s == NULL)
		return wn_fail(d, WN_E_INVALID, "unknown option %s; webnovad --help lists them",
			       text);
	err = value_of(a, &value, d);
	if (err == WN_OK && a->settings)
		err = wn_config_set(o->config, s->name, wn_str(value), WN_CONFIG_FLAG, d);
	return err;
}

static wn_err
read_args(struct options *o, int argc, char **argv, bool settings, struct wn_diag *d)
{
	struct args a = { .argv = argv, .argc = argc, .settings = settings };
	wn_err err = WN_OK;

	for (a.at = 1; a.at < argc && err == WN_OK; a.at++)
		err = one_arg(o, &a, d);
	return err;
}

wn_err
options_read(struct options *o, int argc, char **argv, char *const *env, struct wn_diag *d)
{
	wn_err err;

	*o = (struct options){ .mode = MODE_RUN };
	if (argc > 1 && strcmp(argv[1], "--shim") == 0) {
		o->mode = MODE_SHIM; /* a shim reads none of the rest */
		return WN_OK;
	}
	if (argc > 1 && strcmp(argv[1], "--launch") == 0) {
		o->mode = MODE_LAUNCH; /* nor does the launcher */
		return WN_OK;
	}
	if (argc > 1 && strcmp(argv[1], "--egress") == 0) {
		o->mode = MODE_EGRESS; /* nor does a box's way out */
		return WN_OK;
	}
	o->config = wn_config_new(wn_settings, wn_setting_count);
	err = read_args(o, argc, argv, false, d);
	if (err != WN_OK || o->mode == MODE_VERSION || o->mode == MODE_HELP)
		return err;
	set_directories(o);
	err = find_config(o, d);
	if (err == WN_OK)
		err = wn_config_env(o->config, env, d);
	if (err == WN_OK)
		err = read_args(o, argc, argv, true, d);
	return err;
}

void
options_fini(struct options *o)
{
	wn_config_free(o->config);
	wn_free(o->socket);
	wn_free(o->run_dir);
	wn_free(o->state_dir);
	wn_free(o->cache_dir);
	wn_free(o->log_path);
	wn_free(o->lock_path);
	wn_free(o->self);
	wn_free(o->config_path);
}
