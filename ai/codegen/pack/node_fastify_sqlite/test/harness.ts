// An empty platform for each test: database in memory, no port, no rate limits, cheap passwords.
import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { after } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../server/app.ts';
import { root } from '../server/config.ts';
import { inline, openapi } from '../server/lib/contract.ts';
import { all, closeDatabase, openDatabase, type Db } from '../server/lib/db.ts';
import { migrateUp } from '../server/lib/migrate.ts';
import { CHEAP } from '../server/lib/password.ts';
import { openSession } from '../server/lib/session.ts';
import { LOGIN_COLUMN, make, next, ROLE_COLUMN, USER } from './model.ts';

const ajv = new Ajv2020({ allErrors: true, strict: false });
(formats as any)(ajv);
const validators = new Map<unknown, ReturnType<typeof ajv.compile>>();

export type Answer = { status: number; body: any; headers: Record<string, any> };
export type Person = { id: string; token: string };

export type Platform = {
	app: FastifyInstance;
	db: Db;
	person(role: string): Person;
	call(method: string, path: string, options?: { token?: string; body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
};

type Kept = { app: FastifyInstance; db: Db };
const kept = new Map<boolean, Kept>();
after(async () => {
	for (const { app, db } of kept.values()) {
		await app.close();
		closeDatabase(db);
	}
});

// Building the application takes longer than any test, so a file builds it once and empties the tables.
function fresh(rateLimits: boolean): Kept {
	const before = kept.get(rateLimits);
	if (before) {
		before.db.exec('PRAGMA foreign_keys = OFF');
		for (const { name } of all(before.db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> '_migration'")) {
			before.db.exec(`DELETE FROM "${name}"`);
		}
		before.db.exec('PRAGMA foreign_keys = ON');
		return before;
	}
	const db = openDatabase(':memory:');
	migrateUp(db, join(root, 'migrations'));
	const app = buildApp({ db, root, cost: CHEAP, logger: false, trustProxy: false, rateLimits });
	kept.set(rateLimits, { app, db });
	return { app, db };
}

export function platform(options: { rateLimits?: boolean } = {}): Platform {
	const { app, db } = fresh(options.rateLimits ?? false);
	return {
		app, db,
		person(role) {
			const more = ROLE_COLUMN === '' ? {} : { [ROLE_COLUMN]: role };
			const id = make[USER]!(db, '', { ...more, [LOGIN_COLUMN]: `someone${next()}@example.test` });
			return { id, token: openSession(db, id).token };
		},
		async call(method, path, { token, body, headers } = {}) {
			const answer = await app.inject({
				method: method as any, url: path, ...(body === undefined ? {} : { payload: body as any }),
				headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
			});
			return { status: answer.statusCode, body: answer.body === '' ? undefined : JSON.parse(answer.body), headers: answer.headers };
		},
	};
}

// The answer is one that the contract describes for this operation.
export function checkContract(operationId: string, answer: Answer): void {
	const found = Object.values(openapi.paths).flatMap((path) => Object.values(path)).find((o) => o.operationId === operationId);
	const response = found?.responses[String(answer.status)];
	assert.ok(response, `${operationId}: the contract has no answer ${answer.status}: ${JSON.stringify(answer.body)}`);
	const type = String(answer.headers['content-type'] ?? '').split(';')[0]!;
	const schema = response.content?.[type]?.schema;
	if (!response.content) return assert.equal(answer.body, undefined);
	assert.ok(schema, `${operationId}: the contract has no ${type} for ${answer.status}`);
	let validate = validators.get(schema);
	if (!validate) validators.set(schema, (validate = ajv.compile(inline(schema))));
	assert.ok(validate(answer.body), `${operationId}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(answer.body)}`);
}
