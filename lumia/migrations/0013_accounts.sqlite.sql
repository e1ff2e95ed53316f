-- How customers log in: password hashes, sessions, and tokens that are sent by mail.

CREATE TABLE credentials (
    customer_id INTEGER NOT NULL,
    -- argon2id with its parameters and salt; the password itself is never stored.
    password_hash TEXT NOT NULL,
    -- Refused attempts since the last log-in or reset.
    failed_attempts INTEGER NOT NULL,
    -- Until then no password is accepted; a reset is, and ends it.
    locked_until TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT credentials_pkey PRIMARY KEY (customer_id),
    CONSTRAINT credentials_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT credentials_locked_until_type CHECK (
        locked_until GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND locked_until BETWEEN '1970' AND '9999'
        AND locked_until IS date(substr(locked_until, 1, 19), '+0 days') || substr(locked_until, 11)
    ),
    CONSTRAINT credentials_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT credentials_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    -- Nothing that is no hash of this kind gets in, a password in clear above all.
    CONSTRAINT credentials_password_hash_form CHECK (
        password_hash GLOB '$argon2id$?*' AND password_hash NOT GLOB '*[^!-~]*'
        AND substr(password_hash, 1, 500) = password_hash
    ),
    CONSTRAINT credentials_failed_attempts_range CHECK (failed_attempts >= 0)
) STRICT;

CREATE TRIGGER credentials_touch AFTER UPDATE ON credentials
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE credentials
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE customer_id = NEW.customer_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE sessions (
    session_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    -- SHA-256 of the session's token; the token itself is never stored.
    token_hash BLOB NOT NULL,
    -- A session that is left alone ends before its time does.
    last_seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT sessions_pkey PRIMARY KEY (session_id AUTOINCREMENT),
    CONSTRAINT sessions_token_hash_key UNIQUE (token_hash),
    CONSTRAINT sessions_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT sessions_last_seen_at_type CHECK (
        last_seen_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND last_seen_at BETWEEN '1970' AND '9999'
        AND last_seen_at IS date(substr(last_seen_at, 1, 19), '+0 days') || substr(last_seen_at, 11)
    ),
    CONSTRAINT sessions_expires_at_type CHECK (
        expires_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND expires_at BETWEEN '1970' AND '9999'
        AND expires_at IS date(substr(expires_at, 1, 19), '+0 days') || substr(expires_at, 11)
    ),
    CONSTRAINT sessions_revoked_at_type CHECK (
        revoked_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND revoked_at BETWEEN '1970' AND '9999'
        AND revoked_at IS date(substr(revoked_at, 1, 19), '+0 days') || substr(revoked_at, 11)
    ),
    CONSTRAINT sessions_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT sessions_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT sessions_token_hash_length CHECK (length(token_hash) = 32)
) STRICT;

CREATE INDEX sessions_customer_id_idx ON sessions (customer_id);

CREATE TRIGGER sessions_touch AFTER UPDATE ON sessions
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE sessions
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE session_id = NEW.session_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- A session that was ended stays so.
CREATE TRIGGER sessions_revoked_final BEFORE UPDATE OF revoked_at ON sessions
WHEN OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS NULL
BEGIN
    SELECT RAISE(ABORT, 'lumia:sessions_revoked_final');
END;

CREATE TABLE account_tokens (
    account_token_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- SHA-256 of the token; the token itself is never stored.
    token_hash BLOB NOT NULL,
    -- The address that it was sent to, and is good for.
    email_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at TEXT,
    CONSTRAINT account_tokens_pkey PRIMARY KEY (account_token_id AUTOINCREMENT),
    CONSTRAINT account_tokens_token_hash_key UNIQUE (token_hash),
    CONSTRAINT account_tokens_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT account_tokens_kind_type CHECK (kind IN ('verify_email', 'reset_password')),
    CONSTRAINT account_tokens_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT account_tokens_expires_at_type CHECK (
        expires_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND expires_at BETWEEN '1970' AND '9999'
        AND expires_at IS date(substr(expires_at, 1, 19), '+0 days') || substr(expires_at, 11)
    ),
    CONSTRAINT account_tokens_used_at_type CHECK (
        used_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND used_at BETWEEN '1970' AND '9999'
        AND used_at IS date(substr(used_at, 1, 19), '+0 days') || substr(used_at, 11)
    ),
    CONSTRAINT account_tokens_token_hash_length CHECK (length(token_hash) = 32),
    CONSTRAINT account_tokens_email_key_length CHECK (
        length(email_key) >= 3 AND substr(email_key, 1, 254) = email_key
    )
) STRICT;

CREATE INDEX account_tokens_customer_id_idx ON account_tokens (customer_id);

-- A token works once: what was used stays used.
CREATE TRIGGER account_tokens_used_final BEFORE UPDATE OF used_at ON account_tokens
WHEN OLD.used_at IS NOT NULL AND NEW.used_at IS NULL
BEGIN
    SELECT RAISE(ABORT, 'lumia:account_tokens_used_final');
END;
