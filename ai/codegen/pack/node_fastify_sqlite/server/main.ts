// Starts the platform: open the database, migrate, seed, listen; ends cleanly on SIGTERM and SIGINT.
import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from './app.ts';
import { config, databaseFile, root } from './config.ts';
import { closeDatabase, openDatabase } from './lib/db.ts';
import { migrateUp } from './lib/migrate.ts';
import { COST } from './lib/password.ts';
import { seed } from './lib/seed.ts';
import { refoldSearch } from './search.ts';

const db = openDatabase(databaseFile());
const app = buildApp({ db, root, cost: COST, trustProxy: config.trustProxy, rateLimits: true, logger: { level: config.logLevel } });

let stopping = false;
async function stop(signal: string): Promise<void> {
	if (stopping) return;
	stopping = true;
	app.log.info({ signal }, 'stopping');
	setTimeout(() => process.exit(1), 10_000).unref();
	await app.close();
	closeDatabase(db);
}
process.once('SIGTERM', () => void stop('SIGTERM'));
process.once('SIGINT', () => void stop('SIGINT'));

const applied = migrateUp(db, join(root, 'migrations'));
if (applied.length > 0) app.log.info({ applied }, 'migrated');
refoldSearch(db);
const [rows] = await Promise.all([seed(db, config.dataDir, COST, config.seedPassword), app.ready()]);
if (rows > 0) app.log.info({ rows, credentials: config.seedPassword === undefined ? join(config.dataDir, 'credentials.json') : 'SEED_PASSWORD' }, 'seeded');

if (config.socketPath !== undefined) {
	rmSync(config.socketPath, { force: true });
	await app.listen({ path: config.socketPath });
	chmodSync(config.socketPath, 0o660);
} else {
	await app.listen({ port: config.port, host: config.host });
}
