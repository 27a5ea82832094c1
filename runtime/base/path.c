/*
 * Paths as text: join, clean, contain, look up a program. Asks the file system
 * only in wn_path_which().
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

char *
wn_path_join(const char *a, const char *b)
{
	size_t n = strlen(a);

	if (b[0] == '/' || n == 0)
		return wn_strdup(b);
	return wn_asprintf("%s%s%s", a, a[n - 1] == '/' ? "" : "/", b);
}

char *
wn_path_clean(const char *path, const char *cwd)
{
	char *full = path[0] == '/' ? wn_strdup(path) : wn_path_join(cwd, path);
	struct wn_str rest = wn_str(full), part;
	char *clean = wn_alloc(strlen(full) + 2);
	size_t n = 0;

	while (wn_str_split(&rest, '/', &part)) {
		if (part.len == 0 || wn_str_is(part, "."))
			continue;
		if (wn_str_is(part, "..")) {
			while (n > 0 && clean[--n] != '/')
				;
			continue;
		}
		clean[n++] = '/';
		memcpy(clean + n, part.p, part.len);
		n += part.len;
	}
	if (n == 0)
		clean[n++] = '/';
	clean[n] = '\0';
	wn_free(full);
	return clean;
}

const char *
wn_path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool
wn_path_is_inside(struct wn_str relative)
{
	struct wn_str rest = relative, part;

	if (relative.len == 0 || relative.p[0] == '/' || memchr(relative.p, '\0', relative.len))
		return false;
	while (wn_str_split(&rest, '/', &part))
		if (wn_str_is(part, ".."))
			return false;
	return true;
}

static bool
is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

char *
wn_path_which(const char *program)
{
	const char *env = getenv("PATH");
	struct wn_str rest, dir;

	if (!program[0])
		return NULL;
	if (strchr(program, '/'))
		return is_program(program) ? wn_strdup(program) : NULL;
	rest = wn_str(env ? env : "/usr/local/bin:/usr/bin:/bin");
	while (wn_str_split(&rest, ':', &dir)) {
		char *path;

		/* Empty and "." mean the current directory: never run what lies there by chance. */
		if (dir.len == 0 || dir.p[0] != '/')
			continue;
		path = wn_asprintf("%.*s/%s", WN_STR_ARG(dir), program);
		if (is_program(path))
			return path;
		wn_free(path);
	}
	return NULL;
}
