/*
 * Import lines of generated TypeScript: a file gets exactly the names it uses.
 */
#ifndef AI_CODEGEN_IMPORTS_H
#define AI_CODEGEN_IMPORTS_H

#include "runtime/base/buf.h"
#include "runtime/base/str.h"

/* Copies text to out with the line "@imports@" replaced by imports of the server's own
 * library for the names that occur outside comments. */
wn_err codegen_resolve_imports(struct wn_str text, struct wn_buf *out);

#endif
