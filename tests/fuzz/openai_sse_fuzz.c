/*
 * Fuzzes the reader of server-sent events: the cut of the bytes may not change what comes out.
 */
#include <stdint.h>
#include <stdlib.h>

#include "ai/provider/openai/openai_sse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static wn_err
on_event(void *arg, struct wn_str event, struct wn_str data)
{
	struct wn_buf *all = arg;

	(void)wn_buf_str(all, event);
	(void)wn_buf_chr(all, '|');
	(void)wn_buf_str(all, data);
	return wn_buf_chr(all, '\n');
}

static void
read_in_steps(struct wn_str s, size_t step, struct wn_buf *all)
{
	struct openai_sse sse;
	wn_err err = WN_OK;

	openai_sse_init(&sse, 4096);
	sse.on_event = on_event;
	sse.arg = all;
	for (size_t i = 0; i < s.len && err == WN_OK; i += step)
		err = openai_sse_feed(&sse, wn_str_sub(s, i, step));
	if (err == WN_OK)
		err = openai_sse_end(&sse);
	(void)wn_buf_printf(all, "%d", err);
	openai_sse_fini(&sse);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct wn_str s = wn_strn((const char *)data, n);
	struct wn_buf whole, bytes;

	wn_buf_init(&whole, 16u << 20);
	wn_buf_init(&bytes, 16u << 20);
	read_in_steps(s, n > 0 ? n : 1, &whole);
	read_in_steps(s, 1, &bytes);
	if (!wn_str_eq(wn_buf_view(&whole), wn_buf_view(&bytes)))
		abort();
	wn_buf_fini(&whole);
	wn_buf_fini(&bytes);
	return 0;
}
