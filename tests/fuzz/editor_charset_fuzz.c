/*
 * Any bytes in any character set: refused, or a text that encodes to the same bytes again. Guessing
 * never fails. Encoding any text ends.
 */
#include <stdlib.h>

#include "editor/document/charset.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
round_trip(const char *name, struct wn_str bytes)
{
	struct wn_buf utf8, again;
	struct ed_text *t;

	wn_buf_init(&utf8, bytes.len * 4 + 4096);
	wn_buf_init(&again, bytes.len * 4 + 8192);
	if (ed_charset_decode(name, bytes, &utf8, NULL) == 0) {
		t = ed_text_from(wn_buf_view(&utf8));
		check(ed_charset_encode(name, t, &again, NULL) == 0);
		check(wn_str_eq(wn_buf_view(&again), bytes));
		ed_text_free(t);
	}
	wn_buf_fini(&utf8);
	wn_buf_fini(&again);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct wn_str bytes = wn_strn((const char *)data + 1, size > 0 ? size - 1 : 0);
	size_t n = 0;
	struct wn_buf out;
	struct ed_text *t;

	if (size == 0)
		return 0;
	while (ed_charset_names[n] != NULL)
		n++;
	round_trip(ed_charset_names[data[0] % n], bytes);
	(void)ed_charset_guess(bytes);
	t = ed_text_from(bytes);
	wn_buf_init(&out, size * 8 + 8192);
	(void)!ed_charset_encode(ed_charset_names[data[0] % n], t, &out, NULL);
	wn_buf_fini(&out);
	ed_text_free(t);
	return 0;
}
