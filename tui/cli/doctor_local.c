/*
 * What the doctor sees without an engine: programs, terminal, directories.
 */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"
#include "tui/cli/doctor.h"
#include "tui/client/client.h"

#define FREE_MIN_MB 200 /* less than this is soon full */

static const struct {
	const char *program;
	bool essential;
	const char *cost, *fix;
} programs[] = {
	{ "bwrap", true, "Platforms do not run: they are confined with it.",
	  "apt install bubblewrap" },
	{ "npm", true, "Dependencies of platforms cannot be fetched; it brings Node.js too.",
	  "apt install npm" },
	{ "git", false, "No git commands in terminals; snapshots work without it.",
	  "apt install git" },
	{ "ssh", false, "Engines on other machines cannot be reached.",
	  "apt install openssh-client" },
	{ "curl", false, "Only examples use it.", "apt install curl" },
};

static void
node_row(struct doctor *d)
{
	char *path = wn_path_which("node");

	if (path != NULL)
		doctor_row(d, DOCTOR_OK, "node", path, NULL, NULL);
	else
		doctor_row(d, DOCTOR_NOTE, "node", "not installed",
			   "Platforms run on a version that npm fetches the first time.", NULL);
	wn_free(path);
}

void
doctor_programs(struct doctor *d)
{
	char *engine = wn_client_find_engine(d->c->program);

	doctor_row(d, engine != NULL ? DOCTOR_OK : DOCTOR_ESSENTIAL, "webnovad",
		   engine != NULL ? engine : "neither beside webnova nor in PATH",
		   "Nothing works without the engine.",
		   "install both programs into one directory (make install)");
	wn_free(engine);
	node_row(d);
	for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
		char *path = wn_path_which(programs[i].program);

		doctor_row(d,
			   path != NULL		   ? DOCTOR_OK
			   : programs[i].essential ? DOCTOR_ESSENTIAL
						   : DOCTOR_MISSING,
			   programs[i].program, path != NULL ? path : "not installed",
			   programs[i].cost, programs[i].fix);
		wn_free(path);
	}
}

/* ---- terminal ---- */

static void
locale_row(struct doctor *d)
{
	const char *set = setlocale(LC_CTYPE, ""), *codeset = nl_langinfo(CODESET);

	if (set == NULL)
		doctor_row(d, DOCTOR_MISSING, "locale",
			   "the locale of the environment is not installed",
			   "Arabic and box drawing may show as question marks.",
			   "export LC_ALL=C.UTF-8");
	else if (strcmp(codeset, "UTF-8") != 0)
		doctor_row(d, DOCTOR_MISSING, "locale",
			   wn_arena_printf(&d->c->arena, "%s (%s)", set, codeset),
			   "Anything but plain letters may show wrong.", "export LC_ALL=C.UTF-8");
	else
		doctor_row(d, DOCTOR_OK, "locale", wn_arena_printf(&d->c->arena, "%s", set), NULL,
			   NULL);
}

void
doctor_terminal(struct doctor *d)
{
	const char *term = getenv("TERM"), *color = getenv("COLORTERM");
	struct winsize w = { 0 };
	bool none = term == NULL || term[0] == '\0' || strcmp(term, "dumb") == 0;

	doctor_row(d, none ? DOCTOR_NOTE : DOCTOR_OK, "TERM",
		   term != NULL && term[0] != '\0' ? term : "not set",
		   "The IDE needs a terminal with cursor addressing; the command line does not.",
		   "export TERM=xterm-256color, or what your terminal is");
	if (d->c->tty_out && ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col > 0)
		doctor_row(d, w.ws_col < 80 || w.ws_row < 24 ? DOCTOR_NOTE : DOCTOR_OK, "size",
			   wn_arena_printf(&d->c->arena, "%d columns, %d rows", w.ws_col, w.ws_row),
			   "The IDE wants 80 columns and 24 rows.", "make the window larger");
	else
		doctor_row(d, DOCTOR_NOTE, "size", "standard output is no terminal", NULL, NULL);
	if (color != NULL && color[0] != '\0')
		doctor_row(d, DOCTOR_OK, "colours", color, NULL, NULL);
	else
		doctor_row(d, DOCTOR_OK, "colours",
			   !none && strstr(term, "256") != NULL ? "256" : "what TERM says", NULL,
			   NULL);
	locale_row(d);
}

/* ---- places ---- */

static const char *
xdg(struct cli *c, const char *var, const char *fallback)
{
	const char *base = getenv(var), *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return wn_arena_printf(&c->arena, "%s/webnova", base);
	if (home != NULL && home[0] == '/')
		return wn_arena_printf(&c->arena, "%s/%s/webnova", home, fallback);
	return wn_arena_printf(&c->arena, "/tmp/webnova-%u/%s", (unsigned)geteuid(), fallback);
}

/* The nearest part of a path that is there: where the rest would be made. */
static const char *
existing(struct cli *c, const char *path)
{
	char *p = wn_arena_strdup(&c->arena, path), *slash;

	while (!wn_file_exists(p) && (slash = strrchr(p, '/')) != NULL && slash != p)
		*slash = '\0';
	return p;
}

static void
place_row(struct doctor *d, const char *name, const char *path, const char *cost)
{
	const char *at = existing(d->c, path);
	struct statvfs v;
	unsigned long long mb = 0;

	if (!wn_file_is_dir(at) || access(at, W_OK) != 0) {
		doctor_row(d, DOCTOR_ESSENTIAL, name,
			   wn_arena_printf(&d->c->arena,
					   wn_file_is_dir(at) ? "%s cannot be written"
							      : "%s: part of that path is a file",
					   path),
			   cost,
			   wn_arena_printf(&d->c->arena, "give yourself %s, or set another place",
					   at));
		return;
	}
	if (statvfs(at, &v) == 0)
		mb = (unsigned long long)v.f_bavail * v.f_frsize / (1024 * 1024);
	doctor_row(d, mb < FREE_MIN_MB ? DOCTOR_MISSING : DOCTOR_OK, name,
		   wn_arena_printf(&d->c->arena, "%s (%llu MiB free)", path, mb),
		   "The disk is nearly full; the engine only reads then.", "free some space");
}

void
doctor_places(struct doctor *d)
{
	struct cli *c = d->c;
	struct wn_diag why = { 0 };
	char *socket = wn_client_socket_path(&why);

	place_row(d, "state", xdg(c, "XDG_STATE_HOME", ".local/state"),
		  "The engine keeps its events there.");
	place_row(d, "cache", xdg(c, "XDG_CACHE_HOME", ".cache"),
		  "Node.js and dependencies are kept there.");
	if (socket == NULL)
		doctor_row(d, DOCTOR_ESSENTIAL, "socket", why.text, "The engine cannot be reached.",
			   "set XDG_RUNTIME_DIR to a directory of yours");
	else if (strlen(socket) > 107)
		doctor_row(d, DOCTOR_ESSENTIAL, "socket", socket,
			   "The path is longer than 107 bytes.",
			   "set XDG_RUNTIME_DIR to a shorter one");
	else
		doctor_row(d, DOCTOR_OK, "socket", socket, NULL, NULL);
	wn_free(socket);
}
