// Lists: filters that add up, and pages by cursor (the sort value and id of the last row seen).
import { all, type Db, type Row, type Values } from './db.ts';
import { invalid } from './errors.ts';

export class Where {
	#parts: string[] = [];
	values: Values = {};
	add(sql: string, values: Values = {}): void {
		this.#parts.push(sql);
		Object.assign(this.values, values);
	}
	get sql(): string {
		return this.#parts.length === 0 ? '' : ` WHERE ${this.#parts.join(' AND ')}`;
	}
}

export type PageQuery = { cursor?: string; limit?: number; sort?: string };
export type Page = { rows: Row[]; next: string | null };

function decode(cursor: string, sort: string): [string | number, string] {
	try {
		const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
		if (Array.isArray(parts) && parts.length === 3 && parts[0] === sort && typeof parts[2] === 'string'
			&& (typeof parts[1] === 'string' || typeof parts[1] === 'number')) return [parts[1], parts[2]];
	} catch {
		// Falls through to the one answer for every bad cursor.
	}
	throw invalid({ cursor: ['invalid'] });
}

// How many rows there are on all pages together; asked before pageOf() narrows `where`.
export function countOf(db: Db, table: string, where: Where): number {
	return Number(all(db, `SELECT count(*) AS n FROM ${table} t${where.sql}`, where.values)[0]!.n);
}

// sorts: API name -> SQL expression that is never NULL. One row more than asked for tells if there is a next page.
export function pageOf(db: Db, select: string, where: Where, sorts: Record<string, string>, query: Required<Omit<PageQuery, 'cursor'>> & PageQuery): Page {
	const descending = query.sort.startsWith('-');
	const column = sorts[descending ? query.sort.slice(1) : query.sort];
	if (column === undefined) throw invalid({ sort: ['notAllowed'] });
	if (query.cursor !== undefined) {
		const [value, id] = decode(query.cursor, query.sort);
		where.add(`(${column}, t.id) ${descending ? '<' : '>'} (:cursorValue, :cursorId)`, { cursorValue: value, cursorId: id });
	}
	const order = descending ? 'DESC' : 'ASC';
	const sql = `${select}${where.sql} ORDER BY ${column} ${order}, t.id ${order} LIMIT :limit`;
	const rows = all(db, sql.replace('SELECT', `SELECT ${column} AS _sort,`), { ...where.values, limit: query.limit + 1 });
	if (rows.length <= query.limit) return { rows, next: null };
	rows.pop();
	const last = rows[rows.length - 1]!;
	const next = Buffer.from(JSON.stringify([query.sort, last._sort, last.id])).toString('base64url');
	return { rows, next };
}
