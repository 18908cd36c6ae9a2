-- The index of contacts: a copy of what the platforms have, which may be thrown away and read again. Only the favourites
-- are the agent's own; they name contacts by id, so that they outlive a new synchronisation.

CREATE TABLE contacts (
  row        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  account    TEXT NOT NULL,
  generation INTEGER NOT NULL,
  sort       TEXT NOT NULL,
  json       TEXT NOT NULL
) STRICT;

CREATE INDEX contacts_by_title ON contacts (sort);
CREATE INDEX contacts_by_account ON contacts (account, generation);

CREATE TABLE favourites (
  contact TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- `generation` counts the full synchronisations of an account: a contact that the latest one did not see is gone.
CREATE TABLE syncs (
  account     TEXT PRIMARY KEY,
  generation  INTEGER NOT NULL,
  finished_at INTEGER
) STRICT, WITHOUT ROWID;

-- `reversed` makes "the last digits agree" a search from the left.
CREATE TABLE numbers (
  row      INTEGER PRIMARY KEY,
  contact  INTEGER NOT NULL REFERENCES contacts (row) ON DELETE CASCADE,
  e164     TEXT,
  digits   TEXT NOT NULL,
  reversed TEXT NOT NULL
) STRICT;

CREATE INDEX numbers_by_contact ON numbers (contact);
CREATE INDEX numbers_by_e164 ON numbers (e164) WHERE e164 IS NOT NULL;
CREATE INDEX numbers_by_digits ON numbers (digits);
CREATE INDEX numbers_by_tail ON numbers (reversed);

-- Words, folded by the program before they come here (so that ł, ø and ß fold too, which the tokenizer cannot).
CREATE VIRTUAL TABLE contact_words USING fts5 (
  title, company, emails, digits,
  content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 2",
  prefix = '2 3'
);

-- Digits anywhere inside a number: three at a time.
CREATE VIRTUAL TABLE number_parts USING fts5 (
  digits,
  content = '', contentless_delete = 1,
  tokenize = "trigram",
  detail = full
);

CREATE TRIGGER contact_gone AFTER DELETE ON contacts BEGIN
  DELETE FROM contact_words WHERE rowid = old.row;
END;

CREATE TRIGGER number_gone AFTER DELETE ON numbers BEGIN
  DELETE FROM number_parts WHERE rowid = old.row;
END;
