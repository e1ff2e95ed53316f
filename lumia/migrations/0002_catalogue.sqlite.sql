-- Categories, products, options and variants.

CREATE TABLE categories (
    category_id INTEGER NOT NULL,
    parent_id INTEGER,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT categories_pkey PRIMARY KEY (category_id AUTOINCREMENT),
    CONSTRAINT categories_slug_key UNIQUE (slug),
    CONSTRAINT categories_parent_id_fkey FOREIGN KEY (parent_id)
    REFERENCES categories (category_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT categories_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT categories_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT categories_slug_length CHECK (slug <> '' AND substr(slug, 1, 200) = slug),
    CONSTRAINT categories_name_length CHECK (name <> '' AND substr(name, 1, 200) = name),
    CONSTRAINT categories_position_range CHECK (position BETWEEN 0 AND 1000000)
) STRICT;

CREATE INDEX categories_parent_id_idx ON categories (parent_id);

-- After the write, because a new row has no number before it.
CREATE TRIGGER categories_no_cycle_insert AFTER INSERT ON categories
WHEN NEW.parent_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'lumia:categories_no_cycle')
    WHERE NEW.category_id IN (
        WITH RECURSIVE ancestors (category_id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT c.parent_id
            FROM categories AS c
            INNER JOIN ancestors AS a ON c.category_id = a.category_id
            WHERE c.parent_id IS NOT NULL
        )

        SELECT category_id FROM ancestors
    );
END;

CREATE TRIGGER categories_no_cycle_update AFTER UPDATE OF parent_id, category_id ON categories
WHEN NEW.parent_id IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'lumia:categories_no_cycle')
    WHERE NEW.category_id IN (
        WITH RECURSIVE ancestors (category_id) AS (
            SELECT NEW.parent_id
            UNION
            SELECT c.parent_id
            FROM categories AS c
            INNER JOIN ancestors AS a ON c.category_id = a.category_id
            WHERE c.parent_id IS NOT NULL
        )

        SELECT category_id FROM ancestors
    );
END;

CREATE TRIGGER categories_touch AFTER UPDATE ON categories
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE categories
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE category_id = NEW.category_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE products (
    product_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    category_id INTEGER NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT products_pkey PRIMARY KEY (product_id AUTOINCREMENT),
    CONSTRAINT products_public_id_key UNIQUE (public_id),
    CONSTRAINT products_slug_key UNIQUE (slug),
    CONSTRAINT products_category_id_fkey FOREIGN KEY (category_id)
    REFERENCES categories (category_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT products_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT products_status_type CHECK (status IN ('draft', 'active', 'archived')),
    CONSTRAINT products_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT products_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT products_slug_length CHECK (slug <> '' AND substr(slug, 1, 200) = slug),
    CONSTRAINT products_name_length CHECK (name <> '' AND substr(name, 1, 200) = name),
    CONSTRAINT products_description_length CHECK (substr(description, 1, 20000) = description)
) STRICT;

CREATE INDEX products_category_id_idx ON products (category_id);
CREATE INDEX products_name_idx ON products (name, product_id);

CREATE TRIGGER products_touch AFTER UPDATE ON products
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE products
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE product_id = NEW.product_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE product_options (
    product_option_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT product_options_pkey PRIMARY KEY (product_option_id AUTOINCREMENT),
    CONSTRAINT product_options_name_key UNIQUE (product_id, name),
    -- The parent key of option values and variants: both sides of a combination belong to one product.
    CONSTRAINT product_options_owner_key UNIQUE (product_option_id, product_id),
    CONSTRAINT product_options_product_id_fkey FOREIGN KEY (product_id)
    REFERENCES products (product_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT product_options_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT product_options_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT product_options_name_length CHECK (name <> '' AND substr(name, 1, 100) = name),
    CONSTRAINT product_options_position_range CHECK (position BETWEEN 0 AND 1000)
) STRICT;

CREATE TRIGGER product_options_touch AFTER UPDATE ON product_options
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE product_options
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE product_option_id = NEW.product_option_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE option_values (
    option_value_id INTEGER NOT NULL,
    product_option_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    value TEXT NOT NULL,
    position INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT option_values_pkey PRIMARY KEY (option_value_id AUTOINCREMENT),
    CONSTRAINT option_values_value_key UNIQUE (product_option_id, value),
    CONSTRAINT option_values_owner_key UNIQUE (option_value_id, product_option_id, product_id),
    CONSTRAINT option_values_product_option_id_fkey FOREIGN KEY (product_option_id, product_id)
    REFERENCES product_options (product_option_id, product_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT option_values_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT option_values_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT option_values_value_length CHECK (value <> '' AND substr(value, 1, 100) = value),
    CONSTRAINT option_values_position_range CHECK (position BETWEEN 0 AND 1000)
) STRICT;

CREATE TRIGGER option_values_touch AFTER UPDATE ON option_values
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE option_values
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE option_value_id = NEW.option_value_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE product_variants (
    variant_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    product_id INTEGER NOT NULL,
    sku TEXT NOT NULL,
    -- The sorted option value ids joined by a slash, empty where there are none. The rows of variant_option_values
    -- follow from it by trigger, in the same statement, so that key and rows cannot differ at any time.
    combination_key TEXT NOT NULL,
    price INTEGER NOT NULL,
    compare_at_price INTEGER,
    weight_grams INTEGER,
    barcode TEXT,
    -- False for what is sold but is no article: postage, fees, vouchers.
    is_goods INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT product_variants_pkey PRIMARY KEY (variant_id AUTOINCREMENT),
    CONSTRAINT product_variants_public_id_key UNIQUE (public_id),
    CONSTRAINT product_variants_sku_key UNIQUE (sku),
    CONSTRAINT product_variants_combination_key UNIQUE (product_id, combination_key),
    CONSTRAINT product_variants_owner_key UNIQUE (variant_id, product_id),
    CONSTRAINT product_variants_product_id_fkey FOREIGN KEY (product_id)
    REFERENCES products (product_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT product_variants_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT product_variants_price_type CHECK (price BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT product_variants_compare_at_price_type CHECK (
        compare_at_price BETWEEN -999999999999999 AND 999999999999999
    ),
    CONSTRAINT product_variants_is_goods_type CHECK (is_goods IN (0, 1)),
    CONSTRAINT product_variants_is_active_type CHECK (is_active IN (0, 1)),
    CONSTRAINT product_variants_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT product_variants_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT product_variants_combination_key_length CHECK (substr(combination_key, 1, 1000) = combination_key),
    CONSTRAINT product_variants_sku_length CHECK (sku <> '' AND substr(sku, 1, 64) = sku),
    CONSTRAINT product_variants_price_range CHECK (price >= 0),
    CONSTRAINT product_variants_compare_at_price_range CHECK (compare_at_price >= 0),
    CONSTRAINT product_variants_weight_grams_range CHECK (weight_grams BETWEEN 0 AND 100000000),
    CONSTRAINT product_variants_barcode_length CHECK (barcode <> '' AND substr(barcode, 1, 64) = barcode)
) STRICT;

CREATE TRIGGER product_variants_touch AFTER UPDATE ON product_variants
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE product_variants
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE variant_id = NEW.variant_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE variant_option_values (
    variant_id INTEGER NOT NULL,
    product_option_id INTEGER NOT NULL,
    option_value_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    -- One value per option; all three belong to one product.
    CONSTRAINT variant_option_values_pkey PRIMARY KEY (variant_id, product_option_id),
    CONSTRAINT variant_option_values_variant_id_fkey FOREIGN KEY (variant_id, product_id)
    REFERENCES product_variants (variant_id, product_id) ON DELETE CASCADE,
    -- NO ACTION refuses at the end of the statement: deleting a whole product takes values and variants together.
    CONSTRAINT variant_option_values_option_value_id_fkey FOREIGN KEY (option_value_id, product_option_id, product_id)
    REFERENCES option_values (option_value_id, product_option_id, product_id) ON DELETE NO ACTION
) STRICT, WITHOUT ROWID;

CREATE INDEX variant_option_values_option_value_id_idx ON variant_option_values (option_value_id);

CREATE TRIGGER product_variants_combination_insert AFTER INSERT ON product_variants
WHEN NEW.combination_key <> ''
BEGIN
    INSERT INTO variant_option_values (variant_id, product_option_id, option_value_id, product_id)
    SELECT
        NEW.variant_id,
        v.product_option_id,
        v.option_value_id,
        v.product_id
    FROM product_options AS o
    INNER JOIN option_values AS v ON o.product_option_id = v.product_option_id
    WHERE o.product_id = NEW.product_id
        AND instr('/' || NEW.combination_key || '/', '/' || v.option_value_id || '/') > 0
    ON CONFLICT DO NOTHING;
    -- What the key names in vain (another product's value, two values of one option, a wrong order) shows here.
    SELECT RAISE(ABORT, 'lumia:product_variants_combination_matches')
    WHERE NEW.combination_key <> coalesce((
        SELECT group_concat(option_value_id, '/')
        FROM (
            SELECT option_value_id
            FROM variant_option_values
            WHERE variant_id = NEW.variant_id
            ORDER BY option_value_id
        )
    ), '');
END;

CREATE TRIGGER product_variants_combination_update AFTER UPDATE OF combination_key ON product_variants
WHEN NEW.combination_key <> OLD.combination_key
BEGIN
    DELETE FROM variant_option_values
    WHERE variant_id = NEW.variant_id
        AND instr('/' || NEW.combination_key || '/', '/' || option_value_id || '/') = 0;
    INSERT INTO variant_option_values (variant_id, product_option_id, option_value_id, product_id)
    SELECT
        NEW.variant_id,
        v.product_option_id,
        v.option_value_id,
        v.product_id
    FROM product_options AS o
    INNER JOIN option_values AS v ON o.product_option_id = v.product_option_id
    WHERE o.product_id = NEW.product_id
        AND instr('/' || NEW.combination_key || '/', '/' || v.option_value_id || '/') > 0
    ON CONFLICT DO NOTHING;
    -- What the key names in vain (another product's value, two values of one option, a wrong order) shows here.
    SELECT RAISE(ABORT, 'lumia:product_variants_combination_matches')
    WHERE NEW.combination_key <> coalesce((
        SELECT group_concat(option_value_id, '/')
        FROM (
            SELECT option_value_id
            FROM variant_option_values
            WHERE variant_id = NEW.variant_id
            ORDER BY option_value_id
        )
    ), '');
END;

-- Rows that the key does not call for are refused, as is removing one that it does. A writer that spells out what the
-- key already made is not refused: the row is there.
CREATE TRIGGER variant_option_values_follow_insert BEFORE INSERT ON variant_option_values
BEGIN
    SELECT RAISE(ABORT, 'lumia:product_variants_combination_matches')
    FROM product_variants
    WHERE variant_id = NEW.variant_id
        AND instr('/' || combination_key || '/', '/' || NEW.option_value_id || '/') = 0;
    SELECT RAISE(IGNORE)
    FROM variant_option_values
    WHERE variant_id = NEW.variant_id
        AND product_option_id = NEW.product_option_id
        AND option_value_id = NEW.option_value_id
        AND product_id = NEW.product_id;
END;

CREATE TRIGGER variant_option_values_follow_delete BEFORE DELETE ON variant_option_values
BEGIN
    SELECT RAISE(ABORT, 'lumia:product_variants_combination_matches')
    FROM product_variants
    WHERE variant_id = OLD.variant_id
        AND instr('/' || combination_key || '/', '/' || OLD.option_value_id || '/') > 0;
END;

CREATE TRIGGER variant_option_values_follow_update BEFORE UPDATE ON variant_option_values
WHEN (OLD.variant_id, OLD.product_option_id, OLD.option_value_id, OLD.product_id)
    IS NOT (NEW.variant_id, NEW.product_option_id, NEW.option_value_id, NEW.product_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:product_variants_combination_matches');
END;
