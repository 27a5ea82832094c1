/*
 * A grammar that misbehaves as soon as it is asked for, built twice: as "c", which crashes, and as
 * "python", which never comes back.
 */
#include <stddef.h>

const void *tree_sitter_c(void);
const void *tree_sitter_python(void);

const void *
tree_sitter_c(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
	return NULL;
}

const void *
tree_sitter_python(void)
{
	for (volatile int i = 0;; i++)
		;
}
