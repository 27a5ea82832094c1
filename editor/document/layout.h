/*
 * Display columns: from byte to column and back, and the cells of the slice of a line that is on
 * screen. Tabs are expanded, clusters and widths come from base/utf8.h. Long lines (over 4 KiB)
 * are not scanned twice: columns are remembered every 4 KiB and dropped behind an edit.
 */
#ifndef EDITOR_DOCUMENT_LAYOUT_H
#define EDITOR_DOCUMENT_LAYOUT_H

#include "editor/document/document.h"

/* One cluster as it is shown. A tab has kind ED_CELL_TAB and up to tab_width columns; a control or
 * an invalid byte has width 1 and its kind, the pane picks the picture. */
enum ed_cell_kind { ED_CELL_TEXT, ED_CELL_TAB, ED_CELL_CONTROL, ED_CELL_BAD };
struct ed_cell {
	size_t pos;	/* byte in the document */
	size_t col;	/* column in the line */
	uint32_t len;	/* bytes */
	uint16_t width; /* columns; 0 for a lone combining mark */
	enum ed_cell_kind kind;
};

/* Column of the cluster at pos in its line. */
size_t ed_col_of(struct ed_doc *doc, size_t pos);
/* The cluster that covers column col of the line that starts at line_start; the line's end when it
 * is shorter. */
size_t ed_pos_at_col(struct ed_doc *doc, size_t line_start, size_t col);
/* Cells from the one that covers column `left` up to column left + cols; returns how many (<= max).
 * The line end itself is no cell. */
size_t ed_line_cells(struct ed_doc *doc, size_t line_start, size_t left, size_t cols,
		     struct ed_cell *cells, size_t max);

/* Start of the next or previous cluster; "\r\n" is one. Clamped to the text. */
size_t ed_next_cluster(const struct ed_text *t, size_t pos);
size_t ed_prev_cluster(const struct ed_text *t, size_t pos);
/* Word steps as editors without modes do them: over blanks, then over one run of a kind. */
size_t ed_next_word(const struct ed_text *t, size_t pos);
size_t ed_prev_word(const struct ed_text *t, size_t pos);
/* The run of one kind (word, blanks, other) that pos is in, within its line. */
void ed_word_around(const struct ed_text *t, size_t pos, size_t *from, size_t *to);

#endif
