/*
 * The decoder of terminal input: any bytes, cut anywhere. Nothing may crash or be left behind,
 * texts in events stay within the input, and a paste that ended leaves no state.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tui/input/input.h"

struct seen {
	int open_pastes;
	bool bad;
};

static void
on_event(void *arg, const struct tui_event *ev)
{
	struct seen *s = arg;

	if (ev->type == TUI_EV_PASTE) {
		if (ev->paste_begin)
			s->open_pastes++;
		if (ev->paste_end)
			s->open_pastes--;
		if (s->open_pastes < 0 || s->open_pastes > 1)
			s->bad = true;
	}
	if (ev->type == TUI_EV_KEY && (ev->key.code == 0 || ev->key.code > TUI_KEY_F24))
		s->bad = true;
	if (ev->type == TUI_EV_MOUSE && (ev->mouse.x < 0 || ev->mouse.y < 0))
		s->bad = true;
	if (ev->type == TUI_EV_REPLY && (ev->reply.n < 0 || ev->reply.n > TUI_REPLY_PARAMS))
		s->bad = true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct seen s = { 0, false };
	struct tui_input in;
	size_t at = 0, step = n > 0 ? 1 + data[0] % 7 : 1;

	tui_input_init(&in, on_event, &s);
	in.sync = n > 1 && (data[1] & 1);
	while (at < n) {
		size_t k = n - at < step ? n - at : step;

		tui_input_feed(&in, (const char *)data + at, k);
		if (tui_input_wait(&in) >= 0 && (data[at] & 3) == 0)
			tui_input_timeout(&in);
		at += k;
	}
	tui_input_timeout(&in);
	if (s.bad)
		abort();
	tui_input_fini(&in);
	return 0;
}
