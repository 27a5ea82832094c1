// Which page an address is: literal parts win over parameters.
import model from '../model.json';

const routes = model.pages
	.map((page) => ({ page, parts: page.route.split('/').filter(Boolean) }))
	.sort((a, b) => a.page.route.split('{').length - b.page.route.split('{').length);

const state = $state({ path: location.pathname, query: location.search });

addEventListener('popstate', () => {
	state.path = location.pathname;
	state.query = location.search;
});

export function go(url, { replace = false } = {}) {
	history[replace ? 'replaceState' : 'pushState']({}, '', url);
	state.path = location.pathname;
	state.query = location.search;
	scrollTo(0, 0);
}

// Links of our own pages do not load the document again.
export function onClick(event) {
	const link = event.target.closest?.('a[href^="/"]');
	if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target) return;
	event.preventDefault();
	go(link.getAttribute('href'));
}

function match(path) {
	const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
	for (const route of routes) {
		if (route.parts.length !== parts.length) continue;
		const params = {};
		const fits = route.parts.every((part, i) => {
			if (!part.startsWith('{')) return part === parts[i];
			params[part.slice(1, -1)] = parts[i];
			return true;
		});
		if (fits) return { page: route.page, params };
	}
	return undefined;
}

export const router = {
	get path() {
		return state.path;
	},
	get query() {
		return new URLSearchParams(state.query);
	},
	get found() {
		try {
			return match(state.path);
		} catch {
			return undefined;
		}
	},
};

// The address of a page for a row; undefined when the page asks for something the row has not.
export function hrefOf(page, row = {}) {
	let missing = false;
	const path = page.route.replace(/\{(\w+)\}/g, (_, name) => {
		if (row[name] === undefined) missing = true;
		return encodeURIComponent(row[name]);
	});
	return missing ? undefined : path;
}
