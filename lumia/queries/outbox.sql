-- name: fail_event(lease_id, outbox_id, until)
-- Put an event off that could not be handled, and give back what follows it in the same lease; gives their keys.
--
-- @ties: the keys of one table
-- @param lease_id: uuid
-- @param outbox_id: int
-- @param until: timestamp
-- @returns: int
UPDATE outbox
SET
    lease_id = NULL,
    consumer = NULL,
    held_until = CASE WHEN outbox_id = :outbox_id THEN :until END
WHERE subject = (
        SELECT o.subject
        FROM outbox AS o
        WHERE o.outbox_id = :outbox_id
            AND o.lease_id = :lease_id
    )
    AND outbox_id >= :outbox_id
    AND lease_id = :lease_id
    AND acknowledged_at IS NULL
RETURNING outbox_id;

-- name: insert_events(kind, subject, payload, now)*!
-- Tell other systems what this transaction does, event by event.
--
-- @param kind: text
-- @param subject: text
-- @param payload: text
-- @param now: timestamp
-- @returns: none
INSERT INTO outbox (
    kind,
    subject,
    payload,
    created_at
)
VALUES (
    :kind,
    :subject,
    :payload,
    :now
);

-- name: list_pending_events(after_id, max_rows)
-- One page of events that no consumer has acknowledged, oldest first.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: OutboxEvent
SELECT
    outbox_id,
    kind,
    subject,
    payload,
    created_at
FROM outbox
WHERE acknowledged_at IS NULL
    AND outbox_id > :after_id
ORDER BY outbox_id
LIMIT :max_rows;

-- name: release_lease(lease_id)!
-- Give back all that a lease still holds.
--
-- @param lease_id: uuid
-- @returns: int
UPDATE outbox
SET
    lease_id = NULL,
    consumer = NULL,
    held_until = NULL
WHERE lease_id = :lease_id
    AND acknowledged_at IS NULL;
