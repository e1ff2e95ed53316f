-- Carts and what lies in them.

CREATE TABLE carts (
    cart_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    -- NULL while a guest holds the cart by its token.
    customer_id INTEGER,
    -- SHA-256 of the guest's token; the token itself is never stored.
    token_hash BLOB,
    -- The address that a guest gave, for the order's confirmation.
    guest_email TEXT,
    -- The address in the form in which addresses are compared, as customers have it.
    guest_email_key TEXT,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    -- Grows with every change of the lines, by trigger: what was quoted can be recognised.
    version INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT carts_pkey PRIMARY KEY (cart_id AUTOINCREMENT),
    CONSTRAINT carts_public_id_key UNIQUE (public_id),
    CONSTRAINT carts_token_hash_key UNIQUE (token_hash),
    -- A cart exists for its customer only; the order that came of it refuses on its own account.
    CONSTRAINT carts_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT carts_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT carts_status_type CHECK (status IN ('active', 'converted', 'abandoned')),
    CONSTRAINT carts_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT carts_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT carts_token_hash_length CHECK (length(token_hash) = 32),
    CONSTRAINT carts_guest_email_length CHECK (length(guest_email) >= 3 AND substr(guest_email, 1, 254) = guest_email),
    CONSTRAINT carts_guest_email_key_length CHECK (
        length(guest_email_key) >= 3 AND substr(guest_email_key, 1, 254) = guest_email_key
    ),
    CONSTRAINT carts_currency_code CHECK (currency GLOB '[A-Z][A-Z][A-Z]' AND substr(currency, 1, 3) = currency),
    CONSTRAINT carts_holder CHECK (customer_id IS NOT NULL OR token_hash IS NOT NULL),
    CONSTRAINT carts_version_range CHECK (version >= 0)
) STRICT;

CREATE UNIQUE INDEX carts_one_active_key ON carts (customer_id) WHERE status = 'active';
CREATE INDEX carts_customer_id_idx ON carts (customer_id);

-- A change of the version comes with its own instant.
CREATE TRIGGER carts_touch AFTER UPDATE ON carts
WHEN NEW.updated_at = OLD.updated_at AND NEW.version = OLD.version
BEGIN
    UPDATE carts
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE cart_id = NEW.cart_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- The order that a cart became stays, and so does the cart's end.
CREATE TRIGGER carts_converted_final BEFORE UPDATE OF status ON carts
WHEN OLD.status = 'converted' AND NEW.status <> 'converted'
BEGIN
    SELECT RAISE(ABORT, 'lumia:carts_converted_final');
END;

CREATE TABLE cart_items (
    cart_item_id INTEGER NOT NULL,
    cart_id INTEGER NOT NULL,
    -- A variant or a bundle, one row per thing.
    variant_id INTEGER,
    bundle_id INTEGER,
    quantity INTEGER NOT NULL,
    -- What one cost when the line was last set; NULL: not known, and the line tells of no change.
    unit_price_seen INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT cart_items_pkey PRIMARY KEY (cart_item_id AUTOINCREMENT),
    CONSTRAINT cart_items_variant_key UNIQUE (cart_id, variant_id),
    CONSTRAINT cart_items_cart_id_fkey FOREIGN KEY (cart_id)
    REFERENCES carts (cart_id) ON DELETE CASCADE,
    CONSTRAINT cart_items_variant_id_fkey FOREIGN KEY (variant_id)
    REFERENCES product_variants (variant_id) ON DELETE CASCADE,
    CONSTRAINT cart_items_bundle_id_fkey FOREIGN KEY (bundle_id)
    REFERENCES bundles (bundle_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT cart_items_unit_price_seen_type CHECK (unit_price_seen BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT cart_items_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT cart_items_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT cart_items_one_thing CHECK ((variant_id IS NULL) <> (bundle_id IS NULL)),
    CONSTRAINT cart_items_quantity_range CHECK (quantity BETWEEN 1 AND 1000000),
    CONSTRAINT cart_items_unit_price_seen_range CHECK (unit_price_seen >= 0)
) STRICT;

CREATE INDEX cart_items_variant_id_idx ON cart_items (variant_id);
-- Partial: most carts hold variants only.
CREATE UNIQUE INDEX cart_items_bundle_key ON cart_items (cart_id, bundle_id) WHERE bundle_id IS NOT NULL;
CREATE INDEX cart_items_bundle_id_idx ON cart_items (bundle_id) WHERE bundle_id IS NOT NULL;

CREATE TRIGGER cart_items_touch AFTER UPDATE ON cart_items
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE cart_items
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE cart_item_id = NEW.cart_item_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TRIGGER cart_items_cart_insert AFTER INSERT ON cart_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:cart_items_cart_active')
    FROM carts
    WHERE cart_id = NEW.cart_id
        AND status <> 'active';
    UPDATE carts
    SET
        version = version + 1,
        updated_at = max(updated_at, NEW.updated_at)
    WHERE cart_id = NEW.cart_id;
END;

CREATE TRIGGER cart_items_cart_update AFTER UPDATE OF cart_id, variant_id, bundle_id, quantity ON cart_items
WHEN (NEW.cart_id, NEW.variant_id, NEW.bundle_id, NEW.quantity)
    IS NOT (OLD.cart_id, OLD.variant_id, OLD.bundle_id, OLD.quantity)
BEGIN
    SELECT RAISE(ABORT, 'lumia:cart_items_cart_active')
    FROM carts
    WHERE cart_id IN (OLD.cart_id, NEW.cart_id)
        AND status <> 'active';
    UPDATE carts
    SET
        version = version + 1,
        updated_at = max(
            updated_at,
            CASE
                WHEN NEW.updated_at = OLD.updated_at THEN strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
                ELSE NEW.updated_at
            END
        )
    WHERE cart_id IN (OLD.cart_id, NEW.cart_id);
END;

CREATE TRIGGER cart_items_cart_delete AFTER DELETE ON cart_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:cart_items_cart_active')
    FROM carts
    WHERE cart_id = OLD.cart_id
        AND status <> 'active'
        -- A deleted variant or bundle leaves closed carts as well.
        AND (
            EXISTS (SELECT 1 FROM product_variants WHERE variant_id = OLD.variant_id)
            OR EXISTS (SELECT 1 FROM bundles WHERE bundle_id = OLD.bundle_id)
        );
    UPDATE carts
    SET
        version = version + 1,
        updated_at = max(updated_at, strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'))
    WHERE cart_id = OLD.cart_id;
END;
