/*
 * An event as its JSON (CloudEvents names, model "event" of schemas/model/engine.json).
 */
#ifndef RUNTIME_KERNEL_EVENT_JSON_H
#define RUNTIME_KERNEL_EVENT_JSON_H

#include "runtime/abi/event.h"
#include "runtime/base/json_write.h"

void wn_event_write(struct wn_jw *w, const struct wn_event *ev);

#endif
