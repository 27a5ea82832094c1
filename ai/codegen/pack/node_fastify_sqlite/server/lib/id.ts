// Ids: UUID version 7, increasing within this process even inside one millisecond.
import { randomBytes } from 'node:crypto';

let lastMs = 0;
let sequence = 0;

export function newId(): string {
	const ms = Math.max(Date.now(), lastMs);
	sequence = ms === lastMs ? sequence + 1 : randomBytes(2).readUInt16BE() & 0x3ff;
	lastMs = ms;
	if (sequence > 0xfff) {
		lastMs = ms + 1;
		sequence = 0;
	}
	const time = lastMs.toString(16).padStart(12, '0');
	const tail = randomBytes(8);
	tail[0] = (tail[0]! & 0x3f) | 0x80;
	const hex = tail.toString('hex');
	return `${time.slice(0, 8)}-${time.slice(8)}-7${sequence.toString(16).padStart(3, '0')}-${hex.slice(0, 4)}-${hex.slice(4)}`;
}

let lastNow = 0;

// Now, strictly increasing, so that updatedAt moves even within one millisecond.
export function timestamp(): string {
	lastNow = Math.max(Date.now(), lastNow + 1);
	return new Date(lastNow).toISOString();
}
