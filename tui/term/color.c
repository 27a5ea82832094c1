/*
 * Colours down to what a terminal has: nearest of 8, 16 or 256, or 24 bits kept.
 */
#include "tui/term/private.h"

/* The first sixteen as xterm has them; a person's palette may differ, their order does not. */
static const uint32_t base16[16] = {
	0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
	0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
};

static const int cube[6] = { 0, 95, 135, 175, 215, 255 };

uint32_t
tui_color_rgb(int i)
{
	if (i < 16)
		return base16[i < 0 ? 0 : i];
	if (i < 232) {
		i -= 16;
		return (uint32_t)(cube[i / 36] << 16 | cube[i / 6 % 6] << 8 | cube[i % 6]);
	}
	i = 8 + (i - 232) * 10;
	return (uint32_t)(i << 16 | i << 8 | i);
}

/* Squared distance, weighted as the eye sees (green most). */
static int
distance(uint32_t a, uint32_t b)
{
	int r = (int)(a >> 16 & 255) - (int)(b >> 16 & 255);
	int g = (int)(a >> 8 & 255) - (int)(b >> 8 & 255);
	int bl = (int)(a & 255) - (int)(b & 255);

	return 3 * r * r + 6 * g * g + bl * bl;
}

static int
nearest(uint32_t rgb, int from, int to)
{
	int best = from, best_d = -1;

	for (int i = from; i < to; i++) {
		int d = distance(rgb, tui_color_rgb(i));

		if (best_d < 0 || d < best_d) {
			best = i;
			best_d = d;
		}
	}
	return best;
}

static int
cube_step(int v)
{
	return v < 48 ? 0 : v < 115 ? 1 : (v - 35) / 40;
}

static int
nearest256(uint32_t rgb)
{
	int r = cube_step((int)(rgb >> 16 & 255)), g = cube_step((int)(rgb >> 8 & 255));
	int b = cube_step((int)(rgb & 255));
	int in_cube = 16 + 36 * r + 6 * g + b;
	int avg = ((int)(rgb >> 16 & 255) + (int)(rgb >> 8 & 255) + (int)(rgb & 255)) / 3;
	int gray = avg < 8 ? 232 : avg > 238 ? 255 : 232 + (avg - 3) / 10;

	return distance(rgb, tui_color_rgb(gray)) < distance(rgb, tui_color_rgb(in_cube)) ? gray
											  : in_cube;
}

/* Hue counts more than brightness when only eight are left: a pastel stays a colour. */
static int
nearest8(uint32_t rgb)
{
	int r = (int)(rgb >> 16 & 255), g = (int)(rgb >> 8 & 255), b = (int)(rgb & 255);
	int max = r > g ? (r > b ? r : b) : (g > b ? g : b);
	int min = r < g ? (r < b ? r : b) : (g < b ? g : b);
	int mid = (max + min) / 2;

	if (max < 64)
		return 0;
	if (max - min < 40)
		return max < 100 ? 0 : 7;
	return (r > mid ? 1 : 0) | (g > mid ? 2 : 0) | (b > mid ? 4 : 0);
}

int
tui_color_fit(uint32_t color, int colors)
{
	uint32_t rgb = color & 0xFFFFFFu;

	if (color == TUI_COLOR_DEFAULT || colors < 8)
		return -1;
	if (color & TUI_COLOR_INDEX) {
		int i = (int)(color & 255);

		if (i < colors && (colors <= 256 || i < 8))
			return i;
		rgb = tui_color_rgb(i);
	}
	if (colors > 256)
		return (int)(rgb < 8 ? 8 : rgb); /* 0..7 of a direct entry are the eight by name */
	if (colors == 256)
		return nearest256(rgb);
	if (colors == 16)
		return nearest(rgb, 0, 16);
	return nearest8(rgb);
}
