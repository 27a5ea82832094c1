/*
 * Runs a fuzz target over its seed inputs (tests/fuzz/corpus/<name>/) and a few made ones, without
 * a fuzzer: any compiler, every test run. Speaks TAP.
 */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "runtime/base/buf.h"
#include "runtime/base/file.h"
#include "runtime/base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Inputs worth trying on any parser. */
static const char *const made[] = { "",
				    "\n",
				    "{",
				    "[[[[[[[[",
				    "{}",
				    "\"\\u0000\"",
				    "\xff\xfe",
				    "\x1b[",
				    "{\"a\":1,\"a\":2}",
				    "9007199254740993",
				    "1e999",
				    "-",
				    "\r\n\r\n" };

static int
replay_file(const char *path)
{
	struct wn_buf b;
	wn_err err;

	wn_buf_init(&b, 16u << 20);
	err = wn_file_read(path, &b, NULL);
	if (!err) {
		/* a block of just that size: a sanitizer sees the first byte read behind it */
		uint8_t *exact = wn_alloc(b.len);

		if (b.len)
			memcpy(exact, b.p, b.len);
		(void)LLVMFuzzerTestOneInput(exact, b.len);
		wn_free(exact);
	}
	wn_buf_fini(&b);
	return err ? 0 : 1;
}

static int
replay_corpus(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d))) {
		char *path = wn_path_join(dir, e->d_name);

		if (e->d_name[0] != '.')
			n += replay_file(path);
		wn_free(path);
	}
	if (d)
		closedir(d);
	return n;
}

int
main(int argc, char **argv)
{
	const char *base = strrchr(argv[0], '/') ? strrchr(argv[0], '/') + 1 : argv[0];
	const char *end = strstr(base, "_fuzz_replay");
	char dir[256];
	int n;

	(void)argc;
	snprintf(dir, sizeof dir, "tests/fuzz/corpus/%.*s", end ? (int)(end - base) : 100, base);
	for (size_t i = 0; i < sizeof made / sizeof made[0]; i++)
		(void)LLVMFuzzerTestOneInput((const uint8_t *)made[i], strlen(made[i]));
	n = replay_corpus(dir);
	printf("ok 1 - %.*s: %d seeds and %zu made inputs\n1..1\n", end ? (int)(end - base) : 100,
	       base, n, sizeof made / sizeof made[0]);
	return 0;
}
