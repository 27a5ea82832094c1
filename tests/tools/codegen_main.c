/*
 * codegen BLUEPRINT DIRECTORY [PREFIX]: the generator alone, for tests and benchmarks. A platform
 * that is there gets its next migration. Files of kind "once" that exist are left as they are.
 * PREFIX: only the files whose path begins with it. The engine's generation job does the same with
 * checks, staging and events around it.
 */
#include <stdio.h>
#include <string.h>

#include "ai/codegen/codegen.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

static wn_err
write_one(const char *dir, const struct codegen_file *f, struct wn_diag *d)
{
	char *path = wn_path_join(dir, f->path);
	char *slash = strrchr(path, '/');
	FILE *out;
	wn_err err;

	*slash = '\0';
	err = wn_file_mkdirs(path, 0755, d);
	*slash = '/';
	if (!err && f->kind != CODEGEN_KEPT && (f->kind != CODEGEN_ONCE || !wn_file_exists(path))) {
		out = fopen(path, "wb");
		if (!out || fwrite(f->content.p, 1, f->content.len, out) != f->content.len)
			err = wn_fail(d, WN_E_IO, "cannot write %s", path);
		if (out && fclose(out) != 0 && !err)
			err = wn_fail(d, WN_E_IO, "cannot write %s", path);
	}
	wn_free(path);
	return err;
}

/* What the generation before left there, or NULL. */
static wn_err
read_json(const char *path, struct wn_json **out, struct wn_diag *d)
{
	struct wn_buf text;
	wn_err err;

	wn_buf_init(&text, 16u << 20);
	err = wn_file_read(path, &text, d);
	if (!err)
		err = wn_json_parse(wn_buf_view(&text), NULL, out, d);
	wn_buf_fini(&text);
	return err;
}

static wn_err
read_schema(const char *dir, struct wn_json **out, struct wn_diag *d)
{
	char *path = wn_path_join(dir, CODEGEN_SCHEMA);
	wn_err err = wn_file_exists(path) ? read_json(path, out, d) : WN_OK;

	wn_free(path);
	return err;
}

static wn_err
generate(const char *file, const char *dir, const char *prefix, struct wn_diag *d)
{
	struct wn_json *doc = NULL, *schema = NULL;
	struct codegen_files files = { 0 };
	struct codegen_options options = { 0 };
	size_t i;
	wn_err err = read_json(file, &doc, d);

	if (!err)
		err = read_schema(dir, &schema, d);
	options.schema = schema;
	if (!err)
		err = codegen_generate(doc, &options, &files, d);
	for (i = 0; i < files.len && !err; i++)
		if (strncmp(files.p[i].path, prefix, strlen(prefix)) == 0)
			err = write_one(dir, &files.p[i], d);
	for (i = 0; i < files.notes_len && !err; i++)
		printf("note: %s\n", files.notes[i]);
	if (!err)
		printf("%zu files\n", files.len);
	for (i = 0; i < files.changes_len && !err; i++)
		printf("%s: %s\n", files.migration, files.changes[i]);
	codegen_files_fini(&files);
	wn_json_free(schema);
	wn_json_free(doc);
	return err;
}

int
main(int argc, char **argv)
{
	struct wn_diag d = { 0 };

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: codegen BLUEPRINT DIRECTORY [PREFIX]\n");
		return 2;
	}
	if (generate(argv[1], argv[2], argc == 4 ? argv[3] : "", &d) == WN_OK)
		return 0;
	fprintf(stderr, "codegen: %s%s%s\n", d.text, d.where[0] ? " at " : "", d.where);
	return 1;
}
