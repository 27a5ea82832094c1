/*
 * Which language a file is in, and how that language comments a line.
 */
#include "editor/syntax/language.h"

#include <string.h>

#include "runtime/base/file.h"

/* Words in lists are separated by one blank. */
static const struct ed_language languages[] = {
	{ "bash", "sh shell zsh ksh", "sh bash zsh ksh ebuild bats",
	  ".bashrc .profile .bash_profile .zshrc PKGBUILD", "sh bash dash zsh ksh", "#", "" },
	{ "c", "", "c h", "", "", "//", "" },
	{ "c_sharp", "csharp c# cs", "cs csx", "", "dotnet-script", "//", "" },
	{ "cpp", "c++ cc", "cc cpp cxx c++ hh hpp hxx ipp tcc inl", "", "", "//", "" },
	{ "css", "", "css", "", "", "/*", "*/" },
	{ "dart", "", "dart", "", "dart", "//", "" },
	{ "dtd", "", "dtd", "", "", "<!--", "-->" },
	{ "elixir", "ex exs", "ex exs", "mix.lock", "elixir", "#", "" },
	{ "embedded_template", "erb ejs", "erb ejs", "", "", "<%#", "%>" },
	{ "go", "golang", "go", "", "", "//", "" },
	{ "hcl", "terraform tf", "hcl tf tfvars nomad", ".terraform.lock.hcl", "", "#", "" },
	{ "html", "htm", "html htm xhtml vue", "", "", "<!--", "-->" },
	{ "java", "", "java", "", "", "//", "" },
	{ "javascript", "js jsx node mjs", "js mjs cjs jsx", "", "node nodejs deno bun", "//", "" },
	{ "jsdoc", "", "", "", "", "", "" },
	{ "json", "jsonc json5", "json jsonc webmanifest map geojson",
	  ".babelrc .eslintrc composer.lock", "", "", "" },
	{ "kotlin", "kt", "kt kts", "", "kotlin", "//", "" },
	{ "lua", "", "lua", "", "lua luajit", "--", "" },
	{ "make", "makefile", "mk mak make", "Makefile makefile GNUmakefile", "make", "#", "" },
	{ "markdown", "md", "md markdown mkd mdx", "README", "", "<!--", "-->" },
	{ "markdown_inline", "", "", "", "", "", "" },
	{ "php", "", "php phtml php8 inc", "", "php", "//", "" },
	{ "python", "py python3", "py pyi pyw", "SConstruct wscript",
	  "python python2 python3 pypy3", "#", "" },
	{ "regex", "", "", "", "", "", "" },
	{ "ruby", "rb", "rb rake gemspec", "Rakefile Gemfile", "ruby", "#", "" },
	{ "rust", "rs", "rs", "", "", "//", "" },
	{ "scss", "sass", "scss", "", "", "//", "" },
	{ "sql", "postgresql mysql sqlite", "sql ddl dml psql", "", "", "--", "" },
	{ "svelte", "", "svelte", "", "", "<!--", "-->" },
	{ "toml", "", "toml", "Cargo.lock poetry.lock", "", "#", "" },
	{ "tsx", "", "tsx", "", "", "//", "" },
	{ "typescript", "ts", "ts mts cts", "", "deno ts-node", "//", "" },
	{ "xml", "svg xsd xsl", "xml svg xsd xsl xslt rss atom plist csproj wsdl xaml", "", "",
	  "<!--", "-->" },
	{ "yaml", "yml", "yaml yml", ".clang-format .clang-tidy", "", "#", "" },
	{ "zig", "", "zig zon", "", "", "//", "" },
};
#define N_LANGUAGES (sizeof languages / sizeof *languages)

static bool
listed(const char *list, struct wn_str word)
{
	struct wn_str rest = wn_str(list), one;

	while (word.len && wn_str_split(&rest, ' ', &one))
		if (wn_str_eq(one, word))
			return true;
	return false;
}

/* Lower-case copy, cut; languages in fences and shebangs are short. */
static struct wn_str
lower(struct wn_str s, char out[32])
{
	size_t n = s.len < 32 ? s.len : 32;

	for (size_t i = 0; i < n; i++)
		out[i] = (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] + 32 : s.p[i]);
	return wn_strn(out, n);
}

const struct ed_language *
ed_language_find(struct wn_str name)
{
	char buf[32];

	name = lower(name, buf);
	for (size_t i = 0; i < N_LANGUAGES; i++)
		if (wn_str_is(name, languages[i].name) || listed(languages[i].aliases, name))
			return &languages[i];
	return NULL;
}

/* "#!/usr/bin/env -S python3 -u" gives "python3". */
static struct wn_str
interpreter(struct wn_str line)
{
	struct wn_str word, base;

	if (!wn_str_has_prefix(line, WN_STR("#!")))
		return WN_STR_NONE;
	line = wn_str_trim(wn_str_sub(line, 2, line.len));
	while (wn_str_split(&line, ' ', &word)) {
		base = word;
		for (ptrdiff_t at; (at = wn_str_chr(base, '/')) >= 0;)
			base = wn_str_sub(base, (size_t)at + 1, base.len);
		base = wn_str_trim(base);
		if (base.len && base.p[0] != '-' && !wn_str_is(base, "env") &&
		    wn_str_chr(base, '=') < 0)
			return base;
	}
	return WN_STR_NONE;
}

static struct wn_str
extension(const char *base)
{
	const char *dot = strrchr(base, '.');

	return dot && dot != base ? wn_str(dot + 1) : WN_STR_NONE;
}

const char *
ed_language_of(const char *path, struct wn_str first_line)
{
	const char *base = path ? wn_path_base(path) : "";
	struct wn_str program = interpreter(first_line);
	char buf[32];

	for (size_t i = 0; i < N_LANGUAGES; i++)
		if (listed(languages[i].files, wn_str(base)))
			return languages[i].name;
	for (size_t i = 0; i < N_LANGUAGES; i++)
		if (listed(languages[i].extensions, lower(extension(base), buf)))
			return languages[i].name;
	for (size_t i = 0; i < N_LANGUAGES; i++)
		if (listed(languages[i].programs, program))
			return languages[i].name;
	if (wn_str_has_prefix(first_line, WN_STR("<?php")))
		return "php";
	if (wn_str_has_prefix(first_line, WN_STR("<!DOCTYPE html")) ||
	    wn_str_has_prefix(first_line, WN_STR("<!doctype html")))
		return "html";
	return NULL;
}

bool
ed_language_comment(const char *language, const char **open_out, const char **close_out)
{
	const struct ed_language *l = ed_language_find(wn_str(language));

	*open_out = l ? l->comment_open : "";
	*close_out = l ? l->comment_close : "";
	return l && *l->comment_open;
}
