/*
 * Puts a blueprint into words. Sentences are whole phrases a language, never glued from parts
 * whose order differs between languages.
 */
#include "ai/blueprint/explain.h"
#include "ai/blueprint/resolve.h"

enum phrase {
	P_TITLE,
	P_SIGN_IN,
	P_NO_SIGN_IN,
	P_ROLES,
	P_THINGS,
	P_WHO,
	P_FLOW,
	P_PAGES,
	P_HAND,
	P_NO_HAND,
	P_ASSUMED,
	P_ANYONE,
	P_MEMBER,
	P_OWNER,
	P_WHEN,
	P_OR,
	P_AND,
	P_COMMA,
	P_REQUIRED,
	P_UNIQUE,
	P_COMPUTED,
	P_SECRET_READ,
	P_BELONGS,
	P_FIELD,
	P_OPERATION,
	P_FROM_TO,
	P_ASSUMPTION,
	P_ELSE,
	P_PHRASES
};

/* $1, $2, $3 stand for what is put in. */
static const char *const phrases[2][P_PHRASES] = {
	{
		[P_TITLE] = "$1 (revision $2)\n",
		[P_SIGN_IN] = "People sign in as \"$1\" with: $2.\n",
		[P_NO_SIGN_IN] = "Nobody signs in.\n",
		[P_ROLES] = "Roles: $1.\n",
		[P_THINGS] = "\nWhat it keeps\n",
		[P_WHO] = "\nWho may do what\n",
		[P_FLOW] = "\nHow states change\n",
		[P_PAGES] = "\nPages: $1.\n",
		[P_HAND] = "\nLeft to hand-written code: operations $1, hooks $2, pages $3.\n",
		[P_NO_HAND] = "\nNothing is left to hand-written code.\n",
		[P_ASSUMED] = "\nAssumed, please check\n",
		[P_ANYONE] = "anyone",
		[P_MEMBER] = "anyone signed in",
		[P_OWNER] = "the owner",
		[P_WHEN] = "in certain states only",
		[P_OR] = " or ",
		[P_AND] = " and ",
		[P_COMMA] = ", ",
		[P_REQUIRED] = ", required",
		[P_UNIQUE] = ", unique",
		[P_COMPUTED] = ", computed",
		[P_SECRET_READ] = ", not for everybody",
		[P_BELONGS] = "    belongs to $1 ($2)\n",
		[P_FIELD] = "    $1: $2$3\n",
		[P_OPERATION] = "    $1: $2\n",
		[P_FROM_TO] = "    $1: $2 -> $3",
		[P_ASSUMPTION] = "  $1\n",
		[P_ELSE] = "In general",
	},
	{
		[P_TITLE] = "$1 (المراجعة $2)\n",
		[P_SIGN_IN] = "يدخل الناس بصفة «$1» بواسطة: $2.\n",
		[P_NO_SIGN_IN] = "لا يوجد تسجيل دخول.\n",
		[P_ROLES] = "الأدوار: $1.\n",
		[P_THINGS] = "\nما يحفظه النظام\n",
		[P_WHO] = "\nمن يحق له ماذا\n",
		[P_FLOW] = "\nكيف تتغير الحالات\n",
		[P_PAGES] = "\nالصفحات: $1.\n",
		[P_HAND] = "\nمتروك لشيفرة تُكتب باليد: العمليات $1، الخطاطيف $2، الصفحات $3.\n",
		[P_NO_HAND] = "\nلا شيء متروك لشيفرة تُكتب باليد.\n",
		[P_ASSUMED] = "\nافتراضات، يرجى التحقق منها\n",
		[P_ANYONE] = "أي شخص",
		[P_MEMBER] = "كل من سجّل الدخول",
		[P_OWNER] = "المالك",
		[P_WHEN] = "في حالات معينة فقط",
		[P_OR] = " أو ",
		[P_AND] = " مع ",
		[P_COMMA] = "، ",
		[P_REQUIRED] = "، مطلوب",
		[P_UNIQUE] = "، فريد",
		[P_COMPUTED] = "، محسوب",
		[P_SECRET_READ] = "، ليس للجميع",
		[P_BELONGS] = "    يتبع $1 ($2)\n",
		[P_FIELD] = "    $1: $2$3\n",
		[P_OPERATION] = "    $1: $2\n",
		[P_FROM_TO] = "    $1: $2 ← $3",
		[P_ASSUMPTION] = "  $1\n",
		[P_ELSE] = "عام",
	},
};

/* Words for types and kinds: {word, English, Arabic}. */
static const char *const words[][3] = {
	{ "string", "text", "نص" },
	{ "text", "long text", "نص طويل" },
	{ "markdown", "formatted text", "نص منسق" },
	{ "int", "whole number", "عدد صحيح" },
	{ "decimal", "number", "عدد عشري" },
	{ "money", "amount of money", "مبلغ" },
	{ "bool", "yes or no", "نعم أو لا" },
	{ "date", "date", "تاريخ" },
	{ "datetime", "date and time", "تاريخ ووقت" },
	{ "email", "e-mail", "بريد إلكتروني" },
	{ "url", "web address", "رابط" },
	{ "phone", "phone number", "رقم هاتف" },
	{ "slug", "short address", "معرّف قصير" },
	{ "secret", "secret, kept as a hash", "سر يُحفظ مشفرًا" },
	{ "enum", "choice", "اختيار" },
	{ "json", "data", "بيانات" },
	{ "file", "file", "ملف" },
	{ "image", "picture", "صورة" },
	{ "uuid", "identifier", "معرّف" },
	{ "list", "see the list", "عرض القائمة" },
	{ "get", "open one", "فتح واحد" },
	{ "create", "add", "إضافة" },
	{ "update", "change", "تعديل" },
	{ "delete", "delete", "حذف" },
	{ "link", "connect", "ربط" },
	{ "unlink", "disconnect", "فك الربط" },
	{ "values", "see the values", "عرض القيم" },
	{ "register", "sign up", "إنشاء حساب" },
	{ "login", "sign in", "تسجيل الدخول" },
	{ "logout", "sign out", "تسجيل الخروج" },
	{ "transition", "move", "نقل الحالة" },
	{ "custom", "own operation", "عملية خاصة" },
	{ "own get", "see oneself", "عرض بياناته" },
	{ "own update", "change oneself", "تعديل بياناته" },
	{ "own delete", "leave", "حذف حسابه" },
};

struct explain {
	struct blueprint_index ix;
	struct wn_buf *out;
	const char *locale;
	int lang; /* 0 English, 1 Arabic */
};

#define PHRASE(x, p) phrases[(x)->lang][p]

static const char *
word(const struct explain *x, const char *key)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!strcmp(words[i][0], key))
			return words[i][1 + x->lang];
	return key;
}

/* In the language asked for, else in any, else the fallback. */
static const char *
text_of(const struct explain *x, const struct wn_json *text, const char *fallback)
{
	const char *s = wn_json_get_str(text, x->locale, NULL);
	if (!s)
		s = wn_json_get_str(text, x->lang ? "ar" : "en", NULL);
	return s ? s : wn_json_str(wn_json_first(text), fallback);
}

static const char *
label(const struct explain *x, const struct blueprint_thing *t)
{
	return t ? text_of(x, wn_json_get(t->json, "label"), blueprint_name(t)) : "?";
}

static void
put(struct explain *x, const char *s)
{
	(void)wn_buf_cstr(x->out, s);
}

/* The phrase with what is put in; a, b, c nullable. */
static void
say(struct explain *x, enum phrase p, const char *a, const char *b, const char *c)
{
	const char *with[] = { a, b, c };
	for (const char *s = PHRASE(x, p); *s; s++) {
		if (*s == '$' && s[1] >= '1' && s[1] <= '3') {
			s++;
			put(x, with[*s - '1'] ? with[*s - '1'] : "");
		} else {
			(void)wn_buf_chr(x->out, *s);
		}
	}
}

/* Sends what is said into a buffer of its own until end_aside(). */
static struct wn_buf *
begin_aside(struct explain *x, struct wn_buf *aside)
{
	struct wn_buf *before = x->out;
	wn_buf_init(aside, 1u << 20);
	x->out = aside;
	return before;
}

/* What was said aside, in the arena. */
static const char *
end_aside(struct explain *x, struct wn_buf *aside, struct wn_buf *before)
{
	const char *s = wn_arena_strndup(&x->ix.arena, aside->p ? aside->p : "", aside->len);
	wn_buf_fini(aside);
	x->out = before;
	return s;
}

static const char *
number(struct explain *x, double v)
{
	return wn_arena_printf(&x->ix.arena, "%.0f", v);
}

/* Before each but the first of a list. */
static void
separate(struct explain *x, size_t n, enum phrase with)
{
	if (n > 0)
		put(x, PHRASE(x, with));
}

static const char *
role_label(const struct explain *x, const char *name)
{
	for (size_t i = 0; i < x->ix.things.len; i++) {
		const struct blueprint_thing *t = x->ix.things.p[i];
		if (t->kind == BLUEPRINT_ROLE && !strcmp(blueprint_name(t), name))
			return label(x, t);
	}
	return name;
}

static void
put_access(struct explain *x, const struct wn_json *access, unsigned depth)
{
	const char *w = wn_json_str(access, NULL);
	if (w) {
		put(x, !strcmp(w, "public")	 ? PHRASE(x, P_ANYONE)
		       : !strcmp(w, "member")	 ? PHRASE(x, P_MEMBER)
		       : !strcmp(w, "owner")	 ? PHRASE(x, P_OWNER)
		       : !strncmp(w, "role:", 5) ? role_label(x, w + 5)
						 : w);
		return;
	}
	const struct wn_json *any = wn_json_get(access, "any"), *all = wn_json_get(access, "all");
	size_t n = 0;
	if (wn_json_get(access, "when"))
		put(x, PHRASE(x, P_WHEN));
	for (const struct wn_json *c = wn_json_first(any ? any : all); c && depth < 8;
	     c = wn_json_next(c)) {
		separate(x, n++, any ? P_OR : P_AND);
		put_access(x, c, depth + 1);
	}
}

static const char *
access_words(struct explain *x, const struct wn_json *access)
{
	struct wn_buf aside, *before = begin_aside(x, &aside);
	put_access(x, access, 0);
	return end_aside(x, &aside, before);
}

static void
explain_identity(struct explain *x)
{
	const struct wn_json *l =
		wn_json_first(wn_json_get(wn_json_get(x->ix.doc, "identity"), "login"));
	struct wn_buf aside, *before;
	size_t n = 0;
	if (!x->ix.user) {
		say(x, P_NO_SIGN_IN, NULL, NULL, NULL);
		return;
	}
	before = begin_aside(x, &aside);
	for (; l; l = wn_json_next(l)) {
		separate(x, n++, P_COMMA);
		put(x, label(x, blueprint_find(&x->ix, wn_json_str(l, NULL), BLUEPRINT_FIELD)));
	}
	const char *login = end_aside(x, &aside, before);
	say(x, P_SIGN_IN, label(x, x->ix.user), login, NULL);
}

/* Labels of all things of a kind, or titles of pages, in one phrase. */
static void
explain_names(struct explain *x, enum blueprint_kind kind, const char *member, enum phrase p)
{
	struct wn_buf aside, *before = begin_aside(x, &aside);
	size_t n = 0;
	for (size_t i = 0; i < x->ix.things.len; i++) {
		const struct blueprint_thing *t = x->ix.things.p[i];
		if (t->kind != kind)
			continue;
		separate(x, n++, P_COMMA);
		put(x, text_of(x, wn_json_get(t->json, member), blueprint_name(t)));
	}
	const char *names = end_aside(x, &aside, before);
	if (n > 0)
		say(x, p, names, NULL, NULL);
}

static void
explain_field(struct explain *x, const struct blueprint_thing *f)
{
	struct wn_buf aside, *before = begin_aside(x, &aside);
	if (blueprint_flag(f, "required"))
		put(x, PHRASE(x, P_REQUIRED));
	if (blueprint_flag(f, "unique"))
		put(x, PHRASE(x, P_UNIQUE));
	if (wn_json_get(f->json, "computed"))
		put(x, PHRASE(x, P_COMPUTED));
	if (wn_json_get(f->json, "read"))
		put(x, PHRASE(x, P_SECRET_READ));
	const char *more = end_aside(x, &aside, before);
	say(x, P_FIELD, label(x, f), word(x, wn_json_get_str(f->json, "type", "")), more);
}

static void
explain_entity(struct explain *x, const struct blueprint_thing *e)
{
	put(x, "  ");
	put(x, label(x, e));
	put(x, "\n");
	for (size_t i = 0; i < x->ix.things.len; i++) {
		const struct blueprint_thing *t = x->ix.things.p[i];
		if (t->kind == BLUEPRINT_FIELD && t->entity == e)
			explain_field(x, t);
		if (t->kind == BLUEPRINT_RELATION && blueprint_from(&x->ix, t) == e)
			say(x, P_BELONGS, label(x, blueprint_to(&x->ix, t)), label(x, t), NULL);
	}
}

/* What an operation does, in words; a transition by its own label. */
static const char *
operation_words(struct explain *x, const struct blueprint_thing *o, const struct blueprint_thing *e)
{
	const char *kind = wn_json_get_str(o->json, "kind", "");
	const char *name = wn_json_get_str(o->json, "transition", NULL);
	const struct blueprint_thing *w = blueprint_workflow(&x->ix, e);
	const struct wn_json *t = wn_json_first(wn_json_get(w ? w->json : NULL, "transitions"));
	if (wn_json_get(o->json, "subject"))
		kind = wn_arena_printf(&x->ix.arena, "own %s", kind);
	if (wn_json_get(o->json, "label"))
		return text_of(x, wn_json_get(o->json, "label"), word(x, kind));
	for (; name && t; t = wn_json_next(t))
		if (!strcmp(wn_json_get_str(t, "name", ""), name))
			return text_of(x, wn_json_get(t, "label"), name);
	return word(x, kind);
}

static void
explain_rights(struct explain *x, const struct blueprint_thing *e)
{
	bool titled = false;
	for (size_t i = 0; i < x->ix.things.len; i++) {
		const struct blueprint_thing *o = x->ix.things.p[i];
		if (o->kind != BLUEPRINT_OPERATION ||
		    blueprint_find(&x->ix, wn_json_get_str(o->json, "entity", NULL),
				   BLUEPRINT_ENTITY) != e)
			continue;
		if (!titled) {
			put(x, "  ");
			put(x, e ? label(x, e) : PHRASE(x, P_ELSE));
			put(x, "\n");
		}
		titled = true;
		say(x, P_OPERATION, operation_words(x, o, e),
		    access_words(x, wn_json_get(o->json, "access")), NULL);
	}
}

static const char *
value_label(struct explain *x, const struct blueprint_thing *field, const char *value)
{
	const struct wn_json *v = wn_json_first(wn_json_get(field ? field->json : NULL, "values"));
	for (; v; v = wn_json_next(v))
		if (!strcmp(wn_json_get_str(v, "value", ""), value))
			return text_of(x, wn_json_get(v, "label"), value);
	return value;
}

static void
explain_workflow(struct explain *x, const struct blueprint_thing *w)
{
	const struct blueprint_thing *f =
		blueprint_find(&x->ix, wn_json_get_str(w->json, "field", NULL), BLUEPRINT_FIELD);
	put(x, "  ");
	put(x, label(x, blueprint_find(&x->ix, wn_json_get_str(w->json, "entity", NULL),
				       BLUEPRINT_ENTITY)));
	put(x, "\n");
	const struct wn_json *t = wn_json_first(wn_json_get(w->json, "transitions"));
	for (; t; t = wn_json_next(t)) {
		struct wn_buf aside, *before = begin_aside(x, &aside);
		size_t n = 0;
		for (const struct wn_json *s = wn_json_first(wn_json_get(t, "from")); s;
		     s = wn_json_next(s)) {
			separate(x, n++, P_OR);
			put(x, value_label(x, f, wn_json_str(s, "")));
		}
		const char *from = end_aside(x, &aside, before);
		say(x, P_FROM_TO,
		    text_of(x, wn_json_get(t, "label"), wn_json_get_str(t, "name", "")), from,
		    value_label(x, f, wn_json_get_str(t, "to", "")));
		if (wn_json_get(t, "access")) {
			put(x, " (");
			put(x, access_words(x, wn_json_get(t, "access")));
			put(x, ")");
		}
		put(x, "\n");
	}
}

static size_t
count(const struct explain *x, enum blueprint_kind kind)
{
	size_t n = 0;
	for (size_t i = 0; i < x->ix.things.len; i++)
		n += x->ix.things.p[i]->kind == kind;
	return n;
}

static void
explain_all(struct explain *x, enum blueprint_kind kind,
	    void (*one)(struct explain *, const struct blueprint_thing *))
{
	for (size_t i = 0; i < x->ix.things.len; i++)
		if (x->ix.things.p[i]->kind == kind)
			one(x, x->ix.things.p[i]);
}

static void
explain_surface(struct explain *x)
{
	struct blueprint_surface s = blueprint_surface(x->ix.doc);
	if (s.operations + s.hooks + s.pages == 0)
		say(x, P_NO_HAND, NULL, NULL, NULL);
	else
		say(x, P_HAND, number(x, (double)s.operations), number(x, (double)s.hooks),
		    number(x, (double)s.pages));
}

static void
explain_assumptions(struct explain *x)
{
	const struct wn_json *list =
		wn_json_get(wn_json_get(x->ix.doc, "provenance"), "assumptions");
	if (wn_json_len(list) > 0)
		say(x, P_ASSUMED, NULL, NULL, NULL);
	for (const struct wn_json *a = wn_json_first(list); a; a = wn_json_next(a))
		say(x, P_ASSUMPTION, wn_json_get_str(a, "why", ""), NULL, NULL);
}

wn_err
blueprint_explain(const struct wn_json *doc, const char *locale, struct wn_buf *out)
{
	struct explain x = { .out = out, .locale = locale ? locale : "en" };
	x.lang = !strncmp(x.locale, "ar", 2) ? 1 : 0;
	blueprint_index_init(&x.ix, doc);
	say(&x, P_TITLE, text_of(&x, wn_json_get(doc, "name"), wn_json_get_str(doc, "id", "?")),
	    number(&x, wn_json_get_num(doc, "revision", 1)), NULL);
	explain_identity(&x);
	explain_names(&x, BLUEPRINT_ROLE, "label", P_ROLES);
	say(&x, P_THINGS, NULL, NULL, NULL);
	explain_all(&x, BLUEPRINT_ENTITY, explain_entity);
	say(&x, P_WHO, NULL, NULL, NULL);
	explain_all(&x, BLUEPRINT_ENTITY, explain_rights);
	explain_rights(&x, NULL);
	if (count(&x, BLUEPRINT_WORKFLOW) > 0)
		say(&x, P_FLOW, NULL, NULL, NULL);
	explain_all(&x, BLUEPRINT_WORKFLOW, explain_workflow);
	explain_names(&x, BLUEPRINT_PAGE, "title", P_PAGES);
	explain_surface(&x);
	explain_assumptions(&x);
	blueprint_index_fini(&x.ix);
	return out->err;
}

static size_t
custom_sections(const struct wn_json *list)
{
	size_t n = 0;
	for (const struct wn_json *s = wn_json_first(list); s; s = wn_json_next(s))
		n += !strcmp(wn_json_get_str(s, "kind", ""), "custom");
	return n;
}

struct blueprint_surface
blueprint_surface(const struct wn_json *doc)
{
	struct blueprint_surface s = { 0 };
	const struct wn_json *t, *m;
	for (t = wn_json_first(wn_json_get(doc, "operations")); t; t = wn_json_next(t)) {
		bool custom = !strcmp(wn_json_get_str(t, "kind", ""), "custom");
		s.operations += custom;
		s.hooks += !custom && wn_json_get(t, "hook");
	}
	for (t = wn_json_first(wn_json_get(doc, "views")); t; t = wn_json_next(t))
		for (m = wn_json_first(wn_json_get(t, "computed")); m; m = wn_json_next(m))
			s.hooks += !strcmp(wn_json_get_str(m, "fn", ""), "hook");
	for (t = wn_json_first(wn_json_get(doc, "pages")); t; t = wn_json_next(t)) {
		s.pages += !strcmp(wn_json_get_str(t, "kind", ""), "custom");
		s.pages += custom_sections(wn_json_get(t, "sections")) +
			   custom_sections(wn_json_get(t, "aside"));
	}
	return s;
}
