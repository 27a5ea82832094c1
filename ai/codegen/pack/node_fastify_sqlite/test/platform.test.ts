// The platform around the operations: health, contract, headers, bad requests, migrations, text.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../server/config.ts';
import { openapi } from '../server/lib/contract.ts';
import { all, openDatabase } from '../server/lib/db.ts';
import { migrateDown, migrateUp } from '../server/lib/migrate.ts';
import { CHEAP } from '../server/lib/password.ts';
import { seed } from '../server/lib/seed.ts';
import { fold, like, slugify } from '../server/lib/text.ts';
import { moneyToText, moneyToUnits } from '../server/lib/values.ts';
import { operations as registered } from '../server/operations/index.ts';
import { platform } from './harness.ts';
import { BASE, operations } from './model.ts';

test('it says that it is well, and what its contract is', async () => {
	const p = platform();
	assert.deepEqual((await p.call('GET', '/health')).body, { status: 'ok' });
	assert.deepEqual((await p.call('GET', '/openapi.json')).body, openapi);
});

test('contract, routes and tests know the same operations', () => {
	const ids = Object.values(openapi.paths).flatMap((path) => Object.values(path)).map((o) => o.operationId).sort();
	assert.deepEqual(registered.map((op) => op.id).sort(), ids);
	assert.deepEqual(operations.map((op) => op.id).sort(), ids);
});

test('every answer carries the security headers', async () => {
	const p = platform();
	const { headers } = await p.call('GET', '/health');
	assert.match(headers['content-security-policy'], /default-src 'self'/);
	assert.equal(headers['x-content-type-options'], 'nosniff');
});

test('unreadable requests: 400 and 415, never 500', async () => {
	const p = platform();
	const path = BASE + (operations.find((op) => op.kind === 'login') ?? operations[0]!).path;
	const send = (payload: string | Buffer, type: string) => p.app.inject({ method: 'POST', url: path, payload, headers: { 'content-type': type } });
	assert.equal((await send('{', 'application/json')).statusCode, 400);
	assert.equal((await send('{"__proto__": {"a": 1}}', 'application/json')).statusCode, 400);
	assert.equal((await send('a=b', 'application/x-www-form-urlencoded')).statusCode, 415);
	assert.equal((await send('{}', 'text/plain')).statusCode, 415);
	assert.ok((await send(Buffer.alloc(3_000_000, 32), 'application/json')).statusCode === 413);
	assert.equal((await p.call('GET', `${BASE}/nothing/here`)).status, 404);
});

test('migrations go up, down and up again', () => {
	const db = openDatabase(':memory:');
	const tables = () => all(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").map((t) => t.name);
	migrateUp(db, join(root, 'migrations'));
	const full = tables();
	while (migrateDown(db, join(root, 'migrations')) !== undefined);
	assert.deepEqual(tables(), ['_migration']);
	migrateUp(db, join(root, 'migrations'));
	assert.deepEqual(tables(), full);
	assert.deepEqual(migrateUp(db, join(root, 'migrations')), []);
	db.close();
});

test('the seed fits the tables and is loaded once', async () => {
	const db = openDatabase(':memory:');
	migrateUp(db, join(root, 'migrations'));
	await seed(db, '/nonexistent', CHEAP, 'a password for tests');
	assert.equal(await seed(db, '/nonexistent', CHEAP, 'a password for tests'), 0);
	assert.deepEqual(all(db, 'PRAGMA foreign_key_check'), []);
	db.close();
});

test('Arabic text is found whatever its hamza, marks and digits', () => {
	assert.equal(fold('إِدَارَةٌ'), fold('اداره'));
	assert.equal(fold('مُسْتَشْفَى'), fold('مستشفي'));
	assert.equal(fold('كتـــاب ١٢٣'), 'كتاب 123');
	assert.equal(like('50%_'), '%50\\%\\_%');
	assert.equal(slugify('موسم الهجرة إلى الشمال!'), 'موسم-الهجرة-إلى-الشمال');
	assert.equal(slugify('???'), 'item');
});

test('money is exact', () => {
	assert.equal(moneyToUnits('0.29', 2), 29);
	assert.equal(moneyToUnits('1234567.8', 2), 123456780);
	assert.equal(moneyToText(-5, 2), '-0.05');
	assert.equal(moneyToText(100, 0), '100');
});
