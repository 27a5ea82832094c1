/*
 * What is known about a document, and how a change of it is told.
 */
#ifndef EDITOR_DOCUMENT_TYPES_H
#define EDITOR_DOCUMENT_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/base/clock.h"

enum ed_eol { ED_EOL_LF, ED_EOL_CRLF, ED_EOL_MIXED };
enum ed_encoding {
	ED_ENC_UTF8,
	ED_ENC_BROKEN,	/* UTF-8 with invalid bytes, kept */
	ED_ENC_UTF16LE, /* from here on the text inside is UTF-8, decoded */
	ED_ENC_UTF16BE,
	ED_ENC_UTF32LE,
	ED_ENC_UTF32BE,
	ED_ENC_OTHER, /* info.charset says which */
	ED_ENC_BINARY /* bytes as they are: holds NUL bytes; read-only until asked otherwise */
};
enum ed_disk {
	ED_DISK_SAME,
	ED_DISK_CHANGED,
	ED_DISK_GONE,
	ED_DISK_NONE /* no path or never saved */
};

struct ed_doc_opts {
	const struct wn_clock *clock; /* nullable: the real one */
	int tab_width;		      /* columns of a tab; 0: 8 */
	int indent_width;	      /* 0: found in the text, else 4 */
	const char *charset;	      /* nullable: found in the text; "binary": bytes as they are */
};

/* What was found when opening; borrowed, changes with open, save and reload only. */
struct ed_doc_info {
	enum ed_encoding encoding;
	enum ed_eol eol;
	char charset[24];  /* its name: "utf-8", "windows-1256", "binary" */
	bool guessed;	   /* nothing in the file says that it is this one */
	bool bom;	   /* had a byte order mark, which saving puts back */
	bool is_new;	   /* the path does not exist yet */
	bool read_only;	   /* edits are refused: binary, or asked for */
	bool not_writable; /* saving here will be refused by the system */
	bool huge;	   /* stays on disk; edits are pieces over it */
	int tab_width;
	int indent_width;
	bool indent_tabs;
};

/* The row of a point in a huge text whose lines are not counted yet. */
#define ED_ROW_UNKNOWN SIZE_MAX
struct ed_point {
	size_t row, col; /* line from 0, byte in the line */
};

/* One change, as listeners are told right after it. */
struct ed_edit {
	size_t pos, removed, inserted;
	uint64_t version; /* the document's version after it */
	struct ed_point start, old_end, new_end;
};
struct ed_listener {
	void (*on_edit)(void *arg, const struct ed_edit *edit); /* may not edit */
	/* The file was read again: after its on_edit, ed_doc_info() may say something new. nullable
	 */
	void (*on_reset)(void *arg);
	void *arg;
	struct ed_listener *next; /* private */
};

#endif
