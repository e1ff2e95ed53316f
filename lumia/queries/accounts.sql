-- name: accept_login(customer_id, seen_hash, password_hash, now)!
-- Forget the refused attempts of a customer whose password was right, unless it was changed or locked meanwhile.
--
-- @param customer_id: int
-- @param seen_hash: text
-- @param password_hash: text
-- @param now: timestamp
-- @returns: int
UPDATE credentials
SET
    password_hash = :password_hash,
    failed_attempts = 0,
    locked_until = NULL,
    updated_at = :now
WHERE customer_id = :customer_id
    AND password_hash = :seen_hash
    AND (locked_until IS NULL OR locked_until <= :now)
    AND EXISTS (
        SELECT 1
        FROM customers AS c
        WHERE c.customer_id = :customer_id
            AND c.is_active
            AND c.erased_at IS NULL
    );

-- name: count_failed_login(customer_id, now, until_fifth, until_sixth, until_seventh, until_eighth, until_later)!
-- Count a wrong password; from the fifth on each one locks for longer. What comes while it is locked is not counted.
--
-- @param customer_id: int
-- @param now: timestamp
-- @param until_fifth: timestamp
-- @param until_sixth: timestamp
-- @param until_seventh: timestamp
-- @param until_eighth: timestamp
-- @param until_later: timestamp
-- @returns: none
UPDATE credentials
SET
    failed_attempts = failed_attempts + 1,
    locked_until = CASE
        WHEN failed_attempts < 4 THEN NULL
        WHEN failed_attempts = 4 THEN :until_fifth
        WHEN failed_attempts = 5 THEN :until_sixth
        WHEN failed_attempts = 6 THEN :until_seventh
        WHEN failed_attempts = 7 THEN :until_eighth
        ELSE :until_later
    END,
    updated_at = :now
WHERE customer_id = :customer_id
    AND (locked_until IS NULL OR locked_until <= :now);

-- name: delete_dead_account_tokens(email_key, kind, now)!
-- Remove the tokens of a registered customer's address that have run out.
--
-- @param email_key: text
-- @param kind: enum:AccountTokenKind
-- @param now: timestamp
-- @returns: none
DELETE FROM account_tokens
WHERE customer_id IN (
        SELECT c.customer_id
        FROM customers AS c
        WHERE c.email_key = :email_key
            AND NOT c.is_guest
    )
    AND kind = :kind
    AND expires_at <= :now;

-- name: delete_open_account_tokens(customer_id, kind)!
-- Remove a customer's tokens of a kind that nobody has used.
--
-- @param customer_id: int
-- @param kind: enum:AccountTokenKind
-- @returns: none
DELETE FROM account_tokens
WHERE customer_id = :customer_id
    AND kind = :kind
    AND used_at IS NULL;

-- name: get_account_token(token_hash, kind, now)^
-- A token that can still be used.
--
-- @param token_hash: bytes
-- @param kind: enum:AccountTokenKind
-- @param now: timestamp
-- @returns: AccountToken
SELECT
    customer_id,
    email_key
FROM account_tokens
WHERE token_hash = :token_hash
    AND kind = :kind
    AND used_at IS NULL
    AND expires_at > :now;

-- name: get_credential(customer_id)^
-- What a customer's password is checked against.
--
-- @param customer_id: int
-- @returns: Credential
SELECT
    customer_id,
    password_hash
FROM credentials
WHERE customer_id = :customer_id;

-- name: get_credential_by_email_key(email_key)^
-- What the password of a registered customer's address is checked against.
--
-- @param email_key: text
-- @returns: Credential
SELECT
    d.customer_id,
    d.password_hash
FROM customers AS c
INNER JOIN credentials AS d ON c.customer_id = d.customer_id
WHERE c.email_key = :email_key
    AND NOT c.is_guest;

-- name: insert_reset_token(email_key, token_hash, most, expires_at, now)!
-- Add a token to reset the password of an address, if an active customer has it and holds fewer than that many.
--
-- @param email_key: text
-- @param token_hash: bytes
-- @param most: int
-- @param expires_at: timestamp
-- @param now: timestamp
-- @returns: int
INSERT INTO account_tokens (
    customer_id,
    kind,
    token_hash,
    email_key,
    created_at,
    expires_at
)
SELECT
    c.customer_id,
    'reset_password',
    :token_hash,
    c.email_key,
    :now,
    :expires_at
FROM customers AS c
WHERE c.email_key = :email_key
    AND NOT c.is_guest
    AND c.is_active
    AND c.erased_at IS NULL
    AND (
        SELECT count(*)
        FROM account_tokens AS t
        WHERE t.customer_id = c.customer_id
            AND t.kind = 'reset_password'
            AND t.used_at IS NULL
            AND t.expires_at > :now
    ) < :most;

-- name: insert_verification_token(customer_id, token_hash, expires_at, now)!
-- Add a token to verify the address that a registered, active customer has now.
--
-- @param customer_id: int
-- @param token_hash: bytes
-- @param expires_at: timestamp
-- @param now: timestamp
-- @returns: int
INSERT INTO account_tokens (
    customer_id,
    kind,
    token_hash,
    email_key,
    created_at,
    expires_at
)
SELECT
    customer_id,
    'verify_email',
    :token_hash,
    email_key,
    :now,
    :expires_at
FROM customers
WHERE customer_id = :customer_id
    AND NOT is_guest
    AND is_active
    AND NOT is_verified
    AND erased_at IS NULL;

-- name: mark_token_used(token_hash, kind, now)^
-- Use a token up; of several callers at once one gets it.
--
-- @param token_hash: bytes
-- @param kind: enum:AccountTokenKind
-- @param now: timestamp
-- @returns: AccountToken
UPDATE account_tokens
SET used_at = :now
WHERE token_hash = :token_hash
    AND kind = :kind
    AND used_at IS NULL
    AND expires_at > :now
RETURNING
    customer_id,
    email_key;

-- name: mark_verified(customer_id, email_key, now)^
-- Mark a customer's address as theirs, if it is still the one that was written to.
--
-- @param customer_id: int
-- @param email_key: text
-- @param now: timestamp
-- @returns: Customer
UPDATE customers
SET
    is_verified = TRUE,
    updated_at = :now
WHERE customer_id = :customer_id
    AND email_key = :email_key
    AND is_active
    AND erased_at IS NULL
RETURNING
    customer_id,
    public_id,
    email,
    first_name,
    last_name,
    name,
    phone,
    external_reference,
    is_guest,
    is_active,
    is_verified,
    erased_at,
    created_at,
    updated_at;

-- name: put_credential(customer_id, email_key, password_hash, now)!
-- Give a registered, active customer a password, whatever it was before; with an address only while it is theirs.
--
-- @param customer_id: int
-- @param email_key: text
-- @param password_hash: text
-- @param now: timestamp
-- @returns: int
INSERT INTO credentials (
    customer_id,
    password_hash,
    failed_attempts,
    created_at,
    updated_at
)
SELECT
    customer_id,
    :password_hash,
    0,
    :now,
    :now
FROM customers
WHERE customer_id = :customer_id
    AND email_key = :email_key --@if email_key
    AND NOT is_guest
    AND is_active
    AND erased_at IS NULL
ON CONFLICT (customer_id) DO UPDATE
SET
    password_hash = excluded.password_hash,
    failed_attempts = 0,
    locked_until = NULL,
    updated_at = excluded.updated_at;

-- name: renew_hash(customer_id, seen_hash, password_hash, now)!
-- Keep a password's stronger hash, unless the password or its hash was changed meanwhile.
--
-- @param customer_id: int
-- @param seen_hash: text
-- @param password_hash: text
-- @param now: timestamp
-- @returns: none
UPDATE credentials
SET
    password_hash = :password_hash,
    updated_at = :now
WHERE customer_id = :customer_id
    AND password_hash = :seen_hash;
