/*
 * :set: the options the engine knows.
 */
#include "editor/vim/ex.h"

#include <stddef.h>

static const struct {
	const char *name, *brief;
	size_t at;
	bool number;
} options[] = {
	{ "tabstop", "ts", offsetof(struct vi_options, ts), true },
	{ "shiftwidth", "sw", offsetof(struct vi_options, sw), true },
	{ "softtabstop", "sts", offsetof(struct vi_options, sts), true },
	{ "textwidth", "tw", offsetof(struct vi_options, tw), true },
	{ "expandtab", "et", offsetof(struct vi_options, et), false },
	{ "autoindent", "ai", offsetof(struct vi_options, ai), false },
	{ "ignorecase", "ic", offsetof(struct vi_options, ic), false },
	{ "smartcase", "scs", offsetof(struct vi_options, scs), false },
	{ "wrapscan", "ws", offsetof(struct vi_options, ws), false },
	{ "hlsearch", "hls", offsetof(struct vi_options, hls), false },
	{ "incsearch", "is", offsetof(struct vi_options, is), false },
	{ "startofline", "sol", offsetof(struct vi_options, sol), false },
	{ "tildeop", "top", offsetof(struct vi_options, tildeop), false },
	{ "shiftround", "sr", offsetof(struct vi_options, sr), false },
	{ "joinspaces", "js", offsetof(struct vi_options, js), false },
	{ "gdefault", "gd", offsetof(struct vi_options, gdefault), false },
	{ "surround", "surround", offsetof(struct vi_options, surround), false },
};

static int
find(struct wn_str name)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (wn_str_is(name, options[i].name) || wn_str_is(name, options[i].brief))
			return (int)i;
	return -1;
}

/* "nrformats=", "+=", "-=" of the words we have. */
static void
nrformats(struct ed_vim *v, char how, struct wn_str value)
{
	struct wn_str word;

	if (how == '=')
		v->opt.octal = v->opt.alpha = false;
	while (wn_str_split(&value, ',', &word)) {
		if (wn_str_is(word, "octal"))
			v->opt.octal = how != '-';
		if (wn_str_is(word, "alpha"))
			v->opt.alpha = how != '-';
	}
}

static void
number(struct ed_vim *v, int i, char how, struct wn_str value)
{
	size_t *p = (size_t *)(void *)((char *)&v->opt + options[i].at), n = 0;

	if (value.len == 0 || value.len > 4 || strspn(value.p, "0123456789") < value.len) {
		vi_fail(v, "Number required after =");
		return;
	}
	for (size_t k = 0; k < value.len; k++)
		n = n * 10 + (size_t)(value.p[k] - '0');
	if (how == '+')
		n = *p + n;
	else if (how == '-')
		n = *p > n ? *p - n : 0;
	if (p == &v->opt.ts && n == 0)
		vi_fail(v, "Argument must be positive");
	else
		*p = n;
}

/* A word of :set, taken apart. */
struct setting {
	struct wn_str name, value;
	char how; /* '=', '+', '-', '?', '!' or 0 */
	bool no;
	int i;
};

/* "noai" and "invai" are "ai" said otherwise. */
static void
look_up(struct setting *s)
{
	bool no = wn_str_has_prefix(s->name, WN_STR("no"));

	s->i = find(s->name);
	if (s->i >= 0 || (!no && !wn_str_has_prefix(s->name, WN_STR("inv"))))
		return;
	s->i = find(wn_str_sub(s->name, no ? 2 : 3, s->name.len));
	s->no = no;
	if (!no)
		s->how = '!';
}

static struct setting
take_apart(struct wn_str word)
{
	struct setting s = { .name = word, .i = -1 };
	size_t n = 0;

	while (n < word.len && word.p[n] >= 'a' && word.p[n] <= 'z')
		n++;
	s.name = wn_str_sub(word, 0, n);
	if (n < word.len) {
		s.how = word.p[n];
		n += (s.how == '+' || s.how == '-') && n + 1 < word.len;
		s.value = wn_str_sub(word, n + 1, word.len);
	}
	look_up(&s);
	return s;
}

static void
one(struct ed_vim *v, struct wn_str word)
{
	struct setting s = take_apart(word);
	wn_err err = WN_E_NOT_FOUND;
	bool *p;

	if (wn_str_is(s.name, "nrformats") || wn_str_is(s.name, "nf")) {
		nrformats(v, s.how, s.value);
	} else if (s.i < 0) {
		if (v->host.command)
			err = v->host.command(v->host.arg, "set", false, word, 0, 0, &v->diag);
		if (err)
			vi_fail(v, "Unknown option: %.*s", WN_STR_ARG(s.name));
	} else if (options[s.i].number) {
		if (s.how == '?' || s.how == 0)
			vi_say(v, "%s=%zu", options[s.i].name,
			       *(size_t *)(void *)((char *)&v->opt + options[s.i].at));
		else
			number(v, s.i, s.how, s.value);
	} else {
		p = (bool *)((char *)&v->opt + options[s.i].at);
		if (s.how == '?')
			vi_say(v, "%s%s", *p ? "" : "no", options[s.i].name);
		else
			*p = s.how == '!' ? !*p : !s.no;
	}
}

void
vi_ex_set(struct ed_vim *v, const struct vi_ex *x)
{
	struct wn_str rest = x->rest, word;

	while (wn_str_split(&rest, ' ', &word) && !v->failed)
		if (word.len > 0)
			one(v, word);
}
