/*
 * Names: from the blueprint's camelCase to tables, columns, types and files.
 */
#ifndef AI_CODEGEN_NAMES_H
#define AI_CODEGEN_NAMES_H

#include "runtime/base/arena.h"

/* "orderLine" to "order_line"; arena. */
const char *codegen_snake(struct wn_arena *a, const char *camel);
/* "order_line" or "orderLine" to "OrderLine"; arena. */
const char *codegen_pascal(struct wn_arena *a, const char *name);
/* As it is, or in double quotes when SQL reserves the word; arena. */
const char *codegen_sql_name(struct wn_arena *a, const char *name);
/* A number with up to 15 digits, and with a point whatever the locale; arena. */
const char *codegen_number(struct wn_arena *a, double v);
/* The same with exactly that many decimals; arena. */
const char *codegen_decimal(struct wn_arena *a, double v, unsigned decimals);

#endif
