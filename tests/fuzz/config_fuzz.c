/*
 * config.h: a configuration file of any bytes is read or refused, never worse; what was read prints
 * to a file that reads to the same values. The first byte chooses the format.
 */
#include <stdlib.h>
#include <string.h>

#include "runtime/kernel/config.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
check(int ok)
{
	if (!ok)
		abort();
}

static void
round_trip(struct wn_config *c)
{
	struct wn_config *again = wn_config_new(wn_settings, wn_setting_count);
	struct wn_buf b;

	wn_buf_init(&b, 1 << 24);
	check(wn_config_print(c, &b) == WN_OK);
	check(wn_config_text(again, "again.toml", wn_buf_view(&b), NULL) == WN_OK);
	for (size_t i = 0; i < wn_config_count(c); i++) {
		const char *name = wn_config_at(c, i)->name;

		check(strcmp(wn_config_json(c, name), wn_config_json(again, name)) == 0);
	}
	wn_buf_fini(&b);
	wn_config_free(again);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct wn_config *c = wn_config_new(wn_settings, wn_setting_count);
	struct wn_diag d = { 0 };
	wn_err err;

	if (size == 0)
		err = wn_config_text(c, "x.toml", WN_STR(""), &d);
	else
		err = wn_config_text(c, (data[0] & 1) != 0 ? "x.json" : "x.toml",
				     wn_strn((const char *)data + 1, size - 1), &d);
	check((err == WN_OK) == (d.code == WN_OK));
	if (err == WN_OK)
		round_trip(c);
	wn_config_free(c);
	return 0;
}
