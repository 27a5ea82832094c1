/*
 * Where the engine is: the person's own socket, another socket, a far host, a command.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/client/private.h"

/* A directory only its owner can enter, or nothing. */
static wn_err
private_dir(const char *dir, struct wn_diag *d)
{
	struct stat st;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return wn_fail_errno(d, errno, "the directory %s of the engine's socket", dir);
	if (lstat(dir, &st) != 0)
		return wn_fail_errno(d, errno, "the directory %s of the engine's socket", dir);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid())
		return wn_fail(d, WN_E_DENIED, "%s is not a directory of yours; not using it", dir);
	if ((st.st_mode & 077) != 0 && chmod(dir, 0700) != 0)
		return wn_fail_errno(d, errno, "the directory %s is open to others", dir);
	return 0;
}

char *
wn_client_socket_path(struct wn_diag *d)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	char *dir, *path = NULL;

	if (run != NULL && run[0] == '/' && wn_file_is_dir(run))
		dir = wn_asprintf("%s/webnova", run);
	else
		dir = wn_asprintf("/tmp/webnova-%u", (unsigned)geteuid());
	if (private_dir(dir, d) == 0)
		path = wn_asprintf("%s/engine.sock", dir);
	wn_free(dir);
	return path;
}

char *
wn_client_find_engine(const char *program)
{
	char buf[4096];
	ssize_t n = readlink("/proc/self/exe", buf, sizeof buf - 32);
	char *slash, *beside;

	(void)program;
	if (n > 0) {
		buf[n] = '\0';
		slash = strrchr(buf, '/');
		if (slash != NULL) {
			*slash = '\0';
			beside = wn_path_join(buf, "webnovad");
			if (access(beside, X_OK) == 0)
				return beside;
			wn_free(beside);
		}
	}
	return wn_path_which("webnovad");
}

static wn_err
add_arg(struct addr *a, const char *p, size_t n, struct wn_diag *d)
{
	for (int i = 0; i < ADDR_ARGS - 1; i++)
		if (a->args[i] == NULL) {
			a->args[i] = wn_strndup(p, n);
			return 0;
		}
	return wn_fail(d, WN_E_LIMIT, "the command to reach the engine has too many words");
}

/* Words parted by blanks; no quoting, no shell. */
static wn_err
add_words(struct addr *a, const char *s, struct wn_diag *d)
{
	while (*s != '\0') {
		size_t n = strcspn(s, " ");

		if (n > 0 && add_arg(a, s, n, d) != 0)
			return WN_E_LIMIT;
		s += n;
		s += strspn(s, " ");
	}
	return 0;
}

/* Host names may not look like options of ssh. */
static bool
host_ok(const char *s, size_t n)
{
	if (n == 0 || s[0] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] <= 0x20 || strchr("'\"\\$`;&|<>(){}", s[i]) != NULL)
			return false;
	return true;
}

static wn_err
parse_ssh(struct addr *a, const char *s, struct wn_diag *d)
{
	const char *ssh = getenv("WEBNOVA_SSH"), *at = strrchr(s, '@');
	size_t len = strcspn(s, "/"), host = len;
	const char *v6 = (at != NULL ? at + 1 : s), *colon = NULL;
	wn_err err;

	if (*v6 == '[') {
		const char *end = strchr(v6, ']');

		if (end != NULL && end[1] == ':')
			colon = end + 1;
	} else {
		colon = memchr(v6, ':', len - (size_t)(v6 - s));
	}
	if (colon != NULL)
		host = (size_t)(colon - s);
	if (!host_ok(s, host) || (s[len] == '/' && s[len + 1] != '\0'))
		return wn_fail(d, WN_E_INVALID,
			       "ssh://%s is no address; write ssh://[user@]host[:port]", s);
	err = add_words(a, ssh != NULL && ssh[0] != '\0' ? ssh : "ssh", d);
	if (err == 0)
		err = add_words(a, "-T -o BatchMode=yes -o ServerAliveInterval=15", d);
	if (err == 0 && colon != NULL) {
		size_t n = len - host - 1;

		if (n == 0 || strspn(colon + 1, "0123456789") < n)
			return wn_fail(d, WN_E_INVALID, "the port in ssh://%s is no number", s);
		err = add_words(a, "-p", d);
		if (err == 0)
			err = add_arg(a, colon + 1, n, d);
	}
	if (err == 0)
		err = add_words(a, "--", d);
	if (err == 0)
		err = add_arg(a, s, host, d);
	return err != 0 ? err : add_words(a, "webnovad --stdio", d);
}

wn_err
addr_parse(const char *engine, struct addr *a, struct wn_diag *d)
{
	*a = (struct addr){ .kind = ADDR_OWN };
	if (engine == NULL || engine[0] == '\0') {
		a->path = wn_client_socket_path(d);
		return a->path != NULL ? 0 : d != NULL && d->code != 0 ? d->code : WN_E_DENIED;
	}
	if (strncmp(engine, "unix:", 5) == 0 && engine[5] != '\0') {
		a->kind = ADDR_UNIX;
		a->path = wn_strdup(engine + 5);
		if (strlen(a->path) < 108)
			return 0;
		addr_fini(a);
		return wn_fail(d, WN_E_LIMIT, "the path of the socket is longer than 107 bytes");
	}
	a->kind = ADDR_CHILD;
	if (strncmp(engine, "ssh://", 6) == 0)
		return parse_ssh(a, engine + 6, d);
	if (strncmp(engine, "stdio:", 6) == 0 && engine[6] != '\0')
		return add_words(a, engine + 6, d);
	return wn_fail(d, WN_E_INVALID,
		       "\"%.80s\" is no engine address; use unix:PATH, ssh://HOST or stdio:COMMAND",
		       engine);
}

void
addr_fini(struct addr *a)
{
	wn_free(a->path);
	for (int i = 0; i < ADDR_ARGS; i++)
		wn_free(a->args[i]);
	*a = (struct addr){ 0 };
}
