/*
 * What a program says beside its screen: its title, its directory, the bell, a text for the
 * clipboard, how a command ended. The clipboard is the person's: the first text is asked about.
 */
#include <stdio.h>
#include <string.h>

#include "gen/client.h"
#include "tui/pane/terminal/terminal.h"

#define CLIP_MAX ((size_t)1 << 20)

static int
digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool
term_base64(struct wn_str s, struct wn_buf *out)
{
	uint32_t v = 0;
	int bits = 0;

	while (s.len > 0 && s.p[s.len - 1] == '=')
		s.len--;
	for (size_t i = 0; i < s.len; i++) {
		int d = digit(s.p[i]);

		if (d < 0)
			return false;
		v = v << 6 | (uint32_t)d;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			wn_buf_chr(out, (char)(v >> bits & 0xFF));
		}
	}
	return out->err == 0;
}

static void
copy_kept(struct terminal *t)
{
	t->host->ops->copy(t->host, wn_buf_view(&t->clip));
	t->host->ops->say(t->host, PANE_INFO, "%s",
			  TR(t, "The program in the terminal copied a text.",
			     "نسخ البرنامج في الطرفية نصا."));
}

static void
on_consent(void *arg, const char *text)
{
	struct terminal *t = arg;

	t->clip_asked = false;
	if (text == NULL)
		return;
	if (text[0] == 'a' || text[0] == 'n')
		t->clip_consent = text[0] == 'a' ? TERM_CLIP_ALWAYS : TERM_CLIP_NEVER;
	if (text[0] == 'a' || text[0] == 'o')
		copy_kept(t);
}

static void
take_clipboard(struct terminal *t, struct wn_str base64)
{
	static const struct pane_choice choices[] = {
		{ 'o', TUI_TEXT("this once", "هذه المرة") },
		{ 'a', TUI_TEXT("always, for this terminal", "دائما لهذه الطرفية") },
		{ 'n', TUI_TEXT("never, for this terminal", "أبدا لهذه الطرفية") },
		{ 0, TUI_TEXT(NULL, NULL) },
	};

	if (t->clip_consent == TERM_CLIP_NEVER || t->clip_asked)
		return;
	wn_buf_clear(&t->clip);
	if (!term_base64(base64, &t->clip))
		return;
	if (t->clip_consent == TERM_CLIP_ALWAYS) {
		copy_kept(t);
		return;
	}
	t->clip_asked = true;
	t->host->ops->choose(t->host,
			     TR(t,
				"A program in this terminal wants to put a text on the clipboard.",
				"برنامج في هذه الطرفية يريد وضع نص في الحافظة."),
			     choices, on_consent, t);
}

static int
hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

bool
term_file_uri(struct wn_str uri, char *out, size_t max)
{
	ptrdiff_t slash;
	size_t n = 0;

	if (!wn_str_has_prefix(uri, WN_STR("file://")))
		return false;
	uri = wn_str_sub(uri, 7, uri.len);
	slash = wn_str_chr(uri, '/');
	if (slash < 0)
		return false;
	uri = wn_str_sub(uri, (size_t)slash, uri.len);
	for (size_t i = 0; i < uri.len && n + 1 < max; i++) {
		if (uri.p[i] == '%' && i + 2 < uri.len && hex(uri.p[i + 1]) >= 0 &&
		    hex(uri.p[i + 2]) >= 0) {
			out[n++] = (char)(hex(uri.p[i + 1]) * 16 + hex(uri.p[i + 2]));
			i += 2;
		} else {
			out[n++] = uri.p[i];
		}
	}
	out[n] = '\0';
	return true;
}

static void
take_bell(struct terminal *t)
{
	if (t->host->ops->focused(t->host))
		t->host->ops->bell(t->host);
	else
		t->rang = true;
}

void
term_on_news(void *arg, struct wn_str method, struct wn_str params, struct wn_str attachment)
{
	struct terminal *t = arg;
	struct terminal_news_note note;
	struct wn_arena arena;

	(void)method;
	wn_arena_init(&arena, 65536);
	if (t->stream == 0 || terminal_news_note_parse(params, &arena, &note, NULL) != 0 ||
	    note.stream != t->stream || !wn_str_is(note.terminal, t->id)) {
		wn_arena_fini(&arena);
		return;
	}
	term_give_back(t);
	switch (note.kind) {
	case TERMINAL_NEWS_NOTE_KIND_TITLE:
		snprintf(t->title, sizeof t->title, "%.*s", WN_STR_ARG(note.text));
		break;
	case TERMINAL_NEWS_NOTE_KIND_DIRECTORY:
		(void)term_file_uri(note.text, t->cwd, sizeof t->cwd);
		break;
	case TERMINAL_NEWS_NOTE_KIND_BELL:
		take_bell(t);
		break;
	case TERMINAL_NEWS_NOTE_KIND_CLIPBOARD:
		take_clipboard(t, attachment);
		break;
	case TERMINAL_NEWS_NOTE_KIND_COMMAND:
		t->has_command = true;
		t->command_code = note.has_exit_code ? (int)note.exit_code : -1;
		t->command_ms = note.has_ms ? note.ms : 0;
		break;
	default:
		break;
	}
	wn_arena_fini(&arena);
	term_redraw(t);
}

void
term_news_init(struct terminal *t)
{
	wn_buf_init(&t->clip, CLIP_MAX);
	t->host->ops->listen(t->host, "terminal.news", term_on_news, t);
}

void
term_news_fini(struct terminal *t)
{
	wn_buf_fini(&t->clip);
}
