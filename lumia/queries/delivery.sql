-- name: get_shipping_method(shipping_method_id)^
-- One shipping method.
--
-- @param shipping_method_id: int
-- @returns: ShippingMethod
SELECT
    shipping_method_id,
    code,
    name,
    price,
    free_from,
    countries,
    is_active,
    created_at,
    updated_at
FROM shipping_methods
WHERE shipping_method_id = :shipping_method_id;

-- name: insert_shipping_method(code, name, price, free_from, countries, is_active, now)^
-- Add a shipping method.
--
-- @param code: text
-- @param name: text
-- @param price: money
-- @param free_from: money?
-- @param countries: text[]
-- @param is_active: bool
-- @param now: timestamp
-- @returns: ShippingMethod
INSERT INTO shipping_methods (
    code,
    name,
    price,
    free_from,
    countries,
    is_active,
    created_at,
    updated_at
)
VALUES (
    :code,
    :name,
    :price,
    :free_from,
    :countries,
    :is_active,
    :now,
    :now
)
RETURNING
    shipping_method_id,
    code,
    name,
    price,
    free_from,
    countries,
    is_active,
    created_at,
    updated_at;

-- name: insert_tax_rate(country_code, region, category_id, rate, valid_from, valid_to, now)^
-- Add a tax rate.
--
-- @param country_code: text
-- @param region: text
-- @param category_id: int?
-- @param rate: rate
-- @param valid_from: timestamp
-- @param valid_to: timestamp?
-- @param now: timestamp
-- @returns: TaxRate
INSERT INTO tax_rates (
    country_code,
    region,
    category_id,
    rate,
    valid_from,
    valid_to,
    created_at,
    updated_at
)
VALUES (
    :country_code,
    :region,
    :category_id,
    :rate,
    :valid_from,
    :valid_to,
    :now,
    :now
)
RETURNING
    tax_rate_id,
    country_code,
    region,
    category_id,
    rate,
    valid_from,
    valid_to,
    created_at,
    updated_at;

-- name: list_active_shipping_methods(after_id, max_rows)
-- One page of the shipping methods that can be chosen, oldest first.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: ShippingMethod
SELECT
    shipping_method_id,
    code,
    name,
    price,
    free_from,
    countries,
    is_active,
    created_at,
    updated_at
FROM shipping_methods
WHERE shipping_method_id > :after_id
    AND is_active
ORDER BY shipping_method_id
LIMIT :max_rows;

-- name: list_shipping_methods(after_id, max_rows)
-- One page of all shipping methods, oldest first.
--
-- @param after_id: int
-- @param max_rows: int
-- @returns: ShippingMethod
SELECT
    shipping_method_id,
    code,
    name,
    price,
    free_from,
    countries,
    is_active,
    created_at,
    updated_at
FROM shipping_methods
WHERE shipping_method_id > :after_id
ORDER BY shipping_method_id
LIMIT :max_rows;

-- name: list_tax_rates(country_code, after_id, max_rows)
-- One page of tax rates, oldest first.
--
-- @param country_code: text
-- @param after_id: int
-- @param max_rows: int
-- @returns: TaxRate
SELECT
    tax_rate_id,
    country_code,
    region,
    category_id,
    rate,
    valid_from,
    valid_to,
    created_at,
    updated_at
FROM tax_rates
WHERE tax_rate_id > :after_id
    AND country_code = :country_code --@if country_code
ORDER BY tax_rate_id
LIMIT :max_rows;

-- name: update_shipping_method(shipping_method_id, name, price, sets_free_from, free_from, countries, is_active, now)^
-- Change the fields that are given; NULL leaves one as it is, free_from is written when sets_free_from says so.
--
-- @param shipping_method_id: int
-- @param name: text?
-- @param price: money?
-- @param sets_free_from: bool
-- @param free_from: money?
-- @param countries: text[]?
-- @param is_active: bool?
-- @param now: timestamp
-- @returns: ShippingMethod
UPDATE shipping_methods
SET
    name = coalesce(:name, name),
    price = coalesce(:price, price),
    free_from = CASE WHEN :sets_free_from THEN :free_from ELSE free_from END,
    countries = coalesce(:countries, countries),
    is_active = coalesce(:is_active, is_active),
    updated_at = :now
WHERE shipping_method_id = :shipping_method_id
RETURNING
    shipping_method_id,
    code,
    name,
    price,
    free_from,
    countries,
    is_active,
    created_at,
    updated_at;
