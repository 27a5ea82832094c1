/*
 * Loads libfyaml and looks its functions up. It stays mapped once it was loaded.
 */
#include "ai/blueprint/source/source_fy.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

bool
blueprint_fy_open(struct blueprint_fy *fy)
{
	static const struct {
		const char *name;
		size_t at;
	} symbols[] = {
		{ "fy_parser_create", offsetof(struct blueprint_fy, create) },
		{ "fy_parser_destroy", offsetof(struct blueprint_fy, destroy) },
		{ "fy_parser_set_string", offsetof(struct blueprint_fy, set_string) },
		{ "fy_parser_parse", offsetof(struct blueprint_fy, parse) },
		{ "fy_parser_event_free", offsetof(struct blueprint_fy, event_free) },
		{ "fy_parser_get_stream_error", offsetof(struct blueprint_fy, stream_error) },
		{ "fy_token_get_text", offsetof(struct blueprint_fy, token_text) },
		{ "fy_event_get_node_style", offsetof(struct blueprint_fy, style) },
		{ "fy_event_start_mark", offsetof(struct blueprint_fy, start) },
		{ "fy_event_end_mark", offsetof(struct blueprint_fy, end) },
		{ "fy_diag_create", offsetof(struct blueprint_fy, diag_create) },
		{ "fy_diag_destroy", offsetof(struct blueprint_fy, diag_destroy) },
		{ "fy_diag_set_collect_errors", offsetof(struct blueprint_fy, diag_collect) },
		{ "fy_diag_errors_iterate", offsetof(struct blueprint_fy, diag_next) },
		{ "fy_diag_cfg_default", offsetof(struct blueprint_fy, diag_cfg) },
	};

	fy->lib = dlopen("libfyaml.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	for (size_t i = 0; fy->lib && i < sizeof symbols / sizeof symbols[0]; i++) {
		void *p = dlsym(fy->lib, symbols[i].name);

		if (!p) {
			blueprint_fy_close(fy);
			break;
		}
		memcpy((char *)fy + symbols[i].at, &p, sizeof p);
	}
	return fy->lib != NULL;
}

void
blueprint_fy_close(struct blueprint_fy *fy)
{
	if (fy->lib)
		(void)dlclose(fy->lib);
	fy->lib = NULL;
}
