// The database: one SQLite file, prepared statements, short synchronous transactions.
import { DatabaseSync, type StatementSync, type SQLInputValue } from 'node:sqlite';

export type Db = DatabaseSync;
export type Row = Record<string, any>;
export type Values = Record<string, SQLInputValue>;

const statements = new WeakMap<Db, Map<string, StatementSync>>();

export function openDatabase(file: string): Db {
	const db = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: 5000 });
	db.exec('PRAGMA journal_mode = WAL');
	db.exec('PRAGMA synchronous = FULL');
	db.exec('PRAGMA trusted_schema = OFF');
	return db;
}

export function closeDatabase(db: Db): void {
	statements.delete(db);
	db.close();
}

function prepare(db: Db, sql: string): StatementSync {
	let cache = statements.get(db);
	if (!cache) statements.set(db, (cache = new Map()));
	let statement = cache.get(sql);
	if (!statement) cache.set(sql, (statement = db.prepare(sql)));
	return statement;
}

export function all<T = Row>(db: Db, sql: string, values: Values = {}): T[] {
	return prepare(db, sql).all(values) as T[];
}

export function one<T = Row>(db: Db, sql: string, values: Values = {}): T | undefined {
	return prepare(db, sql).get(values) as T | undefined;
}

export function run(db: Db, sql: string, values: Values = {}): number {
	return Number(prepare(db, sql).run(values).changes);
}

// True when the query's first column is neither 0 nor NULL.
export function holds(db: Db, sql: string, values: Values): boolean {
	const row = one(db, sql, values);
	return row !== undefined && Boolean(Object.values(row)[0]);
}

// All or nothing. `work` must not be async: nothing else may run between its statements.
export function transaction<T>(db: Db, work: () => T): T {
	db.exec('BEGIN IMMEDIATE');
	try {
		const result = work();
		db.exec('COMMIT');
		return result;
	} catch (error) {
		if (db.isTransaction) db.exec('ROLLBACK');
		throw error;
	}
}
