// Applies migrations/NNNN_name.up.sql in order, once each; down.sql takes the last one back. Each is all or
// nothing. Foreign keys are off while one runs, since SQLite can change a table only by making it anew; every
// reference is checked before it is kept.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { all, run, transaction, type Db } from './db.ts';

const TABLE =
	'CREATE TABLE IF NOT EXISTS _migration (name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TEXT NOT NULL) STRICT';

function read(directory: string, file: string): { sql: string; checksum: string } {
	const sql = readFileSync(join(directory, file), 'utf8');
	return { sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

function apply(db: Db, name: string, sql: string, record: () => void): void {
	db.exec('PRAGMA foreign_keys = OFF');
	try {
		transaction(db, () => {
			db.exec(sql);
			const broken = db.prepare('PRAGMA foreign_key_check').get();
			if (broken) throw new Error(`migration ${name}: rows of ${broken.table} would point to rows of ${broken.parent} that are not there`);
			record();
		});
	} finally {
		db.exec('PRAGMA foreign_keys = ON');
	}
}

// Returns the names that were applied. A migration that changed after it was applied is an error.
export function migrateUp(db: Db, directory: string): string[] {
	db.exec(TABLE);
	const known = new Map(all(db, 'SELECT name, checksum FROM _migration').map((r) => [r.name, r.checksum]));
	const names = readdirSync(directory).filter((f) => f.endsWith('.up.sql')).sort();
	const applied: string[] = [];
	for (const file of names) {
		const name = file.slice(0, -'.up.sql'.length);
		const { sql, checksum } = read(directory, file);
		const before = known.get(name);
		if (before === checksum) continue;
		if (before !== undefined) {
			throw new Error(`migration ${name} was changed after it had been applied; write a new one instead`);
		}
		apply(db, name, sql, () => {
			run(db, 'INSERT INTO _migration (name, checksum, applied_at) VALUES (:name, :checksum, :at)', {
				name, checksum, at: new Date().toISOString(),
			});
		});
		applied.push(name);
	}
	return applied;
}

// Takes the newest applied migration back; returns its name, or undefined when there is none.
export function migrateDown(db: Db, directory: string): string | undefined {
	db.exec(TABLE);
	const last = all(db, 'SELECT name FROM _migration ORDER BY name DESC LIMIT 1')[0];
	if (!last) return undefined;
	const { sql } = read(directory, `${last.name}.down.sql`);
	apply(db, last.name, sql, () => {
		run(db, 'DELETE FROM _migration WHERE name = :name', { name: last.name });
	});
	return last.name;
}
