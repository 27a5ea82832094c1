/*
 * Vim's regular expressions, said in PCRE2's language.
 */
#ifndef EDITOR_VIM_REGEX_H
#define EDITOR_VIM_REGEX_H

#include "editor/vim/edit.h"

/* What a pattern says about case itself. */
enum vi_case { VI_CASE_OPTION, VI_CASE_IGNORE, VI_CASE_MATCH };

/* Appends the translation of a pattern (without its delimiter). last_sub: what '~' stands for.
 * *groups counts the capturing ones. WN_E_PARSE when it is none. */
wn_err vi_regex(struct wn_str vim, struct wn_str last_sub, struct wn_buf *out, enum vi_case *c,
		size_t *groups);

/* The compiled form of a pattern under the present options, kept for the next call; NULL: it is
 * wrong or empty, the person was told. smart: 'smartcase' counts. Borrowed. */
struct ed_search *vi_compile(struct ed_vim *v, struct wn_str vim, bool smart);
/* First match at or behind pos / that starts before it; nothing behind the last line counts. */
bool vi_find_next(struct ed_vim *v, struct ed_search *s, size_t pos, struct ed_match *out);
bool vi_find_prev(struct ed_vim *v, struct ed_search *s, size_t pos, struct ed_match *out);

#endif
