// Pairs of rows: a table whose rows say that one row belongs to another, each pair once.
import { all, run, type Db, type Row } from './db.ts';

// own: the column of the row itself; other: of the rows that it is linked with.
export type Link = { table: string; own: string; other: string; ordered: boolean };

// The other rows by id of the row: in the order that was given, else by their id.
export function linkedRows(db: Db, link: Link, ids: string[], byIds: (db: Db, ids: string[]) => Row[]): Map<string, Row[]> {
	const pairs = all(db, `SELECT ${link.own} AS own, ${link.other} AS other FROM ${link.table} WHERE ${link.own} IN (SELECT value FROM json_each(:ids)) ORDER BY ${link.ordered ? 'position' : link.other}`, {
		ids: JSON.stringify(ids),
	});
	const rows = new Map(byIds(db, [...new Set(pairs.map((pair) => pair.other as string))]).map((row) => [row.id as string, row]));
	const found = new Map<string, Row[]>(ids.map((id) => [id, []]));
	for (const { own, other } of pairs) {
		const row = rows.get(other);
		if (row) found.get(own)!.push(row);
	}
	return found;
}

// Which of the rows are linked with that one.
export function linkedWith(db: Db, link: Link, ids: string[], other: string | undefined): Set<string> {
	if (other === undefined) return new Set();
	return new Set(all(db, `SELECT ${link.own} AS own FROM ${link.table} WHERE ${link.other} = :other AND ${link.own} IN (SELECT value FROM json_each(:ids))`, {
		other, ids: JSON.stringify(ids),
	}).map((pair) => pair.own));
}

// The second column by the first, which is an id.
export function valuesById(db: Db, sql: string, ids: string[]): Map<string, any> {
	return new Map(all(db, sql, { ids: JSON.stringify(ids) }).map((row) => [row.id, row.value]));
}

// Exactly these pairs, and no others.
export function setLinks(db: Db, link: Link, own: string, others: string[]): void {
	run(db, `DELETE FROM ${link.table} WHERE ${link.own} = :own`, { own });
	others.forEach((other, position) => {
		run(db, `INSERT INTO ${link.table} (${link.own}, ${link.other}${link.ordered ? ', position' : ''}) VALUES (:own, :other${link.ordered ? ', :position' : ''})`, {
			own, other, ...(link.ordered ? { position } : {}),
		});
	});
}

// True when the pair is new.
export function addLink(db: Db, link: Link, own: string, other: string): boolean {
	const place = link.ordered ? `, (SELECT coalesce(max(position), -1) + 1 FROM ${link.table} WHERE ${link.own} = :own)` : '';
	return run(db, `INSERT INTO ${link.table} (${link.own}, ${link.other}${link.ordered ? ', position' : ''}) SELECT :own, :other${place} WHERE true ON CONFLICT DO NOTHING`, { own, other }) > 0;
}

// True when there was such a pair.
export function removeLink(db: Db, link: Link, own: string, other: string): boolean {
	return run(db, `DELETE FROM ${link.table} WHERE ${link.own} = :own AND ${link.other} = :other`, { own, other }) > 0;
}
