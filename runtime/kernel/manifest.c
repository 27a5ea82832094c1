/*
 * Checks a module's descriptor against its manifest: names, prefixes, versions, tables.
 * Owns nothing; the registry calls it before anything of a module runs.
 */
#include <string.h>

#include "runtime/base/json.h"
#include "runtime/kernel/bus.h"
#include "runtime/kernel/registry_priv.h"

static wn_err
bad(struct wn_diag *d, const struct wn_module *m, const char *what, const char *name)
{
	return wn_fail(d, WN_E_CONTRACT, "module %s: %s: %s", m->name, what, name);
}

/* The kernel's own module speaks for several areas (job, event, config ...). */
static bool
has_prefix(const struct wn_module *m, const char *name, bool kernel)
{
	size_t n = strlen(m->name);

	return kernel || (strncmp(name, m->name, n) == 0 && name[n] == '.');
}

/* A list in a manifest is an array of names or of objects with a name, or an object by name. */
static const char *
entry_name(const struct wn_json *e)
{
	const char *key = wn_json_key(e);

	if (key != NULL)
		return key;
	if (wn_json_type(e) == WN_JSON_STRING)
		return wn_json_str(e, "");
	return wn_json_get_str(e, "name", wn_json_get_str(e, "event", ""));
}

static bool
listed(const struct wn_json *list, const char *name)
{
	for (const struct wn_json *e = wn_json_first(list); e != NULL; e = wn_json_next(e)) {
		if (strcmp(entry_name(e), name) == 0)
			return true;
	}
	return false;
}

static wn_err
check_emits(struct reg_mod *m, const struct wn_json *man, bool kernel, struct wn_diag *d)
{
	const struct wn_json *e = wn_json_first(wn_json_get(man, "emits"));

	for (; e != NULL; e = wn_json_next(e)) {
		const char *name = entry_name(e);

		if (!has_prefix(m->mod.desc, name, kernel))
			return bad(d, m->mod.desc, "emits an event that is not its own", name);
		wn_map_set(&m->emits, wn_str(name), m);
	}
	return WN_OK;
}

static wn_err
check_methods(const struct wn_module *m, const struct wn_json *man, bool kernel, struct wn_diag *d)
{
	const struct wn_json *list = wn_json_get(man, "methods");

	for (const struct wn_method *x = m->methods; x != NULL && x->name != NULL; x++) {
		if (!has_prefix(m, x->name, kernel))
			return bad(d, m, "has a method that is not its own", x->name);
		if (!listed(list, x->name))
			return bad(d, m, "has a method its manifest does not name", x->name);
		if (x->fn == NULL)
			return bad(d, m, "has a method without a function", x->name);
	}
	return WN_OK;
}

static wn_err
check_listens(const struct wn_module *m, const struct wn_json *man, struct wn_diag *d)
{
	for (const struct wn_listen *l = m->listens; l != NULL && l->event != NULL; l++) {
		if (!listed(wn_json_get(man, "listens"), l->event))
			return bad(d, m, "listens to an event its manifest does not name",
				   l->event);
	}
	for (const struct wn_project *p = m->projects; p != NULL && p->event != NULL; p++) {
		if (!listed(wn_json_get(man, "projects"), p->event))
			return bad(d, m, "projects an event its manifest does not name", p->event);
	}
	return WN_OK;
}

static wn_err
check_all(struct reg_mod *m, const struct wn_json *man, struct wn_diag *d)
{
	const struct wn_module *desc = m->mod.desc;
	bool kernel = strcmp(wn_json_get_str(man, "kind", ""), "kernel") == 0;
	wn_err err;

	if (strcmp(wn_json_get_str(man, "name", ""), desc->name) != 0)
		return bad(d, desc, "its manifest has another name",
			   wn_json_get_str(man, "name", "(none)"));
	if (desc->version == NULL ||
	    strcmp(wn_json_get_str(man, "version", ""), desc->version) != 0)
		return bad(d, desc, "its manifest has another version",
			   wn_json_get_str(man, "version", "(none)"));
	err = check_emits(m, man, kernel, d);
	if (err == WN_OK)
		err = check_methods(desc, man, kernel, d);
	if (err == WN_OK)
		err = check_listens(desc, man, d);
	return err;
}

wn_err
wn_manifest_check(struct reg_mod *m, struct wn_diag *d)
{
	const struct wn_module *desc = m->mod.desc;
	struct wn_json *man = NULL;
	wn_err err;

	if (desc->abi != WN_ABI)
		return wn_fail(d, WN_E_VERSION,
			       "module %s was built for ABI %u, this engine has %u",
			       desc->name != NULL ? desc->name : "?", desc->abi, WN_ABI);
	if (desc->size < sizeof(struct wn_module))
		return wn_fail(d, WN_E_VERSION, "module %s has an older descriptor (%u bytes)",
			       desc->name, desc->size);
	if (desc->manifest == NULL)
		return bad(d, desc, "has no manifest", "module.json");
	err = wn_json_parse(wn_str(desc->manifest), NULL, &man, d);
	if (err != WN_OK) {
		wn_fail_note(d, "in the manifest of module %s", desc->name);
		return err;
	}
	err = check_all(m, man, d);
	wn_json_free(man);
	return err;
}
