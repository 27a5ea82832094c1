CREATE TABLE workspace_item (
	id TEXT PRIMARY KEY,
	tenant TEXT NOT NULL,
	name TEXT NOT NULL,
	path TEXT NOT NULL,
	platform INTEGER NOT NULL,
	revision INTEGER NOT NULL DEFAULT 0,
	created_ms INTEGER NOT NULL,
	UNIQUE (tenant, path)
);
