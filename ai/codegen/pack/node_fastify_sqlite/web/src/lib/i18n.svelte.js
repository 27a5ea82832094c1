// The language of the pages: remembered, else the browser's, else the first of the blueprint.
import model from '../model.json';
import { messages } from './messages.js';

const RTL = ['ar', 'fa', 'he', 'ur'];
const short = (locale) => locale.slice(0, 2);

function initial() {
	let saved = null;
	try {
		saved = localStorage.getItem('locale');
	} catch {
		// Storage may be forbidden: then nothing is remembered.
	}
	const wanted = [saved, ...navigator.languages].filter(Boolean);
	for (const one of wanted) {
		const found = model.locales.find((l) => l === one) ?? model.locales.find((l) => short(l) === short(one));
		if (found) return found;
	}
	return model.locales[0];
}

const state = $state({ locale: initial() });

function apply() {
	document.documentElement.lang = state.locale;
	document.documentElement.dir = RTL.includes(short(state.locale)) ? 'rtl' : 'ltr';
}
apply();

export const i18n = {
	get locale() {
		return state.locale;
	},
	set locale(locale) {
		state.locale = locale;
		try {
			localStorage.setItem('locale', locale);
		} catch {
			// As above.
		}
		apply();
	},
	locales: model.locales,
};

// A word of the pages.
export const t = (key) => (messages[short(state.locale)] ?? messages.en)[key];

export const errorText = (code) => (model.messages?.[code] ? label(model.messages[code]) : (t('errors')[code] ?? t('errors').other));

// A label of the blueprint.
export function label(text, fallback = '') {
	if (!text) return t(fallback) ?? fallback;
	return text[state.locale] ?? text[short(state.locale)] ?? text.en ?? Object.values(text)[0];
}

export const languageName = (locale) => new Intl.DisplayNames([locale], { type: 'language' }).of(locale);
