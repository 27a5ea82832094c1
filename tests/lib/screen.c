/*
 * The test terminal: a pty, a child, and libvterm for the picture.
 */
#include "tests/lib/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

#include "runtime/base/mem.h"
#include "runtime/base/utf8.h"
#include "tui/input/key.h"

#define PATIENCE_MS \
	20000 /* a client that does not answer is broken; nothing waits this long else */
#define ENV_MAX 32

struct screen {
	VTerm *vt;
	VTermScreen *vs;
	int fd, rows, cols;
	pid_t pid;
	bool over, mute, visible;
	int status;
	int sync_id, synced;
	size_t bytes;
	struct termios before;
	struct wn_buf tail; /* the end of the output, for markers that are split */
	char mode_set[4096];
};

/* ---- what comes out ---- */

static void
on_output(const char *p, size_t n, void *user)
{
	struct screen *s = user;

	if (!s->mute)
		screen_send(s, p, n);
}

static int
on_prop(VTermProp prop, VTermValue *v, void *user)
{
	struct screen *s = user;

	if (prop == VTERM_PROP_CURSORVISIBLE)
		s->visible = v->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_prop };

/* Follows "CSI ? n h" and "l", so that a test can tell what was left behind. */
static void
follow_mode(struct screen *s, const char *p, size_t n)
{
	size_t i = 3;
	unsigned mode = 0;

	while (i < n && p[i] >= '0' && p[i] <= '9')
		mode = mode * 10 + (unsigned)(p[i++] - '0');
	if (i < n && mode < sizeof s->mode_set && (p[i] == 'h' || p[i] == 'l'))
		s->mode_set[mode] = p[i] == 'h';
}

static void
scan(struct screen *s)
{
	static const char marker[] = "\033]7770;";
	struct wn_buf *b = &s->tail;

	for (size_t i = 0; i < b->len; i++) {
		if (b->p[i] != '\033')
			continue;
		if (b->len - i > 4 && memcmp(b->p + i, "\033[?", 3) == 0)
			follow_mode(s, b->p + i, b->len - i);
		if (b->len - i > sizeof marker &&
		    memcmp(b->p + i, marker, sizeof marker - 1) == 0 &&
		    memchr(b->p + i + 1, '\033', b->len - i - 1) != NULL)
			s->synced = (int)strtol(b->p + i + sizeof marker - 1, NULL, 10);
	}
	if (b->len > 32)
		wn_buf_drop(b, b->len - 32);
}

static void
reap(struct screen *s)
{
	int st;

	s->over = true;
	if (waitpid(s->pid, &st, 0) == s->pid)
		s->status = WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

/* Reads what is there, or waits for it; false: the program ended or time is up. */
static bool
pump(struct screen *s, int ms)
{
	struct pollfd p = { s->fd, POLLIN, 0 };
	char buf[65536];
	ssize_t n;

	if (s->over || poll(&p, 1, ms) <= 0)
		return false;
	n = read(s->fd, buf, sizeof buf);
	if (n <= 0) {
		reap(s);
		return false;
	}
	s->bytes += (size_t)n;
	wn_buf_add(&s->tail, buf, (size_t)n);
	scan(s);
	vterm_input_write(s->vt, buf, (size_t)n);
	return true;
}

/* ---- what goes in ---- */

void
screen_send(struct screen *s, const char *p, size_t n)
{
	while (n > 0 && !s->over) {
		ssize_t w = write(s->fd, p, n);

		if (w > 0) {
			p += w;
			n -= (size_t)w;
		} else if (w < 0 && errno == EAGAIN) {
			if (!pump(s, PATIENCE_MS))
				return;
		} else if (w < 0 && errno != EINTR) {
			return;
		}
	}
}

static void
send_str(struct screen *s, const char *p)
{
	screen_send(s, p, strlen(p));
}

static void
send_special(struct screen *s, struct tui_key k)
{
	static const struct {
		uint32_t code;
		const char *body;
		char final;
	} keys[] = {
		{ TUI_KEY_UP, "1", 'A' },	{ TUI_KEY_DOWN, "1", 'B' },
		{ TUI_KEY_RIGHT, "1", 'C' },	{ TUI_KEY_LEFT, "1", 'D' },
		{ TUI_KEY_HOME, "1", 'H' },	{ TUI_KEY_END, "1", 'F' },
		{ TUI_KEY_PGUP, "5", '~' },	{ TUI_KEY_PGDN, "6", '~' },
		{ TUI_KEY_INSERT, "2", '~' },	{ TUI_KEY_DELETE, "3", '~' },
		{ TUI_KEY_F1, "1", 'P' },	{ TUI_KEY_F1 + 1, "1", 'Q' },
		{ TUI_KEY_F1 + 2, "13", '~' },	{ TUI_KEY_F1 + 3, "1", 'S' },
		{ TUI_KEY_F1 + 4, "15", '~' },	{ TUI_KEY_F1 + 5, "17", '~' },
		{ TUI_KEY_F1 + 11, "24", '~' },
	};
	char buf[32];

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (keys[i].code == k.code) {
			if (k.mods != 0)
				snprintf(buf, sizeof buf, "\033[%s;%u%c", keys[i].body, k.mods + 1,
					 keys[i].final);
			else
				snprintf(buf, sizeof buf, "\033[%s%c",
					 keys[i].final == '~' ? keys[i].body : "", keys[i].final);
			send_str(s, buf);
			return;
		}
}

static void
send_key(struct screen *s, struct tui_key k)
{
	char buf[8];

	if (k.code >= TUI_KEY_SPECIAL) {
		send_special(s, k);
		return;
	}
	if (k.code == TUI_KEY_TAB && (k.mods & TUI_SHIFT)) {
		send_str(s, "\033[Z");
		return;
	}
	if (k.mods & TUI_ALT)
		screen_send(s, "\033", 1);
	if ((k.mods & TUI_CTRL) && k.code >= 'a' && k.code <= 'z')
		buf[0] = (char)(k.code - 'a' + 1);
	else if ((k.mods & TUI_CTRL) && k.code == '/')
		buf[0] = 31;
	else if ((k.mods & TUI_CTRL) && k.code == ' ')
		buf[0] = 0;
	else {
		screen_send(s, buf, wn_utf8_encode(k.code, buf));
		return;
	}
	screen_send(s, buf, 1);
}

static bool
send_named(struct screen *s, const char *p, size_t n)
{
	struct tui_key k;
	int b, y, x;
	char buf[64];

	if (n > 6 && memcmp(p, "paste:", 6) == 0) {
		send_str(s, "\033[200~");
		screen_send(s, p + 6, n - 6);
		send_str(s, "\033[201~");
		return true;
	}
	if (sscanf(p, "press:%d,%d,%d>", &b, &y, &x) == 3 ||
	    sscanf(p, "release:%d,%d,%d>", &b, &y, &x) == 3 ||
	    sscanf(p, "drag:%d,%d,%d>", &b, &y, &x) == 3) {
		snprintf(buf, sizeof buf, "\033[<%d;%d;%d%c", b - 1 + (*p == 'd' ? 32 : 0), x + 1,
			 y + 1, *p == 'r' ? 'm' : 'M');
		send_str(s, buf);
		return true;
	}
	if (sscanf(p, "wheel:%d,%d,%d>", &b, &y, &x) == 3) {
		snprintf(buf, sizeof buf, "\033[<%d;%d;%dM", b < 0 ? 64 : 65, x + 1, y + 1);
		send_str(s, buf);
		return true;
	}
	if (n > 4 && memcmp(p, "raw:", 4) == 0) {
		for (size_t i = 4; i < n; i++)
			if (p[i] == '\\' && i + 1 < n && p[i + 1] == 'e') {
				screen_send(s, "\033", 1);
				i++;
			} else {
				screen_send(s, p + i, 1);
			}
		return true;
	}
	if (!tui_key_parse(wn_strn(p, n), &k))
		return false;
	send_key(s, k);
	return true;
}

bool
screen_keys(struct screen *s, const char *keys)
{
	while (*keys != '\0') {
		const char *end;

		if (*keys != '<') {
			screen_send(s, keys++, 1);
			continue;
		}
		end = strchr(keys, '>');
		if (end == NULL || !send_named(s, keys + 1, (size_t)(end - keys - 1)))
			return false;
		if (end == keys + 4 && memcmp(keys + 1, "esc", 3) == 0)
			(void)screen_sync(s, 1000); /* a lone ESC is settled by time */
		keys = end + 1;
	}
	return true;
}

bool
screen_sync(struct screen *s, int ms)
{
	char buf[48];

	snprintf(buf, sizeof buf, "\033[?7770;%d;%dn", ++s->sync_id, ms);
	send_str(s, buf);
	while (s->synced != s->sync_id)
		if (!pump(s, PATIENCE_MS))
			return false;
	return true;
}

void
screen_resize(struct screen *s, int rows, int cols)
{
	struct winsize ws = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	s->rows = rows;
	s->cols = cols;
	vterm_set_size(s->vt, rows, cols);
	(void)ioctl(s->fd, TIOCSWINSZ, &ws);
}

/* ---- life ---- */

static void
child(const struct screen_opts *o)
{
	const char *env[ENV_MAX + 4];
	char path[4200], home[4200], term[128];
	int n = 0;

	snprintf(path, sizeof path, "PATH=%.4000s",
		 getenv("PATH") != NULL ? getenv("PATH") : "/bin:/usr/bin");
	snprintf(home, sizeof home, "HOME=%.4000s", o->dir);
	snprintf(term, sizeof term, "TERM=%.100s", o->term);
	env[n++] = path;
	env[n++] = home;
	env[n++] = term;
	env[n++] = "WEBNOVA_TEST=1";
	for (int i = 0; o->env != NULL && o->env[i] != NULL && n < ENV_MAX + 3; i++)
		env[n++] = o->env[i];
	env[n] = NULL;
	if (chdir(o->dir) == 0)
		execve(o->argv[0], (char *const *)(uintptr_t)o->argv,
		       (char *const *)(uintptr_t)env);
	_exit(127);
}

struct screen *
screen_start(const struct screen_opts *o)
{
	struct screen *s = WN_NEW(struct screen);
	struct winsize ws = { .ws_row = (unsigned short)o->rows,
			      .ws_col = (unsigned short)o->cols };
	int slave;

	s->rows = o->rows;
	s->cols = o->cols;
	s->mute = o->mute;
	s->status = -1;
	s->visible = true;
	wn_buf_init(&s->tail, (size_t)1 << 20);
	if (openpty(&s->fd, &slave, NULL, NULL, &ws) != 0) {
		wn_free(s);
		return NULL;
	}
	(void)tcgetattr(slave, &s->before);
	s->before.c_lflag &= ~(tcflag_t)ECHO; /* our markers are no output */
	(void)tcsetattr(slave, TCSANOW, &s->before);
	(void)fcntl(s->fd, F_SETFD, FD_CLOEXEC);
	s->vt = vterm_new(o->rows, o->cols);
	vterm_set_utf8(s->vt, 1);
	vterm_output_set_callback(s->vt, on_output, s);
	s->vs = vterm_obtain_screen(s->vt);
	vterm_screen_set_callbacks(s->vs, &callbacks, s);
	vterm_screen_enable_altscreen(s->vs, 1);
	vterm_screen_reset(s->vs, 1);
	s->pid = fork();
	if (s->pid == 0) {
		(void)login_tty(slave);
		child(o);
	}
	close(slave);
	(void)fcntl(s->fd, F_SETFL, fcntl(s->fd, F_GETFL) | O_NONBLOCK);
	/* once it has drawn, the tty is raw; the second marker is behind the answers to its
	 * questions */
	if (pump(s, PATIENCE_MS) && screen_sync(s, 0))
		(void)screen_sync(s, 0);
	s->bytes = 0;
	return s;
}

void
screen_free(struct screen *s)
{
	if (s == NULL)
		return;
	if (!s->over) {
		(void)kill(s->pid, SIGKILL);
		reap(s);
	}
	close(s->fd);
	vterm_free(s->vt);
	wn_buf_fini(&s->tail);
	wn_free(s);
}

size_t
screen_bytes(struct screen *s)
{
	size_t n = s->bytes;

	s->bytes = 0;
	return n;
}

int
screen_wait(struct screen *s)
{
	while (!s->over && pump(s, PATIENCE_MS))
		continue;
	return s->over ? s->status : -1;
}

bool
screen_restored(struct screen *s)
{
	struct termios now;
	static const int modes[] = { 69, 1000, 1002, 1004, 1006, 1049, 2004, 2026 };

	for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
		if (s->mode_set[modes[i]])
			return false;
	return s->visible && tcgetattr(s->fd, &now) == 0 && now.c_lflag == s->before.c_lflag &&
	       now.c_iflag == s->before.c_iflag && now.c_oflag == s->before.c_oflag;
}

pid_t
screen_pid(const struct screen *s)
{
	return s->pid;
}

/* ---- the picture ---- */

static bool
cell_at(struct screen *s, int y, int x, VTermScreenCell *c)
{
	return vterm_screen_get_cell(s->vs, (VTermPos){ y, x }, c) != 0;
}

void
screen_text(struct screen *s, struct wn_buf *out)
{
	for (int y = 0; y < s->rows; y++) {
		size_t used = out->len;

		for (int x = 0; x < s->cols; x++) {
			VTermScreenCell c;
			char buf[4];

			if (!cell_at(s, y, x, &c) || c.chars[0] == (uint32_t)-1)
				continue;
			if (c.chars[0] == 0)
				wn_buf_chr(out, ' ');
			for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && c.chars[i] != 0; i++)
				wn_buf_add(out, buf, wn_utf8_encode(c.chars[i], buf));
			if (c.chars[0] != 0 && !(c.chars[0] == ' ' && c.chars[1] == 0))
				used = out->len;
			if (c.width == 2)
				x++;
		}
		wn_buf_cut(out, used);
		wn_buf_chr(out, '\n');
	}
}

static void
color(const VTermColor *c, bool is_default, char *buf, size_t n)
{
	if (is_default)
		snprintf(buf, n, "-");
	else if (VTERM_COLOR_IS_INDEXED(c))
		snprintf(buf, n, "%u", c->indexed.idx);
	else
		snprintf(buf, n, "#%02x%02x%02x", c->rgb.red, c->rgb.green, c->rgb.blue);
}

static void
style(const VTermScreenCell *c, char *buf, size_t n)
{
	char fg[16], bg[16];

	color(&c->fg, VTERM_COLOR_IS_DEFAULT_FG(&c->fg), fg, sizeof fg);
	color(&c->bg, VTERM_COLOR_IS_DEFAULT_BG(&c->bg), bg, sizeof bg);
	snprintf(buf, n, "%s/%s/%s%s%s%s", fg, bg, c->attrs.bold ? "b" : "",
		 c->attrs.italic ? "i" : "", c->attrs.underline ? "u" : "",
		 c->attrs.reverse ? "r" : "");
}

void
screen_styles(struct screen *s, struct wn_buf *out)
{
	for (int y = 0; y < s->rows; y++) {
		char last[64] = "-/-/", now[64];
		int from = 0;
		bool any = false;

		for (int x = 0; x <= s->cols; x++) {
			VTermScreenCell c;

			if (x < s->cols && cell_at(s, y, x, &c))
				style(&c, now, sizeof now);
			else
				snprintf(now, sizeof now, "-/-/");
			if (strcmp(now, last) == 0)
				continue;
			if (strcmp(last, "-/-/") != 0) {
				if (!any)
					wn_buf_printf(out, "%d:", y);
				wn_buf_printf(out, " %d+%d %s", from, x - from, last);
				any = true;
			}
			from = x;
			snprintf(last, sizeof last, "%s", now);
		}
		if (any)
			wn_buf_chr(out, '\n');
	}
}

void
screen_cursor(struct screen *s, int *row, int *col, bool *visible)
{
	VTermPos p;

	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &p);
	*row = p.row;
	*col = p.col;
	*visible = s->visible;
}
