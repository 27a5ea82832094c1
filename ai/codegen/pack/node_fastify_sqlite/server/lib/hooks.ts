// What a file in hooks/ may bring: each is called before the change is written, outside the transaction.
import type { Row } from './db.ts';
import type { Context } from './operation.ts';

export type Hooks = {
	beforeCreate?(ctx: Context, values: Row): void | Promise<void>;
	beforeUpdate?(ctx: Context, before: Row, changes: Row): void | Promise<void>;
	beforeDelete?(ctx: Context, row: Row): void | Promise<void>;
	beforeTransition?(ctx: Context, row: Row, transition: string): void | Promise<void>;
};
