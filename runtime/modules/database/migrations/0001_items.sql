-- Which databases there are, and their backups; the data is the servers' own.
CREATE TABLE database_item (
	tenant TEXT NOT NULL,
	workspace TEXT NOT NULL,
	environment TEXT NOT NULL,
	server TEXT NOT NULL,
	version TEXT NOT NULL,
	created_ms INTEGER NOT NULL,
	PRIMARY KEY (tenant, workspace, environment)
);
CREATE TABLE database_backup (
	id TEXT PRIMARY KEY,
	tenant TEXT NOT NULL,
	workspace TEXT NOT NULL,
	environment TEXT NOT NULL,
	bytes INTEGER NOT NULL,
	created_ms INTEGER NOT NULL
);
