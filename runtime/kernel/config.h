/*
 * Settings: defaults from the schemas, then one file (TOML or JSON), then the environment, then
 * flags.
 *
 * Owns the values; immutable once loaded, so any thread may read. Each value follows its setting's
 * schema; an unknown name is an error that says which one was meant.
 */
#ifndef RUNTIME_KERNEL_CONFIG_H
#define RUNTIME_KERNEL_CONFIG_H

#include <stdbool.h>

#include "gen/config.h"
#include "runtime/base/buf.h"
#include "runtime/base/error.h"

struct wn_config;

enum wn_config_source { WN_CONFIG_DEFAULT, WN_CONFIG_FILE, WN_CONFIG_ENV, WN_CONFIG_FLAG };

/* All defaults. The table is borrowed. Owned. */
struct wn_config *wn_config_new(const struct wn_setting *settings, size_t n);
void wn_config_free(struct wn_config *c);

/* The text of a file; name is for messages and tells the format by its end (.json, else TOML). */
wn_err wn_config_text(struct wn_config *c, const char *name, struct wn_str text,
		      struct wn_diag *d) WN_MUST;
/* Reads a file; blocking. */
wn_err wn_config_file(struct wn_config *c, const char *path, struct wn_diag *d) WN_MUST;
/* Takes the variables of environ ("K=V", NULL-terminated) that name a setting; others are not
 * looked at. */
wn_err wn_config_env(struct wn_config *c, char *const *env, struct wn_diag *d) WN_MUST;
/* One value as text, as a flag or variable gives it: bare text for strings, else JSON. */
wn_err wn_config_set(struct wn_config *c, const char *name, struct wn_str value,
		     enum wn_config_source source, struct wn_diag *d) WN_MUST;
/* The setting of a flag ("--log-level"), or NULL. */
const struct wn_setting *wn_config_flag(const struct wn_config *c, const char *flag);

size_t wn_config_count(const struct wn_config *c);
const struct wn_setting *wn_config_at(const struct wn_config *c, size_t i);
bool wn_config_has(const struct wn_config *c, const char *name);
/* Values; an unknown name asserts. str: text of a string, else its JSON. */
const char *wn_config_str(const struct wn_config *c, const char *name);
int64_t wn_config_int(const struct wn_config *c, const char *name);
bool wn_config_bool(const struct wn_config *c, const char *name);
const char *wn_config_json(const struct wn_config *c, const char *name);
const char *wn_config_source(const struct wn_config *c,
			     const char *name); /* "default" "file" "env" "flag" */
/* All settings as a TOML file with their sentences: `webnovad --print-config`. */
wn_err wn_config_print(const struct wn_config *c, struct wn_buf *out);

#endif
