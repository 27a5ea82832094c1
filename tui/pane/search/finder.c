/*
 * The worker's side: names of files, places in each, handed over under the lock.
 */
#include "tui/pane/search/finder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "editor/document/document.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/pane/search/ignore.h"

#define BATCH 1024
#define DEPTH_MAX 64
#define NAMES_MAX ((size_t)64 << 20)

extern char **environ;

struct finder {
	pthread_mutex_t lock; /* of fresh and state */
	atomic_uint refs;
	atomic_bool cancel;
	char *root, *query;
	unsigned flags;
	WN_VEC(struct found_file *) fresh;
	struct finder_news state;
	void (*news)(void *);
	void *arg;
	struct ed_search *search; /* the worker's */
	struct ed_match *batch;
};

struct finder *
finder_new(const char *root, const char *query, unsigned flags)
{
	struct finder *f = WN_NEW(struct finder);

	pthread_mutex_init(&f->lock, NULL);
	atomic_init(&f->refs, 1);
	f->root = wn_strdup(root);
	f->query = wn_strdup(query);
	f->flags = flags;
	return f;
}

void
finder_ref(struct finder *f)
{
	atomic_fetch_add(&f->refs, 1);
}

void
finder_unref(struct finder *f)
{
	if (f == NULL || atomic_fetch_sub(&f->refs, 1) > 1)
		return;
	for (size_t i = 0; i < f->fresh.len; i++)
		found_file_free(f->fresh.p[i]);
	wn_vec_fini(&f->fresh);
	pthread_mutex_destroy(&f->lock);
	wn_free(f->root);
	wn_free(f->query);
	wn_free(f);
}

void
finder_cancel(struct finder *f)
{
	atomic_store(&f->cancel, true);
}

void
found_file_free(struct found_file *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->hits.len; i++)
		wn_free(f->hits.p[i].line);
	wn_vec_fini(&f->hits);
	wn_free(f->path);
	wn_free(f);
}

struct finder_news
finder_take(struct finder *f, struct found_file ***files, size_t *n)
{
	struct finder_news state;

	pthread_mutex_lock(&f->lock);
	*files = f->fresh.p;
	*n = f->fresh.len;
	memset(&f->fresh, 0, sizeof f->fresh);
	state = f->state;
	pthread_mutex_unlock(&f->lock);
	return state;
}

/* ---- one file ------------------------------------------------------------------------------- */

static void
add_hit(struct found_file *out, const struct ed_text *t, struct ed_match m)
{
	size_t begin = ed_text_line_begin(t, m.from), end = ed_text_line_end(t, m.from);
	size_t from = m.from - begin > FINDER_LINE_MAX / 2 ? m.from - FINDER_LINE_MAX / 2 : begin;
	size_t to = end - from > FINDER_LINE_MAX ? from + FINDER_LINE_MAX : end;
	struct hit h = {
		m.from, m.to, ed_text_line_of(t, m.from), m.from - begin, NULL, m.from - from,
		0,	false
	};

	h.line = wn_alloc(to - from + 1);
	(void)ed_text_read(t, from, h.line, to - from);
	h.len = m.to < to ? m.to - m.from : to - m.from;
	wn_vec_push(&out->hits, h);
}

static void
publish(struct finder *f, struct found_file *file)
{
	pthread_mutex_lock(&f->lock);
	f->state.files++;
	f->state.hits += file->hits.len;
	wn_vec_push(&f->fresh, file);
	pthread_mutex_unlock(&f->lock);
	if (f->news != NULL)
		f->news(f->arg);
}

static void
find_in(struct finder *f, struct found_file *out, const struct ed_text *t)
{
	size_t n, at = 0, len = ed_text_len(t), room = FINDER_HITS_MAX - f->state.hits, skipped = 0;
	wn_err err = 0;

	while (err == 0 && at <= len) {
		err = ed_search_all(f->search, t, at, len, &f->cancel, f->batch, BATCH, &n);
		for (size_t i = 0; i < n; i++)
			if (out->hits.len < room)
				add_hit(out, t, f->batch[i]);
			else
				skipped++;
		if (n < BATCH)
			break;
		at = f->batch[n - 1].to + (f->batch[n - 1].to == f->batch[n - 1].from);
	}
	pthread_mutex_lock(&f->lock);
	f->state.skipped += skipped;
	if (err != 0 && err != WN_E_CANCELLED && f->state.err == 0)
		f->state.err = ed_search_fail(err, &f->state.d);
	pthread_mutex_unlock(&f->lock);
}

static void
look_into(struct finder *f, const char *path)
{
	char *full = wn_path_join(f->root, path);
	struct found_file *out = WN_NEW(struct found_file);
	struct stat st;
	struct ed_doc *doc = NULL;

	out->path = wn_strdup(path);
	if (stat(full, &st) == 0 && S_ISREG(st.st_mode) &&
	    ed_doc_open(full, NULL, &doc, NULL) == 0 &&
	    ed_doc_info(doc)->encoding != ED_ENC_BINARY) {
		out->size = st.st_size;
		out->mtime = st.st_mtim;
		find_in(f, out, ed_doc_text(doc));
	}
	ed_doc_free(doc);
	wn_free(full);
	if (out->hits.len > 0)
		publish(f, out);
	else
		found_file_free(out);
}

/* ---- ripgrep -------------------------------------------------------------------------------- */

/* Such a pattern may match over line ends, which ripgrep must be told. */
static bool
may_cross_lines(const char *query)
{
	static const char *const signs[] = { "\\s", "\\n", "\\W", "\\D", "\\R", "[^", "(?s" };

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strstr(query, signs[i]) != NULL)
			return true;
	return false;
}

/* The child's pid, or -1. */
static pid_t
start_rg(const struct finder *f, const char *rg, int *fd_out)
{
	posix_spawn_file_actions_t fa;
	bool icase = f->flags & ED_SEARCH_ICASE, smart = f->flags & ED_SEARCH_SMART_CASE;
	const char *argv[16] = {
		rg, "-l", "-0", "--no-messages", "--no-config", "--no-require-git", "--color=never"
	};
	int n = 7, pipe_fd[2];
	pid_t pid = -1;

	if ((f->flags & ED_SEARCH_REGEX) && may_cross_lines(f->query))
		argv[n++] = "-U";
	argv[n++] = icase ? "-i" : smart ? "-S" : "-s";
	if (!(f->flags & ED_SEARCH_REGEX))
		argv[n++] = "-F";
	argv[n++] = "-e";
	argv[n++] = f->query;
	argv[n++] = ".";
	if (pipe2(pipe_fd, O_CLOEXEC) < 0)
		return -1;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addchdir_np(&fa, f->root);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&fa, pipe_fd[1], 1);
	posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, rg, &fa, NULL, (char **)(uintptr_t)argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&fa);
	close(pipe_fd[1]);
	if (pid < 0)
		close(pipe_fd[0]);
	*fd_out = pipe_fd[0];
	return pid;
}

/* Looks into each file that was named whole; the rest stays in b. */
static void
take_names(struct finder *f, struct wn_buf *b)
{
	size_t at = 0;

	for (char *end; at < b->len && !atomic_load(&f->cancel) &&
			(end = memchr(b->p + at, '\0', b->len - at)) != NULL;
	     at = (size_t)(end - b->p) + 1) {
		const char *name = b->p + at;

		look_into(f, strncmp(name, "./", 2) == 0 ? name + 2 : name);
	}
	wn_buf_drop(b, at);
}

static void
read_names(struct finder *f, int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct wn_buf b;
	ssize_t k = 1;

	wn_buf_init(&b, NAMES_MAX);
	while (k > 0 && !atomic_load(&f->cancel)) {
		char *room;

		if (poll(&p, 1, 100) == 0)
			continue;
		room = wn_buf_reserve(&b, 16384);
		k = room != NULL ? read(fd, room, 16384) : 0;
		wn_buf_commit(&b, k > 0 ? (size_t)k : 0);
		take_names(f, &b);
	}
	wn_buf_fini(&b);
}

static void
set_rg(struct finder *f, bool on)
{
	pthread_mutex_lock(&f->lock);
	f->state.with_rg = on;
	pthread_mutex_unlock(&f->lock);
}

/* False: it cannot say (not there, or a pattern only ours understands). */
static bool
ask_rg(struct finder *f)
{
	char *rg = wn_path_which("rg");
	int fd, status = -1;
	pid_t pid = rg != NULL ? start_rg(f, rg, &fd) : -1;

	wn_free(rg);
	if (pid < 0)
		return false;
	set_rg(f, true);
	read_names(f, fd);
	if (atomic_load(&f->cancel))
		(void)kill(pid, SIGTERM);
	close(fd);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (atomic_load(&f->cancel))
		return true;
	/* 0 and 1: found and not. Some files it could not read give 2 as well as a bad pattern. */
	return WIFEXITED(status) && (WEXITSTATUS(status) < 2 || f->state.files > 0);
}

/* ---- our own walk ---------------------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

struct names {
	WN_VEC(char *) of;
};

/* Names in a directory, sorted; hidden ones and links are left out, as ripgrep does. */
static void
list(const char *full, struct names *out)
{
	DIR *d = opendir(full);
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			wn_vec_push(&out->of, wn_strdup(e->d_name));
	if (d != NULL)
		closedir(d);
	if (out->of.len > 0)
		qsort(out->of.p, out->of.len, sizeof *out->of.p, by_name);
}

static void
walk(struct finder *f, const char *dir, const struct ignore *rules, int depth)
{
	char *full = dir[0] != '\0' ? wn_path_join(f->root, dir) : wn_strdup(f->root);
	struct ignore *own = ignore_open(f->root, dir, rules);
	struct names names = { 0 };

	list(full, &names);
	for (size_t i = 0; i < names.of.len; i++) {
		char *path = dir[0] != '\0' ? wn_path_join(dir, names.of.p[i])
					    : wn_strdup(names.of.p[i]);
		char *at = wn_path_join(f->root, path);
		struct stat st;
		bool there = lstat(at, &st) == 0, is_dir = there && S_ISDIR(st.st_mode);

		if (there && !atomic_load(&f->cancel) &&
		    !ignore_has(own != NULL ? own : rules, path, is_dir)) {
			if (is_dir && depth < DEPTH_MAX)
				walk(f, path, own != NULL ? own : rules, depth + 1);
			else if (S_ISREG(st.st_mode))
				look_into(f, path);
		}
		wn_free(at);
		wn_free(path);
		wn_free(names.of.p[i]);
	}
	wn_vec_fini(&names.of);
	ignore_close(own);
	wn_free(full);
}

void
finder_run(struct finder *f, bool use_rg, void (*news)(void *), void *arg)
{
	wn_err err = ed_search_new(wn_str(f->query), f->flags, &f->search, &f->state.d);

	f->news = news;
	f->arg = arg;
	f->batch = wn_alloc_array(BATCH, sizeof *f->batch);
	if (err == 0 && (!use_rg || !ask_rg(f))) {
		set_rg(f, false);
		walk(f, "", NULL, 0);
	}
	ed_search_free(f->search);
	wn_free(f->batch);
	pthread_mutex_lock(&f->lock);
	if (f->state.err == 0)
		f->state.err = atomic_load(&f->cancel) ? WN_E_CANCELLED : err;
	f->state.over = true;
	pthread_mutex_unlock(&f->lock);
	if (news != NULL)
		news(arg);
}
