/*
 * Tokens: words, text in quotes, numbers, marks; with their lines. Comments go.
 */
#include "ai/blueprint/import/import_priv.h"

#define TOKENS_MAX 400000

struct lex {
	const char *p, *end;
	size_t line;
	bool sql;
};

static bool
starts(const struct lex *l, const char *s)
{
	size_t n = strlen(s);

	return (size_t)(l->end - l->p) >= n && !memcmp(l->p, s, n);
}

static void
skip_until(struct lex *l, const char *end)
{
	while (l->p < l->end && !starts(l, end)) {
		l->line += *l->p == '\n';
		l->p++;
	}
	if (l->p < l->end && *end != '\n')
		l->p += strlen(end);
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Steps over blanks and comments. */
static void
skip_blanks(struct lex *l)
{
	for (;;) {
		while (l->p < l->end && is_blank(*l->p)) {
			l->line += *l->p == '\n';
			l->p++;
		}
		if (starts(l, "/*"))
			skip_until(l, "*/");
		else if (l->sql ? starts(l, "--") : starts(l, "//"))
			skip_until(l, "\n");
		else
			return;
	}
}

static bool
is_word(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') || (u >= '0' && u <= '9') ||
	       u == '_' || u >= 0x80;
}

/* A doubled quote or a backslash keeps the text open; the raw text is what counts. */
static struct wn_str
quoted(struct lex *l, char close)
{
	const char *start = ++l->p;

	while (l->p < l->end) {
		if (*l->p == '\\' && !l->sql && l->p + 1 < l->end)
			l->p++;
		else if (*l->p == close && l->p + 1 < l->end && l->p[1] == close && l->sql)
			l->p++;
		else if (*l->p == close)
			break;
		l->line += *l->p == '\n';
		l->p++;
	}
	if (l->p < l->end)
		l->p++;
	return wn_strn(start, (size_t)(l->p - start) - (l->p > start && l->p[-1] == close));
}

static struct import_token
token(struct lex *l)
{
	struct import_token t = { IMPORT_MARK, { l->p, 1 }, l->line };
	char c = *l->p;

	if (c == '\'' || (c == '"' && !l->sql)) {
		t.kind = IMPORT_STRING;
		t.text = quoted(l, c);
	} else if (l->sql && (c == '"' || c == '`' || c == '[')) {
		/* An identifier in brackets is SQL Server's; arrays are "[]" or "[3]". */
		if (c == '[' && l->p + 1 < l->end && !is_word(l->p[1])) {
			l->p++;
			return t;
		}
		t.kind = IMPORT_WORD;
		t.text = quoted(l, c == '[' ? ']' : c);
	} else if (is_word(c)) {
		t.kind = c >= '0' && c <= '9' ? IMPORT_NUMBER : IMPORT_WORD;
		while (l->p < l->end &&
		       (is_word(*l->p) || (t.kind == IMPORT_NUMBER && *l->p == '.')))
			l->p++;
		t.text.len = (size_t)(l->p - t.text.p);
	} else {
		l->p++;
	}
	return t;
}

wn_err
import_lex(struct import *im, struct wn_str text, bool sql)
{
	struct lex l = { text.p, text.p + text.len, 1, sql };

	for (skip_blanks(&l); l.p < l.end; skip_blanks(&l)) {
		if (im->tokens.len >= TOKENS_MAX)
			return wn_fail(im->d, WN_E_LIMIT, "line %zu: the text is too long", l.line);
		wn_vec_push(&im->tokens, token(&l));
	}
	wn_vec_push(&im->tokens, (struct import_token){ IMPORT_END, { "", 0 }, l.line });
	return WN_OK;
}

const struct import_token *
import_peek(const struct import *im, size_t ahead)
{
	size_t i = im->at + ahead;

	return &im->tokens.p[i < im->tokens.len ? i : im->tokens.len - 1];
}

const struct import_token *
import_next(struct import *im)
{
	const struct import_token *t = import_peek(im, 0);

	im->at += t->kind != IMPORT_END;
	return t;
}

bool
import_is(const struct import_token *t, const char *word)
{
	if (t->kind != IMPORT_WORD || t->text.len != strlen(word))
		return false;
	for (size_t i = 0; i < t->text.len; i++) {
		char c = t->text.p[i];

		if ((c >= 'A' && c <= 'Z' ? c + 32 : c) !=
		    (word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 32 : word[i]))
			return false;
	}
	return true;
}

bool
import_mark(const struct import_token *t, char c)
{
	return t->kind == IMPORT_MARK && *t->text.p == c;
}

bool
import_take(struct import *im, const char *word)
{
	bool there = import_is(import_peek(im, 0), word);

	im->at += there;
	return there;
}

bool
import_take_mark(struct import *im, char c)
{
	bool there = import_mark(import_peek(im, 0), c);

	im->at += there;
	return there;
}

void
import_skip_brackets(struct import *im, char open, char close)
{
	for (int depth = 1; depth > 0;) {
		const struct import_token *t = import_next(im);

		if (t->kind == IMPORT_END)
			return;
		depth += import_mark(t, open) - import_mark(t, close);
	}
}
