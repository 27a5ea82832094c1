// Who is asking: opaque tokens, stored hashed, sent as a cookie or as a bearer token.
import { createHash, randomBytes } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { one, run, type Db, type Row } from './db.ts';
import { forbidden } from './errors.ts';
import { USER, rolesOf, SESSION_DAYS } from '../identity.ts';

export type Viewer = { id: string; roles: ReadonlySet<string>; session: string; row: Row } | null;

export const is = (viewer: Viewer, role: string): boolean => viewer !== null && viewer.roles.has(role);

export const owns = (viewer: Viewer, row: Row): boolean => viewer !== null && row._owner === viewer.id;

const digest = (token: string): string => createHash('sha256').update(token).digest('base64url');

export function openSession(db: Db, userId: string): { token: string; expires: Date } {
	const token = randomBytes(32).toString('base64url');
	const now = new Date();
	const expires = new Date(now.getTime() + SESSION_DAYS * 86_400_000);
	run(db, 'DELETE FROM _session WHERE expires_at < :now', { now: now.toISOString() });
	run(db, 'INSERT INTO _session (token_hash, user_id, created_at, expires_at) VALUES (:hash, :user, :now, :expires)', {
		hash: digest(token), user: userId, now: now.toISOString(), expires: expires.toISOString(),
	});
	return { token, expires };
}

export function closeSession(db: Db, session: string): void {
	run(db, 'DELETE FROM _session WHERE token_hash = :session', { session });
}

export function closeOtherSessions(db: Db, userId: string): void {
	run(db, 'DELETE FROM _session WHERE user_id = :userId', { userId });
}

const COOKIE = 'sid';

function cookieOf(request: FastifyRequest): string | undefined {
	for (const part of (request.headers.cookie ?? '').split(';')) {
		const at = part.indexOf('=');
		if (part.slice(0, at).trim() === COOKIE) return part.slice(at + 1).trim();
	}
	return undefined;
}

const secure = (request: FastifyRequest): string => (request.protocol === 'https' ? '; Secure' : '');

export function setCookie(request: FastifyRequest, token: string, expires: Date): string {
	return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Expires=${expires.toUTCString()}${secure(request)}`;
}

export function dropCookie(request: FastifyRequest): string {
	return `${COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0${secure(request)}`;
}

// A request that changes something and is authenticated by a cookie must come from our own pages.
function checkOrigin(request: FastifyRequest): void {
	if (request.method === 'GET' || request.method === 'HEAD') return;
	const site = request.headers['sec-fetch-site'];
	if (site !== undefined && site !== 'same-origin' && site !== 'none') throw forbidden();
	const origin = request.headers.origin;
	if (origin === undefined) return;
	let host = '';
	try {
		host = new URL(origin).host;
	} catch {
		throw forbidden();
	}
	if (host !== request.host) throw forbidden();
}

export function viewerOf(db: Db, request: FastifyRequest): Viewer {
	const bearer = /^Bearer ([A-Za-z0-9_-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1];
	const token = bearer ?? cookieOf(request);
	if (token === undefined || token === '') return null;
	const session = digest(token);
	const found = one(db, 'SELECT user_id FROM _session WHERE token_hash = :session AND expires_at > :now', {
		session, now: new Date().toISOString(),
	});
	const row = found && USER.byId(db, found.user_id);
	if (!row) return null;
	if (bearer === undefined) checkOrigin(request);
	return { id: row.id, roles: rolesOf(row), session, row };
}
