CREATE TABLE snapshot_item (
	id TEXT PRIMARY KEY,
	tenant TEXT NOT NULL,
	workspace TEXT NOT NULL,
	label TEXT NOT NULL,
	kind TEXT NOT NULL,
	parent TEXT,
	created_ms INTEGER NOT NULL,
	files INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	skipped INTEGER NOT NULL
);
CREATE INDEX snapshot_item_of ON snapshot_item (tenant, workspace, id);
