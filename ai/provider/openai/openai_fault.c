/*
 * What a refusal means: status and body of an answer, or an error object inside a stream, to a
 * class and a sentence.
 */
#include "ai/provider/openai/openai.h"

#include "runtime/base/json.h"
#include "runtime/base/utf8.h"

enum { MESSAGE_MAX = 300 };

const char *
openai_clean(struct wn_arena *a, struct wn_str text, const char *key)
{
	struct wn_buf b;
	const char *out;

	wn_buf_init(&b, 4 * MESSAGE_MAX);
	for (size_t i = 0, n; i < text.len && b.len < MESSAGE_MAX; i += n) {
		uint32_t cp;

		n = wn_utf8_decode(text.p + i, text.len - i, &cp);
		if (key != NULL && wn_str_has_prefix(wn_str_sub(text, i, text.len), wn_str(key))) {
			(void)wn_buf_cstr(&b, "[key]");
			n = strlen(key);
		} else if (cp < 32 || (cp >= 127 && cp < 160) || cp == WN_UTF8_BAD) {
			(void)wn_buf_chr(&b, ' ');
		} else {
			(void)wn_buf_add(&b, text.p + i, n);
		}
	}
	out = wn_arena_strndup(a, b.p != NULL ? b.p : "", b.len);
	wn_buf_fini(&b);
	return out;
}

static bool
is_one_of(const char *s, const char *const *list)
{
	for (; *list != NULL; list++) {
		if (strcmp(s, *list) == 0)
			return true;
	}
	return false;
}

static enum wn_chat_fault
by_status(int status, bool *retry)
{
	*retry = status == 408 || status == 409 || status == 429 || status >= 500;
	if (status == 401 || status == 402 || status == 403)
		return WN_CHAT_AUTH;
	if (status == 429)
		return WN_CHAT_RATE;
	if (status == 413)
		return WN_CHAT_CONTEXT;
	if (status == 408 || status >= 500)
		return WN_CHAT_OVERLOADED;
	return WN_CHAT_REFUSED;
}

/* The names servers give in `code` and `type`; they say more than the status. */
static void
by_name(const char *name, struct openai_refusal *out)
{
	static const char *const context[] = { "context_length_exceeded", "request_too_large",
					       NULL };
	static const char *const rate[] = { "rate_limit_exceeded", "rate_limit_error", NULL };
	static const char *const money[] = { "insufficient_quota", "billing_error",
					     "invalid_api_key",	   "authentication_error",
					     "permission_error",   NULL };
	static const char *const full[] = { "server_error", "overloaded_error", "api_error",
					    "timeout_error", NULL };

	if (is_one_of(name, context)) {
		out->fault = WN_CHAT_CONTEXT;
		out->retry = false;
	} else if (is_one_of(name, money)) {
		out->fault = WN_CHAT_AUTH;
		out->retry = false;
	} else if (is_one_of(name, rate)) {
		out->fault = WN_CHAT_RATE;
		out->retry = true;
	} else if (is_one_of(name, full)) {
		out->fault = WN_CHAT_OVERLOADED;
		out->retry = true;
	}
}

void
openai_refusal_read(struct wn_arena *a, int status, struct wn_str body, const char *key,
		    struct openai_refusal *out)
{
	static const struct wn_json_limits limits = { .lossy_numbers = true };
	struct wn_json *j = NULL;
	const struct wn_json *e;

	*out = (struct openai_refusal){ .message = "" };
	out->fault = by_status(status, &out->retry);
	if (body.len == 0 || wn_json_parse(body, &limits, &j, NULL) != WN_OK) {
		out->message = openai_clean(a, wn_str_trim(body), key);
		return;
	}
	e = wn_json_get(j, "error");
	if (wn_json_type(e) == WN_JSON_STRING) {
		out->message = openai_clean(a, wn_str(wn_json_str(e, "")), key);
	} else {
		by_name(wn_json_get_str(e, "type", ""), out);
		by_name(wn_json_get_str(e, "code", ""), out);
		out->message = openai_clean(a, wn_str(wn_json_get_str(e, "message", "")), key);
	}
	/* Servers without codes say it in the sentence only. */
	if (out->fault == WN_CHAT_REFUSED &&
	    wn_str_find(wn_str(out->message), WN_STR("context length")) >= 0)
		out->fault = WN_CHAT_CONTEXT;
	wn_json_free(j);
}

wn_err
openai_fault_code(enum wn_chat_fault fault)
{
	switch (fault) {
	case WN_CHAT_RATE:
		return WN_E_RATE;
	case WN_CHAT_NETWORK:
		return WN_E_NETWORK;
	case WN_CHAT_CONTEXT:
		return WN_E_LIMIT;
	case WN_CHAT_STOPPED:
		return WN_E_CANCELLED;
	default:
		return WN_E_PROVIDER;
	}
}
