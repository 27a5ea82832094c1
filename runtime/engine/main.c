/*
 * webnovad: the composition root. Names the generated tables (modules, settings, contracts), puts
 * them into the kernel and runs it. Knows no module by name.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gen/config.h"
#include "gen/contracts.h"
#include "gen/modules.h"
#include "gen/schemas.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "runtime/engine/instance.h"
#include "runtime/engine/offline.h"
#include "runtime/engine/options.h"
#include "runtime/kernel/kernel.h"
#include "runtime/kernel/log_sink.h"
#include "runtime/shim/egress.h"
#include "runtime/shim/launch.h"
#include "runtime/shim/shim.h"

extern char **environ;

struct engine {
	struct options *o;
	struct wn_log log;
	struct wn_log_sink *sink;
	struct wn_kernel *kernel;
	int report;  /* to the process that started us; -1: nobody waits */
	int signals; /* that asked for an end */
};

/* Where lines go when the log file cannot be written: a read-only disk must not keep the engine
 * down. */
static void
log_to_stderr(void *arg, enum wn_log_level level, const char *line, size_t n)
{
	(void)arg;
	(void)level;
	(void)fwrite(line, 1, n, stderr);
}

static void
open_log(struct engine *e)
{
	struct wn_diag d = { 0 };
	const struct wn_config *c = e->o->config;
	struct wn_log_sink_opts so = { .path = e->o->log_path,
				       .max_bytes = wn_config_int(c, "engine.log.max_bytes"),
				       .keep = (int)wn_config_int(c, "engine.log.keep") };
	char *dir = wn_path_join(e->o->state_dir, "log");
	wn_err err = wn_file_is_dir(dir) ? WN_OK : wn_file_mkdirs(dir, 0700, &d);

	wn_free(dir);
	if (err == WN_OK)
		err = wn_log_sink_new(&so, &e->sink, &d);
	e->log = (struct wn_log){
		.level =
			(enum wn_log_level)wn_log_level_parse(wn_config_str(c, "engine.log.level")),
		.json = strcmp(wn_config_str(c, "engine.log.format"), "json") == 0,
		.clock = wn_clock_real(),
		.sink = err == WN_OK ? wn_log_sink_write : log_to_stderr,
		.arg = e->sink,
	};
	if (err != WN_OK)
		wn_log(&e->log, WN_LOG_WARN, "engine", "there is no log file", WN_S("why", d.text));
}

static wn_err
make_kernel(struct engine *e, struct wn_diag *d)
{
	struct wn_kernel_opts ko = { .modules = wn_modules,
				     .n_modules = wn_module_count,
				     .config = e->o->config,
				     .clock = wn_clock_real(),
				     .log = &e->log,
				     .contracts = { .openrpc = wn_openrpc,
						    .check_event = wn_contract_check_event },
				     .state_dir = e->o->state_dir,
				     .cache_dir = e->o->cache_dir,
				     .run_dir = e->o->run_dir,
				     .self_path = e->o->self,
				     .socket_path = e->o->mode == MODE_RUN ? e->o->socket : NULL,
				     .log_path = e->o->log_path };

	return wn_kernel_new(&ko, &e->kernel, d);
}

/* ---- signals ---- */

/* The first asks for a clean end, the second for an end at once. */
static void
on_end_signal(void *arg)
{
	struct engine *e = arg;

	if (++e->signals > 1)
		_exit(1);
	wn_log(&e->log, WN_LOG_INFO, "engine", "a signal asks for the end");
	wn_kernel_quit(e->kernel);
}

static void
on_hangup(void *arg)
{
	struct engine *e = arg;

	if (e->sink)
		wn_log_sink_reopen(e->sink);
}

/* Until there is a loop to hear them: who is asked to end while it starts ends cleanly too. */
static void
hold_signals(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	(void)pthread_sigmask(how, &set, NULL);
}

static void
catch_signals(struct engine *e)
{
	(void)signal(SIGPIPE, SIG_IGN);
	wn_loop_signal(e->kernel->loop, SIGTERM, on_end_signal, e);
	wn_loop_signal(e->kernel->loop, SIGINT, on_end_signal, e);
	wn_loop_signal(e->kernel->loop, SIGHUP, on_hangup, e);
	hold_signals(SIG_UNBLOCK);
}

/* ---- running ---- */

static int
failed(struct engine *e, const struct wn_diag *d)
{
	wn_log(&e->log, WN_LOG_ERROR, "engine", "the engine could not start", WN_ERRF(d->code),
	       WN_S("text", d->text));
	if (e->report < 0)
		(void)fprintf(stderr, "webnovad: %s\n", d->text);
	instance_report(e->report, d->text);
	return 1;
}

static void
ready(struct engine *e)
{
	wn_log(&e->log, WN_LOG_INFO, "engine", "ready", WN_S("version", WN_VERSION),
	       WN_I("pid", getpid()), WN_S("socket", e->o->socket));
	if (e->report < 0) {
		(void)printf("webnovad %s ready on %s\n", WN_VERSION, e->o->socket);
		(void)fflush(stdout);
	}
	instance_report(e->report, NULL);
}

static void
shut_down(struct engine *e)
{
	if (!wn_kernel_stop(e->kernel, wn_config_int(e->o->config, "engine.stop_ms"))) {
		/* Threads still use what freeing would take away; the log holds the state. */
		wn_log(&e->log, WN_LOG_ERROR, "engine", "ended without waiting any longer");
		_exit(1);
	}
	wn_kernel_free(e->kernel);
	wn_log(&e->log, WN_LOG_INFO, "engine", "ended");
}

static int
serve(struct engine *e)
{
	struct wn_diag d = { 0 };
	wn_err err = make_kernel(e, &d);

	if (err != WN_OK)
		return failed(e, &d);
	catch_signals(e);
	err = wn_kernel_start(e->kernel, &d);
	if (err == WN_OK) {
		ready(e);
		wn_kernel_run(e->kernel);
	} else {
		(void)failed(e, &d);
	}
	shut_down(e);
	return err == WN_OK ? 0 : 1;
}

static int
run(struct options *o)
{
	struct engine e = { .o = o, .report = -1 };
	struct wn_diag d = { 0 };
	int status = -1, lock = -1;
	wn_err err = WN_OK;

	(void)umask(077);
	if (!o->foreground)
		err = instance_background(&status, &e.report, &d);
	if (err == WN_OK && status >= 0)
		return status;
	hold_signals(SIG_BLOCK);
	if (err == WN_OK)
		err = instance_lock(o, &lock, &d);
	if (err == WN_E_BUSY) {
		/* Not a failure: who wanted an engine has one. */
		if (e.report < 0)
			(void)printf("webnovad: %s\n", d.text);
		instance_report(e.report, NULL);
		return 0;
	}
	if (err == WN_OK)
		open_log(&e);
	status = err == WN_OK ? serve(&e) : failed(&e, &d);
	wn_log_sink_free(e.sink);
	if (lock >= 0)
		close(lock);
	return status;
}

static int
print_config(const struct options *o)
{
	struct wn_buf b;

	wn_buf_init(&b, 1 << 20);
	if (wn_config_print(o->config, &b) == WN_OK && b.len > 0)
		(void)fwrite(b.p, 1, b.len, stdout);
	wn_buf_fini(&b);
	return 0;
}

static int
dispatch(struct options *o, int argc, char **argv)
{
	switch (o->mode) {
	case MODE_SHIM:
		return wn_shim_main(argc - 1, argv + 1);
	case MODE_LAUNCH:
		return wn_launch_main(argc - 1, argv + 1);
	case MODE_EGRESS:
		return wn_egress_main(argc - 1, argv + 1);
	case MODE_STDIO:
		(void)signal(SIGPIPE, SIG_IGN);
		return instance_stdio(o);
	case MODE_REBUILD:
		return offline_rebuild(o);
	case MODE_CHECK:
		return offline_check(o);
	case MODE_PRINT_CONFIG:
		return print_config(o);
	case MODE_VERSION:
		(void)printf("webnovad %s\n", WN_VERSION);
		return 0;
	case MODE_HELP:
		(void)fputs(options_help, stdout);
		return 0;
	case MODE_RUN:
		break;
	}
	return run(o);
}

int
main(int argc, char **argv)
{
	struct options o;
	struct wn_diag d = { 0 };
	int status;

	if (options_read(&o, argc, argv, environ, &d) == WN_OK) {
		status = dispatch(&o, argc, argv);
	} else {
		(void)fprintf(stderr, "webnovad: %s\n", d.text);
		status = 2;
	}
	options_fini(&o);
	return status;
}
