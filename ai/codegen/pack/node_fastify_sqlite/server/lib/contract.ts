// The contract is openapi.json: routes take their schemas from it, so that both can never differ.
import { readFileSync } from 'node:fs';

export type Schema = Record<string, any>;
export type OpenApi = { paths: Record<string, Record<string, any>>; components: { schemas: Record<string, Schema> } };

export const openapi: OpenApi = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));

// A copy with every $ref replaced by what it points to. Views do not contain themselves, so this ends.
export function inline(schema: unknown): any {
	if (Array.isArray(schema)) return schema.map(inline);
	if (schema === null || typeof schema !== 'object') return schema;
	const ref = (schema as Schema).$ref;
	if (typeof ref === 'string') return inline(openapi.components.schemas[ref.replace('#/components/schemas/', '')]);
	return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, inline(value)]));
}

// The same schema for the serializer: it prints and does not judge, so formats go, and "this or null" becomes nullable.
function printable(schema: any): any {
	if (Array.isArray(schema)) return schema.map(printable);
	if (schema === null || typeof schema !== 'object') return schema;
	const [first, second] = Array.isArray(schema.anyOf) ? schema.anyOf : [];
	if (second?.type === 'null') return { ...printable(first), nullable: true };
	const isFormat = (key: string, value: unknown): boolean => key === 'format' && typeof value === 'string';
	return Object.fromEntries(Object.entries(schema).filter(([key, value]) => !isFormat(key, value)).map(([key, value]) => [key, printable(value)]));
}

export type Contract = { body?: Schema; params?: Schema; querystring?: Schema; response: Record<string, Schema> };

function parameters(list: Schema[], place: string): Schema | undefined {
	const chosen = list.filter((p) => p.in === place);
	if (chosen.length === 0) return undefined;
	return {
		type: 'object', additionalProperties: false,
		required: chosen.filter((p) => p.required).map((p) => p.name),
		properties: Object.fromEntries(chosen.map((p) => [p.name, inline(p.schema)])),
	};
}

export function contractOf(operationId: string): Contract {
	for (const path of Object.values(openapi.paths)) {
		for (const operation of Object.values(path)) {
			if (operation.operationId !== operationId) continue;
			const contract: Contract = { response: {} };
			const body = operation.requestBody?.content['application/json'].schema;
			if (body) contract.body = inline(body);
			const params = parameters(operation.parameters ?? [], 'path');
			if (params) contract.params = params;
			contract.querystring = parameters(operation.parameters ?? [], 'query') ?? { type: 'object', additionalProperties: false, properties: {} };
			for (const [status, response] of Object.entries<Schema>(operation.responses)) {
				const schema = response.content?.['application/json']?.schema;
				if (schema) contract.response[status] = printable(inline(schema));
			}
			return contract;
		}
	}
	throw new Error(`openapi.json has no operation ${operationId}`);
}
