/*
 * The tree of the open folder: nodes, the rows that are shown, reading folders on a worker when
 * they are opened.
 */
#include "tui/pane/files/files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define ENTRIES_MAX 20000 /* of one folder; more are counted, not shown */

void
files_node_free(struct node *n)
{
	for (size_t i = 0; i < n->kids.len; i++)
		files_node_free(n->kids.p[i]);
	wn_vec_fini(&n->kids);
	wn_free(n->name);
	wn_free(n);
}

/* Absolute path, owned. */
char *
files_path(const struct files *f, const struct node *n)
{
	char *up, *path;

	if (n->parent == NULL)
		return wn_strdup(f->host->ops->root(f->host));
	up = files_path(f, n->parent);
	path = wn_path_join(up, n->name);
	wn_free(up);
	return path;
}

static struct node *
kid_by_name(const struct node *n, const char *name, size_t len)
{
	for (size_t i = 0; i < n->kids.len; i++)
		if (strncmp(n->kids.p[i]->name, name, len) == 0 && n->kids.p[i]->name[len] == '\0')
			return n->kids.p[i];
	return NULL;
}

/* The node of an absolute path, or NULL when it is not read (any more). */
struct node *
files_find(const struct files *f, const char *path)
{
	const char *root = f->host->ops->root(f->host);
	size_t n = strlen(root);
	struct node *at = f->root;

	if (strncmp(path, root, n) != 0 || (path[n] != '/' && path[n] != '\0' && n > 1))
		return NULL;
	for (path += n; *path != '\0' && at != NULL;) {
		size_t len;

		path += strspn(path, "/");
		len = strcspn(path, "/");
		if (len > 0)
			at = kid_by_name(at, path, len);
		path += len;
	}
	return at;
}

/* ---- the rows that are shown ---- */

static void
add_rows(struct files *f, struct node *n)
{
	for (size_t i = 0; i < n->kids.len; i++) {
		struct node *k = n->kids.p[i];

		if (k->name[0] == '.' && !f->hidden)
			continue;
		wn_vec_push(&f->rows, k);
		if (k->open)
			add_rows(f, k);
	}
}

struct node *
files_current(const struct files *f)
{
	return f->list.current >= 0 && (size_t)f->list.current < f->rows.len
		       ? f->rows.p[f->list.current]
		       : NULL;
}

void
files_go_to(struct files *f, const struct node *n)
{
	for (size_t i = 0; i < f->rows.len; i++)
		if (f->rows.p[i] == n)
			tui_list_go(&f->list, (int64_t)i);
}

void
files_rebuild(struct files *f, struct node *keep)
{
	wn_vec_clear(&f->rows);
	add_rows(f, f->root);
	tui_list_set(&f->list, (int64_t)f->rows.len);
	if (keep != NULL)
		files_go_to(f, keep);
	f->host->ops->redraw(f->host);
}

void
files_fail(struct files *f, const char *what)
{
	struct wn_diag d = { 0 };

	wn_fail_errno(&d, errno, "%s", what);
	f->host->ops->fail(f->host, &d);
}

/* ---- reading a folder ---- */

struct entry {
	char *name;
	bool dir, link;
};

struct load {
	struct files *f;
	char *path;
	WN_VEC(struct entry) v;
	int err;
};

static int
by_kind_and_name(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int c;

	if (a->dir != b->dir)
		return a->dir ? -1 : 1;
	c = strcasecmp(a->name, b->name);
	return c != 0 ? c : strcmp(a->name, b->name);
}

static void
load_work(void *arg)
{
	struct load *l = arg;
	DIR *dir = opendir(l->path);
	struct dirent *de;

	if (dir == NULL) {
		l->err = errno;
		return;
	}
	while ((de = readdir(dir)) != NULL && l->v.len < ENTRIES_MAX) {
		struct entry e = { NULL, de->d_type == DT_DIR, de->d_type == DT_LNK };
		struct stat st;

		if (strcmp(de->d_name, ".") == 0 || strcmp(de->d_name, "..") == 0)
			continue;
		if ((de->d_type == DT_LNK || de->d_type == DT_UNKNOWN) &&
		    fstatat(dirfd(dir), de->d_name, &st, 0) == 0)
			e.dir = S_ISDIR(st.st_mode);
		e.name = wn_strdup(de->d_name);
		wn_vec_push(&l->v, e);
	}
	closedir(dir);
	if (l->v.len > 1)
		qsort(l->v.p, l->v.len, sizeof l->v.p[0], by_kind_and_name);
}

void
files_watch(struct files *f, const struct node *n, bool on)
{
	char *path = files_path(f, n);

	f->host->ops->watch(f->host, path, on);
	wn_free(path);
}

static void
unwatch_below(struct files *f, const struct node *n)
{
	if (n->dir && n->open)
		files_watch(f, n, false);
	for (size_t i = 0; i < n->kids.len; i++)
		unwatch_below(f, n->kids.p[i]);
}

/* Takes the entries over; nodes that are still there keep what they had open. */
static void
merge(struct files *f, struct node *n, struct load *l)
{
	WN_VEC(struct node *) fresh = { 0 };

	for (size_t i = 0; i < l->v.len; i++) {
		struct entry *e = &l->v.p[i];
		struct node *k = kid_by_name(n, e->name, strlen(e->name));

		if (k == NULL || k->dir != e->dir) {
			k = WN_NEW(struct node);
			k->name = wn_strdup(e->name);
			k->parent = n;
			k->depth = n->depth + 1;
			k->dir = e->dir;
		} else {
			for (size_t j = 0; j < n->kids.len; j++)
				if (n->kids.p[j] == k) {
					wn_vec_remove(&n->kids, j);
					break;
				}
		}
		k->link = e->link;
		wn_vec_push(&fresh, k);
	}
	for (size_t i = 0; i < n->kids.len; i++) {
		unwatch_below(f, n->kids.p[i]);
		files_node_free(n->kids.p[i]);
	}
	wn_vec_fini(&n->kids);
	n->kids.p = fresh.p;
	n->kids.len = fresh.len;
	n->kids.cap = fresh.cap;
	n->loaded = true;
}

/* Folders that were open in the session open as soon as they are known. */
static void
open_again(struct files *f)
{
	for (size_t i = 0; i < f->reopen.len;) {
		char *path = f->reopen.p[i];
		struct node *n = files_find(f, path);

		if (n == NULL || !n->dir) {
			i++;
			continue;
		}
		wn_vec_remove(&f->reopen, i);
		wn_free(path);
		if (!n->open)
			files_set_open(f, n, true);
	}
}

static void
load_done(void *arg, bool cancelled)
{
	struct load *l = arg;
	struct files *f = l->f;
	struct node *n = cancelled ? NULL : files_find(f, l->path), *keep;
	char *keep_path = NULL;

	if (n != NULL && l->err == 0) {
		if (files_current(f) != NULL)
			keep_path = files_path(f, files_current(f));
		wn_vec_clear(&f->rows);
		merge(f, n, l);
		keep = f->want != NULL ? files_find(f, f->want) : NULL;
		if (keep != NULL) {
			wn_free(f->want);
			f->want = NULL;
		} else if (keep_path != NULL) {
			keep = files_find(f, keep_path);
		}
		files_rebuild(f, keep);
		wn_free(keep_path);
		open_again(f);
	} else if (n != NULL) {
		errno = l->err;
		files_fail(f, l->path);
	}
	for (size_t i = 0; i < l->v.len; i++)
		wn_free(l->v.p[i].name);
	wn_vec_fini(&l->v);
	wn_free(l->path);
	wn_free(l);
}

void
files_load(struct files *f, struct node *n)
{
	struct load *l = WN_NEW(struct load);

	l->f = f;
	l->path = files_path(f, n);
	f->host->ops->work(f->host, load_work, load_done, l);
}

void
files_refresh(struct files *f, struct node *n)
{
	if (n == NULL || (!n->loaded && n->parent != NULL))
		return;
	files_load(f, n);
	for (size_t i = 0; i < n->kids.len; i++)
		if (n->kids.p[i]->dir && n->kids.p[i]->open)
			files_refresh(f, n->kids.p[i]);
}

/* ---- opening and closing ---- */

void
files_set_open(struct files *f, struct node *n, bool open)
{
	if (n->open != open)
		files_watch(f, n, open);
	n->open = open;
	if (open && n->loaded) /* nobody watched it meanwhile */
		files_load(f, n);
	if (open && !n->loaded)
		files_load(f, n);
	files_rebuild(f, n);
}
