-- The audit log: who changed what of that which staff change. The tables' triggers that write it come later.

CREATE TABLE audit_log (
    audit_log_id INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    -- The changed row's key, as text.
    row_key TEXT NOT NULL,
    action TEXT NOT NULL,
    -- Whom the transaction named, else `system`: SQLite knows no roles.
    actor TEXT NOT NULL,
    -- The customer who made the change, where it was one.
    actor_customer_id INTEGER,
    -- JSON objects of the columns that changed, with their values: NULL before an insert and after a delete. What tells
    -- of a person is named without its value, which is null.
    before TEXT,
    after TEXT,
    changed_at TEXT NOT NULL,
    CONSTRAINT audit_log_pkey PRIMARY KEY (audit_log_id AUTOINCREMENT),
    CONSTRAINT audit_log_actor_customer_id_fkey FOREIGN KEY (actor_customer_id)
    REFERENCES customers (customer_id) ON DELETE SET NULL,
    -- Types first, as on PostgreSQL.
    CONSTRAINT audit_log_action_type CHECK (action IN ('insert', 'update', 'delete')),
    CONSTRAINT audit_log_changed_at_type CHECK (
        changed_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND changed_at BETWEEN '1970' AND '9999'
        AND changed_at IS date(substr(changed_at, 1, 19), '+0 days') || substr(changed_at, 11)
    ),
    CONSTRAINT audit_log_table_name_length CHECK (table_name <> '' AND substr(table_name, 1, 63) = table_name),
    CONSTRAINT audit_log_row_key_length CHECK (row_key <> '' AND substr(row_key, 1, 100) = row_key),
    CONSTRAINT audit_log_actor_length CHECK (actor <> '' AND substr(actor, 1, 100) = actor),
    CONSTRAINT audit_log_sides CHECK ((before IS NULL) = (action = 'insert') AND (after IS NULL) = (action = 'delete'))
) STRICT;

CREATE INDEX audit_log_row_idx ON audit_log (table_name, row_key, audit_log_id);
CREATE INDEX audit_log_actor_idx ON audit_log (actor, audit_log_id);
CREATE INDEX audit_log_actor_customer_id_idx ON audit_log (actor_customer_id) WHERE actor_customer_id IS NOT NULL;
CREATE INDEX audit_log_changed_at_idx ON audit_log (changed_at, audit_log_id);

-- One row. Retention says in it from when on the log is complete, and may delete what is older. On SQLite a transaction
-- says in it who acts, and takes it back before it ends; on PostgreSQL that is a setting of the transaction.
CREATE TABLE audit_state (
    audit_state_id INTEGER NOT NULL,
    complete_from TEXT NOT NULL,
    actor TEXT,
    actor_customer_id INTEGER,
    CONSTRAINT audit_state_pkey PRIMARY KEY (audit_state_id),
    -- Types first, as on PostgreSQL.
    CONSTRAINT audit_state_complete_from_type CHECK (
        complete_from GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND complete_from BETWEEN '1970' AND '9999'
        AND complete_from IS date(substr(complete_from, 1, 19), '+0 days') || substr(complete_from, 11)
    ),
    CONSTRAINT audit_state_one_row CHECK (audit_state_id = 1),
    CONSTRAINT audit_state_actor_length CHECK (actor <> '' AND substr(actor, 1, 100) = actor)
) STRICT;

INSERT INTO audit_state (audit_state_id, complete_from)
VALUES (1, '1970-01-01T00:00:00.000000Z');

-- What is older than the log is complete may go, and an erased customer's name as the one who acted; a deleted one's
-- key goes by itself.
CREATE TRIGGER audit_log_append_only_update BEFORE UPDATE ON audit_log
WHEN (
    OLD.audit_log_id, OLD.table_name, OLD.row_key, OLD.action, OLD.before, OLD.after, OLD.changed_at
) IS NOT (
    NEW.audit_log_id, NEW.table_name, NEW.row_key, NEW.action, NEW.before, NEW.after, NEW.changed_at
)
    OR NEW.actor NOT IN (OLD.actor, 'erased')
    OR coalesce(NEW.actor_customer_id, OLD.actor_customer_id) IS NOT OLD.actor_customer_id
    OR OLD.actor_customer_id IS NULL
    OR EXISTS (SELECT 1 FROM customers WHERE customer_id = OLD.actor_customer_id AND erased_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'lumia:audit_log_append_only');
END;

CREATE TRIGGER audit_log_append_only_delete BEFORE DELETE ON audit_log
WHEN OLD.changed_at >= coalesce((SELECT complete_from FROM audit_state), '')
BEGIN
    SELECT RAISE(ABORT, 'lumia:audit_log_append_only');
END;

-- INSERT OR REPLACE would delete the old row without a DELETE trigger.
CREATE TRIGGER audit_log_append_only_replace BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE audit_log_id = NEW.audit_log_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:audit_log_pkey');
END;
