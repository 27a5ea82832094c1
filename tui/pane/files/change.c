/*
 * Changing what is on the disk: new files and folders, other names, the desktop's trash
 * (freedesktop.org's layout), from which what was removed can be brought back.
 */
#include "tui/pane/files/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

/* ---- changing what is on the disk ---- */

/* Folder in which something new goes: the current one when open, else the one it is in. Owned. */
static char *
folder_here(const struct files *f)
{
	const struct node *n = files_current(f);

	if (n == NULL)
		return files_path(f, f->root);
	return files_path(f, n->dir && n->open ? n : n->parent);
}

static void
show_soon(struct files *f, char *path)
{
	wn_free(f->want);
	f->want = path;
	files_refresh(f, f->root);
}

static void
make(struct files *f, const char *name, bool dir)
{
	char *in = folder_here(f), *path = wn_path_clean(name, in);
	int fd;

	wn_free(in);
	if (dir) {
		if (mkdir(path, 0777) != 0) {
			files_fail(f, path);
			wn_free(path);
			return;
		}
		show_soon(f, path);
		return;
	}
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0) {
		files_fail(f, path);
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
	struct node *n = files_current(f);
	char *from, *up, *to;

	if (name == NULL || name[0] == '\0' || n == NULL || strcmp(name, n->name) == 0)
		return;
	from = files_path(f, n);
	up = files_path(f, n->parent);
	to = wn_path_clean(name, up);
	/* never over something that exists: that would destroy it */
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) != 0) {
		files_fail(f, to);
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
	files_refresh(f, f->root);
}

/* Removing for good: only by typing the name. */
static void
destroy_answer(void *arg, const char *text)
{
	struct files *f = arg;
	struct node *n = files_current(f);
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
	path = files_path(f, n);
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
	struct node *n = files_current(f);
	char *path;

	(void)arg;
	if (n == NULL)
		return;
	path = files_path(f, n);
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
		files_fail(f, f->last_from);
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
	if (files_current(f) != NULL)
		f->host->ops->ask(f->host, TR(f, "New name:", "الاسم الجديد:"),
				  files_current(f)->name, rename_answer, f);
}

static void
c_hidden(void *self, const char *arg)
{
	struct files *f = self;

	(void)arg;
	f->hidden = !f->hidden;
	files_rebuild(f, files_current(f));
}

static void
c_refresh(void *self, const char *arg)
{
	struct files *f = self;

	(void)arg;
	files_refresh(f, f->root);
}

const struct tui_command files_commands[] = {
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
