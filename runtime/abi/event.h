/*
 * An event as a module sees it: CloudEvents 1.0 with our extension attributes.
 * Everything is borrowed for the length of the handler. Headers only.
 */
#ifndef RUNTIME_ABI_EVENT_H
#define RUNTIME_ABI_EVENT_H

#include <stdint.h>

#include "runtime/base/str.h"

struct wn_event {
	const char *id;	     /* ULID; handlers are idempotent by it */
	const char *source;  /* "webnova/<module>" */
	const char *type;    /* "snapshot.created" */
	const char *subject; /* what it is about: a workspace id, a job id; nullable */
	int64_t time_ms;
	const char *dataschema; /* "urn:webnova:event:snapshot.created:1" */
	struct wn_str data;	/* JSON text */
	int64_t seq;		/* position in the log, from 1 */
	const char *stream;	/* "workspace/01J..." */
	int64_t version;	/* in its stream, from 1 */
	const char *tenant;
	const char *actor;
	const char *causation; /* nullable */
	const char *correlation;
};

/* What a module hands over to be appended; copied before the call returns. */
struct wn_emit {
	const char *type;
	int schema_version;
	const char *stream;  /* "workspace/<id>": order and versions are kept per stream */
	const char *subject; /* nullable */
	int64_t expect;	     /* version the stream must have; -1: any */
	const char *id;	     /* client-made ULID as idempotency key; NULL: a new one */
	struct wn_str data;  /* JSON text that follows the event's schema */
};

#endif
