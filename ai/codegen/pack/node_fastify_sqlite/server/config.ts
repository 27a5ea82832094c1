// Settings from the environment. README.md lists them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const env = process.env;

function port(text: string | undefined): number {
	const value = Number(text ?? '3000');
	if (!Number.isInteger(value) || value < 0 || value > 65535) throw new Error(`PORT must be 0 to 65535, not ${text}`);
	return value;
}

export const root = join(import.meta.dirname, '..');

export const config = {
	port: port(env.PORT),
	host: env.HOST ?? '127.0.0.1',
	// Set: listen on this UNIX socket instead of TCP.
	socketPath: env.SOCKET_PATH,
	dataDir: env.DATA_DIR ?? join(root, 'data'),
	logLevel: env.LOG_LEVEL ?? 'info',
	// Behind a proxy whose X-Forwarded-* headers can be believed. A UNIX socket always has one.
	trustProxy: env.TRUST_PROXY === '1' || env.SOCKET_PATH !== undefined,
	seedPassword: env.SEED_PASSWORD,
};

export function databaseFile(): string {
	mkdirSync(config.dataDir, { recursive: true });
	return join(config.dataDir, 'platform.db');
}
