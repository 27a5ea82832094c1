/*
 * The templates and the ontology as data, embedded at build time (data.mk). Read only.
 */
#ifndef AI_BLUEPRINT_WORDS_DATA_H
#define AI_BLUEPRINT_WORDS_DATA_H

#include <stddef.h>

struct blueprint_data_file {
	const char *path; /* "templates/shop.json"; sorted */
	const unsigned char *data;
	size_t len;
};

extern const struct blueprint_data_file blueprint_data_files[];
extern const size_t blueprint_data_count;

#endif
