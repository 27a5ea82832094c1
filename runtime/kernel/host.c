/*
 * Implements the host table: thin functions that find the kernel's part and hand on.
 */
#include "runtime/kernel/host.h"

#include <pthread.h>

#include "runtime/kernel/conn.h"
#include "runtime/kernel/emit.h"
#include "runtime/kernel/http.h"
#include "runtime/kernel/job.h"
#include "runtime/kernel/link.h"
#include "runtime/kernel/process.h"
#include "runtime/kernel/signal_hub.h"

static struct wn_kernel *
kernel_of(const struct wn_host *h)
{
	return h->kernel;
}

static void
new_id(const struct wn_host *h, char out[WN_ULID_MAX])
{
	struct wn_kernel *k = kernel_of(h);

	pthread_mutex_lock(k->id_lock);
	wn_id_ulid(k->idgen, out);
	pthread_mutex_unlock(k->id_lock);
}

static const char *
config_str(const struct wn_host *h, const char *key)
{
	return wn_config_str(kernel_of(h)->opts.config, key);
}

static int64_t
config_int(const struct wn_host *h, const char *key)
{
	return wn_config_int(kernel_of(h)->opts.config, key);
}

static bool
config_bool(const struct wn_host *h, const char *key)
{
	return wn_config_bool(kernel_of(h)->opts.config, key);
}

static void
post(const struct wn_host *h, wn_post_fn fn, void *arg)
{
	wn_loop_post(kernel_of(h)->loop, fn, arg);
}

static struct wn_timer *
timer_start(struct wn_mod *m, int64_t ms, int64_t repeat_ms, wn_post_fn fn, void *arg)
{
	return wn_loop_timer(wn_kernel_of(m)->loop, ms, repeat_ms, fn, arg);
}

static void
timer_stop(struct wn_mod *m, struct wn_timer *t)
{
	wn_loop_timer_stop(wn_kernel_of(m)->loop, t);
}

static wn_err
job_start(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_job_spec *spec,
	  char id_out[WN_ULID_MAX])
{
	struct wn_job_start s = { .spec = *spec, .task = true };

	return wn_jobs_start(wn_kernel_of(m)->jobs, m, ctx, &s, id_out);
}

static wn_err
do_exec(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_exec *e, struct wn_exec_result *out)
{
	(void)m;
	return wn_process_exec(ctx, wn_kernel_of(m)->keeper, wn_job_wake_fd(ctx), e, out);
}

static wn_err
do_http(struct wn_mod *m, struct wn_ctx *ctx, const struct wn_http *h, struct wn_http_result *out)
{
	(void)m;
	return wn_http_exchange(ctx, wn_job_wake_fd(ctx), h, out);
}

static wn_err
link_open(struct wn_mod *m, const char *path, const struct wn_link_ops *ops, void *arg,
	  struct wn_link **out)
{
	return wn_link_open(wn_kernel_of(m)->loop, path, ops, arg, out);
}

static wn_err
link_ask(struct wn_mod *m, struct wn_ctx *ctx, const char *path, const char *method,
	 struct wn_str params, struct wn_str attachment, struct wn_str *result_out,
	 struct wn_str *attachment_out)
{
	(void)m;
	return wn_link_ask(ctx, wn_job_wake_fd(ctx), path, method, params, attachment, result_out,
			   attachment_out);
}

static void
send_signal(struct wn_mod *m, struct wn_ctx *ctx, const char *topic, const char *subject,
	    struct wn_str json)
{
	wn_signal_publish(wn_kernel_of(m)->signals, ctx->tenant, topic, subject, json);
}

void
wn_host_fill(struct wn_kernel *k)
{
	k->host = (struct wn_host){ .abi = WN_ABI,
				    .size = sizeof(struct wn_host),
				    .kernel = k,
				    .log = k->opts.log,
				    .clock = k->opts.clock,
				    .state_dir = k->opts.state_dir,
				    .cache_dir = k->opts.cache_dir,
				    .run_dir = k->opts.run_dir,
				    .self_path = k->opts.self_path,
				    .new_id = new_id,
				    .config_str = config_str,
				    .config_int = config_int,
				    .config_bool = config_bool,
				    .emit = wn_emit,
				    .post = post,
				    .timer_start = timer_start,
				    .timer_stop = timer_stop,
				    .job_start = job_start,
				    .job_ask = wn_job_ask,
				    .job_progress = wn_job_progress,
				    .job_id = wn_job_id,
				    .job_notify = wn_job_notify,
				    .job_wait = wn_job_wait,
				    .exec = do_exec,
				    .http = do_http,
				    .defer = wn_call_defer,
				    .reply = wn_call_reply,
				    .attachment = wn_call_attachment,
				    .attach = wn_call_attach,
				    .stream_open = wn_stream_open,
				    .stream_send = wn_stream_send,
				    .stream_credit = wn_stream_credit,
				    .stream_close = wn_stream_close,
				    .link_open = link_open,
				    .link_call = wn_link_call,
				    .link_notify = wn_link_notify,
				    .link_close = wn_link_close,
				    .link_ask = link_ask,
				    .signal = send_signal };
}
