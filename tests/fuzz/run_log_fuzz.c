/*
 * Lines of a program's log, any bytes: nothing that drives a terminal is left in what is shown.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tui/pane/run/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wn_buf out;

	wn_buf_init(&out, size * 8 + 64);
	run_log_plain(wn_strn((const char *)data, size), &out);
	for (size_t i = 0; i < out.len; i++)
		if ((unsigned char)out.p[i] < 0x20 || out.p[i] == 0x7F)
			abort();
	wn_buf_fini(&out);
	return 0;
}
