/*
 * From names on the wire to names in C.
 */
#include "schemas/gen/gen.h"

#include <ctype.h>

/* Keywords of C11 and the macros of the headers that generated code includes. */
static const char *const reserved[] = {
	"auto",	    "break",  "case",	  "char",   "const",	"continue", "default",
	"do",	    "double", "else",	  "enum",   "extern",	"float",    "for",
	"goto",	    "if",     "inline",	  "int",    "long",	"register", "restrict",
	"return",   "short",  "signed",	  "sizeof", "static",	"struct",   "switch",
	"typedef",  "union",  "unsigned", "void",   "volatile", "while",    "bool",
	"true",	    "false",  "asm",	  "errno",  "stdin",	"stdout",   "stderr",
	"offsetof", "unix",   "linux",	  "NULL",   "assert",	"typeof",   NULL
};

const char *
gen_snake(struct gen *g, const char *wire)
{
	struct wn_buf b;

	wn_buf_init(&b, 4096);
	if (isdigit((unsigned char)wire[0]))
		wn_buf_cstr(&b, "n_");
	for (const char *p = wire; *p; p++) {
		unsigned char c = (unsigned char)*p;
		if (isupper(c)) {
			/* workspaceId: workspace_id; HTTPPort: http_port */
			bool edge =
				p > wire &&
				(islower((unsigned char)p[-1]) || isdigit((unsigned char)p[-1]) ||
				 (isupper((unsigned char)p[-1]) && islower((unsigned char)p[1])));
			if (edge)
				wn_buf_chr(&b, '_');
			wn_buf_chr(&b, (char)tolower(c));
		} else {
			wn_buf_chr(&b, isalnum(c) ? (char)c : '_');
		}
	}
	const char *out = wn_arena_strndup(&g->arena, b.p ? b.p : "_", b.p ? b.len : 1);
	wn_buf_fini(&b);
	return out;
}

const char *
gen_ident(struct gen *g, const char *wire)
{
	const char *s = gen_snake(g, wire);

	for (size_t i = 0; reserved[i]; i++)
		if (strcmp(reserved[i], s) == 0)
			return wn_arena_printf(&g->arena, "%s_", s);
	return s;
}

const char *
gen_upper(struct gen *g, const char *name)
{
	char *s = wn_arena_strdup(&g->arena, name);

	for (char *p = s; *p; p++)
		*p = isalnum((unsigned char)*p) ? (char)toupper((unsigned char)*p) : '_';
	return s;
}

bool
gen_is_name(const char *s, bool dots)
{
	bool start = true;

	for (; *s; s++) {
		if (start ? !islower((unsigned char)*s)
			  : !islower((unsigned char)*s) && !isdigit((unsigned char)*s) &&
				    *s != '_' && !(dots && *s == '.'))
			return false;
		start = *s == '.';
	}
	return !start;
}

void
gen_take(struct gen *g, struct gen_node at, const char *cname)
{
	const char *other = wn_map_get(&g->cnames, wn_str(cname));

	if (other) {
		gen_error(g, at, "the C name %s is taken already by %s", cname, other);
		return;
	}
	wn_map_set(&g->cnames, wn_str(cname),
		   wn_arena_printf(&g->arena, "%s#%s", at.file->path, at.pointer));
}
