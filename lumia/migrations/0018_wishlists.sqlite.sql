-- What customers put aside for later, and may show to whoever has the link.

CREATE TABLE wishlists (
    wishlist_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    customer_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- SHA-256 of the token in the link; NULL while nobody else may see the list.
    token_hash BLOB,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT wishlists_pkey PRIMARY KEY (wishlist_id AUTOINCREMENT),
    CONSTRAINT wishlists_public_id_key UNIQUE (public_id),
    CONSTRAINT wishlists_token_hash_key UNIQUE (token_hash),
    -- The list of a customer's lists, and the index of their key.
    CONSTRAINT wishlists_name_key UNIQUE (customer_id, name),
    CONSTRAINT wishlists_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT wishlists_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT wishlists_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT wishlists_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT wishlists_name_length CHECK (name <> '' AND substr(name, 1, 100) = name),
    CONSTRAINT wishlists_token_hash_length CHECK (length(token_hash) = 32)
) STRICT;

CREATE TRIGGER wishlists_touch AFTER UPDATE ON wishlists
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE wishlists
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE wishlist_id = NEW.wishlist_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE wishlist_items (
    wishlist_item_id INTEGER NOT NULL,
    wishlist_id INTEGER NOT NULL,
    variant_id INTEGER NOT NULL,
    added_at TEXT NOT NULL,
    CONSTRAINT wishlist_items_pkey PRIMARY KEY (wishlist_item_id AUTOINCREMENT),
    -- One row per thing.
    CONSTRAINT wishlist_items_variant_key UNIQUE (wishlist_id, variant_id),
    CONSTRAINT wishlist_items_wishlist_id_fkey FOREIGN KEY (wishlist_id)
    REFERENCES wishlists (wishlist_id) ON DELETE CASCADE,
    CONSTRAINT wishlist_items_variant_id_fkey FOREIGN KEY (variant_id)
    REFERENCES product_variants (variant_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT wishlist_items_added_at_type CHECK (
        added_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND added_at BETWEEN '1970' AND '9999'
        AND added_at IS date(substr(added_at, 1, 19), '+0 days') || substr(added_at, 11)
    )
) STRICT;

CREATE INDEX wishlist_items_variant_id_idx ON wishlist_items (variant_id);
