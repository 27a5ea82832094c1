/*
 * Markdown of a model or a file, any bytes, at widths from one column on: no line is wider than
 * asked for, spans lie inside the text and follow one another.
 */
#include <stdlib.h>

#include "runtime/base/utf8.h"
#include "tui/widget/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tui_markdown m;
	struct wn_buf line;
	int cols = size > 0 ? data[0] % 100 + 1 : 1;

	tui_markdown_init(&m);
	wn_buf_init(&line, (size_t)1 << 22);
	tui_markdown_set(&m, wn_strn((const char *)data, size), cols);
	for (size_t i = 0; i < m.lines.len; i++) {
		const struct tui_md_line *l = &m.lines.p[i];

		if (l->first + l->n > m.spans.len)
			abort();
		for (uint32_t k = l->first; k < l->first + l->n; k++)
			if ((size_t)m.spans.p[k].at + m.spans.p[k].len > m.text.len)
				abort();
		wn_buf_clear(&line);
		tui_markdown_text(&m, i, &line);
		if (cols >= 8 && wn_utf8_width(wn_buf_view(&line)) > cols)
			abort();
	}
	wn_buf_fini(&line);
	tui_markdown_fini(&m);
	return 0;
}
