/*
 * Small data files inside the program, by the names they have in the tree
 * ("themes/dark.json", "keymap/standard.json", "terminfo/wn-xterm-256").
 */
#ifndef TUI_EMBED_H
#define TUI_EMBED_H

#include <stddef.h>

#include "runtime/base/str.h"

struct tui_embed {
	const char *name;
	const char *data;
	size_t len;
};

extern const struct tui_embed tui_embeds[]; /* ended by name NULL; written by tui/embed.sh */

/* Content of a file by name; p NULL when there is none. */
static inline struct wn_str
tui_embedded(const char *name)
{
	for (const struct tui_embed *e = tui_embeds; e->name != NULL; e++)
		if (strcmp(e->name, name) == 0)
			return wn_strn(e->data, e->len);
	return WN_STR_NONE;
}

#endif
