/*
 * libgit2, loaded when the first snapshot is taken: with what it stands on it would cost every
 * start of the engine, of a shim and of the launcher 6 ms and 3 MB. A table of its functions, one
 * an engine.
 */
#ifndef RUNTIME_MODULES_SNAPSHOT_SNAPSHOT_GIT_H
#define RUNTIME_MODULES_SNAPSHOT_SNAPSHOT_GIT_H

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "runtime/base/error.h"

/* Every function that the module calls, without its git_ prefix. */
/* clang-format off */
#define SNAPSHOT_GIT_FUNCTIONS(X)                                                                     \
	X(index_new) X(index_add) X(index_free) X(index_write_tree_to) X(reference_create)            \
	X(reference_free) X(tree_entry_bypath) X(tree_entry_free) X(tree_entry_id) X(merge_file)      \
	X(merge_file_result_free)                                                                     \
	X(blob_free)                                                                                  \
	X(blob_lookup)                                                                                \
	X(blob_rawcontent) X(blob_rawsize) X(buf_dispose) X(commit_create_v) X(commit_free) X(        \
		commit_lookup) X(commit_tree) X(diff_free) X(diff_get_delta) X(diff_num_deltas)       \
		X(diff_options_init) X(diff_to_buf) X(diff_tree_to_tree) X(error_last) X(             \
			ignore_path_is_ignored) X(libgit2_init) X(libgit2_opts) X(libgit2_shutdown)   \
			X(mempack_new) X(mempack_reset) X(odb_add_backend) X(odb_free) X(             \
				odb_write) X(oid_equal) X(packbuilder_free) X(packbuilder_insert)     \
				X(packbuilder_new) X(packbuilder_set_threads) X(packbuilder_write) X( \
					patch_free) X(patch_from_diff) X(patch_line_stats)            \
					X(reference_name_to_id) X(repository_free) X(                 \
						repository_init_ext) X(repository_init_options_init)  \
						X(repository_odb) X(repository_open_bare) X(          \
							repository_set_workdir) X(signature_free)     \
							X(signature_new) X(tree_free) X(              \
								tree_id) X(tree_lookup)               \
								X(treebuilder_entrycount) X(          \
									treebuilder_free)             \
									X(treebuilder_insert) X(      \
										treebuilder_new)      \
										X(treebuilder_write)
/* clang-format on */

struct snapshot_git {
	void *library;
#define SNAPSHOT_GIT_MEMBER(name) __typeof__(&git_##name) name;
	SNAPSHOT_GIT_FUNCTIONS(SNAPSHOT_GIT_MEMBER)
#undef SNAPSHOT_GIT_MEMBER
};

/* Loads the library of the headers' version and sets it up for repositories that are ours alone;
 * WN_E_TOOL when it is not installed. Not thread-safe: the caller holds a lock. */
wn_err snapshot_git_load(struct snapshot_git *g, struct wn_diag *d);
void snapshot_git_unload(struct snapshot_git *g);

#endif
