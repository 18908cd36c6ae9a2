-- What connectors have learned of their platforms (never a secret), and the pauses that Offhook itself has set on one account
-- because of a call on another: both must outlive a restart.

CREATE TABLE memories (
  account TEXT PRIMARY KEY,
  json    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE elsewhere (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  json TEXT NOT NULL
) STRICT;
