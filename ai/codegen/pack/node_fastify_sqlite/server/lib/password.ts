// Passwords: scrypt with a salt of its own each; the parameters are stored beside the hash.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

export type Cost = { n: number; r: number; p: number };
export const COST: Cost = { n: 32768, r: 8, p: 3 };
// For test runs only: the same code, little work.
export const CHEAP: Cost = { n: 1024, r: 8, p: 1 };

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
	const options = { N: cost.n, r: cost.r, p: cost.p, maxmem: 256 * cost.n * cost.r };
	return new Promise((resolve, reject) => {
		scrypt(password.normalize('NFKC'), salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
	});
}

export async function hashPassword(password: string, cost: Cost): Promise<string> {
	const salt = randomBytes(16);
	const key = await derive(password, salt, cost);
	return ['scrypt', cost.n, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$');
}

// With no stored hash the same work is done, so that the answer's time says nothing about who exists.
export async function checkPassword(password: string, stored: string | null | undefined, cost: Cost): Promise<boolean> {
	const [scheme, n, r, p, salt, key] = (stored ?? '').split('$');
	if (scheme !== 'scrypt' || !salt || !key) {
		await derive(password, randomBytes(16), cost);
		return false;
	}
	const wanted = Buffer.from(key, 'base64');
	const found = await derive(password, Buffer.from(salt, 'base64'), { n: Number(n), r: Number(r), p: Number(p) });
	return wanted.length === found.length && timingSafeEqual(wanted, found);
}
