-- Everything the emulator remembers. `objects.body` is the truth about an object; what queries filter and
-- sort by is generated from it, so that the two can never differ.
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

CREATE TABLE IF NOT EXISTS realms (realm TEXT PRIMARY KEY, company_name TEXT NOT NULL, created_at REAL NOT NULL);

CREATE TABLE IF NOT EXISTS objects (
    realm TEXT NOT NULL,
    entity TEXT NOT NULL,
    id INTEGER NOT NULL,
    body TEXT NOT NULL,
    previous TEXT,  -- the body before the last change, for the fault stale_list
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    name TEXT COLLATE NOCASE AS (coalesce(json_extract(body, '$.DisplayName'), json_extract(body, '$.Name'))) STORED,
    full_name TEXT AS (coalesce(json_extract(body, '$.FullyQualifiedName'), json_extract(body, '$.DisplayName'), json_extract(body, '$.Name'))) STORED,
    active INTEGER AS (coalesce(json_extract(body, '$.Active'), 1)) STORED,
    parent TEXT AS (json_extract(body, '$.ParentRef.value')) STORED,
    customer TEXT AS (json_extract(body, '$.CustomerRef.value')) STORED,
    doc_number TEXT COLLATE NOCASE AS (json_extract(body, '$.DocNumber')) STORED,
    txn_date TEXT AS (json_extract(body, '$.TxnDate')) STORED,
    PRIMARY KEY (realm, entity, id)
);
CREATE INDEX IF NOT EXISTS objects_by_name ON objects (realm, entity, name) WHERE name IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_full_name ON objects (realm, entity, full_name, id);
CREATE INDEX IF NOT EXISTS objects_by_folded_name ON objects (realm, entity, full_name COLLATE NOCASE)
    WHERE full_name IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_change ON objects (realm, entity, updated_at, id);
CREATE INDEX IF NOT EXISTS objects_by_parent ON objects (realm, entity, parent) WHERE parent IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_customer ON objects (realm, entity, customer) WHERE customer IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_number ON objects (realm, entity, doc_number) WHERE doc_number IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_date ON objects (realm, entity, txn_date, id);
-- What else a client looks one object up by.
CREATE INDEX IF NOT EXISTS objects_by_email ON objects (realm, entity, json_extract(body, '$.PrimaryEmailAddr.Address') COLLATE NOCASE)
    WHERE json_extract(body, '$.PrimaryEmailAddr.Address') IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_given_name ON objects (realm, entity, json_extract(body, '$.GivenName') COLLATE NOCASE)
    WHERE json_extract(body, '$.GivenName') IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_family_name ON objects (realm, entity, json_extract(body, '$.FamilyName') COLLATE NOCASE)
    WHERE json_extract(body, '$.FamilyName') IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_company_name ON objects (realm, entity, json_extract(body, '$.CompanyName') COLLATE NOCASE)
    WHERE json_extract(body, '$.CompanyName') IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_sku ON objects (realm, entity, json_extract(body, '$.Sku') COLLATE NOCASE)
    WHERE json_extract(body, '$.Sku') IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_reference ON objects (realm, entity, json_extract(body, '$.PaymentRefNum') COLLATE NOCASE)
    WHERE json_extract(body, '$.PaymentRefNum') IS NOT NULL;
CREATE INDEX IF NOT EXISTS objects_by_due_date ON objects (realm, entity, json_extract(body, '$.DueDate'))
    WHERE json_extract(body, '$.DueDate') IS NOT NULL;
-- What is open: few, as a rule, of many. A query says so in words of its own (see `query.compiler`).
CREATE INDEX IF NOT EXISTS objects_open ON objects (realm, entity, txn_date, id) WHERE json_extract(body, '$.Balance') > 0;

-- What an object was before each change of its SyncToken, for the pages; what was created only costs nothing.
CREATE TABLE IF NOT EXISTS history (
    number INTEGER PRIMARY KEY,
    realm TEXT NOT NULL,
    entity TEXT NOT NULL,
    id INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS history_by_object ON history (realm, entity, id, number);
CREATE TRIGGER IF NOT EXISTS objects_are_remembered AFTER UPDATE OF body ON objects
WHEN json_extract(old.body, '$.SyncToken') IS NOT json_extract(new.body, '$.SyncToken')
BEGIN
    INSERT INTO history (realm, entity, id, body) VALUES (old.realm, old.entity, old.id, old.body);
END;

-- Who holds a name. Customers, vendors and employees share one family of names.
CREATE TABLE IF NOT EXISTS names (
    realm TEXT NOT NULL,
    family TEXT NOT NULL,
    folded TEXT NOT NULL,
    entity TEXT NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (realm, family, folded)
) WITHOUT ROWID;

-- E-mails to customers, and whether somebody asked for them.
CREATE TABLE IF NOT EXISTS mails (
    number INTEGER PRIMARY KEY,
    realm TEXT NOT NULL,
    entity TEXT NOT NULL,
    id INTEGER NOT NULL,
    address TEXT NOT NULL,
    sent_at REAL NOT NULL,
    asked INTEGER NOT NULL
);

-- Deleted transactions, for change data capture.
CREATE TABLE IF NOT EXISTS tombstones (
    realm TEXT NOT NULL,
    entity TEXT NOT NULL,
    id INTEGER NOT NULL,
    deleted_at INTEGER NOT NULL,
    PRIMARY KEY (realm, entity, id)
);

CREATE TABLE IF NOT EXISTS sequences (
    realm TEXT NOT NULL,
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    PRIMARY KEY (realm, name)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS request_ids (
    realm TEXT NOT NULL,
    request_id TEXT NOT NULL,
    batch_item TEXT NOT NULL,
    status INTEGER NOT NULL,
    answer TEXT NOT NULL,
    kept_at REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (realm, request_id, batch_item)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS clients (
    client_id TEXT PRIMARY KEY,
    secret TEXT,
    redirect_uris TEXT,  -- JSON; only registered clients have them
    registered INTEGER NOT NULL DEFAULT 0
);

-- What a registration says beside address and secret.
CREATE TABLE IF NOT EXISTS client_details (
    client_id TEXT PRIMARY KEY,
    environment TEXT,  -- of its keys: sandbox or production
    disconnect_uri TEXT  -- where the browser goes after disconnecting on QuickBooks' side
);

-- How a company stands with QuickBooks; one that is not here is active.
CREATE TABLE IF NOT EXISTS standings (
    realm TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    lacking TEXT NOT NULL,  -- JSON list
    environment TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS codes (
    code TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scope TEXT NOT NULL,
    realm TEXT,
    expires_at REAL NOT NULL,
    grant_id INTEGER  -- set once the code was exchanged
);

CREATE TABLE IF NOT EXISTS code_challenges (
    code TEXT PRIMARY KEY,
    challenge TEXT NOT NULL,
    method TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS grants (
    id INTEGER PRIMARY KEY,
    client_id TEXT NOT NULL,
    realm TEXT,
    scope TEXT NOT NULL,
    authorized_at REAL NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY,
    grant_id INTEGER NOT NULL REFERENCES grants (id),
    sort TEXT NOT NULL CHECK (sort IN ('access', 'refresh')),
    issued_at REAL NOT NULL,
    expires_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS tokens_by_grant ON tokens (grant_id, sort, issued_at);
