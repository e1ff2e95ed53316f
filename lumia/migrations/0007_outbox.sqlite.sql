-- The outbox: what other systems must hear of, written in the transaction of the change itself.

CREATE TABLE outbox (
    outbox_id INTEGER NOT NULL,
    -- What happened: order.placed, order.cancelled, refund_due, ...
    kind TEXT NOT NULL,
    -- Whom it is about: consumers get the events of one subject in order.
    subject TEXT NOT NULL,
    -- JSON as text: numbers keep their digits.
    payload TEXT NOT NULL,
    created_at TEXT NOT NULL,
    -- How often it was given to a consumer.
    attempts INTEGER NOT NULL DEFAULT 0,
    -- Until then nobody else is given it, nor what follows it: it is leased, or was put off.
    held_until TEXT,
    -- The lease that it was given with last, and to whom; both NULL before, and once it was given back.
    lease_id TEXT,
    consumer TEXT,
    acknowledged_at TEXT,
    CONSTRAINT outbox_pkey PRIMARY KEY (outbox_id AUTOINCREMENT),
    -- Types first, as on PostgreSQL.
    CONSTRAINT outbox_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT outbox_held_until_type CHECK (
        held_until GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND held_until BETWEEN '1970' AND '9999'
        AND held_until IS date(substr(held_until, 1, 19), '+0 days') || substr(held_until, 11)
    ),
    CONSTRAINT outbox_lease_id_type CHECK (
        lease_id GLOB '????????-????-????-????-????????????'
        AND lease_id NOT GLOB '*[^-0-9a-f]*' AND substr(lease_id, 1, 36) = lease_id
        AND length(replace(lease_id, '-', '')) = 32
    ),
    CONSTRAINT outbox_acknowledged_at_type CHECK (
        acknowledged_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND acknowledged_at BETWEEN '1970' AND '9999'
        AND acknowledged_at IS date(substr(acknowledged_at, 1, 19), '+0 days') || substr(acknowledged_at, 11)
    ),
    CONSTRAINT outbox_kind_length CHECK (kind <> '' AND substr(kind, 1, 64) = kind),
    CONSTRAINT outbox_subject_length CHECK (subject <> '' AND substr(subject, 1, 100) = subject),
    CONSTRAINT outbox_payload_length CHECK (length(payload) >= 2 AND substr(payload, 1, 1000000) = payload),
    CONSTRAINT outbox_attempts_range CHECK (attempts >= 0),
    CONSTRAINT outbox_consumer_length CHECK (consumer <> '' AND substr(consumer, 1, 100) = consumer),
    CONSTRAINT outbox_lease_whole CHECK ((lease_id IS NULL) = (consumer IS NULL)),
    CONSTRAINT outbox_lease_ends CHECK (lease_id IS NULL OR held_until IS NOT NULL)
) STRICT;

CREATE INDEX outbox_pending_idx ON outbox (outbox_id) WHERE acknowledged_at IS NULL;
-- Whether something earlier of the same subject is pending.
CREATE INDEX outbox_pending_subject_idx ON outbox (subject, outbox_id) WHERE acknowledged_at IS NULL;
-- For retention; no checkout writes it.
CREATE INDEX outbox_acknowledged_idx ON outbox (acknowledged_at, outbox_id) WHERE acknowledged_at IS NOT NULL;

-- What was told stays as it was told, and what was acknowledged is never told again.
CREATE TRIGGER outbox_frozen BEFORE UPDATE OF
outbox_id, kind, subject, payload, created_at, acknowledged_at ON outbox
WHEN
    (OLD.outbox_id, OLD.kind, OLD.subject, OLD.payload, OLD.created_at)
    IS NOT (NEW.outbox_id, NEW.kind, NEW.subject, NEW.payload, NEW.created_at)
    OR (OLD.acknowledged_at IS NOT NULL AND NEW.acknowledged_at IS NOT OLD.acknowledged_at)
BEGIN
    SELECT RAISE(ABORT, 'lumia:outbox_frozen');
END;
