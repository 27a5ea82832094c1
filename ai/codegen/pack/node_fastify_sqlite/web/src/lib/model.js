// Questions about the blueprint's pages and operations.
import model from '../model.json';

export { model };

export const operations = Object.entries(model.operations).map(([id, op]) => ({ id, ...op }));
export const operation = (id) => operations.find((op) => op.id === id);

const of = (kind, entity) => (op) => op.kind === kind && op.entity === entity;
export const readOf = (op) => operations.find((o) => o.kind === 'get' && o.path === op.path);
export const removeOf = (op) => operations.find((o) => of('delete', op.entity)(o) && (o.path === op.path || o.path === `${op.path}/{${o.param}}`));
export const removalOf = (entity, parent) => operations.find((o) => of('delete', entity)(o) && o.parent === parent);
export const transitionsOf = (entity) => operations.filter(of('transition', entity));
// What who is signed in may choose, or choose no more.
export const choicesOf = (entity) => [...operations.filter(of('link', entity)), ...operations.filter(of('unlink', entity))];

// The page of a kind whose operation is of that kind and entity.
export function pageFor(kind, opKind, entity) {
	return model.pages.find((page) => {
		const op = page.source && operation(page.source);
		return page.kind === kind && op && op.kind === opKind && op.entity === entity && !(opKind === 'create' && op.parent);
	});
}

// Values that paths may ask for: members of the row, and its id under any name.
export const pathValues = (op, row) => (op.param ? { ...row, [op.param]: row[op.by] ?? row[op.param] } : { ...row });

// The member of a row that says whose it is.
export const ownerOf = (entity) => model.entities[entity]?.owner;
