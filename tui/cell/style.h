/*
 * How one cell looks: two colours and attributes. Colours are what the theme or a
 * program asked for; tui/term brings them down to what the terminal can show.
 */
#ifndef TUI_CELL_STYLE_H
#define TUI_CELL_STYLE_H

#include <stdbool.h>
#include <stdint.h>

/* A colour: the terminal's own, 24 bits, or an index of the 256-colour palette. */
#define TUI_COLOR_DEFAULT 0u
#define TUI_COLOR_RGB 0x01000000u
#define TUI_COLOR_INDEX 0x02000000u
#define TUI_RGB(rgb) (TUI_COLOR_RGB | ((uint32_t)(rgb)&0xFFFFFFu))
#define TUI_INDEX(i) (TUI_COLOR_INDEX | ((uint32_t)(i)&0xFFu))

enum tui_attr {
	TUI_BOLD = 1,
	TUI_DIM = 2,
	TUI_ITALIC = 4,
	TUI_UNDERLINE = 8,
	TUI_REVERSE = 16,
	TUI_STRIKE = 32
};

struct tui_style {
	uint32_t fg, bg;
	uint32_t attr; /* bits of enum tui_attr */
};

static inline bool
tui_style_eq(struct tui_style a, struct tui_style b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

/* `over` laid on `under`: a default colour lets the lower one through, attributes add up. */
static inline struct tui_style
tui_style_over(struct tui_style under, struct tui_style over)
{
	if (over.fg != TUI_COLOR_DEFAULT)
		under.fg = over.fg;
	if (over.bg != TUI_COLOR_DEFAULT)
		under.bg = over.bg;
	under.attr |= over.attr;
	return under;
}

#endif
