-- Shipping methods and tax rates.

CREATE TABLE shipping_methods (
    shipping_method_id INTEGER NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    price INTEGER NOT NULL,
    -- Free when the discounted subtotal reaches this; NULL: never.
    free_from INTEGER,
    -- ISO 3166-1 alpha-2 codes that it delivers to; empty: everywhere.
    countries TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT shipping_methods_pkey PRIMARY KEY (shipping_method_id AUTOINCREMENT),
    CONSTRAINT shipping_methods_code_key UNIQUE (code),
    -- Types first, as on PostgreSQL.
    CONSTRAINT shipping_methods_price_type CHECK (price BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT shipping_methods_free_from_type CHECK (free_from BETWEEN -999999999999999 AND 999999999999999),
    CONSTRAINT shipping_methods_countries_type CHECK (json_valid(countries) AND json_type(countries) = 'array'),
    CONSTRAINT shipping_methods_is_active_type CHECK (is_active IN (0, 1)),
    CONSTRAINT shipping_methods_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT shipping_methods_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT shipping_methods_code_length CHECK (code <> '' AND substr(code, 1, 64) = code),
    CONSTRAINT shipping_methods_name_length CHECK (name <> '' AND substr(name, 1, 200) = name),
    CONSTRAINT shipping_methods_price_range CHECK (price >= 0),
    CONSTRAINT shipping_methods_free_from_range CHECK (free_from >= 0),
    -- n codes take 5n + 1 characters; without the commas between them only letters are left, never three in a row.
    CONSTRAINT shipping_methods_countries_form CHECK (
        countries = '[]'
        OR (
            length(countries) = 5 * json_array_length(countries) + 1 AND instr(countries, char(0)) = 0
            AND countries NOT GLOB '*[A-Z][A-Z][A-Z]*' AND replace(countries, '","', '') NOT GLOB '??*[^A-Z]*??'
        )
    )
) STRICT;

CREATE TRIGGER shipping_methods_touch AFTER UPDATE ON shipping_methods
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE shipping_methods
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE shipping_method_id = NEW.shipping_method_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- The closest rate wins: the category's own before all, the region's own before the country's, the latest start.
CREATE TABLE tax_rates (
    tax_rate_id INTEGER NOT NULL,
    country_code TEXT NOT NULL,
    -- Empty: the whole country.
    region TEXT NOT NULL,
    -- NULL: every category.
    category_id INTEGER,
    rate INTEGER NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT tax_rates_pkey PRIMARY KEY (tax_rate_id AUTOINCREMENT),
    CONSTRAINT tax_rates_category_id_fkey FOREIGN KEY (category_id)
    REFERENCES categories (category_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT tax_rates_rate_type CHECK (rate BETWEEN 0 AND 1000000),
    CONSTRAINT tax_rates_valid_from_type CHECK (
        valid_from GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND valid_from BETWEEN '1970' AND '9999'
        AND valid_from IS date(substr(valid_from, 1, 19), '+0 days') || substr(valid_from, 11)
    ),
    CONSTRAINT tax_rates_valid_to_type CHECK (
        valid_to GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND valid_to BETWEEN '1970' AND '9999'
        AND valid_to IS date(substr(valid_to, 1, 19), '+0 days') || substr(valid_to, 11)
    ),
    CONSTRAINT tax_rates_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT tax_rates_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT tax_rates_country_code_form CHECK (
        country_code GLOB '[A-Z][A-Z]' AND substr(country_code, 1, 2) = country_code
    ),
    CONSTRAINT tax_rates_region_length CHECK (substr(region, 1, 100) = region),
    CONSTRAINT tax_rates_window CHECK (valid_to > valid_from)
) STRICT;

CREATE UNIQUE INDEX tax_rates_scope_key ON tax_rates (country_code, region, coalesce(category_id, 0), valid_from);
CREATE INDEX tax_rates_category_id_idx ON tax_rates (category_id);

CREATE TRIGGER tax_rates_touch AFTER UPDATE ON tax_rates
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE tax_rates
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE tax_rate_id = NEW.tax_rate_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;
