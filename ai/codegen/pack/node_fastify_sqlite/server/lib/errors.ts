// One shape for every error: RFC 9457 problem details with a code and, where it applies, fields.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { FIELD_MAP, MESSAGES } from '../identity.ts';

export type Fields = Record<string, string[]>;

const TITLES: Record<number, string> = {
	400: 'The request could not be read.',
	401: 'Sign in first.',
	403: 'You may not do this.',
	404: 'There is no such thing.',
	409: 'This collides with what is there.',
	413: 'The request is too large.',
	415: 'Send application/json.',
	422: 'Some values are not acceptable.',
	429: 'Too many requests. Wait a moment.',
	500: 'Something went wrong.',
	503: 'Not available right now.',
};

export class HttpError extends Error {
	status: number;
	code: string;
	fields: Fields | undefined;
	headers: Record<string, string>;
	constructor(status: number, code: string, fields?: Fields, headers: Record<string, string> = {}) {
		super(code);
		this.status = status;
		this.code = code;
		this.fields = fields;
		this.headers = headers;
	}
}

export const unauthenticated = () => new HttpError(401, 'unauthenticated');
export const forbidden = (fields?: Fields) => new HttpError(403, 'forbidden', fields);
export const notFound = () => new HttpError(404, 'notFound');
export const conflict = (code: string, fields?: Fields) => new HttpError(409, code, fields);
export const invalid = (fields: Fields) => new HttpError(422, 'invalid', fields);

type AjvError = { keyword: string; instancePath: string; params: Record<string, any> };

const CODES: Record<string, string> = {
	required: 'required', minLength: 'tooShort', maxLength: 'tooLong', minimum: 'tooSmall', maximum: 'tooLarge',
	additionalProperties: 'unknown', enum: 'notAllowed', minProperties: 'required',
};

// Field map from a list of schema errors: { price: ['tooSmall'] }.
export function fieldsOf(errors: readonly AjvError[]): Fields {
	const fields: Fields = {};
	for (const error of errors) {
		const inner = error.params.missingProperty ?? error.params.additionalProperty;
		const path = error.instancePath.slice(1).split('/').filter(Boolean);
		if (inner !== undefined) path.push(String(inner));
		const name = path.join('.') || 'body';
		let code = CODES[error.keyword] ?? 'invalid';
		if (error.keyword === 'minLength' && error.params.limit === 1) code = 'required';
		const list = (fields[name] ??= []);
		if (!list.includes(code)) list.push(code);
	}
	return fields;
}

// What a table says about its constraints: column or constraint name -> field name.
export type Constraints = { fields: Record<string, string>; checks: Record<string, string[]> };

// Turns a constraint failure of SQLite into 409 or 422; anything else is returned as it is.
export function fromDatabase(error: unknown, constraints: Constraints): unknown {
	const { errcode, message } = error as { errcode?: number; message?: string };
	if (errcode === undefined || (errcode & 0xff) !== 19) return error;
	if (errcode === 2067 || errcode === 1555) {
		const fields: Fields = {};
		for (const column of (message ?? '').replace(/^.*failed: /, '').split(', ')) {
			const name = constraints.fields[column.replace(/^.*\./, '')];
			if (name) fields[name] = ['taken'];
		}
		return conflict('taken', fields);
	}
	if (errcode === 787 || errcode === 1811) return conflict('inUse');
	if (errcode === 275) {
		const name = (message ?? '').replace(/^.*failed: /, '');
		const names = constraints.checks[name] ?? ['body'];
		return invalid(Object.fromEntries(names.map((n) => [n, ['invalid']])));
	}
	return error;
}

export function errorHandler(error: FastifyError | HttpError, request: FastifyRequest, reply: FastifyReply) {
	const known = error instanceof HttpError;
	let status = known ? error.status : (error.statusCode ?? 500);
	if (status < 400 || !(status in TITLES)) status = status >= 400 && status < 500 ? 400 : 500;
	if (status >= 500) request.log.error({ err: error }, 'request failed');
	const code = known ? error.code : status >= 500 ? 'internal' : status === 413 ? 'tooLarge' : 'badRequest';
	const say = (word: string): string => MESSAGES[word] ?? word;
	const map = known && error.fields ? error.fields : { body: [code] };
	reply.code(status).headers(known ? error.headers : {}).header('content-type', 'application/problem+json; charset=utf-8');
	return reply.serializer(JSON.stringify).send({
		type: 'about:blank', title: MESSAGES[code] ?? TITLES[status], status, code, requestId: request.id,
		...(known && error.fields ? { fields: error.fields } : {}),
		...(FIELD_MAP ? { errors: Object.fromEntries(Object.entries(map).map(([name, words]) => [name, words.map(say)])) } : {}),
	});
}
