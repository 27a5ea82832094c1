/*
 * Loads libgit2. What git's own configuration files say does not matter to repositories that are
 * ours alone.
 */
#include "runtime/modules/snapshot/snapshot_git.h"

#include <dlfcn.h>
#include <string.h>

static wn_err
find(struct snapshot_git *g, const char *name, void *slot, size_t size, struct wn_diag *d)
{
	void *address = dlsym(g->library, name);

	if (!address)
		return wn_fail(d, WN_E_TOOL, "libgit2 has no %s", name);
	/* ISO C has no conversion from an object pointer to a function pointer. */
	memcpy(slot, &address, size);
	return WN_OK;
}

static wn_err
find_all(struct snapshot_git *g, struct wn_diag *d)
{
	wn_err err = WN_OK;

#define FIND(name) \
	if (!err)  \
		err = find(g, "git_" #name, &g->name, sizeof g->name, d);
	SNAPSHOT_GIT_FUNCTIONS(FIND)
#undef FIND
	return err;
}

wn_err
snapshot_git_load(struct snapshot_git *g, struct wn_diag *d)
{
	wn_err err;

	if (g->library)
		return WN_OK;
	/* Never unmapped: what it stands on (libcrypto) leaves memory and exit handlers behind. */
	g->library = dlopen("libgit2.so." LIBGIT2_SOVERSION, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (!g->library)
		return wn_fail(d, WN_E_TOOL, "libgit2 " LIBGIT2_SOVERSION " is not installed");
	err = find_all(g, d);
	if (err) {
		dlclose(g->library);
		g->library = NULL;
		return err;
	}
	g->libgit2_init();
	g->libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "");
	g->libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
	g->libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
	g->libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	g->libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	g->libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	return WN_OK;
}

void
snapshot_git_unload(struct snapshot_git *g)
{
	if (!g->library)
		return;
	g->libgit2_shutdown();
	dlclose(g->library);
	g->library = NULL;
}
