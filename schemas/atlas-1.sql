-- Tables of a published atlas, format 1. docs/file-format.md explains them.
PRAGMA application_id = 1312904001;
PRAGMA user_version = 1;

CREATE TABLE contents (
  name TEXT PRIMARY KEY NOT NULL,      -- a table of this file
  rows INTEGER NOT NULL,
  digest TEXT NOT NULL                 -- SHA-256 of its rows, see docs/file-format.md
) WITHOUT ROWID;

CREATE TABLE meta (
  key TEXT PRIMARY KEY NOT NULL,
  value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE spaces (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE TABLE architectures (
  id INTEGER PRIMARY KEY,
  space INTEGER NOT NULL REFERENCES spaces(id),
  text TEXT NOT NULL,                  -- canonical text
  digest BLOB NOT NULL,                -- 16 bytes: the architecture id
  vector BLOB                          -- packed AVec, where the space has one
);

CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  digest BLOB NOT NULL,                -- 32 bytes: SHA-256 of the prepared data
  card TEXT                            -- canonical JSON, where a journal held it
);

CREATE TABLE protocols (
  id INTEGER PRIMARY KEY,
  digest BLOB NOT NULL,                -- 32 bytes: SHA-256 of the settings
  card TEXT                            -- canonical JSON, where a journal held it
);

CREATE TABLE metrics (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE TABLE splits (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL                   -- train, validation, test
);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  architecture INTEGER NOT NULL REFERENCES architectures(id),
  dataset INTEGER NOT NULL REFERENCES datasets(id),
  protocol INTEGER NOT NULL REFERENCES protocols(id),
  seed INTEGER NOT NULL,               -- the 64 bits of the unsigned seed
  origin TEXT,                         -- random, search, baseline
  status TEXT NOT NULL,                -- completed, diverged, failed, timed_out
  epochs INTEGER NOT NULL,             -- completed epochs
  score_metric INTEGER REFERENCES metrics(id),
  score_epoch INTEGER,                 -- counted from 1
  score_validation REAL,
  score_test REAL,
  parameters INTEGER,
  supernet_parameters INTEGER,
  forward_flops INTEGER,
  train_seconds REAL,                  -- wall time, all epochs
  evaluation_seconds REAL,             -- wall time, all epochs
  latency_batch_1_milliseconds REAL,
  latency_batch_64_milliseconds REAL,
  numerics BLOB NOT NULL               -- 32 bytes: the numerics digest
);

CREATE TABLE curves (
  run INTEGER NOT NULL REFERENCES runs(id),
  metric INTEGER NOT NULL REFERENCES metrics(id),
  split INTEGER NOT NULL REFERENCES splits(id),
  epochs INTEGER NOT NULL,
  final_value REAL,                    -- at the last epoch; NULL for NaN and for a curve without epochs
  block INTEGER NOT NULL REFERENCES curve_blocks(id),
  start INTEGER NOT NULL,              -- index of the first epoch's value in the block
  PRIMARY KEY (run, metric, split)
) WITHOUT ROWID;

CREATE TABLE curve_blocks (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES datasets(id),
  protocol INTEGER NOT NULL REFERENCES protocols(id),
  metric INTEGER NOT NULL REFERENCES metrics(id),
  split INTEGER NOT NULL REFERENCES splits(id),
  count INTEGER NOT NULL,              -- values
  checksum INTEGER NOT NULL,           -- CRC-32 of data
  data BLOB NOT NULL                   -- Float32 in four byte planes, zlib
);

CREATE TABLE detail_blocks (
  first_run INTEGER PRIMARY KEY,       -- the records of this run and those that follow it
  bytes INTEGER NOT NULL,              -- unpacked length
  checksum INTEGER NOT NULL,           -- CRC-32 of data
  data BLOB NOT NULL                   -- JSON array of run records without curve values, zlib
);

CREATE UNIQUE INDEX architectures_by_digest ON architectures(digest);

CREATE INDEX architectures_by_vector ON architectures(vector) WHERE vector IS NOT NULL;

CREATE UNIQUE INDEX runs_by_key ON runs(architecture, dataset, protocol, seed);

CREATE INDEX runs_by_score ON runs(dataset, score_metric, score_validation);
