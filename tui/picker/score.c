/*
 * The scorer. For each word of the query, the best alignment is found by a small dynamic programme
 * over (query character, text position) with affine gaps, after Smith and Waterman as
 * fuzzy finders use it; texts over TEXT_MAX bytes are matched greedily on their end.
 */
#include "tui/picker/score.h"

#include <string.h>

#include "runtime/base/utf8.h"

#define TEXT_MAX 512
#define QUERY_MAX 64

enum {
	SCORE_MATCH = 16,
	GAP_START = -3,
	GAP_MORE = -1,
	BONUS_WORD = 8, /* after a separator, or a capital after a small letter */
	BONUS_PART = 9, /* after '/' */
	BONUS_RUN = 5,
	BONUS_FIRST = 6,
	BONUS_NAME = 4 /* inside the last part of a path */
};

void
tui_score_fold(struct wn_str s, struct wn_buf *out)
{
	wn_utf8_fold(s, out);
}

static bool
is_sep(char c)
{
	return c == ' ' || c == '_' || c == '-' || c == '.' || c == ':' || c == '/' || c == '\\';
}

static int
bonus_at(struct wn_str text, size_t i, size_t name_start, bool path)
{
	int b = 0;

	if (i == 0)
		b = BONUS_PART;
	else if (path && text.p[i - 1] == '/')
		b = BONUS_PART;
	else if (is_sep(text.p[i - 1]))
		b = BONUS_WORD;
	if (path && i >= name_start)
		b += BONUS_NAME;
	return b;
}

static bool
is_subsequence(struct wn_str q, struct wn_str t)
{
	size_t i = 0;

	for (size_t j = 0; j < t.len && i < q.len; j++)
		if (q.p[i] == t.p[j])
			i++;
	return i == q.len;
}

/*
 * best[j]: best score with the present query character matched at or before text position j;
 * here[j]: matched exactly at j. One row a query character.
 */
static int
score_word(struct wn_str q, struct wn_str t, size_t name_start, bool path)
{
	int prev_here[TEXT_MAX], prev_best[TEXT_MAX], here[TEXT_MAX], best[TEXT_MAX];
	int none = -1000000, result;

	for (size_t i = 0; i < q.len; i++) {
		int running = none;

		for (size_t j = 0; j < t.len; j++) {
			int s = none;

			if (q.p[i] == t.p[j] && j >= i) {
				int bonus = bonus_at(t, j, name_start, path);

				if (i == 0) {
					s = SCORE_MATCH + bonus * 2;
				} else if (j > 0) {
					int run = prev_here[j - 1] == none
							  ? none
							  : prev_here[j - 1] + SCORE_MATCH +
								    BONUS_RUN + bonus;
					int gap = prev_best[j - 1] == none
							  ? none
							  : prev_best[j - 1] + SCORE_MATCH + bonus +
								    GAP_START;

					s = run > gap ? run : gap;
				}
			}
			here[j] = s;
			if (running != none)
				running += GAP_MORE;
			if (s > running)
				running = s;
			best[j] = running;
		}
		memcpy(prev_here, here, t.len * sizeof here[0]);
		memcpy(prev_best, best, t.len * sizeof best[0]);
	}
	result = none;
	for (size_t j = 0; j < t.len; j++)
		if (prev_here[j] > result)
			result = prev_here[j];
	return result;
}

static size_t
name_start_of(struct wn_str t)
{
	for (size_t i = t.len; i > 0; i--)
		if (t.p[i - 1] == '/')
			return i;
	return 0;
}

int
tui_score(struct wn_str query, struct wn_str text, bool path)
{
	struct wn_str word, t = text;
	size_t name;
	int total = 0;

	if (t.len > TEXT_MAX) /* the end of a path tells most */
		t = wn_strn(t.p + (t.len - TEXT_MAX), TEXT_MAX);
	name = path ? name_start_of(t) : 0;
	while (wn_str_split(&query, ' ', &word)) {
		int s;

		if (word.len == 0)
			continue;
		if (word.len > QUERY_MAX)
			word.len = QUERY_MAX;
		if (!is_subsequence(word, t))
			return TUI_SCORE_NONE;
		s = score_word(word, t, name, path);
		if (wn_str_find(wn_str_sub(t, name, t.len), word) == 0)
			s += BONUS_FIRST * 4; /* the name begins with it */
		total += s;
	}
	total = total * 4 - (int)(text.len / 8);
	return total < 0 ? 0 : total;
}

size_t
tui_score_marks(struct wn_str query, struct wn_str text, size_t *at, size_t max)
{
	struct wn_str word;
	size_t n = 0;
	struct wn_buf folded;

	wn_buf_init(&folded, 64);
	while (wn_str_split(&query, ' ', &word)) {
		size_t i = 0, pos = 0, mark = n;

		/* greedy from the front, on characters folded one at a time */
		while (pos < text.len && i < word.len && n < max) {
			uint32_t cp;
			size_t len = wn_utf8_decode(text.p + pos, text.len - pos, &cp);

			wn_buf_clear(&folded);
			wn_utf8_fold(wn_strn(text.p + pos, len), &folded);
			if (folded.len > 0 && folded.len <= word.len - i &&
			    memcmp(folded.p, word.p + i, folded.len) == 0) {
				at[n++] = pos;
				i += folded.len;
			}
			pos += len;
		}
		if (i < word.len)
			n = mark;
	}
	wn_buf_fini(&folded);
	return n;
}
