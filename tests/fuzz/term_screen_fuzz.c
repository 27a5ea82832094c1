/*
 * Frames of a terminal into a client's screen, any bytes: first a good picture, then the input
 * twice, as a live frame and as scrollback. What is shown stays within its sizes.
 */
#include <stdlib.h>

#include "tui/pane/terminal/screen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wn_str bytes = wn_strn((const char *)data, size);
	struct term_screen s;
	struct wn_buf text;

	term_screen_init(&s);
	if (term_screen_frame(&s, bytes) == 0 &&
	    (s.live.rows != (int)s.head.rows || s.live.cols != (int)s.head.cols))
		abort();
	(void)!term_screen_past(&s, bytes);
	(void)!term_screen_frame(&s, bytes);
	wn_buf_init(&text, (size_t)64 << 20);
	term_screen_text(&s, s.past_from, 0, s.past_from + s.past_n, 5, &text);
	term_screen_text(&s, s.history, 0, s.history + s.live.rows - 1, s.live.cols, &text);
	wn_buf_fini(&text);
	term_screen_fini(&s);
	return 0;
}
