/*
 * Loading a grammar: the shared object that grammars.mk built, and our query files beside it. A
 * query file may begin with "; inherits: a b": the files of a and b are put before it.
 */
#include "editor/syntax/grammar.h"

#include <dlfcn.h>

#include "runtime/base/file.h"
#include "runtime/base/mem.h"

#define QUERY_MAX ((size_t)1 << 20)
#define INHERIT_DEPTH 4

static void
add_query_file(const char *dir, struct wn_str language, const char *file, int depth,
	       struct wn_buf *out)
{
	struct wn_buf own;
	struct wn_str line, rest, base;
	char *path = wn_asprintf("%s/queries/%.*s/%s", dir, WN_STR_ARG(language), file);

	wn_buf_init(&own, QUERY_MAX);
	/* A language without this kind of file is no failure. */
	if (wn_file_exists(path) && wn_file_read(path, &own, NULL) == 0) {
		rest = wn_buf_view(&own);
		(void)wn_str_split(&rest, '\n', &line);
		if (wn_str_has_prefix(line, WN_STR("; inherits: ")) && depth < INHERIT_DEPTH) {
			line = wn_str_sub(line, 12, line.len);
			while (wn_str_split(&line, ' ', &base))
				add_query_file(dir, base, file, depth + 1, out);
		}
		(void)wn_buf_str(out, wn_buf_view(&own));
		(void)wn_buf_chr(out, '\n');
	}
	wn_buf_fini(&own);
	wn_free(path);
}

static const char *
query_error(TSQueryError e)
{
	switch (e) {
	case TSQueryErrorSyntax:
		return "syntax";
	case TSQueryErrorNodeType:
		return "unknown node";
	case TSQueryErrorField:
		return "unknown field";
	case TSQueryErrorCapture:
		return "unknown capture";
	case TSQueryErrorStructure:
		return "impossible pattern";
	default:
		return "language";
	}
}

static wn_err
load_query(struct ed_grammar *g, const char *dir, const char *file, struct ed_query *q,
	   struct wn_diag *d)
{
	struct wn_buf text;
	uint32_t at = 0;
	TSQueryError kind = TSQueryErrorNone;
	wn_err err = 0;

	wn_buf_init(&text, QUERY_MAX);
	add_query_file(dir, wn_str(g->name), file, 0, &text);
	if (text.len) {
		q->query = ts_query_new(g->language, text.p, (uint32_t)text.len, &at, &kind);
		if (!q->query)
			err = wn_fail(d, WN_E_PARSE, "%s of %s: %s near \"%.40s\"", file, g->name,
				      query_error(kind), at < text.len ? text.p + at : "");
		else
			err = ed_predicates_new(q->query, &q->predicates, d);
	}
	wn_buf_fini(&text);
	if (err || !q->query)
		return err;
	uint32_t n = ts_query_capture_count(q->query);
	q->style = wn_alloc_array(n + 1, 1);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t len;
		const char *p = ts_query_capture_name_for_id(q->query, i, &len);
		int s = ed_style_by_name(wn_strn(p, len));
		q->style[i] = s < 0 ? ED_NO_STYLE : (uint8_t)s;
	}
	return 0;
}

static void
find_injection_captures(struct ed_grammar *g)
{
	const TSQuery *q = g->injections.query;

	for (uint32_t i = 0; q && i < ts_query_capture_count(q); i++) {
		uint32_t len;
		const char *p = ts_query_capture_name_for_id(q, i, &len);
		struct wn_str name = wn_strn(p, len);
		if (wn_str_is(name, "injection.content"))
			g->inj_content = i;
		if (wn_str_is(name, "injection.language"))
			g->inj_language = i;
	}
	for (uint32_t i = 0; q && i < ts_query_pattern_count(q); i++)
		if (ed_predicates_setting(g->injections.predicates, i, "injection.combined"))
			g->combines = true;
}

static wn_err
load_language(struct ed_grammar *g, const char *dir, struct wn_diag *d)
{
	const TSLanguage *(*make)(void);
	char *path = wn_asprintf("%s/%s.so", dir, g->name);
	char *symbol = wn_asprintf("tree_sitter_%s", g->name);
	void *found = NULL;

	if (!wn_file_exists(path))
		wn_fail(d, WN_E_NOT_FOUND, "the grammar for %s is not installed (%s)", g->name,
			path);
	else if (!(g->so = dlopen(path, RTLD_NOW | RTLD_LOCAL)))
		wn_fail(d, WN_E_CORRUPT, "the grammar for %s cannot be loaded: %s", g->name,
			dlerror());
	else if (!(found = dlsym(g->so, symbol)))
		wn_fail(d, WN_E_CORRUPT, "%s is not a grammar for %s", path, g->name);
	wn_free(path);
	wn_free(symbol);
	if (!found)
		return d->code;
	/* The way POSIX has for turning dlsym's answer into a function. */
	memcpy(&make, &found, sizeof make);
	const TSLanguage *l = make();
	uint32_t abi = ts_language_abi_version(l);
	if (abi < TREE_SITTER_MIN_COMPATIBLE_LANGUAGE_VERSION || abi > TREE_SITTER_LANGUAGE_VERSION)
		return wn_fail(d, WN_E_VERSION, "the grammar for %s has ABI %u", g->name, abi);
	g->language = l;
	return 0;
}

struct ed_grammar *
ed_grammar_new(const char *name)
{
	struct ed_grammar *g = WN_NEW(struct ed_grammar);

	g->name = wn_strdup(name);
	g->inj_content = g->inj_language = UINT32_MAX;
	return g;
}

void
ed_grammar_load(struct ed_grammar *g, const char *dir)
{
	wn_err err = load_language(g, dir, &g->why);

	if (!err)
		err = load_query(g, dir, "highlights.scm", &g->highlights, &g->why);
	if (!err)
		err = load_query(g, dir, "injections.scm", &g->injections, &g->why);
	if (err)
		g->language = NULL;
	else
		find_injection_captures(g);
}

void
ed_grammar_learn(struct ed_grammar *g, const char *dir)
{
	struct ed_query *q = &g->structure;
	struct wn_diag d = { 0 };

	if (atomic_load(&g->learnt))
		return;
	if (g->language && load_query(g, dir, "structure.scm", q, &d) != 0) {
		g->why = d;
		ts_query_delete(q->query);
		q->query = NULL;
	}
	for (uint32_t i = 0; q->query && i < ts_query_capture_count(q->query); i++) {
		uint32_t len;
		const char *p = ts_query_capture_name_for_id(q->query, i, &len);
		q->style[i] = ed_role_by_name(wn_strn(p, len));
	}
	atomic_store(&g->learnt, true);
}

static void
query_fini(struct ed_query *q)
{
	if (q->query)
		ts_query_delete(q->query);
	ed_predicates_free(q->predicates);
	wn_free(q->style);
}

void
ed_grammar_free(struct ed_grammar *g)
{
	if (!g)
		return;
	query_fini(&g->highlights);
	query_fini(&g->injections);
	query_fini(&g->structure);
	if (g->so)
		dlclose(g->so);
	wn_free(g->name);
	wn_free(g);
}
