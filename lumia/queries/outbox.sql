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
