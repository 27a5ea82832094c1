/*
 * Implements the check of socket directories. Links are not followed: they could be anybody's.
 */
#include "runtime/kernel/private_dir.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

wn_err
wn_private_dir(const char *dir, struct wn_diag *d)
{
	struct stat st;
	wn_err err = wn_file_mkdirs(dir, 0700, d);

	if (err != WN_OK)
		return err;
	if (lstat(dir, &st) != 0)
		return wn_fail_errno(d, errno, "cannot look at %s", dir);
	if (!S_ISDIR(st.st_mode))
		return wn_fail(d, WN_E_DENIED, "%s is no directory", dir);
	if (st.st_uid != geteuid())
		return wn_fail(d, WN_E_DENIED,
			       "%s belongs to user %u, not to this engine's user %u", dir,
			       (unsigned)st.st_uid, (unsigned)geteuid());
	if ((st.st_mode & 077) != 0)
		return wn_fail(d, WN_E_DENIED, "%s is open to others (mode %03o); it must be 700",
			       dir, (unsigned)(st.st_mode & 0777));
	return WN_OK;
}

wn_err
wn_private_dir_of(const char *path, struct wn_diag *d)
{
	char *dir = wn_strdup(path), *slash = strrchr(dir, '/');
	wn_err err;

	if (slash == NULL || slash == dir) {
		err = wn_fail(d, WN_E_INVALID, "the socket path %s has no directory of its own",
			      path);
	} else {
		*slash = '\0';
		err = wn_private_dir(dir, d);
	}
	wn_free(dir);
	return err;
}
