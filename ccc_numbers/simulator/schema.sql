-- The simulator's whole state. Times are Unix milliseconds; flags are 0 or 1; NULL means "none".

CREATE TABLE IF NOT EXISTS access_key (
    id TEXT PRIMARY KEY, secret TEXT NOT NULL, account TEXT NOT NULL, user TEXT NOT NULL,
    security_token TEXT NOT NULL, token_expired INTEGER NOT NULL, active INTEGER NOT NULL,
    denied TEXT NOT NULL                     -- actions RAM refuses, space-separated
) STRICT;

CREATE TABLE IF NOT EXISTS switch (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS instance (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,
    status TEXT NOT NULL, polls_left INTEGER NOT NULL,   -- of a CREATING instance, before it is RUNNING
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS user (
    id TEXT PRIMARY KEY,                     -- login@instance
    instance TEXT NOT NULL, login TEXT NOT NULL, display_name TEXT NOT NULL, email TEXT NOT NULL,
    mobile TEXT NOT NULL, extension TEXT NOT NULL, role TEXT NOT NULL, work_mode TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS user_of_instance ON user (instance, login);

CREATE TABLE IF NOT EXISTS skill_group (
    id TEXT PRIMARY KEY,                     -- name@instance
    instance TEXT NOT NULL, name TEXT NOT NULL, display_name TEXT NOT NULL, description TEXT NOT NULL,
    media_type TEXT NOT NULL, user_count INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS skill_group_of_instance ON skill_group (instance, media_type, name);

CREATE TABLE IF NOT EXISTS contact_flow (
    id TEXT PRIMARY KEY, instance TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    definition TEXT NOT NULL, description TEXT NOT NULL, published INTEGER NOT NULL,
    draft_id TEXT, draft_definition TEXT, draft_description TEXT,
    editor TEXT,                             -- who holds the edit lock
    polls_left INTEGER NOT NULL,             -- of a flow being published
    created INTEGER NOT NULL, updated INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS contact_flow_of_instance ON contact_flow (instance, name);

CREATE TABLE IF NOT EXISTS number (
    number TEXT PRIMARY KEY, account TEXT NOT NULL,
    instance TEXT,                           -- NULL: unassigned; then usage, flow, user and joined are NULL too
    usage TEXT, contact_flow TEXT, user TEXT, joined INTEGER,
    active INTEGER NOT NULL, provider TEXT, province TEXT, city TEXT, tags TEXT, number_group TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS number_newest_first ON number (instance, joined DESC, number);
CREATE INDEX IF NOT EXISTS number_of_account ON number (account, instance, number);
CREATE INDEX IF NOT EXISTS number_of_flow ON number (contact_flow) WHERE contact_flow IS NOT NULL;

CREATE TABLE IF NOT EXISTS binding (
    number TEXT NOT NULL, skill_group TEXT NOT NULL, PRIMARY KEY (number, skill_group)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS binding_of_skill_group ON binding (skill_group, number);

CREATE TABLE IF NOT EXISTS call_record (
    id INTEGER PRIMARY KEY, instance TEXT NOT NULL,
    type TEXT NOT NULL, calling TEXT, called TEXT, broker TEXT,
    began INTEGER NOT NULL, talk INTEGER NOT NULL,   -- talk: seconds with an agent
    disposition TEXT NOT NULL, early_media TEXT, agent TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS call_record_in_time ON call_record (instance, began, id);

-- Which simulator this is, whatever address it listens on.
CREATE TABLE IF NOT EXISTS identity (id TEXT NOT NULL) STRICT;
INSERT INTO identity SELECT lower(hex(randomblob(6))) WHERE NOT EXISTS (SELECT 1 FROM identity);
