-- Images of products and of their variants, and bundles: variants sold together at a set price.

CREATE TABLE product_images (
    product_image_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    -- NULL: shows the product whatever its variant.
    variant_id INTEGER,
    url TEXT NOT NULL,
    alt_text TEXT NOT NULL,
    -- Images stand in this order; the places need not be close together.
    position INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT product_images_pkey PRIMARY KEY (product_image_id AUTOINCREMENT),
    CONSTRAINT product_images_position_key UNIQUE (product_id, position),
    CONSTRAINT product_images_product_id_fkey FOREIGN KEY (product_id)
    REFERENCES products (product_id) ON DELETE CASCADE,
    -- The variant is one of the same product; its own image outlives it as one of the product.
    CONSTRAINT product_images_variant_id_fkey FOREIGN KEY (variant_id, product_id)
    REFERENCES product_variants (variant_id, product_id) ON DELETE SET NULL,
    -- Types first, as on PostgreSQL.
    CONSTRAINT product_images_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT product_images_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT product_images_url_length CHECK (url <> '' AND substr(url, 1, 2000) = url),
    CONSTRAINT product_images_alt_text_length CHECK (substr(alt_text, 1, 500) = alt_text),
    CONSTRAINT product_images_position_range CHECK (position BETWEEN 0 AND 1000000000)
) STRICT;

CREATE INDEX product_images_variant_id_idx ON product_images (variant_id);

CREATE TRIGGER product_images_touch AFTER UPDATE ON product_images
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE product_images
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE product_image_id = NEW.product_image_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- The key's SET NULL would empty the product as well, and has nothing left to do after this.
CREATE TRIGGER product_variants_images_delete BEFORE DELETE ON product_variants
BEGIN
    UPDATE product_images
    SET variant_id = NULL
    WHERE variant_id = OLD.variant_id
        AND product_id = OLD.product_id;
END;

CREATE TABLE bundles (
    bundle_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    price INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT bundles_pkey PRIMARY KEY (bundle_id AUTOINCREMENT),
    CONSTRAINT bundles_public_id_key UNIQUE (public_id),
    CONSTRAINT bundles_sku_key UNIQUE (sku),
    CONSTRAINT bundles_slug_key UNIQUE (slug),
    -- Types first, as on PostgreSQL.
    CONSTRAINT bundles_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT bundles_price_type CHECK (price BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT bundles_is_active_type CHECK (is_active IN (0, 1)),
    CONSTRAINT bundles_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT bundles_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT bundles_sku_length CHECK (sku <> '' AND substr(sku, 1, 64) = sku),
    CONSTRAINT bundles_slug_length CHECK (slug <> '' AND substr(slug, 1, 200) = slug),
    CONSTRAINT bundles_name_length CHECK (name <> '' AND substr(name, 1, 200) = name),
    CONSTRAINT bundles_price_range CHECK (price >= 0)
) STRICT;

CREATE TRIGGER bundles_touch AFTER UPDATE ON bundles
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE bundles
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE bundle_id = NEW.bundle_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE bundle_items (
    bundle_id INTEGER NOT NULL,
    -- Decides which component gets the odd cent of the bundle's price.
    position INTEGER NOT NULL,
    variant_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT bundle_items_pkey PRIMARY KEY (bundle_id, position),
    CONSTRAINT bundle_items_variant_key UNIQUE (bundle_id, variant_id),
    CONSTRAINT bundle_items_bundle_id_fkey FOREIGN KEY (bundle_id)
    REFERENCES bundles (bundle_id) ON DELETE CASCADE,
    -- A bundle without one of its parts would be another thing at the same price.
    CONSTRAINT bundle_items_variant_id_fkey FOREIGN KEY (variant_id)
    REFERENCES product_variants (variant_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT bundle_items_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT bundle_items_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT bundle_items_position_range CHECK (position BETWEEN 0 AND 1000),
    CONSTRAINT bundle_items_quantity_range CHECK (quantity BETWEEN 1 AND 1000000)
) STRICT, WITHOUT ROWID;

CREATE INDEX bundle_items_variant_id_idx ON bundle_items (variant_id);

CREATE TRIGGER bundle_items_touch AFTER UPDATE ON bundle_items
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE bundle_items
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE bundle_id = NEW.bundle_id
        AND position = NEW.position
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;
