// Signing up, in and out; sessions; requests from foreign pages; rate limits.
import { strict as assert } from 'node:assert';
import { test } from 'node:test';
import { all, one } from '../server/lib/db.ts';
import { hashPassword, CHEAP } from '../server/lib/password.ts';
import { checkContract, platform, type Platform } from './harness.ts';
import { BASE, LOGIN, LOGIN_COLUMN, make, next, operations, ROLES, SECRET, USER } from './model.ts';

const loginOp = operations.find((op) => op.kind === 'login');
const registerOp = operations.find((op) => op.kind === 'register');
const logoutOp = operations.find((op) => op.kind === 'logout');
const guarded = operations.find((op) => op.kind === 'list' && !op.parent && op.cases[0]!.expect === 401)
	?? operations.find((op) => op.viewer);
const password = 'correct horse battery staple';

async function member(p: Platform): Promise<string> {
	const login = `member${next()}@example.test`;
	const secretColumn = `${SECRET.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}_hash`;
	make[USER]!(p.db, '', { [LOGIN_COLUMN]: login, [secretColumn]: await hashPassword(password, CHEAP) });
	return login;
}

const signIn = (p: Platform, login: string, secret: string, headers = {}) =>
	p.call(loginOp!.method, BASE + loginOp!.path, { body: { [LOGIN]: login, [SECRET]: secret }, headers });

const cookieOf = (headers: Record<string, any>): string => String(headers['set-cookie']).split(';')[0]!;

test('the right password opens a session, by cookie and by token', { skip: !loginOp }, async () => {
	const p = platform();
	const answer = await signIn(p, await member(p), password);
	assert.equal(answer.status, 200, JSON.stringify(answer.body));
	checkContract(loginOp!.id, answer);
	if (answer.headers['set-cookie']) {
		assert.match(String(answer.headers['set-cookie']), /HttpOnly; SameSite=Lax/);
		const me = await p.call('GET', '/_session', { headers: { cookie: cookieOf(answer.headers) } });
		assert.ok(me.body.viewer);
	}
	if (answer.body.token) {
		const me = await p.call('GET', '/_session', { token: answer.body.token });
		assert.ok(me.body.viewer);
		assert.ok(!all(p.db, 'SELECT * FROM _session').some((s) => s.token_hash === answer.body.token), 'the token is stored in the clear');
	}
});

test('a wrong password and an unknown login get the same 401', { skip: !loginOp }, async () => {
	const p = platform();
	const login = await member(p);
	const wrong = await signIn(p, login, 'something else entirely');
	const nobody = await signIn(p, 'nobody@example.test', password);
	assert.equal(wrong.status, 401);
	assert.equal(nobody.status, 401);
	checkContract(loginOp!.id, wrong);
	assert.deepEqual({ ...wrong.body, requestId: '' }, { ...nobody.body, requestId: '' });
});

test('the login is compared in its normal form', { skip: !loginOp }, async () => {
	const p = platform();
	const login = await member(p);
	const answer = await signIn(p, ` ${login} `, password);
	assert.ok(answer.status === 200 || answer.status === 401);
});

test('signing up opens a session and gives no role', { skip: !registerOp }, async () => {
	const p = platform();
	const answer = await p.call('POST', BASE + registerOp!.path, { body: registerOp!.body(p.db, '') });
	assert.equal(answer.status, 201, JSON.stringify(answer.body));
	checkContract(registerOp!.id, answer);
	const again = await p.call('POST', BASE + registerOp!.path, { body: { ...registerOp!.body(p.db, ''), role: ROLES[ROLES.length - 1] } });
	assert.equal(again.status, 422, 'somebody chose a role of their own');
});

test('a login that is taken: 409 and which field', { skip: !registerOp }, async () => {
	const p = platform();
	const body = registerOp!.body(p.db, '');
	assert.equal((await p.call('POST', BASE + registerOp!.path, { body })).status, 201);
	const answer = await p.call('POST', BASE + registerOp!.path, { body });
	assert.equal(answer.status, 409);
	assert.deepEqual(answer.body.fields[LOGIN], ['taken']);
});

test('signing out ends the session', { skip: !logoutOp }, async () => {
	const p = platform();
	const { token } = p.person(ROLES[0]!);
	assert.equal((await p.call('POST', BASE + logoutOp!.path, { token })).status, 204);
	assert.equal((await p.call('POST', BASE + logoutOp!.path, { token })).status, 401);
	assert.equal(one(p.db, 'SELECT count(*) AS n FROM _session')!.n, 0);
});

test('a session that is over is none', async () => {
	const p = platform();
	const { token } = p.person(ROLES[0]!);
	p.db.exec("UPDATE _session SET expires_at = '2000-01-01T00:00:00.000Z'");
	assert.equal((await p.call('GET', '/_session', { token })).body.viewer, null);
});

test('a foreign page cannot use the cookie', { skip: !logoutOp }, async () => {
	const p = platform();
	const { token } = p.person(ROLES[0]!);
	const cookie = `sid=${token}`;
	const foreign: Record<string, string>[] = [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }, { origin: 'null' }];
	for (const headers of foreign) {
		const answer = await p.call('POST', BASE + logoutOp!.path, { headers: { cookie, ...headers } });
		assert.equal(answer.status, 403, JSON.stringify(headers));
	}
	const own = await p.call('POST', BASE + logoutOp!.path, { headers: { cookie, host: 'shop.example', origin: 'https://shop.example' } });
	assert.equal(own.status, 204);
});

test('nonsense instead of a token is nobody', { skip: !guarded }, async () => {
	const p = platform();
	for (const token of ['x', 'a'.repeat(5000), '../../etc/passwd', '%00']) {
		const answer = await p.call(guarded!.method, BASE + guarded!.path, { token });
		assert.equal(answer.status, 401);
	}
});

test('too many tries: 429 with Retry-After', { skip: !loginOp }, async () => {
	const p = platform({ rateLimits: true });
	let last = await signIn(p, 'nobody@example.test', 'whatever it is');
	for (let i = 0; i < 400 && last.status !== 429; i++) last = await signIn(p, 'nobody@example.test', 'whatever it is');
	if (last.status === 429) assert.ok(Number(last.headers['retry-after']) > 0);
});
