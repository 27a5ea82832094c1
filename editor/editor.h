/*
 * The editor core as one include. It knows no screen, no socket and no JSON.
 *
 *	document/document.h	one open file: text, path, disk state, undo, listeners
 *	document/config.h	what .editorconfig asks of a file
 *	document/disk.h		saving and reading on another thread
 *	document/recovery.h	unsaved text kept beside, for the day after a crash
 *	document/layout.h	columns of a line and back; the cells of a viewport slice
 *	ot/session.h		several people in one text, as operations
 *	select/view.h		selections of one pane over a document, and what keys do
 *	search/search.h		find and replace, literal or PCRE2
 *	syntax/syntax.h		coloured spans from tree-sitter, made by a worker
 *	syntax/structure.h	what the text is made of: objects, folds, indentation, outline
 *	syntax/style.h		the style classes a theme gives colours to
 *	text/text.h		the text itself: persistent tree, snapshots for any thread
 *	vim/vim.h		modal editing as Vim does it
 *
 * A document, its views and its syntax belong to one thread (the client's loop).
 * What another thread wants to read it reads from ed_text_snap().
 */
#ifndef EDITOR_EDITOR_H
#define EDITOR_EDITOR_H

#include "editor/document/config.h"
#include "editor/document/disk.h"
#include "editor/document/document.h"
#include "editor/document/layout.h"
#include "editor/document/recovery.h"
#include "editor/ot/session.h"
#include "editor/search/search.h"
#include "editor/select/view.h"
#include "editor/syntax/structure.h"
#include "editor/syntax/style.h"
#include "editor/syntax/syntax.h"
#include "editor/text/text.h"
#include "editor/vim/vim.h"

#endif
