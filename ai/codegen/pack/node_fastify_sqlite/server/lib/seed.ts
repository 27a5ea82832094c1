// First data of an empty database. Passwords are never in a file of the project: they come from
// SEED_PASSWORD, or are made up once and written to DATA_DIR/credentials.json, readable by the owner only.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { one, run, transaction, type Db } from './db.ts';
import { hashPassword, type Cost } from './password.ts';
import { insertSeed, loginsOfSeed } from '../seed.ts';

export async function seed(db: Db, dataDir: string, cost: Cost, password?: string): Promise<number> {
	if (one(db, "SELECT 1 FROM _meta WHERE name = 'seeded'")) return 0;
	const credentials: { login: string; password: string }[] = [];
	const hashes: Record<string, string> = {};
	for (const { login } of loginsOfSeed) credentials.push({ login, password: password ?? randomBytes(12).toString('base64url') });
	await Promise.all(loginsOfSeed.map(async ({ key }, i) => {
		hashes[key] = await hashPassword(credentials[i]!.password, cost);
	}));
	if (password === undefined && credentials.length > 0) {
		writeFileSync(join(dataDir, 'credentials.json'), `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
	}
	return transaction(db, () => {
		const rows = insertSeed(db, hashes);
		run(db, "INSERT INTO _meta (name, value) VALUES ('seeded', 'yes')");
		return rows;
	});
}
