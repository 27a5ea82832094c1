/*
 * What .editorconfig files ask of a file, read through libeditorconfig, which is loaded when first
 * needed. Without the library nothing is asked.
 */
#ifndef EDITOR_DOCUMENT_CONFIG_H
#define EDITOR_DOCUMENT_CONFIG_H

#include "editor/document/document.h"

enum ed_wish { ED_WISH_NONE, ED_WISH_NO, ED_WISH_YES };

struct ed_config {
	enum ed_wish tabs;	     /* indent with tabs */
	int indent_width, tab_width; /* 0: nothing asked */
	bool has_eol;
	enum ed_eol eol;  /* of a new file */
	char charset[24]; /* of a new file; "": nothing asked */
	bool bom;
	enum ed_wish trim;	    /* blanks at the ends of lines go when it is saved */
	enum ed_wish final_newline; /* and the last line ends with one, or with none */
};

/* Blocks: reads the files above path (absolute). Any thread. False: no file asks anything. */
bool ed_config_read(const char *path, struct ed_config *out);
/* One property as the files name it; unknown ones and values do nothing. */
void ed_config_set(struct ed_config *s, const char *name, const char *value);
/* Indents as asked; a file that does not exist yet gets the line ends and the set as well. */
void ed_config_apply(struct ed_doc *doc, const struct ed_config *s);
/* Before saving: what is asked of line ends and of the last one, as one step of undo. Lines inside
 * are only touched where blanks end them. */
wn_err ed_config_tidy(struct ed_doc *doc, const struct ed_config *s) WN_MUST;

#endif
