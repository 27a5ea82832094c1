/*
 * Any text, any keys: positions stay inside, columns and cells agree, everything can be undone.
 */
#include <stdlib.h>

#include "editor/document/layout.h"
#include "editor/select/view.h"
#include "runtime/base/mem.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
check_view(struct ed_doc *doc, struct ed_view *v)
{
	const struct ed_sel *sel;
	struct ed_cell cells[64];
	size_t len = ed_text_len(ed_doc_text(doc)), n = ed_view_sels(v, &sel);

	check(n > 0);
	for (size_t i = 0; i < n; i++) {
		size_t begin, col;
		check(sel[i].anchor <= len && sel[i].head <= len);
		begin = ed_text_line_begin(ed_doc_text(doc), sel[i].head);
		col = ed_col_of(doc, sel[i].head);
		check(ed_pos_at_col(doc, begin, col) <= ed_doc_line_end(doc, begin));
		size_t k = ed_line_cells(doc, begin, col, 64, cells, 64);
		for (size_t c = 1; c < k; c++)
			check(cells[c].pos == cells[c - 1].pos + cells[c - 1].len);
	}
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	size_t n = size / 2;
	struct ed_doc *doc = ed_doc_new(NULL);
	struct ed_view *v;
	struct ed_register reg;

	if (ed_doc_edit(doc, 0, 0, wn_strn((const char *)data, n)) != 0)
		abort();
	v = ed_view_new(doc);
	ed_view_set_comment(v, "//", NULL);
	ed_register_init(&reg);
	for (size_t i = n; i + 1 < size && ed_text_len(ed_doc_text(doc)) < 20000; i += 2) {
		size_t arg = data[i + 1], len = ed_text_len(ed_doc_text(doc));
		switch (data[i] % 8) {
		case 0:
			ed_view_move(v, (enum ed_move)(arg % (ED_DOC_END + 1)), arg % 5, arg & 128);
			break;
		case 1:
			ed_view_select(v, arg * 7 % (len + 1), arg * 13 % (len + 1));
			break;
		case 2:
			ed_view_add(v, arg * 5 % (len + 1), arg * 11 % (len + 1));
			break;
		case 3:
			check(ed_view_type(v, wn_strn((const char *)data + i + 1, 1), NULL) == 0);
			break;
		case 4:
			check(ed_view_copy(v, &reg, NULL) == 0);
			break;
		case 5:
			check(ed_view_paste(v, &reg, NULL) == 0);
			break;
		default:
			(void)!ed_view_do(v, (enum ed_cmd)(arg % ED_CMDS), NULL);
		}
		check_view(doc, v);
	}
	while (ed_view_do(v, ED_UNDO, NULL) == 0)
		;
	check(ed_text_len(ed_doc_text(doc)) == 0);
	ed_register_fini(&reg);
	ed_view_free(v);
	ed_doc_free(doc);
	return 0;
}
