// Text as people write it: normal forms, folding for search (Arabic letter forms included), slugs.

const ARABIC: Record<string, string> = { 'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ة': 'ه', 'ى': 'ي', 'ؤ': 'و', 'ئ': 'ي', 'ـ': '' };

// For comparing: without marks, case, hamza forms and tatweel; Arabic-Indic digits become 0-9.
export function fold(text: string): string {
	return text
		.normalize('NFKC')
		.replace(/[أإآٱةىؤئـ]/g, (c) => ARABIC[c] ?? c)
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.replace(/[٠-٩]/g, (c) => String(c.charCodeAt(0) - 0x660))
		.replace(/[۰-۹]/g, (c) => String(c.charCodeAt(0) - 0x6f0))
		.toLowerCase()
		.replace(/\s+/g, ' ')
		.trim();
}

// A LIKE pattern that finds the folded text anywhere (ESCAPE '\').
export function like(text: string): string {
	return `%${fold(text).replace(/[\\%_]/g, '\\$&')}%`;
}

// Letters and digits of any script, joined by hyphens; never empty.
export function slugify(text: string): string {
	const words = text.normalize('NFC').toLowerCase().replace(/[\u064b-\u065f\u0640]/g, '').match(/[\p{L}\p{N}]+/gu);
	return (words ?? ['item']).join('-').slice(0, 80).replace(/-+$/, '');
}

export type Rule = 'trim' | 'lower' | 'collapse' | 'emptyToNull';

export function normalizeText(value: string, rules: readonly Rule[]): string {
	let text = value.normalize('NFC');
	if (rules.includes('trim')) text = text.trim();
	if (rules.includes('collapse')) text = text.replace(/\s+/g, ' ');
	return rules.includes('lower') ? text.toLowerCase() : text;
}

// Applies the rules of each field to the text in a request body, in place.
export function normalizeBody(body: unknown, rules: Record<string, readonly Rule[]>): void {
	if (body === null || typeof body !== 'object') return;
	const object = body as Record<string, unknown>;
	for (const [name, value] of Object.entries(object)) {
		if (typeof value !== 'string') continue;
		const own = Object.hasOwn(rules, name) ? rules[name]! : [];
		const text = normalizeText(value, own);
		object[name] = text === '' && own.includes('emptyToNull') ? null : text;
	}
}
