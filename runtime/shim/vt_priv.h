/*
 * Between the files of the emulator.
 */
#ifndef RUNTIME_SHIM_VT_PRIV_H
#define RUNTIME_SHIM_VT_PRIV_H

#include "runtime/shim/vt.h"

/* A control sequence taken apart. */
struct vt_csi {
	char leader, inter, final; /* 0: none */
	int n;			   /* parameters */
	int p[VT_PARAM_MAX];	   /* -1: absent */
	bool sub[VT_PARAM_MAX];	   /* joined to the one before by ':' */
};

size_t vt_text(struct vt *t, const char *p, size_t n); /* eats a run without controls; vt_text.c */
void vt_repeat(struct vt *t, int count);
void vt_linefeed(struct vt *t); /* vt_move.c */
void vt_reverse_index(struct vt *t);
void vt_column_index(struct vt *t, bool forward);
void vt_carriage_return(struct vt *t);
void vt_left(struct vt *t, int n);
void vt_tab_forward(struct vt *t, int n);
void vt_tab_back(struct vt *t, int n);
void vt_move(struct vt *t, const struct vt_csi *c);
void vt_place(struct vt *t, const struct vt_csi *c);
void vt_cursor_told(const struct vt *t, int *row, int *col); /* from 1, as reports say it */
bool vt_inside_margins(const struct vt *t);
void vt_edit(struct vt *t, const struct vt_csi *c); /* vt_edit.c */
void vt_erase(struct vt *t, const struct vt_csi *c);
void vt_columns(struct vt *t, const struct vt_csi *c);
void vt_clear_tabs(struct vt *t, const struct vt_csi *c);
bool vt_rect_run(struct vt *t, const struct vt_csi *c); /* vt_rect.c; false: not one of its own */
void vt_status_report(struct vt *t, const struct vt_csi *c); /* vt_report.c */
void vt_attributes_report(struct vt *t, const struct vt_csi *c);
void vt_parameters_report(struct vt *t, const struct vt_csi *c);
void vt_window_report(struct vt *t, const struct vt_csi *c);
void vt_colors_reset(struct vt *t); /* vt_color.c */
bool vt_color_osc(struct vt *t, int64_t n, struct wn_str s);
uint32_t vt_palette(const struct vt *t, int n);	       /* as a cell's colour */
void vt_csi_run(struct vt *t, const struct vt_csi *c); /* vt_csi.c */
int vt_arg(const struct vt_csi *c, int i, int absent); /* 0 counts as absent */
void vt_sgr(struct vt *t, const struct vt_csi *c);     /* vt_sgr.c */
void vt_sgr_print(const struct wn_tstyle *pen, struct wn_buf *out);
void vt_mode_run(struct vt *t, const struct vt_csi *c);	   /* h, l; vt_mode.c */
int vt_mode_report(struct vt *t, bool private_, int mode); /* DECRQM: 0, 1, 2 */
void vt_save_cursor(struct vt *t);
void vt_restore_cursor(struct vt *t);
void vt_reset(struct vt *t, bool hard);
void vt_osc(struct vt *t, struct wn_str s); /* vt_osc.c */
void vt_title_push(struct vt *t);
void vt_title_pop(struct vt *t);
void vt_dcs(struct vt *t, struct wn_str s);
void vt_engine_start(struct vt *t); /* vt_engine.c: libvterm */
/* Brings libvterm to our cursor, feeds the sequence, takes the cursor back. */
void vt_engine_do(struct vt *t, const char *fmt, ...) WN_PRINTF(2, 3);
void vt_reply(struct vt *t, const char *fmt, ...) WN_PRINTF(2, 3);
void vt_tabs_reset(struct vt *t);

#endif
