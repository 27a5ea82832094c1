// Rate limits in memory: fixed windows by operation and client.
import { HttpError } from './errors.ts';

export type Limits = { perMinute?: number; perHour?: number; perDay?: number };
const WINDOWS: [keyof Limits, number][] = [['perMinute', 60_000], ['perHour', 3_600_000], ['perDay', 86_400_000]];
const MAX_ENTRIES = 50_000;

export class Limiter {
	#counts = new Map<string, { until: number; count: number }>();

	// Throws 429 with Retry-After when the client used its share.
	take(operation: string, client: string, limits: Limits, now = Date.now()): void {
		for (const [name, length] of WINDOWS) {
			const max = limits[name];
			if (max === undefined) continue;
			const key = `${name} ${operation} ${client}`;
			let entry = this.#counts.get(key);
			if (!entry || entry.until <= now) {
				this.#makeRoom(now);
				this.#counts.set(key, (entry = { until: now + length, count: 0 }));
			}
			if (++entry.count > max) {
				const wait = Math.ceil((entry.until - now) / 1000);
				throw new HttpError(429, 'tooMany', undefined, { 'retry-after': String(wait) });
			}
		}
	}

	#makeRoom(now: number): void {
		if (this.#counts.size < MAX_ENTRIES) return;
		for (const [key, entry] of this.#counts) if (entry.until <= now) this.#counts.delete(key);
		for (const key of this.#counts.keys()) {
			if (this.#counts.size < MAX_ENTRIES) break;
			this.#counts.delete(key);
		}
	}
}
