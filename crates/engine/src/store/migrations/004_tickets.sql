-- One outbox for everything an agent finishes, what is being written, and the index of tickets.

-- The outbox holds any work now. What was in it goes over as it is; the numbers of items go on.

ALTER TABLE outbox RENAME TO closes;
DROP INDEX outbox_by_activity;

CREATE TABLE outbox (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  account   TEXT NOT NULL,
  -- Of two items of one lane the older goes first; without a lane an item is on its own.
  lane      TEXT,
  work      TEXT NOT NULL,
  title     TEXT NOT NULL,
  batch     INTEGER,
  -- The item it was sent off with, as its consequence: without that one it is not wanted either.
  behind    INTEGER,
  queued_at INTEGER NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'refused', 'unknown', 'ask', 'conflict')),
  -- The problem, or the fields in conflict.
  detail    TEXT CHECK ((detail IS NOT NULL) = (state IN ('refused', 'unknown', 'ask', 'conflict'))),
  -- What was known before it was first sent.
  trace     TEXT,
  -- Which running Offhook is sending it.
  owner     TEXT CHECK ((owner IS NOT NULL) = (state = 'sending'))
) STRICT;

CREATE INDEX outbox_by_lane ON outbox (lane, id);
CREATE INDEX outbox_by_batch ON outbox (batch) WHERE batch IS NOT NULL;

-- What cannot be read goes over too: it may be read by hand.
INSERT INTO outbox (id, account, lane, work, title, queued_at, state, detail, owner)
SELECT id,
  CASE instr(activity, '/') WHEN 0 THEN activity ELSE substr(activity, 1, instr(activity, '/') - 1) END,
  'activity:' || activity,
  CASE json_valid(draft)
    WHEN 1 THEN json_object('kind', 'close', 'activity', activity, 'draft', json(draft))
    ELSE draft
  END,
  title, queued_at, state, problem, owner
FROM closes;

DELETE FROM sqlite_sequence WHERE name = 'outbox';
INSERT INTO sqlite_sequence (name, seq) SELECT 'outbox', seq FROM sqlite_sequence WHERE name = 'closes';
DROP TABLE closes;

-- Bulk changes that are not over. `rest` is what has no item in the outbox yet.
CREATE TABLE batches (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  of        INTEGER NOT NULL,
  done      INTEGER NOT NULL DEFAULT 0,
  cancelled INTEGER NOT NULL DEFAULT 0,
  -- The agent does not want the rest: what was being sent just then and was not is not tried again.
  stopped   INTEGER NOT NULL DEFAULT 0,
  edit      TEXT NOT NULL,
  rest      TEXT NOT NULL
) STRICT;

CREATE TABLE composing (
  key     TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  json    TEXT NOT NULL
) STRICT;

-- Files that wait to be sent; their bytes lie in `staged/` beside the database.
CREATE TABLE staged (
  id   TEXT PRIMARY KEY,
  json TEXT NOT NULL
) STRICT;

-- The agent's own filters.
CREATE TABLE filters (
  id   INTEGER PRIMARY KEY AUTOINCREMENT,
  json TEXT NOT NULL
) STRICT;

-- Whose remote pictures are always shown.
CREATE TABLE trusted_senders (
  address TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- The index of tickets: a copy of what the platforms have. What filters and orders look at stands in columns of a narrow
-- table, so that a hundred thousand of them are looked through in milliseconds; what is shown stands beside it.
CREATE TABLE tickets (
  row       INTEGER PRIMARY KEY,
  id        TEXT NOT NULL UNIQUE,
  account   TEXT NOT NULL,
  stage     TEXT NOT NULL,
  is_open   INTEGER NOT NULL,
  channel   TEXT NOT NULL,
  -- 0 none, 1 low to 3 high.
  priority  INTEGER NOT NULL,
  mine      INTEGER NOT NULL,
  owned     INTEGER NOT NULL,
  awaits    INTEGER NOT NULL,
  unread    INTEGER NOT NULL,
  due       INTEGER,
  changed   INTEGER NOT NULL,
  -- Since when somebody waits for the next word.
  since     INTEGER NOT NULL,
  -- Folded titles, each between two line ends.
  category  TEXT NOT NULL,
  tags      TEXT NOT NULL,
  contact   TEXT,
  -- Up to which moment the agent has read it on this computer.
  read_to   INTEGER,
  -- No longer there. It stays until the next start, so that lists that show it keep their order.
  gone      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- All that are open, newest first: the list that is asked for most is read off this without a look at the table.
CREATE INDEX tickets_open ON tickets (gone, is_open, changed);
CREATE INDEX tickets_by_account ON tickets (account);
CREATE INDEX tickets_by_contact ON tickets (contact) WHERE contact IS NOT NULL;

CREATE TABLE ticket_rows (
  row  INTEGER PRIMARY KEY REFERENCES tickets (row) ON DELETE CASCADE,
  json TEXT NOT NULL
) STRICT;

-- Tickets as they were last read in full, bodies as the platform sent them.
CREATE TABLE details (
  row     INTEGER PRIMARY KEY REFERENCES tickets (row) ON DELETE CASCADE,
  read_at INTEGER NOT NULL,
  json    TEXT NOT NULL,
  texts   TEXT NOT NULL
) STRICT;

CREATE INDEX details_by_age ON details (read_at);

-- Where reading of changes stands.
CREATE TABLE ticket_syncs (
  account  TEXT PRIMARY KEY,
  mark     TEXT,
  complete INTEGER NOT NULL DEFAULT 0,
  total    INTEGER,
  at       INTEGER
) STRICT, WITHOUT ROWID;

-- Folded by the program before it comes here, as contacts are.
CREATE VIRTUAL TABLE ticket_words USING fts5 (
  number, title, customer, tags, preview, texts,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2",
  prefix = '2 3'
);

CREATE TRIGGER ticket_gone AFTER DELETE ON tickets BEGIN
  DELETE FROM ticket_words WHERE rowid = old.row;
END;
