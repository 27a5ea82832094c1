/* file and path: whole files, atomic replacement, trees; real files in a temporary directory. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

struct fixture {
	char dir[64], a[96], b[96];
	struct wn_diag d;
	struct wn_buf out;
};

static int
setup(void **state)
{
	struct fixture *f = WN_NEW(struct fixture);
	const char *tmp = getenv("TMPDIR");

	snprintf(f->dir, sizeof(f->dir), "%.40s/wn-file-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->a, sizeof(f->a), "%s/a", f->dir);
	snprintf(f->b, sizeof(f->b), "%s/b", f->dir);
	wn_buf_init(&f->out, 1 << 20);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(wn_file_rmtree(f->dir, NULL), WN_OK);
	assert_false(wn_file_exists(f->dir));
	wn_buf_fini(&f->out);
	wn_free(f);
	return 0;
}

/* Names in the directory; temporary files must never stay. */
static int
count_files(const char *path)
{
	DIR *dir = opendir(path);
	int n = -2; /* . and .. */

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static void
write_ok(struct fixture *f, const char *path, const char *text)
{
	assert_int_equal(wn_file_write(path, wn_str(text), 0644, &f->d), WN_OK);
}

static void
assert_holds(struct fixture *f, const char *path, const char *text)
{
	wn_buf_clear(&f->out);
	assert_int_equal(wn_file_read(path, &f->out, &f->d), WN_OK);
	assert_string_equal(wn_buf_view(&f->out).p, text);
}

static void
what_is_written_is_read(void **state)
{
	struct fixture *f = *state;

	write_ok(f, f->a, "first");
	assert_holds(f, f->a, "first");
	write_ok(f, f->a, "second");
	assert_holds(f, f->a, "second");
	write_ok(f, f->a, "");
	assert_holds(f, f->a, "");
	assert_int_equal(count_files(f->dir), 1);
}

static void
reading_appends_and_stops_at_the_maximum(void **state)
{
	struct fixture *f = *state;
	struct wn_buf b;

	write_ok(f, f->a, "12345");
	wn_buf_init(&b, 10);
	assert_int_equal(wn_file_read(f->a, &b, &f->d), WN_OK);
	assert_int_equal(wn_file_read(f->a, &b, &f->d), WN_OK);
	assert_string_equal(b.p, "1234512345");
	assert_int_equal(wn_file_read(f->a, &b, &f->d), WN_E_LIMIT);
	assert_string_equal(b.p, "1234512345");
	wn_buf_fini(&b);
}

static void
files_without_size_are_read(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(wn_file_read("/proc/self/stat", &f->out, &f->d), WN_OK);
	assert_true(f->out.len > 10);
	wn_buf_clear(&f->out);
	wn_buf_fini(&f->out);
	wn_buf_init(&f->out, 1000);
	assert_int_equal(wn_file_read("/dev/zero", &f->out, &f->d), WN_E_LIMIT);
	assert_int_equal(f->out.len, 0);
}

static void
failures_name_the_path(void **state)
{
	struct fixture *f = *state;
	char deep[128];

	snprintf(deep, sizeof(deep), "%s/none/x", f->dir);
	assert_int_equal(wn_file_read(f->a, &f->out, &f->d), WN_E_NOT_FOUND);
	assert_non_null(strstr(f->d.text, f->a));
	wn_diag_clear(&f->d);
	assert_int_equal(wn_file_write(deep, WN_STR("x"), 0644, &f->d), WN_E_NOT_FOUND);
	assert_non_null(strstr(f->d.text, deep));
	assert_int_equal(wn_file_write(f->dir, WN_STR("x"), 0644, NULL), WN_E_INVALID);
	assert_int_equal(wn_file_read(f->dir, &f->out, NULL), WN_E_INVALID);
	assert_int_equal(wn_file_write("", WN_STR("x"), 0644, NULL), WN_E_NOT_FOUND);
}

static void
a_new_file_gets_the_mode_and_an_old_one_keeps_it(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	mode_t mask = umask(022);

	assert_int_equal(wn_file_write(f->a, WN_STR("x"), 0600, NULL), WN_OK);
	stat(f->a, &st);
	assert_int_equal(st.st_mode & 07777, 0600);
	chmod(f->a, 0751);
	assert_int_equal(wn_file_write(f->a, WN_STR("y"), 0600, NULL), WN_OK);
	stat(f->a, &st);
	assert_int_equal(st.st_mode & 07777, 0751);
	assert_int_equal(wn_file_write(f->b, WN_STR("x"), 0666, NULL), WN_OK);
	stat(f->b, &st);
	assert_int_equal(st.st_mode & 07777, 0644);
	umask(mask);
}

static void
the_owner_is_kept(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	write_ok(f, f->a, "x");
	if (chown(f->a, 12345, 23456) != 0) {
		print_message("only root can give files away\n");
		skip();
	}
	write_ok(f, f->a, "y");
	stat(f->a, &st);
	assert_int_equal(st.st_uid, 12345);
	assert_int_equal(st.st_gid, 23456);
}

static void
links_are_followed(void **state)
{
	struct fixture *f = *state;
	struct stat st;
	char sub[128], chain[128];

	snprintf(sub, sizeof(sub), "%s/sub", f->dir);
	snprintf(chain, sizeof(chain), "%s/sub/chain", f->dir);
	assert_int_equal(mkdir(sub, 0755), 0);
	assert_int_equal(symlink("../a", chain), 0);
	assert_int_equal(symlink("sub/chain", f->b), 0);
	write_ok(f, f->b, "through, to a file that was not there");
	assert_holds(f, f->a, "through, to a file that was not there");
	write_ok(f, f->b, "again");
	assert_holds(f, f->a, "again");
	assert_int_equal(lstat(f->b, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(lstat(chain, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

static void
circles_of_links_are_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(symlink("b", f->a), 0);
	assert_int_equal(symlink("a", f->b), 0);
	assert_int_equal(wn_file_write(f->a, WN_STR("x"), 0644, NULL), WN_E_INVALID);
	assert_int_equal(wn_file_read(f->a, &f->out, NULL), WN_E_INVALID);
}

static void
a_failed_write_leaves_the_old_file_alone(void **state)
{
	struct fixture *f = *state;
	struct rlimit old, small = { 100, 100 };
	static char big[1000];
	wn_err err;

	write_ok(f, f->a, "precious");
	memset(big, 'x', sizeof(big) - 1);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small.rlim_max = old.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	err = wn_file_write(f->a, wn_str(big), 0644, NULL);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(err, WN_E_LIMIT);
	assert_holds(f, f->a, "precious");
	assert_int_equal(count_files(f->dir), 1);
}

static bool
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Mounts of our own: as root, else as the root of a user namespace. */
static bool
own_mounts(void)
{
	char uids[32], gids[32];

	snprintf(uids, sizeof(uids), "0 %u 1", (unsigned)geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", (unsigned)getegid());
	if (unshare(CLONE_NEWNS) == 0)
		return true;
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0 && put("/proc/self/setgroups", "deny") &&
	       put("/proc/self/uid_map", uids) && put("/proc/self/gid_map", gids);
}

/* In a child with its own mounts: a file system of 64 KB that a second write cannot fit on. */
static int
full_disk_child(const char *dir)
{
	static char big[200000];
	char path[128];
	struct wn_buf out;

	if (!own_mounts())
		return 77;
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("tmpfs", dir, "tmpfs", 0, "size=64k") != 0)
		return 77;
	snprintf(path, sizeof(path), "%s/a", dir);
	if (wn_file_write(path, WN_STR("precious"), 0644, NULL))
		return 1;
	if (wn_file_write(path, wn_strn(big, sizeof(big)), 0644, NULL) != WN_E_NO_SPACE)
		return 2;
	wn_buf_init(&out, 100);
	if (wn_file_read(path, &out, NULL) || !wn_str_is(wn_buf_view(&out), "precious"))
		return 3;
	wn_buf_fini(&out);
	return count_files(dir) == 1 ? 0 : 4;
}

static void
a_full_disk_loses_nothing(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(full_disk_child(f->dir));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("mounting a small file system is not allowed here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
what_may_not_be_written_is_refused(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t pid;

	write_ok(f, f->a, "precious");
	chmod(f->a, 0444);
	chmod(f->dir, 0755);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		/* root may write everything: be nobody */
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(77);
		_exit(wn_file_write(f->a, WN_STR("x"), 0644, NULL) == WN_E_DENIED ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_holds(f, f->a, "precious");
	assert_int_equal(count_files(f->dir), 1);
}

static void
a_fifo_does_not_hang_the_reader(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(mkfifo(f->a, 0600), 0);
	assert_int_equal(wn_file_read(f->a, &f->out, NULL), WN_OK);
	assert_int_equal(f->out.len, 0);
}

static void
what_is_no_file_is_not_replaced(void **state)
{
	struct fixture *f = *state;
	struct stat st;

	assert_int_equal(mkfifo(f->a, 0600), 0);
	assert_int_equal(wn_file_write(f->a, WN_STR("x"), 0644, NULL), WN_E_INVALID);
	assert_int_equal(lstat(f->a, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(count_files(f->dir), 1);
}

static void
mkdirs_makes_what_is_missing(void **state)
{
	struct fixture *f = *state;
	char path[128];

	snprintf(path, sizeof(path), "%s/x//y/./z/", f->dir);
	assert_int_equal(wn_file_mkdirs(path, 0755, NULL), WN_OK);
	assert_int_equal(wn_file_mkdirs(path, 0755, NULL), WN_OK);
	assert_true(wn_file_is_dir(path));
	assert_int_equal(wn_file_mkdirs("/", 0755, NULL), WN_OK);
	assert_int_equal(wn_file_mkdirs("", 0755, NULL), WN_E_INVALID);
	write_ok(f, f->a, "x");
	snprintf(path, sizeof(path), "%s/a/b", f->dir);
	assert_int_equal(wn_file_mkdirs(path, 0755, &f->d), WN_E_NOT_FOUND);
	assert_false(wn_file_is_dir(f->a));
}

static void
rmtree_does_not_follow_links(void **state)
{
	struct fixture *f = *state;
	char path[128], outside[128];

	snprintf(outside, sizeof(outside), "%s/outside", f->dir);
	write_ok(f, outside, "precious");
	snprintf(path, sizeof(path), "%s/tree/deep/er", f->dir);
	assert_int_equal(wn_file_mkdirs(path, 0755, NULL), WN_OK);
	snprintf(path, sizeof(path), "%s/tree/up", f->dir);
	assert_int_equal(symlink("..", path), 0);
	snprintf(path, sizeof(path), "%s/tree/deep/file", f->dir);
	write_ok(f, path, "x");
	snprintf(path, sizeof(path), "%s/tree", f->dir);
	assert_int_equal(symlink("tree", f->b), 0);
	assert_int_equal(wn_file_rmtree(f->b, NULL), WN_OK);
	assert_true(wn_file_is_dir(path));
	assert_int_equal(wn_file_rmtree(path, NULL), WN_OK);
	assert_false(wn_file_exists(path));
	assert_holds(f, outside, "precious");
	assert_int_equal(wn_file_rmtree(path, NULL), WN_OK);
	assert_int_equal(wn_file_rmtree("", NULL), WN_E_INVALID);
}

static void
rmtree_opens_locked_directories(void **state)
{
	struct fixture *f = *state;
	char path[128];
	int status;
	pid_t pid;

	chmod(f->dir, 0777);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (geteuid() == 0 && setuid(65534) != 0)
			_exit(77);
		snprintf(path, sizeof(path), "%s/t/locked/x", f->dir);
		if (wn_file_mkdirs(path, 0755, NULL))
			_exit(1);
		snprintf(path, sizeof(path), "%s/t/locked", f->dir);
		chmod(path, 0555);
		snprintf(path, sizeof(path), "%s/t", f->dir);
		_exit(wn_file_rmtree(path, NULL) == WN_OK && !wn_file_exists(path) ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
paths_join_and_clean(void **state)
{
	static const char *const joined[][3] = {
		{ "a", "b", "a/b" }, { "a/", "b", "a/b" }, { "a", "/b", "/b" },
		{ "", "b", "b" },    { "/", "b", "/b" },   { "a", "", "a/" },
	};
	static const char *const cleaned[][3] = {
		{ "/a/./b//c/../d/", "/x", "/a/b/d" },
		{ "../y", "/a/b", "/a/y" },
		{ "", "/a", "/a" },
		{ "../../../..", "/a", "/" },
		{ "/", "/a", "/" },
		{ "/..", "/", "/" },
		{ "a/..", "/x/", "/x" },
		{ "...", "/", "/..." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(joined) / sizeof(joined[0]); i++) {
		char *p = wn_path_join(joined[i][0], joined[i][1]);

		assert_string_equal(p, joined[i][2]);
		wn_free(p);
	}
	for (size_t i = 0; i < sizeof(cleaned) / sizeof(cleaned[0]); i++) {
		char *p = wn_path_clean(cleaned[i][0], cleaned[i][1]);

		assert_string_equal(p, cleaned[i][2]);
		wn_free(p);
	}
	assert_string_equal(wn_path_base("a/b"), "b");
	assert_string_equal(wn_path_base("b"), "b");
	assert_string_equal(wn_path_base("a/"), "");
}

static void
inside_means_inside(void **state)
{
	(void)state;
	assert_true(wn_path_is_inside(WN_STR("a/b..c/...")));
	assert_true(wn_path_is_inside(WN_STR(".")));
	assert_false(wn_path_is_inside(WN_STR("")));
	assert_false(wn_path_is_inside(WN_STR("/a")));
	assert_false(wn_path_is_inside(WN_STR("..")));
	assert_false(wn_path_is_inside(WN_STR("a/../b")));
	assert_false(wn_path_is_inside(WN_STR("a/..")));
	assert_false(wn_path_is_inside(WN_STR("a\0b")));
}

static void
which_finds_programs_only(void **state)
{
	struct fixture *f = *state;
	char *old = wn_strdup(getenv("PATH")), *found;

	write_ok(f, f->a, "#!/bin/sh\n");
	setenv("PATH", f->dir, 1);
	assert_null(wn_path_which("a"));
	chmod(f->a, 0755);
	found = wn_path_which("a");
	assert_string_equal(found, f->a);
	wn_free(found);
	assert_null(wn_path_which(""));
	assert_null(wn_path_which("no-such-program"));
	assert_null(wn_path_which("."));
	found = wn_path_which(f->a);
	assert_string_equal(found, f->a);
	wn_free(found);
	setenv("PATH", old ? old : "/usr/bin:/bin", 1);
	wn_free(old);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_written_is_read),
		T(reading_appends_and_stops_at_the_maximum),
		T(files_without_size_are_read),
		T(failures_name_the_path),
		T(a_new_file_gets_the_mode_and_an_old_one_keeps_it),
		T(the_owner_is_kept),
		T(links_are_followed),
		T(circles_of_links_are_refused),
		T(a_failed_write_leaves_the_old_file_alone),
		T(a_full_disk_loses_nothing),
		T(what_may_not_be_written_is_refused),
		T(a_fifo_does_not_hang_the_reader),
		T(what_is_no_file_is_not_replaced),
		T(mkdirs_makes_what_is_missing),
		T(rmtree_does_not_follow_links),
		T(rmtree_opens_locked_directories),
		cmocka_unit_test(paths_join_and_clean),
		cmocka_unit_test(inside_means_inside),
		T(which_finds_programs_only),
	};

	return cmocka_run_group_tests_name("runtime/base/file", tests, NULL, NULL);
}
