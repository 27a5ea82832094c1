/*
 * The head of a proxied request: any bytes are refused or understood, and what is understood is
 * written as one clean head.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/shim/egress_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_head(const struct egress_request *r)
{
	struct wn_buf b;
	const char *end;

	wn_buf_init(&b, (size_t)EGRESS_HEAD_MAX * 2);
	egress_request_head(r, &b);
	/* One head, and nothing behind it: a second one would be a request nobody judged. */
	end = b.err ? NULL : memmem(b.p, b.len, "\r\n\r\n", 4);
	if (!b.err && (!end || (size_t)(end - b.p) + 4 != b.len))
		abort();
	wn_buf_fini(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct egress_request r;
	struct egress_rules rules;
	const char *why;
	char text[2048];

	if (egress_request_parse(wn_strn((const char *)data, size), &r, &why) == EGRESS_OK) {
		if (r.head > size || r.port < 1 || r.port > 65535 || r.host[0] == '\0')
			abort();
		if (!r.tunnel)
			check_head(&r);
	}
	if (size < sizeof text && !memchr(data, 0, size)) {
		memcpy(text, data, size);
		text[size] = '\0';
		if (egress_rules_parse(&rules, text, NULL) == WN_OK) {
			(void)egress_rules_allow(&rules, "api.example.com", 443);
			egress_rules_fini(&rules);
		}
	}
	return 0;
}
