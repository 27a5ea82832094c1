/*
 * The launcher this program carries: a small static executable that runs from memory, so that a box
 * does not wait for webnovad's own libraries. It may not be written to any disk.
 */
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/base/mem.h"
#include "runtime/modules/sandbox/sandbox.h"

extern const unsigned char sandbox_launcher[], sandbox_launcher_end[];

char *
sandbox_launcher_open(int *fd_out)
{
	size_t n = (size_t)(sandbox_launcher_end - sandbox_launcher);
	int fd = memfd_create("webnova-launcher", MFD_CLOEXEC);
	char *path;

	*fd_out = -1;
	if (fd < 0)
		return NULL;
	/* Others run it while we keep it open: named by us, as they have no descriptor of it. */
	path = wn_asprintf("/proc/%d/fd/%d", (int)getpid(), fd);
	if (write(fd, sandbox_launcher, n) == (ssize_t)n && access(path, X_OK) == 0) {
		*fd_out = fd;
		return path;
	}
	close(fd);
	wn_free(path);
	return NULL;
}
