-- name: archive_address(customer_id, address_id, now)^
-- Take an address out of use; it stays where orders refer to it.
--
-- @param customer_id: int
-- @param address_id: int
-- @param now: timestamp
-- @returns: Address
UPDATE addresses
SET
    is_default_shipping = FALSE,
    is_default_billing = FALSE,
    archived_at = :now,
    updated_at = :now
WHERE customer_id = :customer_id
    AND address_id = :address_id
    AND archived_at IS NULL
RETURNING
    address_id,
    customer_id,
    recipient,
    company,
    line1,
    line2,
    city,
    region,
    postal_code,
    country_code,
    country_name,
    phone,
    is_default_shipping,
    is_default_billing,
    archived_at,
    created_at,
    updated_at;

-- name: clear_default_billing(customer_id, now)!
-- Take the mark of the billing default away from whichever address has it.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: none
UPDATE addresses
SET
    is_default_billing = FALSE,
    updated_at = :now
WHERE customer_id = :customer_id
    AND is_default_billing;

-- name: clear_default_shipping(customer_id, now)!
-- Take the mark of the shipping default away from whichever address has it.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: none
UPDATE addresses
SET
    is_default_shipping = FALSE,
    updated_at = :now
WHERE customer_id = :customer_id
    AND is_default_shipping;

-- name: get_live_address(customer_id, address_id)^
-- A customer's address, unless it is archived.
--
-- @param customer_id: int
-- @param address_id: int
-- @returns: Address
SELECT
    address_id,
    customer_id,
    recipient,
    company,
    line1,
    line2,
    city,
    region,
    postal_code,
    country_code,
    country_name,
    phone,
    is_default_shipping,
    is_default_billing,
    archived_at,
    created_at,
    updated_at
FROM addresses
WHERE customer_id = :customer_id
    AND address_id = :address_id
    AND archived_at IS NULL;

-- name: insert_address(customer_id, recipient, company, line1, line2, city, region, postal_code, country_code, country_name, phone, is_default_shipping, is_default_billing, now)$
-- Add an address.
--
-- @param customer_id: int
-- @param recipient: text
-- @param company: text?
-- @param line1: text
-- @param line2: text?
-- @param city: text
-- @param region: text
-- @param postal_code: text
-- @param country_code: text
-- @param country_name: text?
-- @param phone: text?
-- @param is_default_shipping: bool
-- @param is_default_billing: bool
-- @param now: timestamp
-- @returns: int
INSERT INTO addresses (
    customer_id,
    recipient,
    company,
    line1,
    line2,
    city,
    region,
    postal_code,
    country_code,
    country_name,
    phone,
    is_default_shipping,
    is_default_billing,
    created_at,
    updated_at
)
VALUES (
    :customer_id,
    :recipient,
    :company,
    :line1,
    :line2,
    :city,
    :region,
    :postal_code,
    :country_code,
    :country_name,
    :phone,
    :is_default_shipping,
    :is_default_billing,
    :now,
    :now
)
RETURNING address_id;

-- name: list_addresses(customer_id, after_id, max_rows)
-- One page of a customer's addresses, archived ones included, oldest first.
--
-- @param customer_id: int
-- @param after_id: int
-- @param max_rows: int
-- @returns: Address
SELECT
    address_id,
    customer_id,
    recipient,
    company,
    line1,
    line2,
    city,
    region,
    postal_code,
    country_code,
    country_name,
    phone,
    is_default_shipping,
    is_default_billing,
    archived_at,
    created_at,
    updated_at
FROM addresses
WHERE customer_id = :customer_id
    AND address_id > :after_id
ORDER BY address_id
LIMIT :max_rows;

-- name: list_live_addresses(customer_id, after_id, max_rows)
-- One page of a customer's addresses in use, oldest first.
--
-- @param customer_id: int
-- @param after_id: int
-- @param max_rows: int
-- @returns: Address
SELECT
    address_id,
    customer_id,
    recipient,
    company,
    line1,
    line2,
    city,
    region,
    postal_code,
    country_code,
    country_name,
    phone,
    is_default_shipping,
    is_default_billing,
    archived_at,
    created_at,
    updated_at
FROM addresses
WHERE customer_id = :customer_id
    AND address_id > :after_id
    AND archived_at IS NULL
ORDER BY address_id
LIMIT :max_rows;

-- name: mark_default_billing(customer_id, address_id, now)^
-- Make an address in use the billing default; no other may be marked any more.
--
-- @param customer_id: int
-- @param address_id: int
-- @param now: timestamp
-- @returns: Address
UPDATE addresses
SET
    is_default_billing = TRUE,
    updated_at = :now
WHERE customer_id = :customer_id
    AND address_id = :address_id
    AND archived_at IS NULL
RETURNING
    address_id,
    customer_id,
    recipient,
    company,
    line1,
    line2,
    city,
    region,
    postal_code,
    country_code,
    country_name,
    phone,
    is_default_shipping,
    is_default_billing,
    archived_at,
    created_at,
    updated_at;

-- name: mark_default_shipping(customer_id, address_id, now)^
-- Make an address in use the shipping default; no other may be marked any more.
--
-- @param customer_id: int
-- @param address_id: int
-- @param now: timestamp
-- @returns: Address
UPDATE addresses
SET
    is_default_shipping = TRUE,
    updated_at = :now
WHERE customer_id = :customer_id
    AND address_id = :address_id
    AND archived_at IS NULL
RETURNING
    address_id,
    customer_id,
    recipient,
    company,
    line1,
    line2,
    city,
    region,
    postal_code,
    country_code,
    country_name,
    phone,
    is_default_shipping,
    is_default_billing,
    archived_at,
    created_at,
    updated_at;
