/*
 * Reads and checks the spec. Nothing here touches the system.
 */
#include "runtime/shim/spec.h"

#include <string.h>
#include <sys/un.h>

#include "runtime/base/mem.h"
#include "runtime/shim/grid.h"

#define ARGS_MAX 1024

static wn_err
number(const struct wn_json *doc, const char *key, int64_t min, int64_t max, int64_t absent,
       int64_t *out, struct wn_diag *d)
{
	const struct wn_json *j = wn_json_get(doc, key);

	*out = absent;
	if (!j)
		return 0;
	if (!wn_json_i64(j, out) || *out < min || *out > max)
		return wn_fail(d, WN_E_INVALID, "%s must be a whole number from %lld to %lld", key,
			       (long long)min, (long long)max);
	return 0;
}

static wn_err
int_number(const struct wn_json *doc, const char *key, int min, int max, int absent, int *out,
	   struct wn_diag *d)
{
	int64_t v;
	wn_err err = number(doc, key, min, max, absent, &v, d);

	*out = (int)v;
	return err;
}

static wn_err
read_argv(struct spec *s, struct wn_diag *d)
{
	const struct wn_json *list = wn_json_get(s->doc, "argv"), *j;
	size_t n = wn_json_len(list), i = 0;

	if (wn_json_type(list) != WN_JSON_ARRAY || n == 0 || n > ARGS_MAX)
		return wn_fail(d, WN_E_INVALID, "argv must be an array of 1 to %d strings",
			       ARGS_MAX);
	s->argv = wn_alloc_array(n + 1, sizeof *s->argv);
	for (j = wn_json_first(list); j; j = wn_json_next(j)) {
		if (!wn_json_str(j, NULL))
			return wn_fail(d, WN_E_INVALID, "argv/%zu must be a string", i);
		s->argv[i++] = (char *)(uintptr_t)wn_json_str(j, NULL);
	}
	return 0;
}

static wn_err
read_env(struct spec *s, struct wn_diag *d)
{
	const struct wn_json *list = wn_json_get(s->doc, "env"), *j;
	size_t n = wn_json_len(list), i = 0;

	if (list && (wn_json_type(list) != WN_JSON_OBJECT || n > ARGS_MAX))
		return wn_fail(d, WN_E_INVALID, "env must be an object of at most %d strings",
			       ARGS_MAX);
	s->env = wn_alloc_array(n + 1, sizeof *s->env);
	for (j = wn_json_first(list); j; j = wn_json_next(j)) {
		const char *key = wn_json_key(j);

		if (!wn_json_str(j, NULL) || !*key || strchr(key, '='))
			return wn_fail(d, WN_E_INVALID, "env/%s must be a name with a string", key);
		s->env[i++] = wn_asprintf("%s=%s", key, wn_json_str(j, ""));
	}
	return 0;
}

static wn_err
read_forward(struct spec *s, struct wn_diag *d)
{
	const struct wn_json *f = wn_json_get(s->doc, "forward");
	wn_err err;

	if (!f)
		return 0;
	s->forward_socket = wn_json_get_str(f, "socket", NULL);
	if (!s->forward_socket ||
	    strlen(s->forward_socket) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return wn_fail(d, WN_E_INVALID,
			       "forward/socket must be a path of at most 107 bytes");
	err = int_number(f, "port", 0, 65535, 0, &s->forward_port, d);
	if (err)
		return err;
	return int_number(f, "connections", 1, 1024, 128, &s->forward_max, d);
}

static wn_err
read_kind(struct spec *s, struct wn_diag *d)
{
	const char *kind = wn_json_get_str(s->doc, "kind", "terminal");

	if (strcmp(kind, "terminal") != 0 && strcmp(kind, "service") != 0)
		return wn_fail(d, WN_E_INVALID, "kind must be \"terminal\" or \"service\"");
	s->kind = kind[0] == 's' ? SHIM_SERVICE : SHIM_TERMINAL;
	s->socket = wn_json_get_str(s->doc, "socket", NULL);
	if (!s->socket || s->socket[0] != '/' ||
	    strlen(s->socket) >= sizeof(((struct sockaddr_un *)0)->sun_path))
		return wn_fail(d, WN_E_INVALID,
			       "socket must be an absolute path of at most 107 bytes");
	s->cwd = wn_json_get_str(s->doc, "cwd", "/");
	s->term = wn_json_get_str(s->doc, "term", "xterm-256color");
	s->env_clear = wn_json_get_bool(s->doc, "env_clear", false);
	s->log_file = wn_json_get_str(s->doc, "log_file", NULL);
	return 0;
}

static wn_err
read_sizes(struct spec *s, struct wn_diag *d)
{
	wn_err err = int_number(s->doc, "rows", 1, GRID_ROWS_MAX, 24, &s->rows, d);

	if (!err)
		err = int_number(s->doc, "cols", 1, GRID_COLS_MAX, 80, &s->cols, d);
	if (!err && s->rows * s->cols > GRID_CELLS_MAX)
		err = wn_fail(d, WN_E_INVALID, "rows * cols must be at most %d", GRID_CELLS_MAX);
	if (!err)
		err = number(s->doc, "scrollback", 0, 10000000, 100000, &s->scrollback, d);
	if (!err)
		err = number(s->doc, "ring_bytes", 4096, 1 << 28, 1 << 20, &s->ring_bytes, d);
	if (!err)
		err = number(s->doc, "log_bytes", 4096, INT64_C(1) << 40, 8 << 20, &s->log_bytes,
			     d);
	if (!err)
		err = int_number(s->doc, "grace_seconds", 0, 1 << 30, 3600, &s->grace_s, d);
	return err;
}

wn_err
spec_parse(struct spec *s, struct wn_str text, struct wn_diag *d)
{
	wn_err err;

	*s = (struct spec){ 0 };
	err = wn_json_parse(text, NULL, &s->doc, d);
	if (!err)
		err = read_kind(s, d);
	if (!err)
		err = read_argv(s, d);
	if (!err)
		err = read_env(s, d);
	if (!err)
		err = read_sizes(s, d);
	if (!err)
		err = read_forward(s, d);
	return err;
}

void
spec_fini(struct spec *s)
{
	for (size_t i = 0; s->env && s->env[i]; i++)
		wn_free(s->env[i]);
	wn_free(s->env);
	wn_free(s->argv);
	wn_json_free(s->doc);
}
