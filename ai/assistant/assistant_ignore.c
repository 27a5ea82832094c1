/*
 * Implements .gitignore rules as far as a search needs them: the last rule that fits decides.
 */
#include "ai/assistant/assistant.h"

enum { RULES_MAX = 5000 };

static void
add_rule(struct assistant_ignore *ig, const char *base, struct wn_str line)
{
	struct assistant_ignore_rule r = { .base = base };

	r.negated = line.p[0] == '!';
	if (r.negated)
		line = wn_str_sub(line, 1, line.len);
	r.dir_only = wn_str_has_suffix(line, WN_STR("/"));
	if (r.dir_only)
		line = wn_str_sub(line, 0, line.len - 1);
	if (wn_str_has_prefix(line, WN_STR("**/")))
		line = wn_str_sub(line, 3, line.len);
	r.anchored = wn_str_chr(line, '/') >= 0;
	if (wn_str_has_prefix(line, WN_STR("/")))
		line = wn_str_sub(line, 1, line.len);
	r.pattern = wn_arena_str(ig->arena, line);
	if (line.len > 0 && ig->rules.len < RULES_MAX)
		wn_vec_push(&ig->rules, r);
}

void
assistant_ignore_add(struct assistant_ignore *ig, const char *base, struct wn_str text)
{
	struct wn_str line;

	base = wn_arena_strdup(ig->arena, base);
	while (wn_str_split(&text, '\n', &line)) {
		line = wn_str_trim(line);
		if (line.len > 0 && line.p[0] != '#')
			add_rule(ig, base, line);
	}
}

static bool
fits(const struct assistant_ignore_rule *r, const char *path, bool is_dir)
{
	size_t n = strlen(r->base);
	const char *slash = strrchr(path, '/');

	if (r->dir_only && !is_dir)
		return false;
	if (n > 0 && (strncmp(path, r->base, n) != 0 || path[n] != '/'))
		return false;
	if (r->anchored)
		return wn_str_glob(r->pattern, wn_str(path + (n > 0 ? n + 1 : 0)), '/');
	return wn_str_glob(r->pattern, wn_str(slash != NULL ? slash + 1 : path), '/');
}

bool
assistant_ignored(const struct assistant_ignore *ig, const char *path, bool is_dir)
{
	for (size_t i = ig->rules.len; i > 0; i--) {
		if (fits(&ig->rules.p[i - 1], path, is_dir))
			return !ig->rules.p[i - 1].negated;
	}
	return false;
}
