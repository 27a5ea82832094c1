/*
 * adapter/store_sqlite: descriptor and lifecycle of the default store.
 */
#include "runtime/adapter/store_sqlite/store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "gen/store_sqlite.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

/* The file is made here with a private mode: SQLite's own would follow the umask. */
static wn_err
make_file(struct store *s, struct wn_diag *d)
{
	int fd = open(s->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0) {
		close(fd);
		return WN_OK;
	}
	if ((errno == EROFS || errno == EACCES) && access(s->path, R_OK) == 0) {
		atomic_store(&s->read_only_file, true);
		return WN_OK;
	}
	return wn_fail_errno(d, errno, "open the store %s", s->path);
}

static wn_err
store_open_file(struct store *s, struct wn_diag *d)
{
	char *dir = wn_path_join(s->host->state_dir, "store");
	wn_err err;

	s->path = wn_path_join(dir, "engine.db");
	err = wn_file_exists(s->path) ? WN_OK : wn_file_mkdirs(dir, 0700, d);
	wn_free(dir);
	if (!err)
		err = make_file(s, d);
	if (!err)
		err = store_conn_open(s, false, &s->writer, d);
	if (!err)
		err = store_writer_prepare(s, s->writer, d);
	if (!err)
		err = store_schema(s, d);
	return err ? err : store_positions(s, d);
}

static wn_err
store_open(struct wn_mod *m, const struct wn_migration_set *sets, size_t n,
	   wn_projector_fn projector, void *projector_arg, wn_store_state_fn on_state,
	   void *state_arg, struct wn_diag *d)
{
	struct store *s = store_of(m);
	wn_err err;

	s->sets = sets;
	s->nsets = n;
	s->projector = projector;
	s->projector_arg = projector_arg;
	s->on_state = on_state;
	s->state_arg = state_arg;
	err = store_open_file(s, d);
	if (err)
		return err;
	if (atomic_load(&s->read_only_file))
		store_set_state(s, WN_STORE_READ_ONLY, "there is no right to write the file");
	return store_writer_start(s, d);
}

static int64_t
store_last_seq(struct wn_mod *m)
{
	return atomic_load(&store_of(m)->last_seq);
}

static enum wn_store_state
store_state(struct wn_mod *m)
{
	return (enum wn_store_state)atomic_load(&store_of(m)->state);
}

static void
store_close(struct wn_mod *m)
{
	struct store *s = store_of(m);

	store_writer_stop(s);
	store_readers_fini(s);
	store_conn_free(s->writer);
	s->writer = NULL;
}

static const struct wn_iface_store vtable = {
	.open = store_open,
	.append = store_append,
	.append_wait = store_append_wait,
	.events = store_events,
	.last_seq = store_last_seq,
	.stream_version = store_stream_version,
	.query = store_query,
	.cursor_get = store_cursor_get,
	.cursor_set = store_cursor_set,
	.dead_letter = store_dead_letter,
	.rebuild = store_rebuild,
	.state = store_state,
	.close = store_close,
};

static wn_err
init(struct wn_mod *m, const struct wn_host *host)
{
	struct store *s = WN_NEW(struct store);

	/* Nobody asks for its memory statistics, and they cost a lock an allocation. Refused when
	 * SQLite runs already. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	s->host = host;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->cond, NULL);
	pthread_cond_init(&s->checkpoint_cond, NULL);
	pthread_mutex_init(&s->pool_lock, NULL);
	pthread_cond_init(&s->pool_cond, NULL);
	wn_map_init(&s->streams);
	STAILQ_INIT(&s->queue);
	SLIST_INIT(&s->pool);
	m->state = s;
	return WN_OK;
}

static void
fini(struct wn_mod *m)
{
	struct store *s = store_of(m);

	store_close(m);
	pthread_cond_destroy(&s->pool_cond);
	pthread_mutex_destroy(&s->pool_lock);
	pthread_cond_destroy(&s->checkpoint_cond);
	pthread_cond_destroy(&s->cond);
	pthread_mutex_destroy(&s->lock);
	wn_map_fini(&s->streams, wn_free);
	wn_free(s->path);
	wn_free(s);
	m->state = NULL;
}

static const struct wn_iface_decl offers[] = { { "store", 1, 1, &vtable, 0 }, { 0 } };

const struct wn_module store_sqlite_module = {
	.abi = WN_ABI,
	.size = sizeof(struct wn_module),
	.name = "store_sqlite",
	.version = "1.0.0",
	.manifest = store_sqlite_manifest,
	.offers = offers,
	.init = init,
	.fini = fini,
};
