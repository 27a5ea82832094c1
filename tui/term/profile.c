/*
 * From $TERM and $COLORTERM, which are hints, to one of our own terminal entries.
 */
#include <stdio.h>
#include <string.h>

#include "tui/term/private.h"

static const struct family {
	const char *prefix; /* of $TERM */
	const char *profile;
	int colors; /* what such a terminal has for sure */
	bool ascii;
} families[] = {
	{ "xterm", "xterm", 8, false },
	{ "alacritty", "xterm", 256, false },
	{ "kitty", "xterm", 1 << 24, false },
	{ "foot", "xterm", 1 << 24, false },
	{ "ghostty", "xterm", 1 << 24, false },
	{ "wezterm", "xterm", 1 << 24, false },
	{ "contour", "xterm", 1 << 24, false },
	{ "rio", "xterm", 1 << 24, false },
	{ "iterm", "xterm", 256, false },
	{ "vte", "xterm", 256, false },
	{ "gnome", "xterm", 256, false },
	{ "konsole", "xterm", 256, false },
	{ "putty", "xterm", 256, false },
	{ "mintty", "xterm", 256, false },
	{ "st-", "xterm", 256, false },
	{ "stterm", "xterm", 256, false },
	{ "rxvt", "xterm", 8, false },
	{ "eterm", "xterm", 8, false },
	{ "mlterm", "xterm", 256, false },
	{ "ms-terminal", "xterm", 1 << 24, false },
	{ "nsterm", "xterm", 256, false },
	{ "tmux", "screen", 8, false },
	{ "screen", "screen", 8, false },
	{ "linux", "linux", 8, false },
	{ "vt2", "plain", 1, true },
	{ "vt3", "plain", 1, true },
	{ "vt4", "plain", 1, true },
	{ "vt5", "plain", 1, true },
	{ "cygwin", "plain", 8, false },
	{ "ansi", "plain", 8, true },
	{ "wsvt", "plain", 8, true },
	{ "pccon", "plain", 8, true },
	{ "bvterm", "plain", 8, true },
};

/* Terminals that cannot address the cursor, insert or delete. */
static const char *const unable[] = { "dumb", "unknown", "network", "vt52",	"vt100", "vt102",
				      "hurd", "emacs",	 "printer", "teletype", "tty",	 NULL };

static int
colors_of(const struct tui_term_opts *o, int sure)
{
	const char *term = o->term, *ct = o->colorterm;

	if (o->colors > 0)
		return o->colors;
	if (strstr(term, "-direct") != NULL || strstr(term, "truecolor") != NULL)
		return 1 << 24;
	if (ct != NULL && (strcmp(ct, "truecolor") == 0 || strcmp(ct, "24bit") == 0))
		return 1 << 24;
	if (strstr(term, "-mono") != NULL || strstr(term, "-m") == term + strlen(term) - 2)
		return 1;
	if (sure < 256 && strstr(term, "256color") != NULL)
		return 256;
	if (sure < 16 && strstr(term, "-16color") != NULL)
		return 16;
	return sure;
}

static const struct family *
family_of(const char *term)
{
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		if (strncmp(term, families[i].prefix, strlen(families[i].prefix)) == 0)
			return &families[i];
	return NULL;
}

wn_err
tui_profile_pick(const struct tui_term_opts *o, struct tui_term *t, struct wn_diag *d)
{
	/* an unknown name is most likely a new graphical terminal */
	static const struct family fallback = { "", "xterm", 8, false };
	const struct family *f;

	if (o->term == NULL || o->term[0] == '\0')
		return wn_fail(d, WN_E_TERMINAL,
			       "TERM is not set, so the kind of terminal is unknown. Set it, for "
			       "example: TERM=xterm-256color webnova");
	for (int i = 0; unable[i] != NULL; i++)
		if (strcmp(o->term, unable[i]) == 0)
			return wn_fail(d, WN_E_TERMINAL,
				       "this terminal (TERM=%s) cannot place the cursor or insert "
				       "lines, which the IDE needs. Use another terminal, or the "
				       "commands: webnova --help",
				       o->term);
	f = family_of(o->term);
	if (f == NULL)
		f = &fallback;
	snprintf(t->term, sizeof t->term, "%s", o->term);
	t->in_mux = strcmp(f->profile, "screen") == 0;
	t->caps.profile = f->profile;
	t->caps.ascii = f->ascii || o->ascii;
	t->caps.colors = colors_of(o, f->colors);
	t->colors_fixed = o->colors > 0;
	if (strcmp(f->profile, "linux") == 0 && t->caps.colors > 8)
		t->caps.colors = 8;
	t->caps.mouse = strcmp(f->profile, "linux") != 0 && strcmp(f->profile, "plain") != 0;
	t->caps.paste = t->caps.mouse;
	t->caps.focus = t->caps.mouse;
	t->caps.clipboard = t->caps.mouse;
	return 0;
}
