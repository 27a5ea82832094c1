/*
 * The walk over a workspace's text files. It follows no link, so it stays inside; every bound is a
 * number here.
 */
#include "ai/assistant/assistant.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"

enum {
	FILES_MAX = 20000,
	FILE_BYTES_MAX = 1 << 20,
	DEPTH_MAX = 32,
	NAMES_MAX = 50000,
	IGNORE_BYTES_MAX = 65536
};
#define BYTES_MAX ((size_t)64 << 20)

struct walk {
	struct assistant_walk *w;
	struct assistant_ignore ignore;
	struct wn_buf text;
};

static bool
is_skipped_dir(const char *name)
{
	static const char *const names[] = { "node_modules",	 "build",	"dist", "target",
					     "vendor",		 "__pycache__", "venv", "coverage",
					     "bower_components", NULL };

	for (const char *const *p = names; *p != NULL; p++) {
		if (strcmp(*p, name) == 0)
			return true;
	}
	return name[0] == '.';
}

static bool
stop(struct walk *k, const char *why)
{
	if (k->w->stopped == NULL)
		k->w->stopped = why;
	return false;
}

/* Reads a regular file whole, without following a link in its last part. */
static bool
read_text(const char *path, size_t max, struct wn_buf *out)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	bool ok = fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= (off_t)max;
	ssize_t n = 1;

	wn_buf_clear(out);
	while (ok && n > 0 && out->len <= max) {
		char *p = wn_buf_reserve(out, 65536);

		n = p != NULL ? read(fd, p, 65536) : -1;
		if (n > 0)
			wn_buf_commit(out, (size_t)n);
	}
	if (fd >= 0)
		close(fd);
	return ok && n == 0;
}

static bool
is_text(struct wn_str s)
{
	return memchr(s.p != NULL ? s.p : "", '\0', s.len) == NULL && wn_utf8_valid(s);
}

static bool
visit_file(struct walk *k, const char *full, const char *rel)
{
	struct assistant_walk *w = k->w;

	if (w->files >= FILES_MAX)
		return stop(k, "20,000 files were read");
	if (w->bytes >= BYTES_MAX)
		return stop(k, "64 MiB were read");
	if (!read_text(full, FILE_BYTES_MAX, &k->text))
		return true;
	w->files++;
	w->bytes += k->text.len;
	if (k->text.len == 0 || !is_text(wn_buf_view(&k->text)))
		return true;
	return w->on_file(w->arg, rel, wn_buf_view(&k->text)) || stop(k, "enough was found");
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **
names_of(struct walk *k, const char *dir, size_t *n_out)
{
	WN_VEC(char *) names = { 0 };
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (names.len >= NAMES_MAX) {
			(void)stop(k, "a directory holds more than 50,000 names");
			break;
		}
		wn_vec_push(&names, wn_strdup(e->d_name));
	}
	if (d != NULL)
		closedir(d);
	if (names.len > 0)
		qsort(names.p, names.len, sizeof(*names.p), by_name);
	*n_out = names.len;
	return names.p;
}

static bool visit_dir(struct walk *k, const char *rel, int depth);

static bool
visit_entry(struct walk *k, const char *rel, const char *name, int depth)
{
	char *path = rel[0] != '\0' ? wn_path_join(rel, name) : wn_strdup(name);
	char *full = wn_path_join(k->w->root, path);
	struct stat st;
	bool go = true;

	if (wn_cancelled(k->w->ctx))
		go = stop(k, "it was cancelled");
	else if (lstat(full, &st) != 0)
		go = true;
	else if (S_ISDIR(st.st_mode) && !is_skipped_dir(name) &&
		 !assistant_ignored(&k->ignore, path, true))
		go = visit_dir(k, path, depth + 1);
	else if (S_ISREG(st.st_mode) && !assistant_ignored(&k->ignore, path, false))
		go = visit_file(k, full, path);
	wn_free(path);
	wn_free(full);
	return go;
}

static bool
visit_dir(struct walk *k, const char *rel, int depth)
{
	char *dir = wn_path_join(k->w->root, rel[0] != '\0' ? rel : ".");
	char *ignore = wn_path_join(dir, ".gitignore");
	size_t rules = k->ignore.rules.len, n = 0;
	char **names;
	bool go = true;

	if (depth > DEPTH_MAX) {
		(void)stop(k,
			   "directories are nested deeper than 32"); /* the rest is still walked */
	} else {
		if (read_text(ignore, IGNORE_BYTES_MAX, &k->text))
			assistant_ignore_add(&k->ignore, rel, wn_buf_view(&k->text));
		names = names_of(k, dir, &n);
		for (size_t i = 0; i < n; i++) {
			go = go && visit_entry(k, rel, names[i], depth);
			wn_free(names[i]);
		}
		wn_free(names);
	}
	k->ignore.rules.len = rules;
	wn_free(ignore);
	wn_free(dir);
	return go;
}

void
assistant_walk(struct assistant_walk *w)
{
	struct walk k = { .w = w, .ignore = { .arena = w->ctx->arena } };

	wn_buf_init(&k.text, FILE_BYTES_MAX + 131072);
	(void)visit_dir(&k, "", 0);
	wn_vec_fini(&k.ignore.rules);
	wn_buf_fini(&k.text);
}
