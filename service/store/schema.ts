/**
 * The database's history: element N brings a database from version N to N + 1 (`PRAGMA user_version`). Never edit an
 * element that has been released; append one.
 *
 * JSON columns hold values of the schemas in service/model; they are parsed with them when read.
 */
export const migrations: readonly string[] = [
    `
    CREATE TABLE incident (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        family TEXT NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, subject TEXT NOT NULL,
        severity TEXT NOT NULL, title TEXT NOT NULL, summary TEXT NOT NULL, cause TEXT NOT NULL,
        state TEXT NOT NULL, still_wrong TEXT NOT NULL DEFAULT '',
        first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, count INTEGER NOT NULL, occurrence TEXT,
        affected TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(affected)),
        evidence TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(evidence)),
        facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts)),
        notification TEXT NOT NULL,
        closed INTEGER -- when, NULL while open
    ) STRICT;
    -- At most one incident is open for a subject: this is what makes a replayed journal harmless.
    CREATE UNIQUE INDEX incident_open ON incident (family, scope, subject) WHERE closed IS NULL;
    CREATE INDEX incident_subject ON incident (family, scope, subject, id);
    CREATE INDEX incident_closed ON incident (closed);

    CREATE TABLE proposal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
        rank INTEGER NOT NULL, plan TEXT NOT NULL CHECK (json_valid(plan)), digest TEXT NOT NULL, state TEXT NOT NULL,
        outcome TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX proposal_incident ON proposal (incident_id);

    CREATE TABLE mute (
        family TEXT NOT NULL, scope TEXT NOT NULL, subject TEXT NOT NULL, since INTEGER NOT NULL,
        PRIMARY KEY (family, scope, subject)
    ) STRICT;

    CREATE TABLE timeline (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, summary TEXT NOT NULL, detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX timeline_time ON timeline (time);
    CREATE VIRTUAL TABLE timeline_text USING fts5 (
        subject, summary, detail, content = 'timeline', content_rowid = 'id'
    );
    CREATE TRIGGER timeline_insert AFTER INSERT ON timeline BEGIN
        INSERT INTO timeline_text (rowid, subject, summary, detail)
        VALUES (new.id, new.subject, new.summary, new.detail);
    END;
    CREATE TRIGGER timeline_delete AFTER DELETE ON timeline BEGIN
        INSERT INTO timeline_text (timeline_text, rowid, subject, summary, detail)
        VALUES ('delete', old.id, old.subject, old.summary, old.detail);
    END;

    CREATE TABLE audit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL, event TEXT NOT NULL, actor TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
        previous TEXT NOT NULL, hash TEXT NOT NULL
    ) STRICT;

    -- Small facts that outlive the process: journal cursors, whether the user paused us.
    CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
    `,
    `
    CREATE TABLE conversation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started INTEGER NOT NULL, changed INTEGER NOT NULL, title TEXT NOT NULL,
        -- What a model made of the messages up to one, so that it need not read them again.
        summary TEXT NOT NULL DEFAULT '', summarised_to INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX conversation_changed ON conversation (changed);

    CREATE TABLE message (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
        time INTEGER NOT NULL, role TEXT NOT NULL, text TEXT NOT NULL,
        -- What answered; empty for what was asked.
        answerer TEXT NOT NULL DEFAULT '', evidence TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(evidence))
    ) STRICT;
    CREATE INDEX message_conversation ON message (conversation_id, id);
    CREATE VIRTUAL TABLE message_text USING fts5 (text, content = 'message', content_rowid = 'id');
    CREATE TRIGGER message_insert AFTER INSERT ON message BEGIN
        INSERT INTO message_text (rowid, text) VALUES (new.id, new.text);
    END;
    CREATE TRIGGER message_delete AFTER DELETE ON message BEGIN
        INSERT INTO message_text (message_text, rowid, text) VALUES ('delete', old.id, old.text);
    END;
    `,
    `
    -- What a model looked up for the answer, which cites it by number.
    ALTER TABLE message ADD COLUMN steps TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(steps));
    `,
    `
    ALTER TABLE timeline ADD COLUMN event TEXT NOT NULL DEFAULT '';
    ALTER TABLE timeline ADD COLUMN source TEXT NOT NULL DEFAULT '';
    ALTER TABLE timeline ADD COLUMN facts TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts));
    CREATE INDEX timeline_subject ON timeline (subject, time);
    CREATE INDEX timeline_kind ON timeline (kind, time);

    -- The files that are watched, as they were when they were last looked at.
    CREATE TABLE watched_file (
        path TEXT PRIMARY KEY,
        stamp TEXT NOT NULL, -- tells without reading whether it may have changed
        mode INTEGER NOT NULL, owner INTEGER NOT NULL, owner_group INTEGER NOT NULL,
        hash TEXT, -- of its contents, which are kept under that name; NULL when they are not
        note TEXT NOT NULL -- why they are not; for a link, where it leads
    ) STRICT, WITHOUT ROWID;
    `,
    `
    -- When it was approved last, which tells in which order several are taken back, and how far it got.
    ALTER TABLE proposal ADD COLUMN applied INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE proposal ADD COLUMN done INTEGER;
    `,
    `
    -- Which run of each unit that undo would stop it left behind.
    ALTER TABLE proposal ADD COLUMN runs TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(runs));
    `,
    `
    -- By what people call a fix of an incident: an action with its parameters keeps its number, which no other ever gets.
    CREATE TABLE fix (
        incident_id INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, description TEXT NOT NULL,
        PRIMARY KEY (incident_id, number), UNIQUE (incident_id, description)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE proposal ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
    UPDATE proposal SET number = (
        SELECT count(*) FROM proposal AS other
        WHERE other.incident_id = proposal.incident_id AND other.id <= proposal.id
    );
    INSERT INTO fix (incident_id, number, description) SELECT incident_id, number, 'proposal ' || id FROM proposal;
    `,
    `
    -- Signs of faults that have not persisted yet: one may be reported once a boot.
    CREATE TABLE sign (
        key TEXT PRIMARY KEY, family TEXT NOT NULL, about TEXT NOT NULL,
        last INTEGER NOT NULL, bursts TEXT NOT NULL CHECK (json_valid(bursts))
    ) STRICT, WITHOUT ROWID;
    `,
    `
    -- What people asked to have changed. A proposal is for one of these, or for an incident.
    CREATE TABLE task (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created INTEGER NOT NULL, asked TEXT NOT NULL
    ) STRICT;
    CREATE TABLE owned_proposal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        incident_id INTEGER REFERENCES incident (id) ON DELETE CASCADE,
        task_id INTEGER REFERENCES task (id) ON DELETE CASCADE,
        number INTEGER NOT NULL, rank INTEGER NOT NULL,
        plan TEXT NOT NULL CHECK (json_valid(plan)), digest TEXT NOT NULL, state TEXT NOT NULL,
        outcome TEXT NOT NULL DEFAULT '', applied INTEGER NOT NULL DEFAULT 0, done INTEGER,
        runs TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(runs)),
        CHECK ((incident_id IS NULL) <> (task_id IS NULL))
    ) STRICT;
    INSERT INTO owned_proposal (id, incident_id, number, rank, plan, digest, state, outcome, applied, done, runs)
        SELECT id, incident_id, number, rank, plan, digest, state, outcome, applied, done, runs FROM proposal;
    -- No number of a proposal is ever used again.
    DELETE FROM sqlite_sequence WHERE name = 'owned_proposal';
    INSERT INTO sqlite_sequence (name, seq) SELECT 'owned_proposal', seq FROM sqlite_sequence WHERE name = 'proposal';
    DROP TABLE proposal;
    ALTER TABLE owned_proposal RENAME TO proposal;
    CREATE INDEX proposal_incident ON proposal (incident_id);
    CREATE INDEX proposal_task ON proposal (task_id);
    `,
    `
    -- How far a change got that is under way, or that ended halfway.
    ALTER TABLE proposal ADD COLUMN standing TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(standing));
    `,
    `
    -- What a person allowed to be done without asking.
    CREATE TABLE standing_grant (
        id TEXT PRIMARY KEY,
        made INTEGER NOT NULL, plan TEXT NOT NULL CHECK (json_valid(plan)),
        uses TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(uses)),
        suspended TEXT NOT NULL DEFAULT '' -- why it is used no more, in words
    ) STRICT, WITHOUT ROWID;
    -- The grant that stands for a person's approval; empty where a person gave it.
    ALTER TABLE proposal ADD COLUMN grant_id TEXT NOT NULL DEFAULT '';
    `,
    `
    -- How people want things called, and what is never to be done.
    CREATE TABLE preference (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        made INTEGER NOT NULL, said TEXT NOT NULL, meaning TEXT NOT NULL CHECK (json_valid(meaning))
    ) STRICT;
    `,
    `
    -- How much the computer did: minutes at first, an hour in a row later. NULL is what it does not measure.
    CREATE TABLE usage (
        start INTEGER PRIMARY KEY, seconds INTEGER NOT NULL,
        processor REAL, wait_processor REAL, wait_memory REAL, wait_disk REAL, memory REAL, swap REAL,
        network INTEGER NOT NULL, celsius REAL, battery REAL, drained REAL NOT NULL,
        programs TEXT NOT NULL CHECK (json_valid(programs)) -- the heaviest: kind, name and share of a processor of each
    ) STRICT;
    `,
];
