-- The settings that a new shop starts with; the year 1970 says that nobody has changed them yet.

INSERT INTO shop_settings (
    shop_settings_id,
    currency,
    prices_include_tax,
    time_zone,
    order_expiry_minutes,
    created_at,
    updated_at
)
VALUES (1, 'EUR', TRUE, 'UTC', 60, '1970-01-01T00:00:00.000000Z', '1970-01-01T00:00:00.000000Z');
