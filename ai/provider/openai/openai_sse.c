/*
 * Implements the reader. Bytes are looked at once: a long line that comes in many pieces is never
 * scanned again.
 */
#include "ai/provider/openai/openai_sse.h"

enum { EVENT_NAME_MAX = 256 };

void
openai_sse_init(struct openai_sse *s, size_t max)
{
	*s = (struct openai_sse){ 0 };
	wn_buf_init(&s->line, max);
	wn_buf_init(&s->data, max);
	wn_buf_init(&s->event, EVENT_NAME_MAX);
}

void
openai_sse_fini(struct openai_sse *s)
{
	wn_buf_fini(&s->line);
	wn_buf_fini(&s->data);
	wn_buf_fini(&s->event);
}

static wn_err
dispatch(struct openai_sse *s)
{
	wn_err err = WN_OK;

	if (s->has_data)
		err = s->on_event(s->arg, wn_buf_view(&s->event), wn_buf_view(&s->data));
	s->has_data = false;
	wn_buf_clear(&s->data);
	wn_buf_clear(&s->event);
	return err;
}

static wn_err
add_data(struct openai_sse *s, struct wn_str value)
{
	wn_err err = s->has_data ? wn_buf_chr(&s->data, '\n') : WN_OK;

	s->has_data = true;
	return err != WN_OK ? err : wn_buf_str(&s->data, value);
}

/* `id` and `retry` are for reconnecting, which a chat cannot do; unknown fields are to be ignored.
 */
static wn_err
take_field(struct openai_sse *s, struct wn_str line)
{
	ptrdiff_t colon = wn_str_chr(line, ':');
	struct wn_str name = colon < 0 ? line : wn_strn(line.p, (size_t)colon);
	struct wn_str value =
		colon < 0 ? WN_STR("") : wn_str_sub(line, (size_t)colon + 1, line.len);

	if (value.len > 0 && value.p[0] == ' ')
		value = wn_str_sub(value, 1, value.len);
	if (wn_str_is(name, "data"))
		return add_data(s, value);
	if (wn_str_is(name, "event")) {
		wn_buf_clear(&s->event);
		(void)wn_buf_str(&s->event, wn_str_sub(value, 0, EVENT_NAME_MAX));
	}
	return WN_OK;
}

static wn_err
take_line(struct openai_sse *s)
{
	struct wn_str line = wn_buf_view(&s->line);
	wn_err err;

	if (!s->started && wn_str_has_prefix(line, WN_STR("\xEF\xBB\xBF")))
		line = wn_str_sub(line, 3, line.len);
	s->started = true;
	err = line.len == 0 ? dispatch(s) : line.p[0] == ':' ? WN_OK : take_field(s, line);
	wn_buf_clear(&s->line);
	return err;
}

wn_err
openai_sse_feed(struct openai_sse *s, struct wn_str bytes)
{
	size_t at = 0;
	wn_err err = WN_OK;

	while (at < bytes.len && err == WN_OK) {
		size_t from = at;

		if (s->skip_lf && bytes.p[at] == '\n')
			from = ++at;
		s->skip_lf = false;
		while (at < bytes.len && bytes.p[at] != '\n' && bytes.p[at] != '\r')
			at++;
		err = wn_buf_add(&s->line, bytes.p + from, at - from);
		if (err != WN_OK || at == bytes.len)
			break;
		s->skip_lf = bytes.p[at++] == '\r';
		err = take_line(s);
	}
	return err;
}

wn_err
openai_sse_end(struct openai_sse *s)
{
	wn_err err = s->line.len > 0 ? take_line(s) : WN_OK;

	return err != WN_OK ? err : dispatch(s);
}
