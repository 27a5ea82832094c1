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

static void
one(struct ed_vim *v, struct wn_str word)
{
	size_t n = 0;
	bool no = false, flip = false, ask = false, *p;
	char how = 0;
	struct wn_str name, value = WN_STR_NONE;
	int i;

	while (n < word.len && word.p[n] >= 'a' && word.p[n] <= 'z')
		n++;
	name = wn_str_sub(word, 0, n);
	if (n < word.len) {
		how = word.p[n];
		ask = how == '?';
		flip = how == '!';
		if ((how == '+' || how == '-' || how == '^') && n + 1 < word.len)
			n++;
		value = wn_str_sub(word, n + 1, word.len);
	}
	if (wn_str_is(name, "nrformats") || wn_str_is(name, "nf")) {
		nrformats(v, how, value);
		return;
	}
	i = find(name);
	if (i < 0 && name.len > 2 &&
	    (wn_str_has_prefix(name, WN_STR("no")) || wn_str_has_prefix(name, WN_STR("inv")))) {
		no = name.p[0] == 'n';
		flip = !no;
		i = find(wn_str_sub(name, no ? 2 : 3, name.len));
	}
	if (i < 0) {
		wn_err err = WN_E_NOT_FOUND;
		if (v->host.command)
			err = v->host.command(v->host.arg, "set", false, word, 0, 0, &v->diag);
		if (err)
			vi_fail(v, "Unknown option: %.*s", WN_STR_ARG(name));
		return;
	}
	if (options[i].number) {
		if (ask || how == 0)
			vi_say(v, "%s=%zu", options[i].name,
			       *(size_t *)(void *)((char *)&v->opt + options[i].at));
		else
			number(v, i, how, value);
		return;
	}
	p = (bool *)((char *)&v->opt + options[i].at);
	if (ask)
		vi_say(v, "%s%s", *p ? "" : "no", options[i].name);
	else
		*p = flip ? !*p : !no;
}

void
vi_ex_set(struct ed_vim *v, const struct vi_ex *x)
{
	struct wn_str rest = x->rest, word;

	while (wn_str_split(&rest, ' ', &word) && !v->failed)
		if (word.len > 0)
			one(v, word);
}
