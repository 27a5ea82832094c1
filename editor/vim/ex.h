/*
 * The command line behind ':': ranges and commands.
 */
#ifndef EDITOR_VIM_EX_H
#define EDITOR_VIM_EX_H

#include "editor/vim/normal.h"

/* A command read from a line. Rows are from 1; 0 is before the first. */
struct vi_ex {
	size_t first, last;
	size_t given; /* how many addresses */
	char name[24];
	bool bang;
	struct wn_str rest; /* behind name and '!', blanks skipped */
};

/* One line with all its commands, "|" between them. */
wn_err vi_ex_line(struct ed_vim *v, struct wn_str line);
/* Reads addresses off *s. False: one is wrong, the person was told. */
bool vi_ex_range(struct ed_vim *v, struct wn_str *s, struct vi_ex *x);
/* A pattern up to its delimiter off *s, which stands behind the opening one. */
struct wn_str vi_ex_pattern(struct wn_str *s, char delim);
/* One address for :m and :t; false: wrong. */
bool vi_ex_address(struct ed_vim *v, struct wn_str *s, size_t *row_out);

/* sub.c */
void vi_ex_sub(struct ed_vim *v, const struct vi_ex *x);
void vi_ex_again(struct ed_vim *v, const struct vi_ex *x); /* :& and :~ */
/* global.c */
void vi_ex_global(struct ed_vim *v, const struct vi_ex *x);
void vi_ex_normal(struct ed_vim *v, const struct vi_ex *x);
void vi_ex_sort(struct ed_vim *v, const struct vi_ex *x);
void vi_global_edit(struct ed_vim *v, const struct ed_edit *e); /* keeps its lines true */
/* set.c */
void vi_ex_set(struct ed_vim *v, const struct vi_ex *x);

#endif
