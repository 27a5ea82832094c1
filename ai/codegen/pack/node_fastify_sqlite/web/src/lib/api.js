// Requests. A failure is an ApiError with a code and, for forms, the fields at fault.
import model from '../model.json';

export class ApiError extends Error {
	constructor(status, code, fields = {}) {
		super(code);
		this.status = status;
		this.code = code;
		this.fields = fields;
	}
}

async function request(method, url, body) {
	let response;
	try {
		response = await fetch(url, {
			method,
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
	} catch {
		throw new ApiError(0, 'network');
	}
	const text = await response.text();
	const data = text === '' ? undefined : JSON.parse(text);
	if (!response.ok) throw new ApiError(response.status, data?.code ?? 'other', data?.fields);
	return data;
}

export const get = (url) => request('GET', url);
export const post = (url, body) => request('POST', url, body);

// Calls an operation of the blueprint. values: for the parameters of its path.
export function call(op, { values = {}, query = {}, body } = {}) {
	const path = op.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
	const search = new URLSearchParams(Object.entries(query).filter(([, v]) => v !== '' && v !== undefined && v !== null));
	const tail = search.size > 0 ? `?${search}` : '';
	return request(op.method, model.basePath + path + tail, body);
}
