/*
 * Where to ask: the settings and the one environment variable they name. The key stays where it is;
 * only its address is taken along.
 */
#include "ai/provider/openai/openai.h"

#include <stdlib.h>

/* Whether plain http stays on this machine. */
static bool
is_loopback(struct wn_str host)
{
	if (wn_str_is(host, "localhost") || wn_str_is(host, "[::1]"))
		return true;
	for (size_t i = 0; i < host.len; i++) {
		if (host.p[i] != '.' && (host.p[i] < '0' || host.p[i] > '9'))
			return false;
	}
	return wn_str_has_prefix(host, WN_STR("127."));
}

/* Without the port, which an IPv6 address in brackets may be followed by as well. */
static struct wn_str
without_port(struct wn_str host)
{
	ptrdiff_t end = host.len > 0 && host.p[0] == '[' ? wn_str_chr(host, ']')
							 : wn_str_chr(host, ':') - 1;

	return end < 0 ? host : wn_str_sub(host, 0, (size_t)end + 1);
}

static bool
has_bad_byte(struct wn_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 127)
			return true;
	}
	return false;
}

static const char *
read_url(struct wn_arena *a, struct wn_str url, struct openai_target *t, bool *clear_out)
{
	struct wn_str rest, host;
	bool https = wn_str_has_prefix(url, WN_STR("https://"));
	ptrdiff_t slash;

	if (!https && !wn_str_has_prefix(url, WN_STR("http://")))
		return "assistant.endpoint must start with https:// or http://";
	if (has_bad_byte(url) || wn_str_chr(url, '?') >= 0 || wn_str_chr(url, '#') >= 0)
		return "assistant.endpoint may hold no blanks, query or fragment";
	rest = wn_str_sub(url, https ? 8 : 7, url.len);
	slash = wn_str_chr(rest, '/');
	host = slash < 0 ? rest : wn_str_sub(rest, 0, (size_t)slash);
	if (wn_str_chr(host, '@') >= 0)
		return "assistant.endpoint may hold no user or password; name a variable in "
		       "assistant.api_key_env";
	if (without_port(host).len == 0 || host.p[0] == ':')
		return "assistant.endpoint names no host";
	while (url.p[url.len - 1] == '/')
		url.len--;
	t->host = wn_arena_strndup(a, host.p, host.len);
	t->url = wn_arena_printf(a, "%.*s/chat/completions", WN_STR_ARG(url));
	*clear_out = !https && !is_loopback(without_port(host));
	return NULL;
}

static const char *
read_key(struct wn_arena *a, const char *variable, bool clear, struct openai_target *t)
{
	const char *key;

	if (variable[0] == '\0')
		return NULL; /* a server of one's own that asks for none */
	key = getenv(variable);
	if (key == NULL || key[0] == '\0')
		return wn_arena_printf(a,
				       "the environment variable %s holds no key "
				       "(assistant.api_key_env names it; set that "
				       "to \"\" for a server without keys)",
				       variable);
	if (has_bad_byte(wn_str(key)))
		return wn_arena_printf(a, "the key in %s holds a blank or a control character",
				       variable);
	if (clear)
		return wn_arena_printf(
			a,
			"the key in %s would cross the network in clear: use https, or set "
			"assistant.api_key_env to \"\"",
			variable);
	t->key = key;
	return NULL;
}

void
openai_target_read(const struct wn_host *h, struct wn_arena *a, struct openai_target *out)
{
	const char *url = h->config_str(h, "assistant.endpoint"),
		   *model = h->config_str(h, "assistant.model");
	bool clear = false;

	*out = (struct openai_target){ 0 };
	if (model[0] != '\0')
		out->model = wn_arena_strdup(a, model);
	if (url[0] == '\0') {
		out->reason = "no endpoint is set (assistant.endpoint)";
		return;
	}
	out->reason = read_url(a, wn_str(url), out, &clear);
	if (out->reason == NULL && out->model == NULL)
		out->reason = "no model is named (assistant.model)";
	if (out->reason == NULL)
		out->reason = read_key(a, h->config_str(h, "assistant.api_key_env"), clear, out);
}

void
openai_facts(struct wn_mod *m, struct wn_ctx *ctx, struct wn_model_facts *out)
{
	struct openai_target t;

	openai_target_read(m->host, ctx->arena, &t);
	*out = (struct wn_model_facts){
		.configured = t.reason == NULL, .reason = t.reason, .model = t.model, .host = t.host
	};
}
