-- What the agent has here and nowhere else: accounts (without secrets), settings, and everything unsent.

CREATE TABLE accounts (
  id       TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  json     TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  json TEXT NOT NULL
) STRICT;

CREATE TABLE drafts (
  activity TEXT PRIMARY KEY,
  json     TEXT NOT NULL
) STRICT;

-- AUTOINCREMENT: the number of a finished item must never come back for another one.
CREATE TABLE outbox (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  activity  TEXT NOT NULL,
  title     TEXT NOT NULL,
  draft     TEXT NOT NULL,
  queued_at INTEGER NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'refused', 'unknown')),
  problem   TEXT CHECK ((problem IS NOT NULL) = (state IN ('refused', 'unknown'))),
  -- Which running Offhook is sending it.
  owner     TEXT CHECK ((owner IS NOT NULL) = (state = 'sending'))
) STRICT;

CREATE INDEX outbox_by_activity ON outbox (activity, id);
