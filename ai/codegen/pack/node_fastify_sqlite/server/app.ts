// The HTTP application: validation, errors, headers, routes. Listens to nothing by itself.
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import Fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { openapi } from './lib/contract.ts';
import { one, type Db } from './lib/db.ts';
import { errorHandler } from './lib/errors.ts';
import { Limiter } from './lib/limit.ts';
import { register } from './lib/operation.ts';
import type { Cost } from './lib/password.ts';
import { viewerOf } from './lib/session.ts';
import { serveWeb } from './lib/web.ts';
import { BASE_PATH, nameOf } from './identity.ts';
import { operations } from './operations/index.ts';

const HEADERS = {
	'content-security-policy':
		"default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'same-origin',
	'cross-origin-opener-policy': 'same-origin',
	'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

export type AppOptions = {
	db: Db;
	root: string;
	cost: Cost;
	logger: FastifyServerOptions['logger'];
	trustProxy: boolean;
	// Off in tests that make many requests on purpose.
	rateLimits: boolean;
};

export function buildApp(options: AppOptions): FastifyInstance {
	const app = Fastify({
		logger: options.logger as any,
		disableRequestLogging: true,
		trustProxy: options.trustProxy,
		bodyLimit: 1024 * 1024,
		forceCloseConnections: 'idle',
		routerOptions: { maxParamLength: 500 },
	});
	const strict = new Ajv({ allErrors: true, coerceTypes: false, useDefaults: false, removeAdditional: false, allowUnionTypes: true, strict: false });
	const loose = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true, removeAdditional: false, allowUnionTypes: true, strict: false });
	(formats as any)(strict);
	(formats as any)(loose);
	app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === 'body' ? strict : loose).compile(schema as any));
	app.removeContentTypeParser('text/plain');
	app.setErrorHandler(errorHandler as any);
	app.addHook('onSend', async (_request, reply) => {
		for (const [name, value] of Object.entries(HEADERS)) reply.header(name, value);
		if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
	});
	app.addHook('onResponse', async (request, reply) => {
		const { method, url, ip } = request;
		request.log.info({ method, path: url.split('?')[0], ip, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
	});
	app.get('/health', async () => {
		one(options.db, 'SELECT 1');
		return { status: 'ok' };
	});
	app.get('/openapi.json', async () => openapi);
	// For our own pages: who is signed in.
	app.get('/_session', async (request) => {
		const viewer = viewerOf(options.db, request);
		return { viewer: viewer && { id: viewer.id, name: nameOf(viewer.row), roles: [...viewer.roles] } };
	});
	const services = { db: options.db, cost: options.cost, basePath: BASE_PATH, limiter: options.rateLimits ? new Limiter() : undefined };
	for (const operation of operations) register(app, services, operation);
	serveWeb(app, join(options.root, 'web', 'dist'), BASE_PATH);
	return app;
}
