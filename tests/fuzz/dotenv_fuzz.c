/*
 * Fuzzes the reader of .env files: every name it gives is one, every value has no NUL, and no error
 * repeats the text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "runtime/modules/secret/secret.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static wn_err
line(void *arg, struct wn_str name, struct wn_str value)
{
	(void)arg;
	if (name.len == 0 || (name.p[0] >= '0' && name.p[0] <= '9') ||
	    memchr(name.p, '=', name.len) != NULL)
		abort();
	if (value.len > 0 && memchr(value.p, 0, value.len) != NULL)
		abort();
	return WN_OK;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wn_diag d = { 0 };
	wn_err err = secret_dotenv(wn_strn((const char *)data, size), line, NULL, &d);

	if (err != WN_OK && d.text[0] == '\0')
		abort();
	return 0;
}
