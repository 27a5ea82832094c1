/*
 * The files pane: a tree of the open folder. Folders are read when they are opened, by a worker;
 * what is removed goes to the desktop's trash (freedesktop.org's layout) and can be brought back.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/base/vec.h"
#include "tui/pane/pane.h"
#include "tui/widget/list.h"

#define OPEN_MAX 200	  /* folders a session remembers as open */
#define ENTRIES_MAX 20000 /* of one folder; more are counted, not shown */

struct node {
	char *name;
	struct node *parent;
	int depth;
	bool dir, open, loaded, link;
	WN_VEC(struct node *) kids;
};

struct files {
	struct pane_host *host;
	struct node *root;
	WN_VEC(struct node *) rows; /* what is shown, in order */
	struct tui_list list;
	bool hidden;		      /* show names with a dot in front */
	char *last_trash, *last_from; /* of the last removal, for undo */
	char *want;		      /* path to make current once it is read; nullable */
	WN_VEC(char *) reopen;	      /* folders to open once they are read: those of the session */
};

#define TR(f, en, ar) (f)->host->ops->tr((f)->host, (struct tui_text)TUI_TEXT(en, ar))

static void
node_free(struct node *n)
{
	for (size_t i = 0; i < n->kids.len; i++)
		node_free(n->kids.p[i]);
	wn_vec_fini(&n->kids);
	wn_free(n->name);
	wn_free(n);
}

/* Absolute path, owned. */
static char *
path_of(const struct files *f, const struct node *n)
{
	char *up, *path;

	if (n->parent == NULL)
		return wn_strdup(f->host->ops->root(f->host));
	up = path_of(f, n->parent);
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
static struct node *
find(const struct files *f, const char *path)
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

static struct node *
current(const struct files *f)
{
	return f->list.current >= 0 && (size_t)f->list.current < f->rows.len
		       ? f->rows.p[f->list.current]
		       : NULL;
}

static void
go_to_node(struct files *f, const struct node *n)
{
	for (size_t i = 0; i < f->rows.len; i++)
		if (f->rows.p[i] == n)
			tui_list_go(&f->list, (int64_t)i);
}

static void
rebuild(struct files *f, struct node *keep)
{
	wn_vec_clear(&f->rows);
	add_rows(f, f->root);
	tui_list_set(&f->list, (int64_t)f->rows.len);
	if (keep != NULL)
		go_to_node(f, keep);
	f->host->ops->redraw(f->host);
}

static void
fail_errno(struct files *f, const char *what)
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

static void
watch(struct files *f, const struct node *n, bool on)
{
	char *path = path_of(f, n);

	f->host->ops->watch(f->host, path, on);
	wn_free(path);
}

static void
unwatch_below(struct files *f, const struct node *n)
{
	if (n->dir && n->open)
		watch(f, n, false);
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
		node_free(n->kids.p[i]);
	}
	wn_vec_fini(&n->kids);
	n->kids.p = fresh.p;
	n->kids.len = fresh.len;
	n->kids.cap = fresh.cap;
	n->loaded = true;
}

static void load(struct files *f, struct node *n);
static void set_open(struct files *f, struct node *n, bool open);

/* Folders that were open in the session open as soon as they are known. */
static void
open_again(struct files *f)
{
	for (size_t i = 0; i < f->reopen.len;) {
		char *path = f->reopen.p[i];
		struct node *n = find(f, path);

		if (n == NULL || !n->dir) {
			i++;
			continue;
		}
		wn_vec_remove(&f->reopen, i);
		wn_free(path);
		if (!n->open)
			set_open(f, n, true);
	}
}

static void
load_done(void *arg, bool cancelled)
{
	struct load *l = arg;
	struct files *f = l->f;
	struct node *n = cancelled ? NULL : find(f, l->path), *keep;
	char *keep_path = NULL;

	if (n != NULL && l->err == 0) {
		if (current(f) != NULL)
			keep_path = path_of(f, current(f));
		wn_vec_clear(&f->rows);
		merge(f, n, l);
		keep = f->want != NULL ? find(f, f->want) : NULL;
		if (keep != NULL) {
			wn_free(f->want);
			f->want = NULL;
		} else if (keep_path != NULL) {
			keep = find(f, keep_path);
		}
		rebuild(f, keep);
		wn_free(keep_path);
		open_again(f);
	} else if (n != NULL) {
		errno = l->err;
		fail_errno(f, l->path);
	}
	for (size_t i = 0; i < l->v.len; i++)
		wn_free(l->v.p[i].name);
	wn_vec_fini(&l->v);
	wn_free(l->path);
	wn_free(l);
}

static void
load(struct files *f, struct node *n)
{
	struct load *l = WN_NEW(struct load);

	l->f = f;
	l->path = path_of(f, n);
	f->host->ops->work(f->host, load_work, load_done, l);
}

static void
refresh(struct files *f, struct node *n)
{
	if (n == NULL || (!n->loaded && n->parent != NULL))
		return;
	load(f, n);
	for (size_t i = 0; i < n->kids.len; i++)
		if (n->kids.p[i]->dir && n->kids.p[i]->open)
			refresh(f, n->kids.p[i]);
}

/* ---- opening and closing ---- */

static void
set_open(struct files *f, struct node *n, bool open)
{
	if (n->open != open)
		watch(f, n, open);
	n->open = open;
	if (open && n->loaded) /* nobody watched it meanwhile */
		load(f, n);
	if (open && !n->loaded)
		load(f, n);
	rebuild(f, n);
}

static void
activate(struct files *f)
{
	struct node *n = current(f);
	char *path;

	if (n == NULL)
		return;
	if (n->dir) {
		set_open(f, n, !n->open);
		return;
	}
	path = path_of(f, n);
	f->host->ops->open_file(f->host, path, 0, 0);
	wn_free(path);
}

/* ---- changing what is on the disk ---- */

/* Folder in which something new goes: the current one when open, else the one it is in. Owned. */
static char *
folder_here(const struct files *f)
{
	const struct node *n = current(f);

	if (n == NULL)
		return path_of(f, f->root);
	return path_of(f, n->dir && n->open ? n : n->parent);
}

static void
show_soon(struct files *f, char *path)
{
	wn_free(f->want);
	f->want = path;
	refresh(f, f->root);
}

static void
make(struct files *f, const char *name, bool dir)
{
	char *in = folder_here(f), *path = wn_path_clean(name, in);
	int fd;

	wn_free(in);
	if (dir) {
		if (mkdir(path, 0777) != 0) {
			fail_errno(f, path);
			wn_free(path);
			return;
		}
		show_soon(f, path);
		return;
	}
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0) {
		fail_errno(f, path);
		wn_free(path);
		return;
	}
	close(fd);
	f->host->ops->open_file(f->host, path, 0, 0);
	show_soon(f, path);
}

static void
new_file_answer(void *arg, const char *name)
{
	if (name != NULL && name[0] != '\0')
		make(arg, name, false);
}

static void
new_folder_answer(void *arg, const char *name)
{
	if (name != NULL && name[0] != '\0')
		make(arg, name, true);
}

static void
rename_answer(void *arg, const char *name)
{
	struct files *f = arg;
	struct node *n = current(f);
	char *from, *up, *to;

	if (name == NULL || name[0] == '\0' || n == NULL || strcmp(name, n->name) == 0)
		return;
	from = path_of(f, n);
	up = path_of(f, n->parent);
	to = wn_path_clean(name, up);
	/* never over something that exists: that would destroy it */
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
		fail_errno(f, to);
		wn_free(to);
	} else {
		struct pane_event ev = { PANE_FILE_MOVED, wn_str(from), wn_str(to) };

		f->host->ops->tell(f->host, &ev);
		show_soon(f, to);
	}
	wn_free(from);
	wn_free(up);
}

/* Trash of the person, made when missing; owned; NULL: none can be had. */
static char *
trash_dir(void)
{
	const char *xdg = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	char *dir, *files, *info;
	bool ok;

	if (xdg != NULL && xdg[0] == '/')
		dir = wn_asprintf("%s/Trash", xdg);
	else if (home != NULL && home[0] == '/')
		dir = wn_asprintf("%s/.local/share/Trash", home);
	else
		return NULL;
	files = wn_path_join(dir, "files");
	info = wn_path_join(dir, "info");
	ok = wn_file_mkdirs(files, 0700, NULL) == 0 && wn_file_mkdirs(info, 0700, NULL) == 0;
	wn_free(files);
	wn_free(info);
	if (!ok) {
		wn_free(dir);
		return NULL;
	}
	return dir;
}

/* Percent-encodes as the trash's info files want it. */
static void
add_uri(struct wn_buf *b, const char *path)
{
	for (const char *p = path; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;

		if (c > 0x20 && c < 0x7F && c != '%')
			wn_buf_chr(b, *p);
		else
			wn_buf_printf(b, "%%%02X", c);
	}
}

static bool
write_info(const struct files *f, const char *dir, const char *name, const char *from)
{
	struct wn_buf b;
	char *path = wn_asprintf("%s/info/%s.trashinfo", dir, name), when[WN_TIME_MAX];
	bool ok;

	wn_time_print(wn_now_ms(f->host->ops->clock(f->host)), when);
	wn_buf_init(&b, 65536);
	wn_buf_cstr(&b, "[Trash Info]\nPath=");
	add_uri(&b, from);
	wn_buf_printf(&b, "\nDeletionDate=%.19s\n", when);
	ok = wn_file_write(path, wn_buf_view(&b), 0600, NULL) == 0;
	wn_buf_fini(&b);
	wn_free(path);
	return ok;
}

/* False: it cannot be moved there (another file system); errno says why. */
static bool
to_trash(struct files *f, const char *from)
{
	char *dir = trash_dir(), *to = NULL;
	bool ok = false;

	if (dir == NULL)
		return false;
	for (int i = 0; i < 10000 && !ok; i++) {
		char *name = i == 0 ? wn_strdup(wn_path_base(from))
				    : wn_asprintf("%s.%d", wn_path_base(from), i + 1);

		wn_free(to);
		to = wn_asprintf("%s/files/%s", dir, name);
		ok = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0;
		if (ok && !write_info(f, dir, name, from))
			f->host->ops->say(f->host, PANE_WARN, "%s: no info in the trash", name);
		wn_free(name);
		if (!ok && errno != EEXIST)
			break;
	}
	wn_free(dir);
	if (!ok) {
		wn_free(to);
		return false;
	}
	wn_free(f->last_trash);
	wn_free(f->last_from);
	f->last_trash = to;
	f->last_from = wn_strdup(from);
	return true;
}

static void
removed(struct files *f, const char *path)
{
	struct pane_event ev = { PANE_FILE_MOVED, wn_str(path), WN_STR_NONE };

	f->host->ops->tell(f->host, &ev);
	refresh(f, f->root);
}

/* Removing for good: only by typing the name. */
static void
destroy_answer(void *arg, const char *text)
{
	struct files *f = arg;
	struct node *n = current(f);
	struct wn_diag d = { 0 };
	char *path;

	if (text == NULL || n == NULL)
		return;
	if (strcmp(text, n->name) != 0) {
		f->host->ops->say(f->host, PANE_INFO, "%s",
				  TR(f, "The name differs; nothing was removed.",
				     "الاسم مختلف؛ لم يحذف شيء."));
		return;
	}
	path = path_of(f, n);
	if ((n->dir && !n->link ? wn_file_rmtree(path, &d) : unlink(path)) != 0) {
		if (d.code == 0)
			wn_fail_errno(&d, errno, "%s", path);
		f->host->ops->fail(f->host, &d);
	} else {
		removed(f, path);
	}
	wn_free(path);
}

static void
c_delete(void *self, const char *arg)
{
	struct files *f = self;
	struct node *n = current(f);
	char *path;

	(void)arg;
	if (n == NULL)
		return;
	path = path_of(f, n);
	if (to_trash(f, path)) {
		f->host->ops->say(
			f->host, PANE_INFO, "%s %s", n->name,
			TR(f, "is in the trash; u brings it back.", "في المهملات؛ u يعيده."));
		removed(f, path);
	} else {
		char *q = wn_asprintf(
			"%s %s",
			TR(f, "There is no trash for it. Type its name to remove it for good:",
			   "لا سلة لها. اكتب الاسم للحذف نهائيا:"),
			n->name);

		f->host->ops->ask(f->host, q, NULL, destroy_answer, f);
		wn_free(q);
	}
	wn_free(path);
}

static void
c_undo_delete(void *self, const char *arg)
{
	struct files *f = self;
	char *info;

	(void)arg;
	if (f->last_trash == NULL) {
		f->host->ops->say(f->host, PANE_INFO, "%s",
				  TR(f, "Nothing was removed here.", "لم يحذف شيء هنا."));
		return;
	}
	if (renameat2(AT_FDCWD, f->last_trash, AT_FDCWD, f->last_from, RENAME_NOREPLACE) != 0) {
		fail_errno(f, f->last_from);
		return;
	}
	info = wn_asprintf("%.*s/info/%s.trashinfo",
			   (int)(strstr(f->last_trash, "/Trash/files/") - f->last_trash + 6),
			   f->last_trash, wn_path_base(f->last_trash));
	(void)unlink(info);
	wn_free(info);
	wn_free(f->last_trash);
	f->last_trash = NULL;
	show_soon(f, f->last_from);
	f->last_from = NULL;
}

static void
c_new_file(void *self, const char *arg)
{
	struct files *f = self;

	(void)arg;
	f->host->ops->ask(f->host, TR(f, "Name of the new file:", "اسم الملف الجديد:"), NULL,
			  new_file_answer, f);
}

static void
c_new_folder(void *self, const char *arg)
{
	struct files *f = self;

	(void)arg;
	f->host->ops->ask(f->host, TR(f, "Name of the new folder:", "اسم المجلد الجديد:"), NULL,
			  new_folder_answer, f);
}

static void
c_rename(void *self, const char *arg)
{
	struct files *f = self;

	(void)arg;
	if (current(f) != NULL)
		f->host->ops->ask(f->host, TR(f, "New name:", "الاسم الجديد:"), current(f)->name,
				  rename_answer, f);
}

static void
c_hidden(void *self, const char *arg)
{
	struct files *f = self;

	(void)arg;
	f->hidden = !f->hidden;
	rebuild(f, current(f));
}

static void
c_refresh(void *self, const char *arg)
{
	struct files *f = self;

	(void)arg;
	refresh(f, f->root);
}

static const struct tui_command commands[] = {
	{ "files.new_file", TUI_TEXT("New file here", "ملف جديد هنا"), c_new_file, false },
	{ "files.new_folder", TUI_TEXT("New folder here", "مجلد جديد هنا"), c_new_folder, false },
	{ "files.rename", TUI_TEXT("Rename", "إعادة تسمية"), c_rename, false },
	{ "files.delete", TUI_TEXT("Move to the trash", "نقل إلى المهملات"), c_delete, false },
	{ "files.undo_delete", TUI_TEXT("Bring back what was removed", "إعادة ما حذف"),
	  c_undo_delete, false },
	{ "files.hidden", TUI_TEXT("Show or hide hidden files", "إظهار الملفات المخفية أو إخفاؤها"),
	  c_hidden, false },
	{ "files.refresh", TUI_TEXT("Read the folder again", "إعادة قراءة المجلد"), c_refresh,
	  false },
	{ 0 },
};

/* ---- the pane ---- */

static void
row(void *arg, int64_t i, struct tui_view v, const struct tui_theme *t, struct tui_style base)
{
	struct files *f = arg;
	struct node *n = f->rows.p[i];
	int x = 1 + (n->depth - 1) * 2;
	enum tui_look look = n->dir ? UI_FOLDER : n->name[0] == '.' ? UI_HIDDEN : UI_FILE;

	if (n->dir)
		tui_puts(v, 0, x, n->open ? "▾" : "▸", tui_style_over(base, t->ui[UI_MUTED]));
	tui_put_cut(v, 0, x + 2, v.cols - x - 2, wn_str(n->name),
		    tui_style_over(base, t->ui[look]));
}

static void
draw(void *self, const struct pane_draw *d)
{
	struct files *f = self;

	tui_list_class.draw(&f->list, d->view, d->theme, d->focused);
	if (f->rows.len == 0 && f->root->loaded)
		tui_puts(d->view, 0, 1, TR(f, "empty", "فارغ"), d->theme->ui[UI_MUTED]);
}

static bool
key(void *self, const struct tui_key *k)
{
	struct files *f = self;
	struct node *n = current(f);

	if (tui_list_class.key(&f->list, k))
		return true;
	if (k->mods != 0 || n == NULL)
		return false;
	switch (k->code) {
	case TUI_KEY_ENTER:
	case TUI_KEY_SPACE:
		activate(f);
		return true;
	case TUI_KEY_RIGHT:
		if (n->dir && !n->open)
			set_open(f, n, true);
		else if (!n->dir)
			activate(f);
		return true;
	case TUI_KEY_LEFT:
		if (n->dir && n->open)
			set_open(f, n, false);
		else if (n->parent != f->root)
			go_to_node(f, n->parent);
		return true;
	default:
		return false;
	}
}

static bool
mouse(void *self, const struct tui_mouse *m)
{
	struct files *f = self;

	if (!tui_list_class.mouse(&f->list, m))
		return false;
	if (f->list.hit)
		activate(f);
	return true;
}

static void
event(void *self, const struct pane_event *ev)
{
	struct files *f = self;

	if (ev->type == PANE_TERMINAL_FOCUSED)
		refresh(f, f->root);
	else if (ev->type == PANE_DISK_CHANGED) {
		char *path = wn_strndup(ev->path.p, ev->path.len);
		struct node *n = find(f, path);

		if (n != NULL && n->loaded && n->open)
			load(f, n);
		wn_free(path);
	} else if (ev->type == PANE_FILE_SAVED) {
		char *path = wn_strndup(ev->path.p, ev->path.len);

		if (find(f, path) == NULL)
			refresh(f, f->root);
		wn_free(path);
	}
}

static void *
open_files(struct pane_host *h, const char *arg, const struct wn_json *state, struct wn_diag *d)
{
	struct files *f = WN_NEW(struct files);

	(void)arg;
	(void)d;
	f->host = h;
	f->root = WN_NEW(struct node);
	f->root->name = wn_strdup("");
	f->root->dir = f->root->open = true;
	f->hidden = wn_json_get_bool(state, "hidden", false);
	f->list.row = row;
	f->list.arg = f;
	for (const struct wn_json *j = wn_json_first(wn_json_get(state, "open")); j != NULL;
	     j = wn_json_next(j))
		if (wn_path_is_inside(wn_str(wn_json_str(j, ""))) && f->reopen.len < OPEN_MAX)
			wn_vec_push(&f->reopen, wn_path_join(h->ops->root(h), wn_json_str(j, "")));
	if (wn_json_get_str(state, "current", NULL) != NULL)
		f->want = wn_path_join(h->ops->root(h), wn_json_get_str(state, "current", ""));
	watch(f, f->root, true);
	load(f, f->root);
	return f;
}

static void
close_files(void *self)
{
	struct files *f = self;

	node_free(f->root);
	wn_vec_fini(&f->rows);
	wn_free(f->last_trash);
	wn_free(f->last_from);
	wn_free(f->want);
	for (size_t i = 0; i < f->reopen.len; i++)
		wn_free(f->reopen.p[i]);
	wn_vec_fini(&f->reopen);
	wn_free(f);
}

static void
status(void *self, char *buf, size_t n)
{
	struct files *f = self;
	struct node *c = current(f);

	snprintf(buf, n, "%s", c != NULL ? c->name : TR(f, "Files", "الملفات"));
}

static void
save_open(const struct files *f, const struct node *n, size_t skip, struct wn_jw *w, size_t *left)
{
	for (size_t i = 0; i<n->kids.len && * left> 0; i++) {
		const struct node *k = n->kids.p[i];
		char *path;

		if (!k->open)
			continue;
		path = path_of(f, k);
		wn_jw_str(w, wn_str(path + skip));
		wn_free(path);
		--*left;
		save_open(f, k, skip, w, left);
	}
}

static void
save_state(void *self, struct wn_jw *w)
{
	struct files *f = self;
	const struct node *n = current(f);
	size_t root = strlen(f->host->ops->root(f->host)), left = OPEN_MAX;
	char *path;

	wn_jw_kbool(w, "hidden", f->hidden);
	if (n != NULL) {
		path = path_of(f, n);
		wn_jw_kstr(w, "current", path + root + (root > 1));
		wn_free(path);
	}
	wn_jw_key(w, "open");
	wn_jw_array(w);
	save_open(f, f->root, root + (root > 1), w, &left);
	for (size_t i = 0; i < f->reopen.len && left > 0; i++, left--) /* not read yet */
		wn_jw_str(w, wn_str(f->reopen.p[i] + root + (root > 1)));
	wn_jw_array_end(w);
}

extern const struct pane_type pane_files;
const struct pane_type pane_files = {
	.name = "files",
	.title = TUI_TEXT("Files", "الملفات"),
	.place = PANE_LEFT,
	.flags = PANE_SINGLE,
	.open = open_files,
	.close = close_files,
	.draw = draw,
	.key = key,
	.mouse = mouse,
	.event = event,
	.commands = commands,
	.status = status,
	.save = save_state,
	.keys = TUI_TEXT("Enter\topen\nRight, Left\topen and close a folder\n",
			 "Enter\tفتح\nRight, Left\tفتح مجلد وإغلاقه\n"),
};
