// What is written beside a change, in its transaction: the audit trail and the outbox of events.
import { run, type Db, type Row } from './db.ts';
import { newId, timestamp } from './id.ts';
import type { Viewer } from './session.ts';

export function audit(db: Db, viewer: Viewer, action: string, entity: string, id: string, fields: string[]): void {
	run(db, 'INSERT INTO _audit (id, at, actor, action, entity, entity_id, fields) VALUES (:id, :at, :actor, :action, :entity, :entityId, :fields)', {
		id: newId(), at: timestamp(), actor: viewer?.id ?? null, action, entity, entityId: id, fields: JSON.stringify(fields),
	});
}

// An event leaves through the outbox table: it is there exactly when the change is there.
export function emit(db: Db, type: string, version: number, subject: string, data: unknown): void {
	run(db, 'INSERT INTO _outbox (id, at, type, version, subject, data) VALUES (:id, :at, :type, :version, :subject, :data)', {
		id: newId(), at: timestamp(), type, version, subject, data: JSON.stringify(data),
	});
}

// Names of the fields that differ: what the audit trail keeps (never the values).
export function changedFields(before: Row, after: Row): string[] {
	return Object.keys(after).filter((name) => before[name] !== after[name]);
}
