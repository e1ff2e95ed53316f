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
    leased_until TEXT,
    acknowledged_at TEXT,
    CONSTRAINT outbox_pkey PRIMARY KEY (outbox_id AUTOINCREMENT),
    -- Types first, as on PostgreSQL.
    CONSTRAINT outbox_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT outbox_leased_until_type CHECK (
        leased_until GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND leased_until BETWEEN '1970' AND '9999'
        AND leased_until IS date(substr(leased_until, 1, 19), '+0 days') || substr(leased_until, 11)
    ),
    CONSTRAINT outbox_acknowledged_at_type CHECK (
        acknowledged_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND acknowledged_at BETWEEN '1970' AND '9999'
        AND acknowledged_at IS date(substr(acknowledged_at, 1, 19), '+0 days') || substr(acknowledged_at, 11)
    ),
    CONSTRAINT outbox_kind_length CHECK (kind <> '' AND substr(kind, 1, 64) = kind),
    CONSTRAINT outbox_subject_length CHECK (subject <> '' AND substr(subject, 1, 100) = subject),
    CONSTRAINT outbox_payload_length CHECK (length(payload) >= 2 AND substr(payload, 1, 1000000) = payload)
) STRICT;

CREATE INDEX outbox_pending_idx ON outbox (outbox_id) WHERE acknowledged_at IS NULL;
