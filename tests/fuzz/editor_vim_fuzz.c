/*
 * Keys into the modal engine: the text comes first, behind a 0x1e the keys (0x80 a b: a special
 * one). Whatever is typed, the cursor stays in the text, and Esc leads back to normal mode.
 */
#include <stdlib.h>

#include "editor/vim/vim.h"
#include "runtime/base/utf8.h"

#define KEYS_MAX 400

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t
next_key(struct wn_str *s)
{
	uint32_t cp;
	size_t n;

	if ((unsigned char)s->p[0] == 0x80 && s->len > 1) {
		cp = ED_KEY_UP + (unsigned char)s->p[1] % (ED_KEY_LIMIT - ED_KEY_UP);
		n = 2;
	} else {
		n = wn_utf8_decode(s->p, s->len, &cp);
		cp = cp == WN_UTF8_BAD ? (unsigned char)s->p[0] & 0x7f : cp;
	}
	*s = wn_str_sub(*s, n, s->len);
	return cp;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wn_str all = wn_strn((const char *)data, size < 4096 ? size : 4096), text = { 0 };
	struct ed_doc *doc = ed_doc_new(NULL);
	struct ed_vim_shared *sh = ed_vim_shared_new();
	struct ed_view *view;
	struct ed_vim *v;

	(void)wn_str_split(&all, 0x1e, &text);
	if (text.len > 0 && ed_doc_edit(doc, 0, 0, text) != 0)
		abort();
	view = ed_view_new(doc);
	v = ed_vim_new(view, sh, NULL);
	for (int i = 0; i < KEYS_MAX && all.p != NULL && all.len > 0; i++) {
		(void)ed_vim_key(v, next_key(&all));
		if (ed_vim_cursor(v) > ed_text_len(ed_doc_text(doc)))
			abort();
		if (ed_text_len(ed_doc_text(doc)) > (1u << 20))
			break;
	}
	ed_vim_escape(v);
	if (ed_vim_mode(v) != ED_VIM_NORMAL)
		abort();
	ed_vim_free(v);
	ed_vim_shared_free(sh);
	ed_view_free(view);
	ed_doc_free(doc);
	return 0;
}
