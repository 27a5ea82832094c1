// Every operation, asked by everybody: the right answer, in the shape of the contract.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import type { Row } from '../server/lib/db.ts';
import { checkContract, platform, type Person, type Platform } from './harness.ts';
import { anyId, BASE, find, make, operations, ROLES, USER, type TestOperation } from './model.ts';

type Target = { path: string; row: Row | undefined };

// The path of the operation, with rows made for it that belong to `owner`.
function target(p: Platform, op: TestOperation, owner: string): Target {
	let path = BASE + op.path;
	let more: Row = { ...op.state };
	if (op.parent) {
		const id = make[op.parent.entity]!(p.db, owner);
		path = path.replace(`{${op.parent.param}}`, id);
		more = { ...more, [op.parent.column]: id };
	}
	if (op.param === '') return { path, row: undefined };
	const id = make[op.entity]!(p.db, owner, more);
	const row = find[op.entity]!(p.db, id)!;
	return { path: path.replace(`{${op.param}}`, encodeURIComponent(row[op.by])), row };
}

// Somebody whom the rules let do this, with a target that fits.
function allowed(p: Platform, op: TestOperation): { person: Person | undefined; target: Target; owner: string } | undefined {
	const good = op.cases.find((c) => c.expect < 300);
	if (!good || op.untestable) return undefined;
	const person = good.role === '' ? undefined : p.person(good.role);
	const owner = good.owner && person ? person.id : p.person(ROLES[0]!).id;
	return { person, owner: person?.id ?? owner, target: selfTarget(op, good.owner, person) ?? target(p, op, owner) };
}

// People own themselves: the row of a person's own account is not made, it is theirs.
function selfTarget(op: TestOperation, owner: boolean, person: Person | undefined): Target | undefined {
	if (!owner || !person || op.param === '' || op.entity !== USER) return undefined;
	return { path: (BASE + op.path).replace(`{${op.param}}`, person.id), row: { id: person.id } };
}

const send = (p: Platform, op: TestOperation, path: string, token: string | undefined, body: unknown) =>
	p.call(op.method, path, { ...(token === undefined ? {} : { token }), ...(body === undefined ? {} : { body }) });

const hasBody = (op: TestOperation): boolean => ['create', 'update', 'register'].includes(op.kind);

for (const op of operations) {
	if (op.kind === 'login') continue;
	for (const c of op.cases) {
		const who = c.role === '' ? 'nobody' : `${c.role}${c.owner ? ', owner' : ''}`;
		const skip = op.untestable && c.expect < 300 ? 'no valid body can be made up' : false;
		test(`${op.id}: ${op.method} ${op.path} by ${who}: ${c.expect}`, { skip }, async () => {
			const p = platform();
			const person = c.role === '' ? undefined : p.person(c.role);
			const owner = c.owner && person ? person.id : p.person(ROLES[0]!).id;
			const { path } = selfTarget(op, c.owner, person) ?? target(p, op, owner);
			const answer = await send(p, op, path, person?.token, hasBody(op) ? op.body(p.db, person?.id ?? owner) : undefined);
			assert.equal(answer.status, c.expect, JSON.stringify(answer.body));
			checkContract(op.id, answer);
				});
	}
}

for (const op of operations.filter((o) => o.param !== '' || o.parent)) {
	test(`${op.id}: what is not there: 404`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		const path = BASE + op.path.replace(/\{[^}]+\}/g, () => anyId());
		const answer = await send(p, op, path, good.person?.token, hasBody(op) ? op.body(p.db, good.owner) : undefined);
		assert.equal(answer.status, 404);
		checkContract(op.id, answer);
		});
}

for (const op of operations.filter((o) => o.param !== '' && o.parent)) {
	test(`${op.id}: under a parent that is not its own: 404`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		const other = make[op.parent!.entity]!(p.db, good.owner);
		const wrong = good.target.path.replace(String(good.target.row![op.parent!.column]), other);
		assert.notEqual(wrong, good.target.path);
		const answer = await send(p, op, wrong, good.person?.token, undefined);
		assert.equal(answer.status, 404);
		});
}

for (const op of operations.filter(hasBody)) {
	test(`${op.id}: unknown members and missing ones: 422 with a field map`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		const answer = await send(p, op, good.target.path, good.person?.token, { nonsense: 1 });
		assert.equal(answer.status, 422, JSON.stringify(answer.body));
		checkContract(op.id, answer);
		assert.deepEqual(answer.body.fields.nonsense, ['unknown']);
		if (op.kind !== 'update') for (const name of op.required) assert.deepEqual(answer.body.fields[name], ['required']);
		});

	test(`${op.id}: values of the wrong kind: 422 for each`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		for (const name of Object.keys(op.body(p.db, good.owner))) {
			const body = { ...op.body(p.db, good.owner), [name]: { wrong: ['kind'] } };
			const answer = await send(p, op, good.target.path, good.person?.token, body);
			const free = answer.status < 300;
			if (!free) assert.equal(answer.status, 422, `${name}: ${JSON.stringify(answer.body)}`);
			if (!free) assert.ok(answer.body.fields[name], `${name}: ${JSON.stringify(answer.body)}`);
		}
		});
}

for (const op of operations.filter((o) => o.kind === 'list')) {
	test(`${op.id}: pages by cursor show every row once`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		const parent = op.parent ? { [op.parent.column]: good.target.path.match(/[0-9a-f-]{36}/)![0] } : {};
		const made = [1, 2, 3, 4, 5].map(() => make[op.entity]!(p.db, good.owner, parent));
		const seen: string[] = [];
		let cursor = '';
		for (let pages = 0; pages < 50; pages++) {
			const answer = await send(p, op, `${good.target.path}?limit=2${cursor && `&cursor=${cursor}`}`, good.person?.token, undefined);
			assert.equal(answer.status, 200, JSON.stringify(answer.body));
			checkContract(op.id, answer);
			seen.push(...answer.body[op.as].map((row: Row) => row.id ?? row.slug));
			if (answer.body.next === null) break;
			cursor = answer.body.next;
		}
		assert.equal(new Set(seen).size, seen.length, 'a row was shown twice');
		if (!op.scoped) assert.ok(seen.length >= made.length);
		});

	test(`${op.id}: shows nothing of somebody else outside its scope`, { skip: !op.scopedToViewer }, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good?.person) return;
		const other = p.person(ROLES[0]!);
		const parent = op.parent ? { [op.parent.column]: good.target.path.match(/[0-9a-f-]{36}/)![0] } : {};
		const hidden = make[op.entity]!(p.db, other.id, parent);
		const answer = await send(p, op, good.target.path, good.person.token, undefined);
		assert.equal(answer.status, 200, JSON.stringify(answer.body));
		assert.ok(!JSON.stringify(answer.body).includes(hidden), 'a row outside the scope was shown');
		});

	test(`${op.id}: bad cursor, sort and limit: 422`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		for (const query of ['cursor=nonsense', 'sort=nonsense', 'limit=0', 'limit=100000', 'nonsense=1']) {
			const answer = await send(p, op, `${good.target.path}?${query}`, good.person?.token, undefined);
			assert.equal(answer.status, 422, query);
			checkContract(op.id, answer);
		}
		});
}

for (const op of operations.filter((o) => o.kind === 'delete')) {
	test(`${op.id}: afterwards it is gone`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		assert.equal((await send(p, op, good.target.path, good.person?.token, undefined)).status, 204);
		assert.equal(find[op.entity]!(p.db, good.target.row!.id), undefined);
		assert.equal((await send(p, op, good.target.path, good.person?.token, undefined)).status, 404);
		});
}

for (const op of operations.filter((o) => o.kind === 'update')) {
	test(`${op.id}: changes what it is told and nothing else`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		const before = find[op.entity]!(p.db, good.target.row!.id)!;
		const body = op.body(p.db, good.owner);
		const name = Object.keys(body)[0];
		if (name === undefined) return;
		const answer = await send(p, op, good.target.path, good.person?.token, op.method === 'PUT' ? body : { [name]: body[name] });
		assert.equal(answer.status, 200, JSON.stringify(answer.body));
		const after = find[op.entity]!(p.db, before.id)!;
		assert.equal(after.id, before.id);
		if (before.created_at !== undefined) {
			assert.equal(after.created_at, before.created_at);
			assert.ok(after.updated_at > before.updated_at);
		}
		});
}

for (const op of operations.filter((o) => o.kind === 'create' || o.kind === 'update')) {
	test(`${op.id}: what the server decides cannot be sent along`, { skip: op.untestable }, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		for (const name of ['id', 'createdAt', 'updatedAt', 'deletedAt', 'created_at', '_owner', '__proto__x', 'passwordHash']) {
			const answer = await send(p, op, good.target.path, good.person?.token, { ...op.body(p.db, good.owner), [name]: anyId() });
			assert.equal(answer.status, 422, name);
		}
		});
}

for (const op of operations.filter((o) => o.kind === 'link' || o.kind === 'unlink')) {
	test(`${op.id}: twice is once, and only for who asks`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		const first = await send(p, op, good.target.path, good.person?.token, undefined);
		const again = await send(p, op, good.target.path, good.person?.token, undefined);
		assert.equal(first.status, 200, JSON.stringify(first.body));
		assert.deepEqual(again.body, first.body);
		const other = p.person(good.person ? ROLES[0]! : '');
		const answer = await send(p, op, good.target.path, other.token, undefined);
		assert.ok([200, 403].includes(answer.status));
		});
}

for (const op of operations.filter((o) => o.kind === 'transition')) {
	test(`${op.id}: from a wrong state: 409`, async () => {
		const p = platform();
		const good = allowed(p, op);
		if (!good) return;
		const first = await send(p, op, good.target.path, good.person?.token, undefined);
		assert.equal(first.status, 200, JSON.stringify(first.body));
		const column = Object.keys(op.state!)[0]!;
		const wrong = operations.filter((o) => o.kind === 'transition' && o.entity === op.entity && o.id !== op.id).map((o) => o.state![column]);
		const other = wrong.find((state) => state !== op.state![column] && state !== find[op.entity]!(p.db, good.target.row!.id)![column]);
		if (other === undefined) return;
		const row = make[op.entity]!(p.db, good.owner, { [column]: other });
		const path = (BASE + op.path).replace(`{${op.param}}`, encodeURIComponent(find[op.entity]!(p.db, row)![op.by]));
		const answer = await send(p, op, path, good.person?.token, undefined);
		if (answer.status !== 200) assert.equal(answer.status, 409, JSON.stringify(answer.body));
		});
}

test('an answer never holds a password hash', async () => {
	const p = platform();
	for (const op of operations.filter((o) => o.kind === 'list' || o.kind === 'get')) {
		const good = allowed(p, op);
		if (!good) continue;
		const answer = await send(p, op, good.target.path, good.person?.token, undefined);
		assert.ok(!/scrypt|_hash/.test(JSON.stringify(answer.body ?? '')), op.id);
	}
});
