// Who is signed in, and what the pages offer them. The server decides; this only hides what would fail.
import { get, post } from './api.js';
import model from '../model.json';

const state = $state({ viewer: null, known: false });

export const session = {
	get viewer() {
		return state.viewer;
	},
	get known() {
		return state.known;
	},
};

export async function refresh() {
	try {
		state.viewer = (await get('/_session')).viewer;
	} finally {
		state.known = true;
	}
}

export async function signOut() {
	await post(model.basePath + model.operations[model.identity.logoutOp].path);
	state.viewer = null;
}

const at = (row, path) => path.split('.').reduce((value, name) => value?.[name], row);

// The value of an expression over a row; undefined when it cannot be told from here.
function value(expr, row) {
	if (!Array.isArray(expr)) {
		if (typeof expr !== 'string') return expr;
		return expr.startsWith('=') ? expr.slice(1) : at(row, expr);
	}
	const [op, ...args] = expr;
	if (op === 'and') return args.every((arg) => value(arg, row) !== false);
	if (op === 'or') return args.some((arg) => value(arg, row) !== false);
	const left = value(args[0], row);
	if (left === undefined) return undefined;
	if (op === 'eq') return left === value(args[1], row);
	if (op === 'ne') return left !== value(args[1], row);
	if (op === 'in') return args[1].includes(left);
	if (op === 'isNull') return left === null;
	if (op === 'not') return !left;
	return undefined;
}

// An access rule, as far as it can be told from here: what is not known is offered.
// owner: name of the member of the row that says whose it is.
export function may(access, row = undefined, owner = undefined) {
	const viewer = state.viewer;
	if (access === undefined || access === 'public') return true;
	if (access === 'member') return viewer !== null;
	if (access === 'owner') {
		const whose = owner && row ? (row[owner]?.id ?? row[owner]) : undefined;
		return viewer !== null && (whose === undefined || whose === viewer.id);
	}
	if (typeof access === 'string') return viewer !== null && viewer.roles.includes(access.slice('role:'.length));
	if (access.any) return access.any.some((one) => may(one, row, owner));
	if (access.all) return access.all.every((one) => may(one, row, owner));
	return !row || value(access.when, row) !== false;
}
