/// The tables of a published atlas; `schemas/atlas.sql` is the same text.
package enum AtlasSchema {
  /// Tables in the order in which the manifest lists them. `contents` lists the others and is not listed itself.
  package static let digestedTables = [
    "meta", "spaces", "architectures", "sources", "metrics", "splits", "datasets", "protocols", "settings",
    "quantities",
    "position_lists", "columns", "blocks", "details", "top",
  ]

  /// The columns by which the rows of a table are sorted.
  package static func primaryKey(of table: String) -> String {
    switch table {
    case "meta": "key"
    case "top": "setting, metric, split, rank"
    default: "id"
    }
  }

  package static let tables: [String] = [
    """
    CREATE TABLE contents (
      name TEXT PRIMARY KEY NOT NULL,      -- a table of this file
      rows INTEGER NOT NULL,
      digest TEXT NOT NULL                 -- SHA-256 of its rows, see docs/file-format.md
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE meta (
      key TEXT PRIMARY KEY NOT NULL,
      value TEXT NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE spaces (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      card TEXT                            -- JSON: the rules of a space that is not built in
    )
    """,
    """
    CREATE TABLE architectures (
      id INTEGER PRIMARY KEY,              -- in the order of space and text (by bytes), from 1 on without gaps
      space INTEGER NOT NULL REFERENCES spaces(id),
      text TEXT NOT NULL,                  -- canonical text
      digest BLOB NOT NULL                 -- 16 bytes: the architecture id
    )
    """,
    """
    CREATE TABLE sources (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      card TEXT                            -- JSON: title, license, citation, known defects
    )
    """,
    """
    CREATE TABLE metrics (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      unit TEXT NOT NULL,
      larger_is_better INTEGER NOT NULL,
      meaning TEXT NOT NULL,
      minimum REAL,                        -- of the range of values, where the card states one
      maximum REAL,
      target TEXT                          -- the target of its data sets, where the card states one
    )
    """,
    """
    CREATE TABLE splits (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL                   -- train, validation, test, valtest
    )
    """,
    """
    CREATE TABLE datasets (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      digest BLOB,                         -- 32 bytes: SHA-256 of the prepared data, where known
      card TEXT                            -- JSON, where one was given
    )
    """,
    """
    CREATE TABLE protocols (
      id INTEGER PRIMARY KEY,
      name TEXT,                           -- where a card was given
      digest BLOB NOT NULL,                -- 32 bytes: SHA-256 of the settings
      card TEXT
    )
    """,
    """
    CREATE TABLE settings (                -- a data set under a protocol, for architectures of a space
      id INTEGER PRIMARY KEY,
      space INTEGER NOT NULL REFERENCES spaces(id),
      dataset INTEGER NOT NULL REFERENCES datasets(id),
      protocol INTEGER NOT NULL REFERENCES protocols(id),
      runs INTEGER NOT NULL                -- numbered from 0 in the order of architecture and seed
    )
    """,
    """
    CREATE TABLE quantities (              -- what was measured without training
      id INTEGER PRIMARY KEY,
      space INTEGER NOT NULL REFERENCES spaces(id),
      name TEXT NOT NULL,
      unit TEXT NOT NULL,
      device TEXT,
      conditions TEXT NOT NULL,            -- JSON object of texts
      dataset TEXT,
      protocol BLOB,                       -- digest
      source INTEGER REFERENCES sources(id),
      measurements INTEGER NOT NULL        -- numbered from 0 in the order of architectures
    )
    """,
    """
    CREATE TABLE position_lists (
      id INTEGER PRIMARY KEY,
      positions TEXT NOT NULL              -- JSON array of ascending numbers
    )
    """,
    """
    CREATE TABLE columns (                 -- one value, or one curve, a run (or measurement)
      id INTEGER PRIMARY KEY,
      setting INTEGER REFERENCES settings(id),
      quantity INTEGER REFERENCES quantities(id),
      kind TEXT NOT NULL,                  -- run, final, curve, curve_at, count, cost, epoch_cost, attribute, measurement
      name TEXT NOT NULL,                  -- of the field, metric, count, cost or attribute
      split INTEGER REFERENCES splits(id),
      rows_per_block INTEGER NOT NULL,
      first_block INTEGER NOT NULL,        -- block b holds rows b * rows_per_block and those that follow it
      blocks INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE blocks (
      id INTEGER PRIMARY KEY,
      checksum INTEGER NOT NULL,           -- CRC-32 of data
      data BLOB NOT NULL                   -- a frame, see docs/file-format.md
    )
    """,
    """
    CREATE TABLE details (                 -- what of the runs has no column
      id INTEGER PRIMARY KEY,
      setting INTEGER NOT NULL REFERENCES settings(id),
      first_run INTEGER NOT NULL,
      bytes INTEGER NOT NULL,              -- unpacked length
      checksum INTEGER NOT NULL,           -- CRC-32 of data
      data BLOB NOT NULL                   -- zlib: JSON array, an object or null a run
    )
    """,
    """
    CREATE TABLE top (                     -- the best architectures by mean final value over completed runs
      setting INTEGER NOT NULL REFERENCES settings(id),
      metric INTEGER NOT NULL REFERENCES metrics(id),
      split INTEGER NOT NULL REFERENCES splits(id),
      rank INTEGER NOT NULL,               -- from 1 on
      architecture INTEGER NOT NULL REFERENCES architectures(id),
      value REAL NOT NULL,
      runs INTEGER NOT NULL,               -- that the mean is of
      PRIMARY KEY (setting, metric, split, rank)
    ) WITHOUT ROWID
    """,
  ]

  package static let indexes: [String] = [
    "CREATE UNIQUE INDEX architectures_by_digest ON architectures(digest)",
    "CREATE INDEX details_by_run ON details(setting, first_run)",
  ]

  /// The whole schema as one SQL text.
  package static var sql: String {
    """
    -- Tables of a published atlas, format \(AtlasFormat.version). docs/file-format.md explains them.
    PRAGMA application_id = \(AtlasFormat.applicationID);
    PRAGMA user_version = \(AtlasFormat.version);

    """ + (tables + indexes).map { "\n\($0);\n" }.joined()
  }
}
