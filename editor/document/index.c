/*
 * The line index of a huge text: a thread counts on a snapshot; the nodes keep the counts, so the
 * text that is edited meanwhile gains them too.
 */
#include "editor/document/doc.h"

static void *
count_lines(void *arg)
{
	struct ed_indexer *x = arg;

	(void)ed_text_index(x->snap, &x->cancel, &x->done);
	atomic_store_explicit(&x->finished, true, memory_order_release);
	return NULL;
}

void
ed_indexer_start(struct ed_indexer *x, const struct ed_text *t)
{
	atomic_store(&x->cancel, false);
	atomic_store(&x->finished, false);
	atomic_store(&x->done, 0);
	x->snap = ed_text_snap(t);
	/* Without a thread lines are counted when first asked for. */
	x->started = pthread_create(&x->thread, NULL, count_lines, x) == 0;
}

void
ed_indexer_stop(struct ed_indexer *x)
{
	if (x->started) {
		atomic_store(&x->cancel, true);
		pthread_join(x->thread, NULL);
		x->started = false;
	}
	ed_text_free(x->snap);
	x->snap = NULL;
}

int
ed_doc_indexed(const struct ed_doc *doc)
{
	const struct ed_indexer *x = &doc->index;
	size_t len;

	if (!x->started || atomic_load_explicit(&x->finished, memory_order_acquire))
		return 100;
	len = ed_text_len(x->snap);
	return len ? (int)(atomic_load(&x->done) * 99 / len) : 99;
}
