/*
 * Places in the text as Vim sees it: lines without their ends, characters with their marks, display
 * columns. Positions are bytes; a line is named by the position it begins at. The empty rest behind
 * a last newline is no line.
 */
#ifndef EDITOR_VIM_LINE_H
#define EDITOR_VIM_LINE_H

#include "editor/vim/state.h"

size_t vi_len(const struct ed_vim *v);
const struct ed_text *vi_text(const struct ed_vim *v);
/* A byte, -1 behind the end; quick for neighbours. */
int vi_byte(struct ed_vim *v, size_t pos);
/* The code point at pos; 0 at the end of a line. *n (nullable): its bytes. */
uint32_t vi_cp(struct ed_vim *v, size_t pos, size_t *n);
uint32_t vi_cp_before(struct ed_vim *v, size_t pos); /* 0 at the line's begin */

size_t vi_begin(struct ed_vim *v, size_t pos);
size_t vi_end(struct ed_vim *v, size_t pos);  /* before the line end's bytes */
size_t vi_stop(struct ed_vim *v, size_t pos); /* behind the line end's bytes */
bool vi_empty_line(struct ed_vim *v, size_t pos);
/* VI_NONE: there is none. */
size_t vi_next_line(struct ed_vim *v, size_t pos);
size_t vi_prev_line(struct ed_vim *v, size_t pos);
size_t vi_last_line(struct ed_vim *v);
/* n lines on; false when there are fewer, *out is the last one then. */
bool vi_lines_down(struct ed_vim *v, size_t begin, size_t n, size_t *out);
bool vi_lines_up(struct ed_vim *v, size_t begin, size_t n, size_t *out);
/* Rows from 0; vi_row_begin() clamps. */
size_t vi_row(struct ed_vim *v, size_t pos);
size_t vi_row_begin(struct ed_vim *v, size_t row);
size_t vi_rows(struct ed_vim *v);

/* Neighbouring characters of the line; at its ends pos itself. */
size_t vi_right(struct ed_vim *v, size_t pos);
size_t vi_left(struct ed_vim *v, size_t pos);
/* Over line ends: 0 moved, 1 to another line, 2 onto the end of a line, -1 at the end of the text.
 * As Vim's inc() and dec(). */
int vi_inc(struct ed_vim *v, size_t *pos);
int vi_dec(struct ed_vim *v, size_t *pos);
/* The same without stopping on line ends. */
int vi_incl(struct ed_vim *v, size_t *pos);
int vi_decl(struct ed_vim *v, size_t *pos);

size_t vi_nonblank(struct ed_vim *v, size_t pos);   /* first of the line, or its end */
size_t vi_skip_blank(struct ed_vim *v, size_t pos); /* spaces and tabs from pos on */
bool vi_blank_line(struct ed_vim *v, size_t pos);   /* nothing but blanks */
size_t vi_indent(struct ed_vim *v, size_t pos);	    /* columns of the line's indent */

/* First column of the character at pos; *last (nullable) its last one. */
size_t vi_col(struct ed_vim *v, size_t pos, size_t *last);
/* The character that covers a column, or the end of the line. */
size_t vi_at_col(struct ed_vim *v, size_t begin, size_t col);
/* Columns of the character at pos when it begins at col. */
size_t vi_width(struct ed_vim *v, size_t pos, size_t col);
/* Never on a line end, unless the line is empty. */
size_t vi_on_char(struct ed_vim *v, size_t pos);
size_t vi_clamp(struct ed_vim *v, size_t pos); /* into a line */

/* 0 blank or line end, 1 punctuation, more: words of some script. big: only blank or not. */
int vi_class(struct ed_vim *v, size_t pos, bool big);
int vi_class_of(uint32_t cp);
static inline bool
vi_is_word(uint32_t cp)
{
	return vi_class_of(cp) > 1;
}
static inline bool
vi_is_blank(uint32_t cp)
{
	return cp == ' ' || cp == '\t';
}

#endif
