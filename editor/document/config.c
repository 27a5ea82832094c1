/*
 * EditorConfig. The parser is the reference one, loaded at run time; what its words mean here is
 * ours.
 */
#include "editor/document/config.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "editor/document/charset.h"
#include "editor/document/doc.h"
#include "runtime/base/mem.h"

#define LIBRARY "libeditorconfig.so.0"
#define WIDTH_MAX 16
#define EDITS_MAX 5000

/* The part of its interface that is used (editorconfig/editorconfig.h, stable since 0.12). */
struct library {
	void *so;
	void *(*make)(void);
	int (*destroy)(void *);
	int (*parse)(const char *path, void *handle);
	int (*count)(void *handle);
	void (*get)(void *handle, int n, const char **name, const char **value);
};

static bool
load_symbol(struct library *l, const char *name, void *fn_out)
{
	void *p = dlsym(l->so, name);

	memcpy(fn_out, &p, sizeof p); /* a function pointer, which ISO C keeps apart from void * */
	return p != NULL;
}

static bool
load(struct library *l)
{
	l->so = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (l->so == NULL)
		return false;
	if (load_symbol(l, "editorconfig_handle_init", &l->make) &&
	    load_symbol(l, "editorconfig_handle_destroy", &l->destroy) &&
	    load_symbol(l, "editorconfig_parse", &l->parse) &&
	    load_symbol(l, "editorconfig_handle_get_name_value_count", &l->count) &&
	    load_symbol(l, "editorconfig_handle_get_name_value", &l->get))
		return true;
	dlclose(l->so);
	return false;
}

/* No library is loaded for a folder without any such file above. */
static bool
any_above(const char *path)
{
	char *dir = wn_strdup(path), *slash;
	bool any = false;

	while (!any && (slash = strrchr(dir, '/')) != NULL) {
		*slash = '\0';
		char *file = wn_asprintf("%s/.editorconfig", dir);
		any = access(file, R_OK) == 0;
		wn_free(file);
	}
	wn_free(dir);
	return any;
}

bool
ed_config_read(const char *path, struct ed_config *out)
{
	struct library l;
	void *h;
	int n = 0;

	*out = (struct ed_config){ 0 };
	if (path[0] != '/' || !any_above(path) || !load(&l))
		return false;
	h = l.make();
	if (h != NULL && l.parse(path, h) == 0)
		n = l.count(h);
	for (int i = 0; i < n; i++) {
		const char *name = NULL, *value = NULL;

		l.get(h, i, &name, &value);
		if (name != NULL && value != NULL)
			ed_config_set(out, name, value);
	}
	if (h != NULL)
		l.destroy(h);
	dlclose(l.so);
	return n > 0;
}

/* ---- words -------------------------------------------------------------------------------------
 */

static int
width_of(const char *value)
{
	int64_t n;

	return wn_str_i64(wn_str(value), &n) && n > 0 && n <= WIDTH_MAX ? (int)n : 0;
}

static enum ed_wish
wish_of(const char *value)
{
	if (strcasecmp(value, "true") == 0)
		return ED_WISH_YES;
	return strcasecmp(value, "false") == 0 ? ED_WISH_NO : ED_WISH_NONE;
}

static void
set_charset(struct ed_config *s, const char *value)
{
	static const struct {
		const char *name, *charset;
		bool bom;
	} sets[] = { { "utf-8", "utf-8", false },
		     { "utf-8-bom", "utf-8", true },
		     { "latin1", "iso-8859-1", false },
		     { "utf-16le", "utf-16le", true },
		     { "utf-16be", "utf-16be", true } };

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
		if (strcasecmp(value, sets[i].name) == 0) {
			memcpy(s->charset, sets[i].charset, strlen(sets[i].charset) + 1);
			s->bom = sets[i].bom;
		}
}

void
ed_config_set(struct ed_config *s, const char *name, const char *value)
{
	if (strcmp(name, "indent_style") == 0)
		s->tabs = strcasecmp(value, "tab") == 0	    ? ED_WISH_YES
			  : strcasecmp(value, "space") == 0 ? ED_WISH_NO
							    : s->tabs;
	else if (strcmp(name, "indent_size") == 0)
		s->indent_width = width_of(value);
	else if (strcmp(name, "tab_width") == 0)
		s->tab_width = width_of(value);
	else if (strcmp(name, "trim_trailing_whitespace") == 0)
		s->trim = wish_of(value);
	else if (strcmp(name, "insert_final_newline") == 0)
		s->final_newline = wish_of(value);
	else if (strcmp(name, "charset") == 0)
		set_charset(s, value);
	else if (strcmp(name, "end_of_line") == 0) {
		s->has_eol = strcasecmp(value, "lf") == 0 || strcasecmp(value, "crlf") == 0;
		s->eol = strcasecmp(value, "crlf") == 0 ? ED_EOL_CRLF : ED_EOL_LF;
	}
}

void
ed_config_apply(struct ed_doc *doc, const struct ed_config *s)
{
	if (s->tabs != ED_WISH_NONE)
		doc->info.indent_tabs = s->tabs == ED_WISH_YES;
	if (s->tab_width > 0)
		doc->info.tab_width = s->tab_width;
	if (s->indent_width > 0)
		doc->info.indent_width = s->indent_width;
	else if (s->tabs == ED_WISH_YES && s->tab_width > 0)
		doc->info.indent_width = s->tab_width;
	if (!doc->info.is_new)
		return;
	if (s->has_eol)
		doc->info.eol = s->eol;
	if (s->charset[0] != '\0' && ed_charset_kind(s->charset, &doc->info.encoding)) {
		memcpy(doc->info.charset, s->charset, sizeof doc->info.charset);
		doc->info.bom = s->bom;
	}
}

/* ---- before saving
 * ------------------------------------------------------------------------------- */

struct blanks {
	size_t pos, n;
};
struct found {
	WN_VEC(struct blanks) at;
};

/* Blanks at the ends of lines, found in one pass; "\r\n" is a line end. */
static void
find_blanks(const struct ed_text *t, struct found *out)
{
	struct ed_iter it;
	size_t run = 0; /* blanks just before */
	bool cr = false;

	for (bool more = ed_iter_init(&it, t, 0); more; more = ed_iter_next(&it))
		for (size_t i = 0; i < it.chunk.len; i++) {
			char c = it.chunk.p[i];

			if (c == '\n' && run > 0)
				wn_vec_push(&out->at,
					    (struct blanks){ it.pos + i - cr - run, run });
			if (c == '\r' && !cr) {
				cr = true;
				continue;
			}
			run = (c == ' ' || c == '\t') ? run * !cr + 1 : 0;
			cr = c == '\r';
		}
	if (run > 0)
		wn_vec_push(&out->at, (struct blanks){ ed_text_len(t) - cr - run, run });
	ed_iter_fini(&it);
}

/* From the last to the first, so that places stay true. Very many are taken out as one change. */
static wn_err
trim(struct ed_doc *doc)
{
	struct ed_text *t = ed_text_snap(doc->text), *part;
	struct found f = { 0 };
	wn_err err = 0;

	find_blanks(t, &f);
	for (size_t i = f.at.len; i-- > 0 && err == 0;)
		if (f.at.len > EDITS_MAX)
			ed_text_splice(t, f.at.p[i].pos, f.at.p[i].n, NULL);
		else
			err = ed_doc_edit(doc, f.at.p[i].pos, f.at.p[i].n, WN_STR_NONE);
	if (f.at.len > EDITS_MAX) {
		size_t from = f.at.p[0].pos;
		const struct blanks *last = &wn_vec_last(&f.at);
		size_t tail = ed_text_len(doc->text) - last->pos - last->n;

		part = ed_text_slice(t, from, ed_text_len(t) - from - tail);
		err = ed_doc_replace_with(doc, from, last->pos + last->n - from, part);
		ed_text_free(part);
	}
	wn_vec_fini(&f.at);
	ed_text_free(t);
	return err;
}

static wn_err
end_last_line(struct ed_doc *doc, bool newline)
{
	size_t len = ed_text_len(doc->text), cut = len;

	if (newline && len > 0 && ed_text_byte(doc->text, len - 1) != '\n')
		return ed_doc_edit(doc, len, 0,
				   doc->info.eol == ED_EOL_CRLF ? WN_STR("\r\n") : WN_STR("\n"));
	while (!newline && cut > 0 && ed_text_byte(doc->text, cut - 1) == '\n') {
		cut--;
		if (cut > 0 && ed_text_byte(doc->text, cut - 1) == '\r')
			cut--;
	}
	return cut < len ? ed_doc_edit(doc, cut, len - cut, WN_STR_NONE) : 0;
}

wn_err
ed_config_tidy(struct ed_doc *doc, const struct ed_config *s)
{
	wn_err err = 0;

	/* A huge file is not gone through, bytes are no lines. */
	if (doc->locked || doc->info.huge || doc->info.encoding == ED_ENC_BINARY)
		return 0;
	ed_doc_begin(doc);
	if (s->trim == ED_WISH_YES)
		err = trim(doc);
	if (err == 0 && s->final_newline != ED_WISH_NONE)
		err = end_last_line(doc, s->final_newline == ED_WISH_YES);
	ed_doc_end(doc);
	return err;
}
