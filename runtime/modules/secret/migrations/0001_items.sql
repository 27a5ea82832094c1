-- What secrets there are; their values are in the vault, never here.
CREATE TABLE secret_item (
	tenant TEXT NOT NULL,
	workspace TEXT NOT NULL,
	environment TEXT NOT NULL,
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	readable INTEGER NOT NULL,
	changed_ms INTEGER NOT NULL,
	PRIMARY KEY (tenant, workspace, environment, name)
);
