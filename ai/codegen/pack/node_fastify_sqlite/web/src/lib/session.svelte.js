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

// An access rule, as far as it can be told from here: rules about the row itself may hold.
export function may(access) {
	const viewer = state.viewer;
	if (access === undefined || access === 'public') return true;
	if (access === 'member' || access === 'owner') return viewer !== null;
	if (typeof access === 'string') return viewer !== null && viewer.roles.includes(access.slice('role:'.length));
	if (access.any) return access.any.some(may);
	if (access.all) return access.all.every(may);
	return true;
}
