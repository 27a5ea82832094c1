/*
 * Answers about the terminal itself. Nothing a program wrote (a title, the clipboard) is ever sent
 * back: output of a program must not become input of another.
 */
#include "runtime/shim/vt_priv.h"

/* Pixels of a cell for programs that ask; we are told none by the client's terminal. */
#define CELL_W 8
#define CELL_H 16

static void
private_status(struct vt *t, int what)
{
	static const struct {
		int ask;
		const char *answer;
	} answers[] = {
		{ 5, "\033[?0n" },	   { 15, "\033[?13n" },	  /* no printer */
		{ 25, "\033[?21n" },				  /* user keys are locked */
		{ 26, "\033[?27;1;0;0n" },			  /* North American keyboard */
		{ 53, "\033[?53n" },	   { 55, "\033[?53n" },	  /* no locator */
		{ 56, "\033[?57;0n" },	   { 62, "\033[0000*{" }, /* no room for macros */
		{ 75, "\033[?70n" },				  /* no fault */
		{ 85, "\033[?83n" },				  /* one session */
	};
	int row, col;

	for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++)
		if (answers[i].ask == what)
			vt_reply(t, "%s", answers[i].answer);
	vt_cursor_told(t, &row, &col);
	if (what == 6)
		vt_reply(t, "\033[?%d;%d;1R", row, col);
	else if (what == 996) /* is the theme dark? */
		vt_reply(t, "\033[?997;%dn", (t->color_bg >> 8 & 0xFF) < 0x80 ? 1 : 2);
}

void
vt_status_report(struct vt *t, const struct vt_csi *c)
{
	int what = vt_arg(c, 0, 0), row, col;

	if (c->leader) {
		if (what == 63)
			vt_reply(t, "\033P%d!~0000\033\\", vt_arg(c, 1, 0));
		else
			private_status(t, what);
		return;
	}
	vt_cursor_told(t, &row, &col);
	if (what == 5)
		vt_reply(t, "\033[0n");
	else if (what == 6)
		vt_reply(t, "\033[%d;%dR", row, col);
}

void
vt_attributes_report(struct vt *t, const struct vt_csi *c)
{
	if (vt_arg(c, 0, 0) != 0)
		return;
	if (c->leader == '>')
		vt_reply(t, "\033[>41;100;0c");
	else if (c->leader == '=')
		vt_reply(t, "\033P!|00000000\033\\");
	else if (!c->leader) /* VT420: selective erase, side margins, ANSI colour, rectangles */
		vt_reply(t, "\033[?64;6;21;22;28c");
}

void
vt_parameters_report(struct vt *t, const struct vt_csi *c)
{
	int what = vt_arg(c, 0, 0);

	if (what <= 1)
		vt_reply(t, "\033[%d;1;1;128;128;1;0x", what + 2);
}

void
vt_window_report(struct vt *t, const struct vt_csi *c)
{
	int rows = t->grid->rows, cols = t->grid->cols;

	switch (vt_arg(c, 0, 0)) {
	case 11: /* shown */
		vt_reply(t, "\033[1t");
		break;
	case 13:
		vt_reply(t, "\033[3;0;0t");
		break;
	case 14:
		vt_reply(t, "\033[4;%d;%dt", rows * CELL_H, cols * CELL_W);
		break;
	case 15:
		vt_reply(t, "\033[5;%d;%dt", rows * CELL_H, cols * CELL_W);
		break;
	case 16:
		vt_reply(t, "\033[6;%d;%dt", CELL_H, CELL_W);
		break;
	case 18:
		vt_reply(t, "\033[8;%d;%dt", rows, cols);
		break;
	case 19:
		vt_reply(t, "\033[9;%d;%dt", rows, cols);
		break;
	case 20: /* titles were written by programs: empty */
		vt_reply(t, "\033]L\033\\");
		break;
	case 21:
		vt_reply(t, "\033]l\033\\");
		break;
	case 22:
		vt_title_push(t);
		break;
	case 23:
		vt_title_pop(t);
		break;
	default:
		break;
	}
}
