-- Shop settings, customers and their addresses.

-- How this schema says on SQLite what types and lengths say on PostgreSQL; every file keeps to it. STRICT tables need
-- SQLite 3.37; its JSON functions are always there from 3.38 on.
-- * `substr(x, 1, n) = x` holds for at most n characters and for no NUL, where substr() stops.
-- * A `<table>_<column>_type` is the column's type: money in ten-thousandths, rates in millionths, booleans as 0 and 1,
--   UUIDs in lower case, instants as 27 characters with six decimals in UTC (date() returns what it was given only for
--   a day and a time that exist; '+0 days' makes it count 30 February as 2 March, and 24:00 as the day after).

CREATE TABLE shop_settings (
    shop_settings_id INTEGER NOT NULL,
    currency TEXT NOT NULL,
    prices_include_tax INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    order_expiry_minutes INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT shop_settings_pkey PRIMARY KEY (shop_settings_id),
    -- Types first, as on PostgreSQL.
    CONSTRAINT shop_settings_prices_include_tax_type CHECK (prices_include_tax IN (0, 1)),
    CONSTRAINT shop_settings_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT shop_settings_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT shop_settings_one_row CHECK (shop_settings_id = 1),
    CONSTRAINT shop_settings_currency_code CHECK (
        currency GLOB '[A-Z][A-Z][A-Z]' AND substr(currency, 1, 3) = currency
    ),
    CONSTRAINT shop_settings_time_zone_length CHECK (time_zone <> '' AND substr(time_zone, 1, 64) = time_zone),
    CONSTRAINT shop_settings_order_expiry_range CHECK (order_expiry_minutes BETWEEN 1 AND 527040)
) STRICT;

-- A write that sets updated_at itself is believed; one that forgets it gets the present time, which never goes back.
CREATE TRIGGER shop_settings_touch AFTER UPDATE ON shop_settings
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE shop_settings
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE shop_settings_id = NEW.shop_settings_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE customers (
    customer_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    name TEXT NOT NULL GENERATED ALWAYS AS (trim(first_name || ' ' || last_name)) STORED,
    phone TEXT,
    -- The customer's number in the system that an import came from.
    external_reference TEXT,
    is_guest INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    is_verified INTEGER NOT NULL,
    erased_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (customer_id AUTOINCREMENT),
    CONSTRAINT customers_public_id_key UNIQUE (public_id),
    -- Types first, as on PostgreSQL.
    CONSTRAINT customers_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT customers_is_guest_type CHECK (is_guest IN (0, 1)),
    CONSTRAINT customers_is_active_type CHECK (is_active IN (0, 1)),
    CONSTRAINT customers_is_verified_type CHECK (is_verified IN (0, 1)),
    CONSTRAINT customers_erased_at_type CHECK (
        erased_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND erased_at BETWEEN '1970' AND '9999'
        AND erased_at IS date(substr(erased_at, 1, 19), '+0 days') || substr(erased_at, 11)
    ),
    CONSTRAINT customers_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT customers_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT customers_email_length CHECK (length(email) >= 3 AND substr(email, 1, 254) = email),
    CONSTRAINT customers_email_key_length CHECK (length(email_key) >= 3 AND substr(email_key, 1, 254) = email_key),
    CONSTRAINT customers_first_name_length CHECK (substr(first_name, 1, 100) = first_name),
    CONSTRAINT customers_last_name_length CHECK (substr(last_name, 1, 100) = last_name),
    CONSTRAINT customers_phone_length CHECK (phone <> '' AND substr(phone, 1, 40) = phone),
    CONSTRAINT customers_external_reference_length CHECK (
        external_reference <> '' AND substr(external_reference, 1, 100) = external_reference
    )
) STRICT;

CREATE UNIQUE INDEX customers_email_key_key ON customers (email_key) WHERE NOT is_guest;
CREATE UNIQUE INDEX customers_external_reference_key ON customers (external_reference)
WHERE external_reference IS NOT NULL;

CREATE TRIGGER customers_touch AFTER UPDATE ON customers
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE customers
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE customer_id = NEW.customer_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- Immutable once an order uses it: an edit archives the row and inserts a new one.
CREATE TABLE addresses (
    address_id INTEGER NOT NULL,
    customer_id INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    company TEXT,
    line1 TEXT NOT NULL,
    line2 TEXT,
    city TEXT NOT NULL,
    region TEXT NOT NULL,
    postal_code TEXT NOT NULL,
    -- ISO 3166-1 alpha-2; ZZ stands for a country that the source does not say.
    country_code TEXT NOT NULL,
    -- The country as the source wrote it, where an import brought the address.
    country_name TEXT,
    phone TEXT,
    is_default_shipping INTEGER NOT NULL,
    is_default_billing INTEGER NOT NULL,
    archived_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT addresses_pkey PRIMARY KEY (address_id AUTOINCREMENT),
    -- The parent key of orders: an order's addresses belong to the order's customer.
    CONSTRAINT addresses_owner_key UNIQUE (customer_id, address_id),
    -- An address exists for its customer only; the orders that use it refuse on their own account.
    CONSTRAINT addresses_customer_id_fkey FOREIGN KEY (customer_id)
    REFERENCES customers (customer_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT addresses_is_default_shipping_type CHECK (is_default_shipping IN (0, 1)),
    CONSTRAINT addresses_is_default_billing_type CHECK (is_default_billing IN (0, 1)),
    CONSTRAINT addresses_archived_at_type CHECK (
        archived_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND archived_at BETWEEN '1970' AND '9999'
        AND archived_at IS date(substr(archived_at, 1, 19), '+0 days') || substr(archived_at, 11)
    ),
    CONSTRAINT addresses_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT addresses_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT addresses_recipient_length CHECK (recipient <> '' AND substr(recipient, 1, 200) = recipient),
    CONSTRAINT addresses_company_length CHECK (company <> '' AND substr(company, 1, 200) = company),
    CONSTRAINT addresses_line1_length CHECK (line1 <> '' AND substr(line1, 1, 200) = line1),
    CONSTRAINT addresses_line2_length CHECK (line2 <> '' AND substr(line2, 1, 200) = line2),
    CONSTRAINT addresses_city_length CHECK (city <> '' AND substr(city, 1, 100) = city),
    CONSTRAINT addresses_region_length CHECK (substr(region, 1, 100) = region),
    CONSTRAINT addresses_postal_code_length CHECK (substr(postal_code, 1, 20) = postal_code),
    CONSTRAINT addresses_country_code_form CHECK (
        country_code GLOB '[A-Z][A-Z]' AND substr(country_code, 1, 2) = country_code
    ),
    CONSTRAINT addresses_country_name_length CHECK (country_name <> '' AND substr(country_name, 1, 100) = country_name),
    CONSTRAINT addresses_phone_length CHECK (phone <> '' AND substr(phone, 1, 40) = phone),
    CONSTRAINT addresses_archived_no_default CHECK (
        archived_at IS NULL OR NOT (is_default_shipping OR is_default_billing)
    )
) STRICT;

CREATE UNIQUE INDEX addresses_default_shipping_key ON addresses (customer_id) WHERE is_default_shipping;
CREATE UNIQUE INDEX addresses_default_billing_key ON addresses (customer_id) WHERE is_default_billing;

CREATE TRIGGER addresses_touch AFTER UPDATE ON addresses
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE addresses
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE address_id = NEW.address_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;
