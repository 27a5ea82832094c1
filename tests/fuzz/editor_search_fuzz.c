/*
 * Any query on any text: it ends, matches lie inside and in order, replacing them can be undone.
 */
#include <stdlib.h>

#include "editor/search/search.h"
#include "runtime/base/mem.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct ed_match m[256];
	struct ed_search *s;
	struct ed_doc *doc;
	size_t n, k;

	if (size < 3)
		return 0;
	n = data[1] % (size - 2);
	if (ed_search_new(wn_strn((const char *)data + 2, n), data[0] & 31, &s, NULL))
		return 0;
	doc = ed_doc_new(NULL);
	check(ed_doc_edit(doc, 0, 0, wn_strn((const char *)data + 2 + n, size - 2 - n)) == 0);
	if (ed_search_all(s, ed_doc_text(doc), 0, SIZE_MAX, NULL, m, 256, &k) == 0) {
		for (size_t i = 0; i < k; i++) {
			check(m[i].from <= m[i].to && m[i].to <= ed_text_len(ed_doc_text(doc)));
			check(i == 0 || m[i].from >= m[i - 1].to);
		}
	}
	(void)!ed_search_prev(s, ed_doc_text(doc), size, NULL, m);
	(void)!ed_search_replace_all(s, doc, 0, SIZE_MAX, WN_STR("<$0\\U$1\\l$0\\n>"), &k, NULL);
	ed_search_free(s);
	ed_doc_free(doc);
	return 0;
}
