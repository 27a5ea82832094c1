/*
 * Rewrites an ECMA-262 expression (Unicode mode, section 22.2.1) in PCRE2's syntax. What
 * PCRE2 would read differently is spelled out; what ECMA-262 does not have is refused, so
 * PCRE2's verbs, inline options and recursion cannot be reached from a schema.
 *
 * More lenient than Unicode mode in one thing: any ASCII punctuation may be escaped.
 */
#include "runtime/base/regex.h"
#include "runtime/base/utf8.h"

#define SPACES                                                                         \
	"\\x09-\\x0d\\x20\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}" \
	"\\x{205f}\\x{3000}\\x{feff}"
/* The complement of SPACES, for use inside a class. */
#define NOT_SPACES                                                                       \
	"\\x{0}-\\x08\\x0e-\\x1f\\x21-\\x9f\\xa1-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-" \
	"\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-"   \
	"\\x{d7ff}\\x{e000}-\\x{fefe}\\x{ff00}-\\x{10ffff}"

struct tr {
	struct wn_str in;
	size_t at;
	struct wn_buf *out;
	struct wn_diag *d;
	unsigned depth; /* of groups */
	bool atom;	/* something that a quantifier may follow */
};

/* Long general category names (ECMA-262 table 70) and their short forms. */
static const char *const categories[][2] = {
	{ "Letter", "L" },
	{ "Cased_Letter", "L&" },
	{ "LC", "L&" },
	{ "Uppercase_Letter", "Lu" },
	{ "Lowercase_Letter", "Ll" },
	{ "Titlecase_Letter", "Lt" },
	{ "Modifier_Letter", "Lm" },
	{ "Other_Letter", "Lo" },
	{ "Mark", "M" },
	{ "Combining_Mark", "M" },
	{ "Nonspacing_Mark", "Mn" },
	{ "Spacing_Mark", "Mc" },
	{ "Enclosing_Mark", "Me" },
	{ "Number", "N" },
	{ "Decimal_Number", "Nd" },
	{ "digit", "Nd" },
	{ "Letter_Number", "Nl" },
	{ "Other_Number", "No" },
	{ "Punctuation", "P" },
	{ "punct", "P" },
	{ "Connector_Punctuation", "Pc" },
	{ "Dash_Punctuation", "Pd" },
	{ "Open_Punctuation", "Ps" },
	{ "Close_Punctuation", "Pe" },
	{ "Initial_Punctuation", "Pi" },
	{ "Final_Punctuation", "Pf" },
	{ "Other_Punctuation", "Po" },
	{ "Symbol", "S" },
	{ "Math_Symbol", "Sm" },
	{ "Currency_Symbol", "Sc" },
	{ "Modifier_Symbol", "Sk" },
	{ "Other_Symbol", "So" },
	{ "Separator", "Z" },
	{ "Space_Separator", "Zs" },
	{ "Line_Separator", "Zl" },
	{ "Paragraph_Separator", "Zp" },
	{ "Other", "C" },
	{ "Control", "Cc" },
	{ "cntrl", "Cc" },
	{ "Format", "Cf" },
	{ "Surrogate", "Cs" },
	{ "Private_Use", "Co" },
	{ "Unassigned", "Cn" },
};

static wn_err
bad(struct tr *t, const char *why)
{
	return wn_fail(t->d, WN_E_PARSE, "The pattern \"%.*s\" is not valid at character %zu: %s.",
		       (int)(t->in.len < 80 ? t->in.len : 80), t->in.p ? t->in.p : "", t->at + 1,
		       why);
}

static int
peek(const struct tr *t, size_t ahead)
{
	size_t at = t->at + ahead;
	return t->in.p && at < t->in.len ? (unsigned char)t->in.p[at] : -1;
}

static void
put(struct tr *t, const char *s)
{
	(void)wn_buf_cstr(t->out, s);
}

static int
hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads exactly n hex digits at the cursor. */
static bool
read_hex(struct tr *t, unsigned n, uint32_t *cp)
{
	uint32_t v = 0;
	for (unsigned i = 0; i < n; i++) {
		int h = hex_digit(peek(t, i));
		if (h < 0)
			return false;
		v = v * 16 + (uint32_t)h;
	}
	t->at += n;
	*cp = v;
	return true;
}

/* Behind "\u": four digits, a surrogate pair of escapes, or {digits}. */
static wn_err
unicode_escape(struct tr *t)
{
	uint32_t cp = 0, low = 0;
	if (peek(t, 0) == '{') {
		t->at++;
		unsigned n = 0;
		for (int h; (h = hex_digit(peek(t, 0))) >= 0 && cp <= 0x10FFFF; n++, t->at++)
			cp = cp * 16 + (uint32_t)h;
		if (n == 0 || peek(t, 0) != '}' || cp > 0x10FFFF)
			return bad(t, "expected \\u{hexadecimal digits}");
		t->at++;
	} else if (!read_hex(t, 4, &cp)) {
		return bad(t, "expected four hexadecimal digits after \\u");
	}
	if (cp >= 0xD800 && cp < 0xDC00 && peek(t, 0) == '\\' && peek(t, 1) == 'u') {
		size_t back = t->at;
		t->at += 2;
		if (read_hex(t, 4, &low) && low >= 0xDC00 && low < 0xE000)
			cp = 0x10000 + ((cp - 0xD800) << 10) + (low - 0xDC00);
		else
			t->at = back;
	}
	if (cp >= 0xD800 && cp < 0xE000)
		return bad(t, "half a surrogate pair can never match");
	return wn_buf_printf(t->out, "\\x{%x}", (unsigned)cp);
}

static bool
is_letter(int c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
name_is(struct wn_str s, const char *a, const char *b)
{
	return wn_str_is(s, a) || wn_str_is(s, b);
}

/* Behind "\p" or "\P": {Name} or {Name=Value}. */
static wn_err
property(struct tr *t, bool negated)
{
	if (peek(t, 0) != '{')
		return bad(t, "expected {property name} after \\p");
	struct wn_str rest = wn_strn(t->in.p + t->at + 1, t->in.len - t->at - 1);
	ptrdiff_t end = wn_str_chr(rest, '}');
	if (end <= 0)
		return bad(t, "expected a property name and } after \\p{");
	struct wn_str name = wn_strn(rest.p, (size_t)end), value = name;
	ptrdiff_t eq = wn_str_chr(name, '=');
	const char *kind = "";
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];
		if (!is_letter(c) && !is_digit(c) && c != '_' && c != '=')
			return bad(t, "unknown property name");
	}
	if (eq >= 0) {
		value = wn_strn(name.p + eq + 1, name.len - (size_t)eq - 1);
		name.len = (size_t)eq;
		if (name_is(name, "Script", "sc"))
			kind = "sc:";
		else if (name_is(name, "Script_Extensions", "scx"))
			kind = "scx:";
		else if (!name_is(name, "General_Category", "gc"))
			return bad(t, "unknown property name");
	}
	for (size_t i = 0; !*kind && i < sizeof categories / sizeof *categories; i++)
		if (wn_str_is(value, categories[i][0]))
			value = wn_str(categories[i][1]);
	t->at += (size_t)end + 2;
	return wn_buf_printf(t->out, "\\%c{%s%.*s}", negated ? 'P' : 'p', kind, WN_STR_ARG(value));
}

/* Behind "\c": the control character of a letter. */
static wn_err
control_escape(struct tr *t)
{
	int c = peek(t, 0);
	if (!is_letter(c))
		return bad(t, "expected a letter after \\c");
	t->at++;
	return wn_buf_printf(t->out, "\\x%02x", (unsigned)c & 31);
}

/* Behind "\x". */
static wn_err
hex_escape(struct tr *t)
{
	uint32_t cp;
	if (!read_hex(t, 2, &cp))
		return bad(t, "expected two hexadecimal digits after \\x");
	return wn_buf_printf(t->out, "\\x{%x}", (unsigned)cp);
}

/* Behind "\0". */
static wn_err
null_escape(struct tr *t)
{
	if (is_digit(peek(t, 0)))
		return bad(t, "octal escapes are not allowed");
	return wn_buf_cstr(t->out, "\\x{0}");
}

/* Punctuation stands for itself. */
static bool
is_identity(int c)
{
	return c > ' ' && c < 127 && c != '_' && !is_letter(c) && !is_digit(c);
}

/* Escapes that mean one character or class, the same inside and outside of a class. The
 * cursor is behind the letter. *known_out false: not one of them. */
static wn_err
shared_escape(struct tr *t, int c, bool in_class, bool *known_out)
{
	static const char controls[] = "t\tn\nv\vf\fr\r";
	*known_out = true;
	for (const char *p = controls; *p; p += 2)
		if (*p == c)
			return wn_buf_printf(t->out, "\\x%02x", (unsigned)p[1]);
	switch (c) {
	case 'd':
	case 'D':
	case 'w':
	case 'W': /* ASCII in PCRE2 too, without PCRE2_UCP */
		return wn_buf_printf(t->out, "\\%c", c);
	case 's':
		return wn_buf_cstr(t->out, in_class ? SPACES : "[" SPACES "]");
	case 'S':
		return wn_buf_cstr(t->out, in_class ? NOT_SPACES : "[^" SPACES "]");
	case 'c':
		return control_escape(t);
	case 'x':
		return hex_escape(t);
	case 'u':
		return unicode_escape(t);
	case 'p':
	case 'P':
		return property(t, c == 'P');
	case '0':
		return null_escape(t);
	default:
		break;
	}
	if (is_identity(c))
		return wn_buf_printf(t->out, "\\%c", c);
	*known_out = false;
	return WN_OK;
}

static wn_err
back_reference(struct tr *t)
{
	unsigned n = 0;
	while (peek(t, 0) >= '0' && peek(t, 0) <= '9' && n < 10000)
		n = n * 10 + (unsigned)(t->in.p[t->at++] - '0');
	return wn_buf_printf(t->out, "\\g{%u}", n);
}

static bool
is_name(int c, bool first)
{
	return is_letter(c) || c == '_' || (!first && is_digit(c));
}

/* Copies "name>"; the cursor is behind "<". */
static wn_err
group_name(struct tr *t)
{
	size_t n = 0;
	while (is_name(peek(t, n), n == 0) && n < 32)
		n++;
	if (n == 0 || peek(t, n) != '>')
		return bad(t, "expected a group name of up to 32 letters and >");
	(void)wn_buf_add(t->out, t->in.p + t->at, n + 1);
	t->at += n + 1;
	return WN_OK;
}

/* Behind a backslash, outside of a class. */
static wn_err
escape(struct tr *t)
{
	int c = peek(t, 0);
	bool known;
	t->atom = true;
	if (c == 'b' || c == 'B') {
		t->at++;
		t->atom = false;
		return wn_buf_printf(t->out, "\\%c", c);
	}
	if (c >= '1' && c <= '9')
		return back_reference(t);
	if (c == 'k' && peek(t, 1) == '<') {
		t->at += 2;
		put(t, "\\k<");
		return group_name(t);
	}
	if (c < 0)
		return bad(t, "a backslash may not end it");
	t->at++;
	wn_err err = shared_escape(t, c, false, &known);
	if (!err && !known)
		return bad(t, "this escape does not exist in ECMA-262");
	return err;
}

static wn_err
class_escape(struct tr *t)
{
	int c = peek(t, 0);
	bool known;
	if (c < 0)
		return bad(t, "a backslash may not end it");
	t->at++;
	if (c == 'b')
		return wn_buf_cstr(t->out, "\\x08");
	wn_err err = shared_escape(t, c, true, &known);
	if (!err && !known)
		return bad(t, "this escape does not exist in ECMA-262");
	return err;
}

/* Behind "[". */
static wn_err class(struct tr *t)
{
	wn_err err = WN_OK;
	put(t, "[");
	if (peek(t, 0) == '^') {
		put(t, "^");
		t->at++;
	}
	while (!err) {
		int c = peek(t, 0);
		if (c < 0)
			return bad(t, "a class is not closed with ]");
		t->at++;
		if (c == ']')
			break;
		if (c == '\\')
			err = class_escape(t);
		else if (c == '[')
			put(t, "\\["); /* else PCRE2 might read [: as a POSIX class */
		else
			(void)wn_buf_chr(t->out, (char)c);
	}
	put(t, "]");
	t->atom = true;
	return err;
}

/* Behind "(". */
static wn_err
group(struct tr *t)
{
	static const char *const kinds[] = { "?:", "?=", "?!", "?<=", "?<!" };
	if (++t->depth > 200)
		return bad(t, "groups nest too deep");
	t->atom = false;
	put(t, "(");
	if (peek(t, 0) == '*')
		return bad(t, "there is nothing to repeat");
	if (peek(t, 0) != '?')
		return WN_OK;
	struct wn_str rest = wn_strn(t->in.p + t->at, t->in.len - t->at);
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (wn_str_has_prefix(rest, wn_str(kinds[i]))) {
			put(t, kinds[i]);
			t->at += strlen(kinds[i]);
			return WN_OK;
		}
	if (peek(t, 1) != '<')
		return bad(t, "this kind of group does not exist in ECMA-262");
	t->at += 2;
	put(t, "?<");
	return group_name(t);
}

/* Length of {n}, {n,} or {n,m} at the cursor; 0 when it is none. */
static size_t
braces(const struct tr *t)
{
	size_t n = 1;
	size_t digits = 0;
	while (peek(t, n) >= '0' && peek(t, n) <= '9')
		n++, digits++;
	if (digits == 0)
		return 0;
	if (peek(t, n) == ',')
		for (n++; peek(t, n) >= '0' && peek(t, n) <= '9';)
			n++;
	return peek(t, n) == '}' ? n + 1 : 0;
}

static wn_err
quantifier(struct tr *t, size_t n)
{
	if (!t->atom)
		return bad(t, "there is nothing to repeat");
	(void)wn_buf_add(t->out, t->in.p + t->at, n);
	t->at += n;
	if (peek(t, 0) == '?') {
		put(t, "?");
		t->at++;
	}
	t->atom = false; /* a second quantifier would be PCRE2's possessive one */
	return WN_OK;
}

static wn_err
one(struct tr *t)
{
	int c = peek(t, 0);
	size_t n;
	if (c == '*' || c == '+' || c == '?')
		return quantifier(t, 1);
	if (c == '{' && (n = braces(t)) > 0)
		return quantifier(t, n);
	t->at++;
	switch (c) {
	case '\\':
		return escape(t);
	case '[':
		return class(t);
	case '(':
		return group(t);
	case ')':
		if (t->depth-- == 0)
			return bad(t, "a ) without its (");
		t->atom = true;
		return wn_buf_chr(t->out, ')');
	case '.':
		t->atom = true;
		return wn_buf_cstr(t->out, "[^\\n\\r\\x{2028}\\x{2029}]");
	case '|':
	case '^':
	case '$':
		t->atom = false;
		return wn_buf_chr(t->out, (char)c);
	case '{':
		t->atom = true;
		return wn_buf_cstr(t->out, "\\{");
	default:
		t->atom = true;
		return wn_buf_chr(t->out, (char)c);
	}
}

wn_err
wn_regex_translate(struct wn_str pattern, struct wn_buf *out, struct wn_diag *d)
{
	struct tr t = { .in = pattern, .out = out, .d = d };
	wn_err err = WN_OK;
	if (!wn_utf8_valid(pattern))
		return bad(&t, "it is not UTF-8");
	if (memchr(pattern.p ? pattern.p : "", 0, pattern.len))
		return bad(&t, "it holds a NUL");
	while (!err && t.at < t.in.len)
		err = one(&t);
	if (!err && t.depth > 0)
		err = bad(&t, "a group is not closed with )");
	return err ? err : out->err;
}
