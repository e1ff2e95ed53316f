-- name: acknowledge_events(lease_id, outbox_ids, now)!
-- Write down that events were handled; one that the lease does not hold any more is left as it is.
--
-- @differs: the list of keys is an array, and the rows are locked in the order of their keys.
-- @param lease_id: uuid
-- @param outbox_ids: int[]
-- @param now: timestamp
-- @returns: int
UPDATE outbox
SET acknowledged_at = :now
WHERE outbox_id IN (
        SELECT o.outbox_id
        FROM outbox AS o
        WHERE o.outbox_id = ANY(:outbox_ids)
            AND o.lease_id = :lease_id
            AND o.acknowledged_at IS NULL
        ORDER BY o.outbox_id
        FOR UPDATE
    )
    AND lease_id = :lease_id
    AND acknowledged_at IS NULL;

-- name: lease_events(head_ids, lease_id, consumer, now, until, max_rows)
-- Give a consumer the events of some subjects, from the earliest on, up to one that was put off.
--
-- @differs: the list of keys is an array, and the rows are locked in the order of their keys.
-- @ties: the keys of one table; they are sorted afterwards
-- @param head_ids: int[]
-- @param lease_id: uuid
-- @param consumer: text
-- @param now: timestamp
-- @param until: timestamp
-- @param max_rows: int
-- @returns: LeasedEvent
UPDATE outbox
SET
    attempts = attempts + 1,
    held_until = :until,
    lease_id = :lease_id,
    consumer = :consumer
WHERE outbox_id IN (
    SELECT o.outbox_id
    FROM outbox AS o
    WHERE o.acknowledged_at IS NULL
        AND o.subject IN (
            SELECT h.subject
            FROM outbox AS h
            WHERE h.outbox_id = ANY(:head_ids)
        )
        AND NOT EXISTS (
            SELECT 1
            FROM outbox AS e
            WHERE e.subject = o.subject
                AND e.outbox_id <= o.outbox_id
                AND e.acknowledged_at IS NULL
                AND e.held_until > :now
        )
    ORDER BY o.outbox_id
    LIMIT :max_rows     FOR UPDATE
)
RETURNING
    outbox_id,
    kind,
    subject,
    payload,
    created_at,
    attempts;

-- name: list_event_states(lease_id, outbox_ids)
-- How events stand with a lease: whether it handled them, and whether something earlier of their subject is pending.
--
-- @differs: the list of keys is an array.
-- @all: the events that a caller names, at most 500
-- @param lease_id: uuid
-- @param outbox_ids: int[]
-- @returns: EventState
SELECT
    o.outbox_id,
    o.acknowledged_at IS NOT NULL AND coalesce(o.lease_id = :lease_id, FALSE) AS is_handled,
    EXISTS (
        SELECT 1
        FROM outbox AS e
        WHERE e.subject = o.subject
            AND e.outbox_id < o.outbox_id
            AND e.acknowledged_at IS NULL
    ) AS is_early
FROM outbox AS o
WHERE o.outbox_id = ANY(:outbox_ids)
ORDER BY o.outbox_id;

-- name: lock_event_heads(now, max_rows)
-- The earliest pending event of each subject that nobody holds, oldest first: whoever has it has the subject.
--
-- @differs: what another consumer is taking at this moment is passed over.
-- @param now: timestamp
-- @param max_rows: int
-- @returns: int
SELECT o.outbox_id
FROM outbox AS o
WHERE o.acknowledged_at IS NULL
    AND (o.held_until IS NULL OR o.held_until <= :now)
    AND NOT EXISTS (
        SELECT 1
        FROM outbox AS e
        WHERE e.subject = o.subject
            AND e.outbox_id < o.outbox_id
            AND e.acknowledged_at IS NULL
    )
ORDER BY o.outbox_id
LIMIT :max_rows
FOR UPDATE OF o SKIP LOCKED;
