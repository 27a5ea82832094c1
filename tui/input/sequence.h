/*
 * What a whole sequence means. Private to tui/input.
 */
#ifndef TUI_INPUT_SEQUENCE_H
#define TUI_INPUT_SEQUENCE_H

#include "tui/input/input.h"

/* A key with its modifiers. */
void tui_seq_key(struct tui_input *in, uint32_t code, unsigned mods);
/* A plain character or control; alt: an ESC came before. */
void tui_seq_char(struct tui_input *in, uint32_t cp, bool alt);
/* CSI: what stood between "ESC [" and the final byte. */
void tui_seq_csi(struct tui_input *in, struct wn_str body, char final);
/* SS3: digits between "ESC O" and the final byte. */
void tui_seq_ss3(struct tui_input *in, struct wn_str body, char final);
/* OSC, DCS and the like, without their ends. */
void tui_seq_string(struct tui_input *in, char kind, struct wn_str text);
/* Three bytes of an X10 mouse report. */
void tui_seq_x10(struct tui_input *in, struct wn_str bytes);

#endif
