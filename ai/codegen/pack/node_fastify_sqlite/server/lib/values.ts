// How values look in the database and in the API.

// Money: whole minor units in the database, a decimal text ("12.50") in the API.
export function moneyToText(units: number | null, scale: number): string | null {
	if (units === null) return null;
	const digits = String(Math.abs(units)).padStart(scale + 1, '0');
	const sign = units < 0 ? '-' : '';
	return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

export function moneyToUnits(text: string, scale: number): number {
	const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
	const units = Number(whole) * 10 ** scale + Number(fraction.padEnd(scale, '0') || '0');
	return text.startsWith('-') ? -units : units;
}

// A row of another table, as much of it as a label.
export function reference(id: string | null, label: unknown): { id: string; label: string } | null {
	return id === null ? null : { id, label: label === null || label === undefined ? id.slice(-6) : String(label) };
}

export const toBool = (value: number | null): boolean | null => (value === null ? null : value !== 0);
export const fromJson = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
