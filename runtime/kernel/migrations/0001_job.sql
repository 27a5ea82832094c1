-- Jobs as job.list and job.get show them.
CREATE TABLE engine_job (
	id TEXT PRIMARY KEY,
	tenant TEXT NOT NULL,
	kind TEXT NOT NULL,
	module TEXT NOT NULL,
	subject TEXT,
	actor TEXT NOT NULL,
	correlation TEXT,
	state TEXT NOT NULL,
	done BIGINT NOT NULL,
	total BIGINT NOT NULL,
	text TEXT NOT NULL,
	started_ms BIGINT NOT NULL,
	ended_ms BIGINT,
	result TEXT,
	error TEXT
);
CREATE INDEX engine_job_state ON engine_job (tenant, state, id);
