/*
 * The files of the generator packs, embedded at build time by embed.sh. Read only.
 */
#ifndef AI_CODEGEN_PACK_H
#define AI_CODEGEN_PACK_H

#include <stddef.h>

struct codegen_pack_file {
	const char *path; /* "node_fastify_sqlite/server/app.ts"; sorted */
	const unsigned char *data;
	size_t len;
	const char *sha256;
};

extern const struct codegen_pack_file codegen_pack_files[];
extern const size_t codegen_pack_count;

/* The file of that path, or NULL. */
const struct codegen_pack_file *codegen_pack_find(const char *path);

#endif
