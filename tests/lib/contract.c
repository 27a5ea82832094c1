/*
 * Implements the bringing up. What a module needs is looked for in the generated table; the store
 * is the fake one.
 */
#include "tests/lib/contract.h"

#include <stdio.h>
#include <string.h>

#include "gen/modules.h"
#include "runtime/base/mem.h"

/* cmocka hands no argument to a setup: the module at hand is here. */
static const char *at_hand_iface;
static const struct wn_module *at_hand;

static const struct wn_iface_decl *
offer_of(const struct wn_module *d, const char *iface)
{
	const struct wn_iface_decl *o = d->offers;

	while (o != NULL && o->name != NULL && strcmp(o->name, iface) != 0)
		o++;
	return o != NULL && o->name != NULL ? o : NULL;
}

static const struct wn_module *
who_offers(const char *iface)
{
	for (size_t i = 0; i < wn_module_count; i++) {
		if (offer_of(wn_modules[i], iface) != NULL)
			return wn_modules[i];
	}
	return NULL;
}

static bool
is_there(const struct wn_module **added, size_t n, const struct wn_module *d)
{
	for (size_t i = 0; i < n; i++) {
		if (added[i] == d)
			return true;
	}
	return false;
}

static struct wn_mod *
add_with_needs(struct contract *c, const struct wn_module *d, const struct wn_module **added,
	       size_t *n)
{
	added[(*n)++] = d;
	for (const struct wn_iface_decl *need = d->needs; need != NULL && need->name != NULL;
	     need++) {
		const struct wn_module *who = who_offers(need->name);

		if (strcmp(need->name, "store") != 0 && (need->flags & WN_NEED_OPTIONAL) == 0 &&
		    who != NULL && !is_there(added, *n, who))
			(void)add_with_needs(c, who, added, n);
	}
	return fake_host_add(c->h, d);
}

int
contract_setup(void **state)
{
	struct contract *c = WN_NEW(struct contract);
	const struct wn_module *added[256];
	size_t n = 0;

	c->store = fake_store_new();
	c->h = fake_host_new();
	fake_host_offer(c->h, "store", &fake_store_iface, fake_store_mod(c->store));
	c->desc = at_hand;
	c->vtable = offer_of(at_hand, at_hand_iface)->vtable;
	c->mod = add_with_needs(c, at_hand, added, &n);
	*state = c;
	return fake_host_start(c->h) == WN_OK ? 0 : -1;
}

int
contract_teardown(void **state)
{
	struct contract *c = *state;

	fake_host_free(c->h);
	fake_store_free(c->store);
	wn_free(c);
	return 0;
}

int
contract_run(const char *iface, const struct CMUnitTest *tests, size_t n)
{
	int failed = 0;
	bool any = false;

	at_hand_iface = iface;
	for (size_t i = 0; i < wn_module_count; i++) {
		char name[120];

		if (offer_of(wn_modules[i], iface) == NULL)
			continue;
		any = true;
		at_hand = wn_modules[i];
		(void)snprintf(name, sizeof(name), "contract/%s by %s", iface, at_hand->name);
		failed += _cmocka_run_group_tests(name, tests, n, NULL, NULL);
	}
	if (!any)
		(void)printf("not ok 1 - a module offers %s\n", iface);
	return any ? failed : 1;
}
