// The pages: files of web/dist from memory, compressed once, index.html for every route of the app.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HttpError } from './errors.ts';

const TYPES: Record<string, string> = {
	'.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
	'.json': 'application/json; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png', '.ico': 'image/x-icon', '.txt': 'text/plain; charset=utf-8',
};

type Asset = { type: string; plain: Buffer; gzip: Buffer; etag: string };

function load(root: string, prefix = '', assets = new Map<string, Asset>()): Map<string, Asset> {
	for (const entry of readdirSync(join(root, prefix), { withFileTypes: true })) {
		const path = `${prefix}/${entry.name}`;
		if (entry.isDirectory()) load(root, path, assets);
		const type = TYPES[extname(entry.name)];
		if (!entry.isFile() || type === undefined) continue;
		const plain = readFileSync(join(root, path));
		const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
		assets.set(path, { type, plain, gzip: gzipSync(plain, { level: 9 }), etag });
	}
	return assets;
}

function send(request: FastifyRequest, reply: FastifyReply, asset: Asset, cache: string): FastifyReply {
	reply.headers({ 'content-type': asset.type, etag: asset.etag, 'cache-control': cache, vary: 'accept-encoding' });
	if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send();
	const zipped = (request.headers['accept-encoding'] ?? '').includes('gzip');
	if (zipped) reply.header('content-encoding', 'gzip');
	return reply.send(zipped ? asset.gzip : asset.plain);
}

// Files are read again when a new build has been written.
export function serveWeb(app: FastifyInstance, root: string, basePath: string): void {
	let assets = new Map<string, Asset>();
	let built = 0;
	const current = (): Map<string, Asset> => {
		const index = join(root, 'index.html');
		const time = existsSync(index) ? statSync(index).mtimeMs : 0;
		if (time !== built) {
			assets = time === 0 ? new Map() : load(root);
			built = time;
		}
		return assets;
	};
	app.setNotFoundHandler((request, reply) => {
		const path = request.url.split('?')[0]!;
		if (path === basePath || path.startsWith(`${basePath}/`)) throw new HttpError(404, 'notFound');
		if (request.method !== 'GET' && request.method !== 'HEAD') throw new HttpError(404, 'notFound');
		const asset = current().get(path);
		if (asset) return send(request, reply, asset, path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
		const index = current().get('/index.html');
		if (!index) throw new HttpError(503, 'pagesNotBuilt');
		if (extname(path) !== '' && path.startsWith('/assets/')) throw new HttpError(404, 'notFound');
		return send(request, reply, index, 'no-cache');
	});
}
