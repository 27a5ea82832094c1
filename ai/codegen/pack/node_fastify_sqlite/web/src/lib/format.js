// Values for people to read, and values of form fields.
import { label, i18n, t } from './i18n.svelte.js';
import { model } from './model.js';

export function show(value, field) {
	if (value === null || value === undefined || value === '') return '—';
	switch (field.type) {
		case 'money': {
			const style = model.currency ? { style: 'currency', currency: model.currency } : {};
			return new Intl.NumberFormat(i18n.locale, { minimumFractionDigits: model.moneyScale, ...style }).format(value);
		}
		case 'int':
		case 'decimal':
			return new Intl.NumberFormat(i18n.locale).format(value);
		case 'bool':
			return t(value ? 'yes' : 'no');
		case 'date':
			return new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value));
		case 'datetime':
			return new Intl.DateTimeFormat(i18n.locale, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value));
		case 'enum':
			return label(field.values.find((v) => v.value === value)?.label, value);
		case 'reference':
			return value.label ?? value.title ?? value.name ?? value.id;
		case 'references':
			return value.length === 0 ? '—' : value.map((one) => one.label ?? one.title ?? one.name ?? one.id).join(t('comma'));
		case 'words':
			return value.length === 0 ? '—' : value.join(t('comma'));
		case 'json':
			return typeof value === 'object' ? JSON.stringify(value) : String(value);
		default:
			return String(value);
	}
}

const pad = (n) => String(n).padStart(2, '0');

// From the API to what an input element holds.
export function toInput(value, field) {
	if (value === null || value === undefined) return field.type === 'bool' ? false : field.type === 'references' ? [] : '';
	if (field.type === 'references') return value.map((one) => one.id ?? one);
	if (field.type === 'words') return value.join(t('comma'));
	if (field.type === 'json') return JSON.stringify(value, null, 2);
	if (field.type === 'datetime') {
		const d = new Date(value);
		return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}T${pad(d.getHours())}:${pad(d.getMinutes())}`;
	}
	return field.type === 'bool' ? value : String(value);
}

const latin = (text) => text.replace(/[٠-٩]/g, (c) => c.charCodeAt(0) - 0x660).replace('٫', '.');

// From an input element to the API; text that is no number is sent as it is, for the server to refuse.
export function fromInput(value, field) {
	if (field.type === 'bool') return Boolean(value);
	if (field.type === 'references') return value || [];
	if (field.type === 'words') return [...new Set(String(value ?? '').split(/[,،]/).map((word) => word.trim()).filter(Boolean))];
	if (value === '' || value === null || value === undefined) return field.required ? '' : null;
	if (field.type === 'int' || field.type === 'decimal') {
		const number = Number(latin(String(value)));
		return Number.isNaN(number) ? value : number;
	}
	if (field.type === 'money') return latin(String(value).trim());
	if (field.type === 'datetime') return new Date(value).toISOString();
	if (field.type === 'json') {
		try {
			return JSON.parse(value);
		} catch {
			return value;
		}
	}
	return value;
}
