#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "tui/keymap/keymap.h"
#include "tui/pane/pane.h"

static struct tui_keymap map;

static int
setup(void **state)
{
	struct wn_diag d = { 0 };

	(void)state;
	if (tui_keymap_load("standard", &map, &d) != 0)
		fail_msg("%s", d.text);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	tui_keymap_fini(&map);
	return 0;
}

static enum tui_keymap_hit
find(const char *keys, const char *pane, const char **command)
{
	struct tui_chord c;
	const struct tui_binding *b = NULL;
	enum tui_keymap_hit hit;

	assert_true(tui_chord_parse(wn_str(keys), &c));
	hit = tui_keymap_find(&map, &c, pane, &b);
	*command = b != NULL ? b->command : "";
	return hit;
}

static void
keys_find_their_command(void **state)
{
	const char *c;

	(void)state;
	assert_int_equal(find("ctrl-p", "editor", &c), TUI_KEYMAP_FOUND);
	assert_string_equal(c, "app.palette");
	assert_int_equal(find("ctrl-s", "editor", &c), TUI_KEYMAP_FOUND);
	assert_string_equal(c, "editor.save");
	assert_int_equal(find("ctrl-s", "files", &c), TUI_KEYMAP_NONE);
	assert_int_equal(find("ctrl-k", "files", &c), TUI_KEYMAP_PREFIX);
	assert_int_equal(find("ctrl-k z", "files", &c), TUI_KEYMAP_FOUND);
	assert_int_equal(find("ctrl-k ~", "files", &c), TUI_KEYMAP_NONE);
}

static bool
command_exists(const char *id)
{
	if (strncmp(id, "app.", 4) == 0 || strncmp(id, "pane.", 5) == 0)
		return true; /* the application's own are checked by the golden screens */
	for (const struct pane_type *const *t = pane_table; *t != NULL; t++)
		for (const struct tui_command *c = (*t)->commands; c != NULL && c->id != NULL; c++)
			if (strcmp(c->id, id) == 0)
				return true;
	return false;
}

static void
every_bound_command_exists(void **state)
{
	(void)state;
	for (size_t i = 0; i < map.b.len; i++)
		if (!command_exists(map.b.p[i].command))
			fail_msg("nobody has the command %s", map.b.p[i].command);
}

static void
every_command_of_a_pane_has_words_in_both_languages(void **state)
{
	(void)state;
	for (const struct pane_type *const *t = pane_table; *t != NULL; t++) {
		assert_non_null((*t)->title.ar);
		for (const struct tui_command *c = (*t)->commands; c != NULL && c->id != NULL;
		     c++) {
			assert_non_null(c->title.en);
			assert_non_null(c->title.ar);
		}
	}
}

static void
every_command_can_be_reached_from_an_old_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < map.b.len; i++)
		if (map.b.p[i].arg == NULL && tui_keymap_of(&map, map.b.p[i].command, true) == NULL)
			fail_msg("%s has no keys that a plain terminal can send",
				 map.b.p[i].command);
}

static void
the_same_keys_are_not_bound_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < map.b.len; i++)
		for (size_t j = i + 1; j < map.b.len; j++)
			if (map.b.p[i].chord.n == map.b.p[j].chord.n &&
			    strcmp(map.b.p[i].pane, map.b.p[j].pane) == 0 &&
			    memcmp(map.b.p[i].chord.key, map.b.p[j].chord.key,
				   sizeof(struct tui_key) * (size_t)map.b.p[i].chord.n) == 0)
				fail_msg("%s and %s have the same keys", map.b.p[i].command,
					 map.b.p[j].command);
}

static void
a_bad_keymap_says_what_is_wrong(void **state)
{
	struct tui_keymap k;
	struct wn_diag d = { 0 };

	(void)state;
	assert_int_equal(
		tui_keymap_parse(
			WN_STR("{\"bindings\":[{\"keys\":\"hyper-x\",\"command\":\"a\"}]}"), &k,
			&d),
		WN_E_SCHEMA);
	assert_non_null(strstr(d.text, "hyper-x"));
	assert_int_equal(tui_keymap_load("nothing", &k, NULL), WN_E_NOT_FOUND);
}

static void
own_bindings_win_over_those_of_the_file(void **state)
{
	const struct tui_binding *b = NULL;
	struct tui_keymap k;
	struct tui_chord c;

	(void)state;
	assert_int_equal(tui_keymap_load("vim", &k, NULL), 0);
	assert_string_equal(k.name, "vim");
	assert_int_equal(tui_keymap_add(&k,
					WN_STR("{\"bindings\":[{\"keys\":\"space f\",\"command\":"
					       "\"app.quit\",\"pane\":\"editor\"}]}"),
					NULL),
			 0);
	assert_true(tui_chord_parse(WN_STR("space f"), &c));
	assert_int_equal(tui_keymap_find(&k, &c, "editor", &b), TUI_KEYMAP_FOUND);
	assert_string_equal(b->command, "app.quit");
	assert_string_equal(k.name, "vim");
	tui_keymap_fini(&k);
}

/* A keymap that names a command nobody has would be silent when its keys are pressed. */
static void
every_command_of_the_vim_keymap_is_one_of_the_standard_ones(void **state)
{
	struct tui_keymap k;

	(void)state;
	assert_int_equal(tui_keymap_load("vim", &k, NULL), 0);
	for (size_t i = 0; i < k.b.len; i++)
		if (tui_keymap_of(&map, k.b.p[i].command, false) == NULL &&
		    strcmp(k.b.p[i].command, "app.focus") != 0 &&
		    strcmp(k.b.p[i].command, "app.keymap") != 0)
			fail_msg("%s is bound to nothing in the standard keymap", k.b.p[i].command);
	tui_keymap_fini(&k);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_find_their_command),
		cmocka_unit_test(every_bound_command_exists),
		cmocka_unit_test(every_command_of_a_pane_has_words_in_both_languages),
		cmocka_unit_test(every_command_can_be_reached_from_an_old_terminal),
		cmocka_unit_test(the_same_keys_are_not_bound_twice),
		cmocka_unit_test(a_bad_keymap_says_what_is_wrong),
		cmocka_unit_test(own_bindings_win_over_those_of_the_file),
		cmocka_unit_test(every_command_of_the_vim_keymap_is_one_of_the_standard_ones),
	};

	return cmocka_run_group_tests_name("tests/unit/tui/keymap/keymap", tests, setup, teardown);
}
