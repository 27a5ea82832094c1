// npm run migrate -- up|down
import { join } from 'node:path';
import { databaseFile, root } from './config.ts';
import { closeDatabase, openDatabase } from './lib/db.ts';
import { migrateDown, migrateUp } from './lib/migrate.ts';

const db = openDatabase(databaseFile());
const directory = join(root, 'migrations');
const direction = process.argv[2] ?? 'up';
if (direction === 'up') console.log(migrateUp(db, directory).join('\n') || 'nothing to do');
else if (direction === 'down') console.log(migrateDown(db, directory) ?? 'nothing to do');
else process.exitCode = 2;
closeDatabase(db);
