/*
 * sandbox.usage: what runs confined, what it uses, and how each limit is enforced here. Job thread
 * that asks the loop for the table.
 */
#include <string.h>

#include "gen/sandbox.h"
#include "runtime/abi/iface_workspace.h"
#include "runtime/base/mem.h"
#include "runtime/modules/sandbox/sandbox.h"

#define MIB (1024 * 1024)

struct question {
	const char *workspace; /* NULL: every one */
	struct sandbox_usage_result *out;
	struct sandbox_facts facts;
};

static struct model_sandbox_box
box_of(struct wn_arena *a, const struct sandbox_run *r)
{
	return (struct model_sandbox_box){
		.id = wn_str(wn_arena_strdup(a, r->id)),
		.workspace = wn_str(wn_arena_strdup(a, r->workspace)),
		.kind = wn_str(wn_arena_strdup(a, r->kind)),
		.has_pid = r->pid > 0,
		.pid = r->pid,
		.started = r->began_ms,
		.has_cpu_percent = r->seen_ns > 0,
		.cpu_percent = r->cpu_percent,
		.has_memory_bytes = r->seen_ns > 0 && r->seen.memory_bytes >= 0,
		.memory_bytes = r->seen.memory_bytes,
		.has_memory_peak_bytes = r->seen_ns > 0 && r->seen.memory_peak >= 0,
		.memory_peak_bytes = r->seen.memory_peak,
		.has_processes = r->seen_ns > 0 && r->seen.processes >= 0,
		.processes = r->seen.processes,
	};
}

static struct model_sandbox_limit
limit(enum model_sandbox_limit_name name, enum model_sandbox_limit_unit unit, int64_t value,
      int64_t used, enum model_sandbox_limit_enforced enforced, const char *setting)
{
	return (struct model_sandbox_limit){
		.name = name,
		.unit = unit,
		.value = value,
		.has_used = used >= 0,
		.used = used,
		.enforced = value > 0 ? enforced : MODEL_SANDBOX_LIMIT_ENFORCED_NONE,
		.setting = wn_str(setting)
	};
}

#define KERNEL MODEL_SANDBOX_LIMIT_ENFORCED_KERNEL
#define WATCHED MODEL_SANDBOX_LIMIT_ENFORCED_WATCHED
#define BYTES MODEL_SANDBOX_LIMIT_UNIT_BYTES
#define COUNT MODEL_SANDBOX_LIMIT_UNIT_COUNT
#define SECONDS MODEL_SANDBOX_LIMIT_UNIT_SECONDS

/* A processor's share that no group holds is not looked at either: it takes nothing away for good.
 */
static void
limits_of(const struct wn_host *h, struct wn_arena *a, const struct question *q,
	  const struct model_sandbox_box *sum, const struct sandbox_space *p,
	  struct model_sandbox_usage *u)
{
	const struct sandbox_limits *held = &q->facts.held;
	int64_t disk = p ? p->disk_bytes : -1, files = p ? p->disk_files : -1;
	bool box = q->facts.namespaces;
	const struct model_sandbox_limit all[] = {
		limit(MODEL_SANDBOX_LIMIT_NAME_MEMORY, BYTES,
		      h->config_int(h, "sandbox.memory_mb") * MIB, sum->memory_bytes,
		      held->memory_bytes ? KERNEL : WATCHED, "sandbox.memory_mb"),
		limit(MODEL_SANDBOX_LIMIT_NAME_PROCESSES, COUNT, h->config_int(h, "sandbox.pids"),
		      sum->processes, held->pids ? KERNEL : WATCHED, "sandbox.pids"),
		limit(MODEL_SANDBOX_LIMIT_NAME_PROCESSOR, MODEL_SANDBOX_LIMIT_UNIT_PERCENT,
		      h->config_int(h, "sandbox.cpu_percent"), sum->cpu_percent,
		      held->cpu_percent ? KERNEL : MODEL_SANDBOX_LIMIT_ENFORCED_NONE,
		      "sandbox.cpu_percent"),
		limit(MODEL_SANDBOX_LIMIT_NAME_TMP, BYTES, h->config_int(h, "sandbox.tmp_mb") * MIB,
		      -1, KERNEL, "sandbox.tmp_mb"),
		limit(MODEL_SANDBOX_LIMIT_NAME_FILE_SIZE, BYTES,
		      h->config_int(h, "sandbox.file_mb") * MIB, -1, KERNEL, "sandbox.file_mb"),
		limit(MODEL_SANDBOX_LIMIT_NAME_OPEN_FILES, COUNT,
		      h->config_int(h, "sandbox.open_files"), -1, KERNEL, "sandbox.open_files"),
		limit(MODEL_SANDBOX_LIMIT_NAME_DISK, BYTES,
		      h->config_int(h, "sandbox.disk_mb") * MIB, disk, WATCHED, "sandbox.disk_mb"),
		limit(MODEL_SANDBOX_LIMIT_NAME_DISK_FILES, COUNT,
		      h->config_int(h, "sandbox.disk_files"), files, WATCHED, "sandbox.disk_files"),
		limit(MODEL_SANDBOX_LIMIT_NAME_BUSY, SECONDS,
		      h->config_int(h, "sandbox.busy_seconds"), -1, WATCHED,
		      "sandbox.busy_seconds"),
		limit(MODEL_SANDBOX_LIMIT_NAME_WALL_TIME, SECONDS,
		      h->config_int(h, "sandbox.wall_seconds"), -1, WATCHED,
		      "sandbox.wall_seconds"),
	};

	u->limits = (struct model_sandbox_limit *)wn_arena_alloc(a, sizeof all);
	u->limits_len = sizeof all / sizeof all[0];
	memcpy(u->limits, all, sizeof all);
	/* Without a box nothing of a process is held; who looks does so all the same. */
	for (size_t i = 0; !box && i < u->limits_len; i++)
		if (u->limits[i].enforced == KERNEL)
			u->limits[i].enforced = MODEL_SANDBOX_LIMIT_ENFORCED_NONE;
}

static void
add(struct model_sandbox_box *sum, const struct sandbox_run *r)
{
	if (r->seen_ns == 0)
		return;
	sum->cpu_percent = (sum->cpu_percent < 0 ? 0 : sum->cpu_percent) + r->cpu_percent;
	if (r->seen.memory_bytes >= 0)
		sum->memory_bytes =
			(sum->memory_bytes < 0 ? 0 : sum->memory_bytes) + r->seen.memory_bytes;
	if (r->seen.processes >= 0)
		sum->processes = (sum->processes < 0 ? 0 : sum->processes) + r->seen.processes;
}

static void
one(struct wn_mod *m, struct wn_ctx *ctx, struct question *q, const char *workspace)
{
	struct sandbox *s = sandbox_of(m);
	struct model_sandbox_usage *u = &q->out->workspaces[q->out->workspaces_len++];
	const struct sandbox_space *p =
		(const struct sandbox_space *)wn_map_get(&s->spaces, wn_str(workspace));
	struct model_sandbox_box sum = { .cpu_percent = -1, .memory_bytes = -1, .processes = -1 };
	struct wn_map_iter it;

	*u = (struct model_sandbox_usage){
		.workspace = wn_str(wn_arena_strdup(ctx->arena, workspace)),
		.boxes = (struct model_sandbox_box *)wn_arena_array(ctx->arena, s->runs.len + 1,
								    sizeof *u->boxes),
	};
	wn_map_iter_init(&it, &s->runs);
	while (wn_map_iter_next(&it)) {
		const struct sandbox_run *r = (const struct sandbox_run *)it.value;

		if (strcmp(r->workspace, workspace) != 0 || strcmp(r->tenant, ctx->tenant) != 0)
			continue;
		u->boxes[u->boxes_len++] = box_of(ctx->arena, r);
		add(&sum, r);
		if (p && p->stopped)
			u->stopped = wn_str(wn_arena_strdup(ctx->arena, p->stopped));
	}
	limits_of(m->host, ctx->arena, q, &sum, u->boxes_len > 0 ? p : NULL, u);
}

static bool
is_in(const struct sandbox_usage_result *out, const char *workspace)
{
	for (size_t i = 0; i < out->workspaces_len; i++)
		if (wn_str_is(out->workspaces[i].workspace, workspace))
			return true;
	return false;
}

static wn_err
from_table(struct wn_mod *m, struct wn_ctx *ctx, void *arg)
{
	struct question *q = (struct question *)arg;
	struct sandbox *s = sandbox_of(m);
	struct wn_map_iter it;

	q->out->workspaces = (struct model_sandbox_usage *)wn_arena_array(
		ctx->arena, s->runs.len + 1, sizeof *q->out->workspaces);
	if (q->workspace) {
		one(m, ctx, q, q->workspace);
		return WN_OK;
	}
	wn_map_iter_init(&it, &s->runs);
	while (wn_map_iter_next(&it)) {
		const struct sandbox_run *r = (const struct sandbox_run *)it.value;

		if (strcmp(r->tenant, ctx->tenant) == 0 && !is_in(q->out, r->workspace))
			one(m, ctx, q, r->workspace);
	}
	return WN_OK;
}

wn_err
sandbox_on_usage(struct wn_mod *m, struct wn_ctx *ctx, const struct sandbox_usage_params *params,
		 struct sandbox_usage_result *result)
{
	const struct wn_bound *b = &m->bound[SANDBOX_NEED_WORKSPACE];
	struct question q = { .out = result };
	struct wn_workspace ws = { 0 };
	wn_err err = sandbox_facts_get(m, ctx, &q.facts);

	if (!err && params->workspace.p) {
		err = ((const struct wn_iface_workspace *)b->vtable)
			      ->get(b->mod, ctx, params->workspace, &ws);
		q.workspace = ws.id;
	}
	return err ? err : m->host->job_ask(m, ctx, from_table, &q);
}
