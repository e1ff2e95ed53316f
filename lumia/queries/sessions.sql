-- name: delete_dead_sessions(customer_id, seen_after, now)!
-- Remove a customer's sessions that have run out.
--
-- @param customer_id: int
-- @param seen_after: timestamp
-- @param now: timestamp
-- @returns: none
DELETE FROM sessions
WHERE customer_id = :customer_id
    AND (expires_at <= :now OR last_seen_at <= :seen_after);

-- name: get_session_customer(token_hash, seen_after, now)^
-- The active customer of a session that has not ended.
--
-- @param token_hash: bytes
-- @param seen_after: timestamp
-- @param now: timestamp
-- @returns: SessionCustomer
SELECT
    c.customer_id,
    c.public_id,
    c.email,
    c.first_name,
    c.last_name,
    c.name,
    c.phone,
    c.external_reference,
    c.is_guest,
    c.is_active,
    c.is_verified,
    c.erased_at,
    c.created_at,
    c.updated_at,
    s.session_id,
    s.last_seen_at,
    s.expires_at AS session_expires_at
FROM sessions AS s
INNER JOIN customers AS c ON s.customer_id = c.customer_id
WHERE s.token_hash = :token_hash
    AND s.revoked_at IS NULL
    AND s.expires_at > :now
    AND s.last_seen_at > :seen_after
    AND c.is_active
    AND c.erased_at IS NULL;

-- name: insert_session(customer_id, token_hash, expires_at, now)^
-- Begin a session of an active customer, whose row is locked.
--
-- @param customer_id: int
-- @param token_hash: bytes
-- @param expires_at: timestamp
-- @param now: timestamp
-- @returns: Session
INSERT INTO sessions (
    customer_id,
    token_hash,
    last_seen_at,
    expires_at,
    created_at,
    updated_at
)
SELECT
    customer_id,
    :token_hash,
    :now,
    :expires_at,
    :now,
    :now
FROM customers
WHERE customer_id = :customer_id
    AND is_active
    AND erased_at IS NULL
RETURNING
    session_id,
    customer_id,
    last_seen_at,
    expires_at,
    created_at;

-- name: mark_session_seen(session_id, now)!
-- Let a session last longer that was not revoked meanwhile.
--
-- @param session_id: int
-- @param now: timestamp
-- @returns: none
UPDATE sessions
SET
    last_seen_at = :now,
    updated_at = :now
WHERE session_id = :session_id
    AND revoked_at IS NULL
    AND last_seen_at < :now;

-- name: revoke_session(token_hash, now)!
-- End a session.
--
-- @param token_hash: bytes
-- @param now: timestamp
-- @returns: none
UPDATE sessions
SET
    revoked_at = :now,
    updated_at = :now
WHERE token_hash = :token_hash
    AND revoked_at IS NULL;

-- name: revoke_sessions(customer_id, seen_after, now)!
-- End every session of a customer that has not ended.
--
-- @param customer_id: int
-- @param seen_after: timestamp
-- @param now: timestamp
-- @returns: int
UPDATE sessions
SET
    revoked_at = :now,
    updated_at = :now
WHERE customer_id = :customer_id
    AND revoked_at IS NULL
    AND expires_at > :now
    AND last_seen_at > :seen_after;
