/*
 * Structured logging. A logger is an object that is passed; fields are typed,
 * and a secret is redacted because of its type, whatever its name.
 */
#ifndef RUNTIME_BASE_LOG_H
#define RUNTIME_BASE_LOG_H

#include <stdint.h>

#include "runtime/base/buf.h"
#include "runtime/base/clock.h"

enum wn_log_level { WN_LOG_ERROR, WN_LOG_WARN, WN_LOG_INFO, WN_LOG_DEBUG };
enum wn_log_kind { WN_LF_END, WN_LF_STR, WN_LF_INT, WN_LF_BOOL, WN_LF_ERR, WN_LF_SECRET };

struct wn_log_field {
	enum wn_log_kind kind;
	const char *key;
	const char *str;
	int64_t num;
};

#define WN_S(k, v) ((struct wn_log_field){ WN_LF_STR, (k), (v), 0 })
#define WN_I(k, v) ((struct wn_log_field){ WN_LF_INT, (k), NULL, (int64_t)(v) })
#define WN_B(k, v) ((struct wn_log_field){ WN_LF_BOOL, (k), NULL, (v) ? 1 : 0 })
#define WN_ERRF(e) ((struct wn_log_field){ WN_LF_ERR, "error", NULL, (e) })
#define WN_SECRET(k, v) ((struct wn_log_field){ WN_LF_SECRET, (k), (v), 0 })

/* sink gets one formatted line with its newline; it may be called from any thread. */
struct wn_log {
	enum wn_log_level level; /* least severe that is written */
	int json;		 /* JSON lines, else human */
	const struct wn_clock *clock;
	void (*sink)(void *arg, enum wn_log_level level, const char *line, size_t n);
	void *arg;
};

/* Writes one record: area ("rpc"), one sentence, fields ended by kind WN_LF_END. log nullable. */
void wn_log_write(const struct wn_log *log, enum wn_log_level level, const char *area,
		  const char *text, const struct wn_log_field *fields);
/* Formats a record as wn_log_write() would; for sinks and tests. */
void wn_log_format(const struct wn_log *log, enum wn_log_level level, const char *area,
		   const char *text, const struct wn_log_field *fields, struct wn_buf *out);
/* "error" "warn" "info" "debug" to a level; -1 otherwise. */
int wn_log_level_parse(const char *s);

/* wn_log(log, WN_LOG_INFO, "rpc", "client connected", WN_I("fd", fd)) */
#define wn_log(log, level, area, ...) \
	wn_log_(log, level, area, __VA_ARGS__, { WN_LF_END, NULL, NULL, 0 })
#define wn_log_(log, level, area, text, ...) \
	wn_log_write((log), (level), (area), (text), (const struct wn_log_field[]){ __VA_ARGS__ })

#endif
