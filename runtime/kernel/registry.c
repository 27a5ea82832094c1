/*
 * Implements the registry.
 */
#include "runtime/kernel/registry.h"

#include <assert.h>
#include <string.h>

#include "runtime/base/mem.h"
#include "runtime/kernel/registry_priv.h"

struct wn_registry {
	const struct wn_host *host;
	const char *root;
	struct reg_mod *mods; /* in the order given */
	size_t n;
	WN_VEC(struct reg_mod *) order; /* in starting order */
	/* stopping */
	struct wn_loop *loop;
	struct wn_timer *limit;
	size_t left; /* modules still to stop */
	struct reg_mod *stopping;
	int64_t limit_ms;
	wn_post_fn done;
	void *done_arg;
};

/* ---- binding ---- */

/* Tells apart "nobody offers it" and "only in another version". */
static const struct wn_iface_decl *
find_offer(const struct wn_registry *r, const struct wn_iface_decl *need, size_t *who_out,
	   const struct wn_iface_decl **near_out)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct wn_iface_decl *o = r->mods[i].mod.desc->offers;

		for (; o != NULL && o->name != NULL; o++) {
			if (strcmp(o->name, need->name) != 0)
				continue;
			*near_out = o;
			*who_out = i;
			if (o->major == need->major && o->minor >= need->minor)
				return o;
		}
	}
	return NULL;
}

static wn_err
bind_one(struct wn_registry *r, struct reg_mod *m, size_t k, struct wn_diag *d)
{
	const struct wn_iface_decl *need = &m->mod.desc->needs[k];
	const struct wn_iface_decl *near = NULL, *offer;
	size_t who = 0;

	offer = find_offer(r, need, &who, &near);
	if (offer != NULL) {
		m->bound[k].vtable = offer->vtable;
		m->bound[k].mod = &r->mods[who].mod;
		return WN_OK;
	}
	if ((need->flags & WN_NEED_OPTIONAL) != 0)
		return WN_OK;
	if (near != NULL)
		return wn_fail(d, WN_E_NEED, "module %s needs %s %u.%u, but module %s offers %u.%u",
			       m->mod.desc->name, need->name, need->major, need->minor,
			       r->mods[who].mod.desc->name, near->major, near->minor);
	return wn_fail(d, WN_E_NEED, "module %s needs %s %u.%u, and no module offers it",
		       m->mod.desc->name, need->name, need->major, need->minor);
}

static size_t
need_count(const struct reg_mod *m)
{
	size_t n = 0;

	while (m->mod.desc->needs != NULL && m->mod.desc->needs[n].name != NULL)
		n++;
	return n;
}

static wn_err
bind_all(struct wn_registry *r, struct wn_diag *d)
{
	for (size_t i = 0; i < r->n; i++) {
		struct reg_mod *m = &r->mods[i];
		size_t n = need_count(m);

		m->bound = wn_alloc_array(n + 1, sizeof(struct wn_bound));
		m->mod.bound = m->bound;
		for (size_t k = 0; k < n; k++) {
			wn_err err = bind_one(r, m, k, d);

			if (err != WN_OK)
				return err;
		}
	}
	return WN_OK;
}

/* ---- sorting ---- */

static struct reg_mod *
reg_of(const struct wn_mod *m)
{
	return m->kernel;
}

static wn_err visit(struct wn_registry *r, struct reg_mod *m, struct reg_mod *const *path,
		    size_t depth, struct wn_diag *d);

static wn_err
cycle_error(struct reg_mod *const *path, size_t depth, const struct reg_mod *m, struct wn_diag *d)
{
	char text[256] = "";
	size_t at = 0, used = 0;

	while (at < depth && path[at] != m)
		at++;
	for (; at < depth && used < sizeof(text); at++) {
		size_t n = strlen(path[at]->mod.desc->name);

		if (used + n + 5 >= sizeof(text))
			break;
		memcpy(text + used, path[at]->mod.desc->name, n);
		memcpy(text + used + n, " -> ", 5);
		used += n + 4;
	}
	return wn_fail(d, WN_E_CYCLE, "modules need each other in a circle: %s%s", text,
		       m->mod.desc->name);
}

static wn_err
visit_needs(struct wn_registry *r, struct reg_mod *m, struct reg_mod *const *path, size_t depth,
	    struct wn_diag *d)
{
	size_t n = need_count(m);

	for (size_t k = 0; k < n; k++) {
		wn_err err;

		if (m->bound[k].mod == NULL)
			continue;
		err = visit(r, reg_of(m->bound[k].mod), path, depth, d);
		if (err != WN_OK)
			return err;
	}
	return WN_OK;
}

static wn_err
visit(struct wn_registry *r, struct reg_mod *m, struct reg_mod *const *path, size_t depth,
      struct wn_diag *d)
{
	struct reg_mod *here[64];
	wn_err err;

	if (m->mark == 2)
		return WN_OK;
	if (m->mark == 1)
		return cycle_error(path, depth, m, d);
	if (depth >= 63)
		return wn_fail(d, WN_E_LIMIT, "needs are nested deeper than 63 at module %s",
			       m->mod.desc->name);
	m->mark = 1;
	if (depth > 0)
		memcpy(here, path, depth * sizeof(*here));
	here[depth] = m;
	err = visit_needs(r, m, here, depth + 1, d);
	m->mark = 2;
	if (err == WN_OK)
		wn_vec_push(&r->order, m);
	return err;
}

static wn_err
sort_all(struct wn_registry *r, struct wn_diag *d)
{
	struct wn_mod *root = r->root != NULL ? wn_registry_find(r, r->root) : NULL;
	wn_err err = WN_OK;

	if (root != NULL)
		err = visit(r, reg_of(root), NULL, 0, d);
	for (size_t i = 0; i < r->n && err == WN_OK; i++)
		err = visit(r, &r->mods[i], NULL, 0, d);
	return err;
}

/* ---- life ---- */

static wn_err
check_names(const struct wn_registry *r, struct wn_diag *d)
{
	for (size_t i = 0; i < r->n; i++) {
		const char *name = r->mods[i].mod.desc->name;

		for (size_t k = 0; k < i; k++) {
			if (strcmp(r->mods[k].mod.desc->name, name) == 0)
				return wn_fail(d, WN_E_CONTRACT, "two modules are called %s", name);
		}
	}
	return WN_OK;
}

wn_err
wn_registry_new(const struct wn_registry_opts *opts, struct wn_registry **out, struct wn_diag *d)
{
	struct wn_registry *r = WN_NEW(struct wn_registry);
	wn_err err = WN_OK;

	*out = NULL;
	r->host = opts->host;
	r->root = opts->root;
	r->mods = wn_alloc_array(opts->n + 1, sizeof(struct reg_mod));
	r->n = opts->n;
	for (size_t i = 0; i < r->n; i++) {
		struct reg_mod *m = &r->mods[i];

		m->mod.desc = opts->modules[i];
		m->mod.host = opts->host;
		m->mod.kernel = m;
		m->registry = r;
		wn_map_init(&m->emits);
	}
	for (size_t i = 0; i < r->n && err == WN_OK; i++)
		err = wn_manifest_check(&r->mods[i], d);
	if (err == WN_OK)
		err = check_names(r, d);
	if (err == WN_OK)
		err = bind_all(r, d);
	if (err == WN_OK)
		err = sort_all(r, d);
	if (err != WN_OK) {
		wn_registry_free(r);
		return err;
	}
	*out = r;
	return WN_OK;
}

wn_err
wn_registry_start(struct wn_registry *r, bool only_root, struct wn_ctx *ctx)
{
	bool over = false;

	for (size_t i = 0; i < r->order.len; i++) {
		struct reg_mod *m = r->order.p[i];
		wn_err err = m->mod.desc->init(&m->mod, r->host);

		if (err != WN_OK)
			return WN_FAIL(ctx, err, "module %s could not be initialised",
				       m->mod.desc->name);
		m->state = REG_INITED;
	}
	for (size_t i = 0; i < r->order.len && !over; i++) {
		struct reg_mod *m = r->order.p[i];
		wn_err err;

		over = only_root && r->root != NULL && strcmp(m->mod.desc->name, r->root) == 0;
		err = m->mod.desc->start != NULL ? m->mod.desc->start(&m->mod, ctx) : WN_OK;
		if (err != WN_OK) {
			(void)WN_FAIL(ctx, err, "module %s could not start", m->mod.desc->name);
			wn_fail_note(&ctx->diag, "while module %s started", m->mod.desc->name);
			return err;
		}
		m->state = REG_STARTED;
	}
	return WN_OK;
}

/* ---- stopping ---- */

static void stop_next(void *arg);

static void
stop_over(struct wn_registry *r, struct reg_mod *m)
{
	m->state = REG_STOPPED;
	r->stopping = NULL;
	wn_loop_timer_stop(r->loop, r->limit);
	r->limit = NULL;
	wn_loop_post(r->loop, stop_next, r);
}

static void
on_stopped(struct wn_mod *mod)
{
	struct reg_mod *m = reg_of(mod);
	struct wn_registry *r = m->registry;

	if (r->stopping == m)
		stop_over(r, m);
}

static void
on_limit(void *arg)
{
	struct wn_registry *r = arg;
	struct reg_mod *m = r->stopping;

	r->limit = NULL;
	wn_log(r->host->log, WN_LOG_ERROR, "registry", "a module did not stop in time",
	       WN_S("module", m->mod.desc->name));
	stop_over(r, m);
}

static void
stop_next(void *arg)
{
	struct wn_registry *r = arg;
	struct reg_mod *m;

	while (r->left > 0 && r->order.p[r->left - 1]->state != REG_STARTED)
		r->left--;
	if (r->left == 0) {
		r->done(r->done_arg);
		return;
	}
	m = r->order.p[--r->left];
	if (m->mod.desc->stop == NULL) {
		m->state = REG_STOPPED;
		wn_loop_post(r->loop, stop_next, r);
		return;
	}
	r->stopping = m;
	r->limit = wn_loop_timer(r->loop, r->limit_ms, 0, on_limit, r);
	m->mod.desc->stop(&m->mod, on_stopped);
}

void
wn_registry_stop(struct wn_registry *r, struct wn_loop *l, int64_t limit_ms, wn_post_fn done,
		 void *arg)
{
	assert(r->done == NULL && "stopped twice");
	r->loop = l;
	r->limit_ms = limit_ms;
	r->done = done;
	r->done_arg = arg;
	r->left = r->order.len;
	wn_loop_post(l, stop_next, r);
}

void
wn_registry_free(struct wn_registry *r)
{
	if (r == NULL)
		return;
	for (size_t i = r->order.len; i > 0; i--) {
		struct reg_mod *m = r->order.p[i - 1];

		if (m->state != REG_NEW && m->mod.desc->fini != NULL)
			m->mod.desc->fini(&m->mod);
	}
	for (size_t i = 0; i < r->n; i++) {
		wn_map_fini(&r->mods[i].emits, NULL);
		wn_free(r->mods[i].bound);
	}
	wn_vec_fini(&r->order);
	wn_free(r->mods);
	wn_free(r);
}

/* ---- looking ---- */

size_t
wn_registry_count(const struct wn_registry *r)
{
	return r->order.len;
}

struct wn_mod *
wn_registry_at(const struct wn_registry *r, size_t i)
{
	return &r->order.p[i]->mod;
}

struct wn_mod *
wn_registry_find(const struct wn_registry *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++) {
		if (strcmp(r->mods[i].mod.desc->name, name) == 0)
			return &r->mods[i].mod;
	}
	return NULL;
}

bool
wn_registry_emits(const struct wn_mod *m, const char *type)
{
	return wn_map_has(&reg_of(m)->emits, wn_str(type));
}

const char *
wn_registry_state(const struct wn_mod *m)
{
	switch (reg_of(m)->state) {
	case REG_STARTED:
		return "running";
	case REG_STOPPED:
		return "stopped";
	default:
		return "starting";
	}
}
