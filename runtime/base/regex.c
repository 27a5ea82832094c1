/*
 * Compiles and runs ECMA-262 expressions on PCRE2. Owns the one place where PCRE2 is used
 * by base; the translation of the syntax is regex_ecma.c's.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "runtime/base/mem.h"
#include "runtime/base/regex.h"

/* Enough for any sane pattern; a catastrophic one ends here within about 0.1 s. */
#define MATCH_STEPS_MAX 1000000u
#define MATCH_HEAP_KIB (8u * 1024)
#define PATTERN_MAX (64u * 1024)

struct wn_regex {
	pcre2_code *code;
	pcre2_match_context *limits;
};

static wn_err
compile(struct wn_regex *re, const struct wn_buf *pcre, struct wn_str pattern, struct wn_diag *d)
{
	int code;
	PCRE2_SIZE at;
	uint32_t flags = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALLOW_EMPTY_CLASS |
			 PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_BACKSLASH_C;
	re->code = pcre2_compile((PCRE2_SPTR)(pcre->p ? pcre->p : ""), pcre->len, flags, &code, &at,
				 NULL);
	if (!re->code) {
		PCRE2_UCHAR why[120] = { 0 };
		pcre2_get_error_message(code, why, sizeof why);
		wn_err err = code == PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH ? WN_E_UNSUPPORTED
									     : WN_E_PARSE;
		return wn_fail(d, err, "The pattern \"%.*s\" is not valid: %s.",
			       (int)(pattern.len < 80 ? pattern.len : 80), pattern.p,
			       (const char *)why);
	}
	re->limits = pcre2_match_context_create(NULL);
	if (!re->limits)
		return wn_fail(d, WN_E_NO_MEMORY, "There is not enough memory for a pattern.");
	pcre2_set_match_limit(re->limits, MATCH_STEPS_MAX);
	pcre2_set_heap_limit(re->limits, MATCH_HEAP_KIB);
	return WN_OK;
}

wn_err
wn_regex_new(struct wn_str pattern, struct wn_regex **out, struct wn_diag *d)
{
	struct wn_buf pcre;
	*out = NULL;
	if (pattern.len > PATTERN_MAX)
		return wn_fail(d, WN_E_LIMIT, "The pattern is longer than %u bytes.", PATTERN_MAX);
	wn_buf_init(&pcre, 64u * PATTERN_MAX);
	struct wn_regex *re = WN_NEW(struct wn_regex);
	wn_err err = wn_regex_translate(pattern, &pcre, d);
	if (!err)
		err = compile(re, &pcre, pattern, d);
	wn_buf_fini(&pcre);
	if (err) {
		wn_regex_free(re);
		return err;
	}
	*out = re;
	return WN_OK;
}

void
wn_regex_free(struct wn_regex *re)
{
	if (!re)
		return;
	pcre2_match_context_free(re->limits);
	pcre2_code_free(re->code);
	wn_free(re);
}

int
wn_regex_match(const struct wn_regex *re, struct wn_str s)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	if (!data)
		return WN_E_NO_MEMORY;
	int n = pcre2_match(re->code, (PCRE2_SPTR)(s.p ? s.p : ""), s.len, 0, 0, data, re->limits);
	pcre2_match_data_free(data);
	if (n >= 0)
		return 1;
	if (n == PCRE2_ERROR_NOMATCH)
		return 0;
	if (n <= PCRE2_ERROR_UTF8_ERR1 && n >= PCRE2_ERROR_UTF8_ERR21)
		return WN_E_INVALID;
	return WN_E_LIMIT;
}
