-- The record of the agent's days: what they were on each account, and every contact of theirs.

CREATE TABLE day_bands (
  account TEXT NOT NULL,
  began   INTEGER NOT NULL,
  -- 'seen' as it happened, or 'told' by the platform afterwards.
  witness TEXT NOT NULL CHECK (witness IN ('seen', 'told')),
  -- The last moment at which it is known to have been so.
  until   INTEGER NOT NULL,
  -- Which running Offhook sees that it goes on. When that one dies, `until` is what is known.
  owner   TEXT,
  json    TEXT NOT NULL,
  PRIMARY KEY (account, began, witness)
) STRICT, WITHOUT ROWID;

CREATE INDEX day_bands_by_time ON day_bands (until, began);
CREATE INDEX day_bands_open ON day_bands (owner) WHERE owner IS NOT NULL;

CREATE TABLE day_contacts (
  id      TEXT PRIMARY KEY,
  account TEXT NOT NULL,
  began   INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  json    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX day_contacts_by_time ON day_contacts (began);
CREATE INDEX day_contacts_by_account ON day_contacts (account, began);
CREATE INDEX day_contacts_open ON day_contacts (account) WHERE outcome = 'open';

-- When a platform was last asked about a day.
CREATE TABLE day_asked (
  account TEXT NOT NULL,
  date    TEXT NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (account, date)
) STRICT, WITHOUT ROWID;
