-- name: get_settings()^
-- The shop's settings.
--
-- @returns: ShopSettings
SELECT
    currency,
    prices_include_tax,
    time_zone,
    order_expiry_minutes,
    created_at,
    updated_at
FROM shop_settings
WHERE shop_settings_id = 1;

-- name: update_settings(currency, prices_include_tax, time_zone, order_expiry_minutes, now)^
-- Change the settings that are given; NULL leaves one as it is.
--
-- @param currency: text?
-- @param prices_include_tax: bool?
-- @param time_zone: text?
-- @param order_expiry_minutes: int?
-- @param now: timestamp
-- @returns: ShopSettings
UPDATE shop_settings
SET
    currency = coalesce(:currency, currency),
    prices_include_tax = coalesce(:prices_include_tax, prices_include_tax),
    time_zone = coalesce(:time_zone, time_zone),
    order_expiry_minutes = coalesce(:order_expiry_minutes, order_expiry_minutes),
    updated_at = :now
WHERE shop_settings_id = 1
RETURNING
    currency,
    prices_include_tax,
    time_zone,
    order_expiry_minutes,
    created_at,
    updated_at;
