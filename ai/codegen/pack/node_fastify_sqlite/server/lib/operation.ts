// One operation of the API, and the one place where every request is checked:
// 401 not signed in, then 404 not there, then 403 not allowed, then 422 not acceptable.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { contractOf } from './contract.ts';
import type { Db, Row } from './db.ts';
import { fieldsOf, forbidden, invalid, notFound, unauthenticated, type Fields } from './errors.ts';
import { Limiter, type Limits } from './limit.ts';
import type { Cost } from './password.ts';
import { viewerOf, type Viewer } from './session.ts';
import { normalizeBody, type Rule } from './text.ts';

export type Context = {
	db: Db;
	viewer: Viewer;
	params: Record<string, string>;
	query: Record<string, any>;
	body: Record<string, any>;
	request: FastifyRequest;
	reply: FastifyReply;
	cost: Cost;
};

export type Operation = {
	id: string;
	method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
	path: string;
	// False only for operations that anybody may call.
	signIn: boolean;
	limits?: Limits;
	bodyLimit?: number;
	normalize?: Record<string, readonly Rule[]>;
	// The row that the path's parent parameter names; the access rule then looks at it.
	parent?: (ctx: Context) => Row | undefined;
	// The row that the path names.
	find?: (ctx: Context, parent: Row | undefined) => Row | undefined;
	// The access rule of the blueprint. row: what find gave, else the parent.
	allow: (ctx: Context, row: Row) => boolean;
	// Names of fields in the body that this caller may not write.
	locked?: (ctx: Context, row: Row) => string[];
	run: (ctx: Context, row: Row, parent: Row) => unknown;
	status: number;
};

export type Services = { db: Db; limiter: Limiter | undefined; cost: Cost; basePath: string };

const NO_ROW: Row = {};

async function handle(op: Operation, services: Services, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
	if (op.limits) services.limiter?.take(op.id, request.ip, op.limits);
	const viewer = viewerOf(services.db, request);
	if (op.signIn && viewer === null) throw unauthenticated();
	const ctx: Context = {
		db: services.db, viewer, request, reply, cost: services.cost,
		params: request.params as Context['params'], query: request.query as Context['query'], body: (request.body ?? {}) as Context['body'],
	};
	const parent = op.parent?.(ctx);
	if (op.parent && !parent) throw notFound();
	const row = op.find?.(ctx, parent);
	if (op.find && !row) throw notFound();
	if (!op.allow(ctx, row ?? parent ?? NO_ROW)) throw viewer === null ? unauthenticated() : forbidden();
	const locked = op.locked?.(ctx, row ?? NO_ROW) ?? [];
	if (locked.length > 0) throw forbidden(Object.fromEntries(locked.map((name) => [name, ['notAllowed']])) as Fields);
	if (request.validationError) throw invalid(fieldsOf(request.validationError.validation as any));
	const result = await op.run(ctx, row ?? NO_ROW, parent ?? NO_ROW);
	reply.code(op.status);
	return op.status === 204 ? reply.send() : result;
}

export function register(app: FastifyInstance, services: Services, op: Operation): void {
	app.route({
		method: op.method,
		url: services.basePath + op.path.replace(/\{([A-Za-z0-9]+)\}/g, ':$1'),
		schema: contractOf(op.id),
		attachValidation: true,
		...(op.bodyLimit === undefined ? {} : { bodyLimit: op.bodyLimit }),
		preValidation: async (request) => normalizeBody(request.body, op.normalize ?? {}),
		handler: (request, reply) => handle(op, services, request, reply),
	});
}
