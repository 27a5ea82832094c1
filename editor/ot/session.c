/*
 * The two sides of a text that several people edit. Where two insert at one place, the one that the
 * engine heard first comes first, on both sides.
 */
#include "editor/ot/session.h"

#include "runtime/base/vec.h"

/* ---- a client ------------------------------------------------------------------------------ */

void
ed_ot_client_init(struct ed_ot_client *c, uint64_t revision)
{
	*c = (struct ed_ot_client){ .revision = revision };
}

void
ed_ot_client_fini(struct ed_ot_client *c)
{
	ed_ot_free(c->sent);
	ed_ot_free(c->queued);
	*c = (struct ed_ot_client){ 0 };
}

wn_err
ed_ot_client_edit(struct ed_ot_client *c, struct ed_ot *op, const struct ed_ot **send_out)
{
	struct ed_ot *both;
	wn_err err;

	*send_out = NULL;
	if (c->sent == NULL) {
		*send_out = c->sent = op;
		return 0;
	}
	if (c->queued == NULL) {
		c->queued = op;
		return 0;
	}
	err = ed_ot_compose(c->queued, op, &both);
	ed_ot_free(op);
	if (err != 0)
		return err;
	ed_ot_free(c->queued);
	c->queued = both;
	return 0;
}

wn_err
ed_ot_client_ack(struct ed_ot_client *c, const struct ed_ot **send_out)
{
	*send_out = NULL;
	if (c->sent == NULL)
		return WN_E_STATE;
	c->revision++;
	ed_ot_free(c->sent);
	*send_out = c->sent = c->queued;
	c->queued = NULL;
	return 0;
}

/* Carries an operation over what the client did and the engine has not counted yet. */
static wn_err
carry(const struct ed_ot *op, const struct ed_ot *own, struct ed_ot **op_out,
      struct ed_ot **own_out)
{
	if (own != NULL)
		return ed_ot_transform(op, own, op_out, own_out);
	*own_out = NULL;
	*op_out = ed_ot_copy(op);
	return *op_out != NULL ? 0 : WN_E_NO_MEMORY;
}

wn_err
ed_ot_client_remote(struct ed_ot_client *c, const struct ed_ot *op, struct ed_ot **apply_out)
{
	struct ed_ot *over_sent, *sent, *queued;
	wn_err err;

	*apply_out = NULL;
	err = carry(op, c->sent, &over_sent, &sent);
	if (err != 0)
		return err;
	err = carry(over_sent, c->queued, apply_out, &queued);
	ed_ot_free(over_sent);
	if (err != 0) {
		ed_ot_free(sent);
		return err;
	}
	ed_ot_free(c->sent);
	ed_ot_free(c->queued);
	c->sent = sent;
	c->queued = queued;
	c->revision++;
	return 0;
}

/* ---- the engine ------------------------------------------------------------------------------ */

struct ed_ot_log {
	WN_VEC(struct ed_ot *) ops; /* owned; the last one led to `revision` */
	uint64_t revision;
	size_t points; /* of the text now */
};

struct ed_ot_log *
ed_ot_log_new(uint64_t revision, size_t points)
{
	struct ed_ot_log *l = WN_NEW(struct ed_ot_log);

	l->revision = revision;
	l->points = points;
	return l;
}

void
ed_ot_log_free(struct ed_ot_log *l)
{
	if (l == NULL)
		return;
	ed_ot_log_trim(l, 0);
	wn_vec_fini(&l->ops);
	wn_free(l);
}

uint64_t
ed_ot_log_revision(const struct ed_ot_log *l)
{
	return l->revision;
}

const struct ed_ot *
ed_ot_log_at(const struct ed_ot_log *l, uint64_t revision)
{
	uint64_t back = l->revision - revision;

	if (revision > l->revision || back >= l->ops.len)
		return NULL;
	return l->ops.p[l->ops.len - 1 - back];
}

wn_err
ed_ot_log_add(struct ed_ot_log *l, uint64_t revision, const struct ed_ot *op,
	      const struct ed_ot **out)
{
	struct ed_ot *now, *next, *other;
	uint64_t behind = l->revision - revision;
	wn_err err = 0;

	*out = NULL;
	if (revision > l->revision)
		return WN_E_INVALID;
	if (behind > l->ops.len)
		return WN_E_CONFLICT;
	now = ed_ot_copy(op);
	if (now == NULL)
		return WN_E_NO_MEMORY;
	for (size_t i = l->ops.len - behind; i < l->ops.len && err == 0; i++) {
		err = ed_ot_transform(l->ops.p[i], now, &other, &next);
		if (err == 0) {
			ed_ot_free(other);
			ed_ot_free(now);
			now = next;
		}
	}
	if (err == 0 && ed_ot_before(now) != l->points)
		err = WN_E_INVALID;
	if (err != 0) {
		ed_ot_free(now);
		return err;
	}
	wn_vec_push(&l->ops, now);
	l->revision++;
	l->points = ed_ot_after(now);
	*out = now;
	return 0;
}

void
ed_ot_log_trim(struct ed_ot_log *l, size_t keep)
{
	size_t drop = l->ops.len > keep ? l->ops.len - keep : 0;

	for (size_t i = 0; i < drop; i++)
		ed_ot_free(l->ops.p[i]);
	if (drop > 0)
		memmove(l->ops.p, l->ops.p + drop, (l->ops.len - drop) * sizeof *l->ops.p);
	l->ops.len -= drop;
}
