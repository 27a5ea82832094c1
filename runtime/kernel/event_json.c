/*
 * Writes events. The data is spliced in as it is: it was checked before it was stored.
 */
#include "runtime/kernel/event_json.h"

#include "runtime/base/clock.h"

static void
optional(struct wn_jw *w, const char *key, const char *v)
{
	if (v != NULL)
		wn_jw_kstr(w, key, v);
}

void
wn_event_write(struct wn_jw *w, const struct wn_event *ev)
{
	char time[WN_TIME_MAX];

	wn_time_print(ev->time_ms, time);
	wn_jw_object(w);
	wn_jw_kstr(w, "id", ev->id);
	wn_jw_kstr(w, "source", ev->source);
	wn_jw_kstr(w, "type", ev->type);
	optional(w, "subject", ev->subject);
	wn_jw_kstr(w, "time", time);
	wn_jw_kstr(w, "dataschema", ev->dataschema);
	wn_jw_key(w, "data");
	wn_jw_raw(w, ev->data);
	wn_jw_ki64s(w, "seq", ev->seq);
	wn_jw_kstr(w, "stream", ev->stream);
	wn_jw_ki64s(w, "version", ev->version);
	wn_jw_kstr(w, "tenant", ev->tenant);
	wn_jw_kstr(w, "actor", ev->actor);
	optional(w, "causation", ev->causation);
	optional(w, "correlation", ev->correlation);
	wn_jw_object_end(w);
}
