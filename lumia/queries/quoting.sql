-- name: get_checkout_cart(cart_id)^
-- A cart with its holder and the settings that decide what it comes to.
--
-- @param cart_id: int
-- @returns: CheckoutCart
SELECT
    c.cart_id,
    c.customer_id,
    c.guest_email,
    c.currency,
    c.status,
    c.version,
    s.currency AS shop_currency,
    s.prices_include_tax,
    s.order_expiry_minutes,
    cu.email AS customer_email,
    cu.is_active AS customer_is_active
FROM carts AS c
INNER JOIN shop_settings AS s ON s.shop_settings_id = 1
LEFT JOIN customers AS cu ON cu.customer_id = c.customer_id
WHERE c.cart_id = :cart_id;

-- name: get_checkout_shipping(code)^
-- A shipping method with its price and whom it serves.
--
-- @param code: text
-- @returns: CheckoutShipping
SELECT
    shipping_method_id,
    code,
    price,
    free_from,
    countries,
    is_active
FROM shipping_methods
WHERE code = :code;

-- name: list_checkout_addresses(cart_id, shipping_address_id, billing_address_id)
-- Where the addresses lie that the holder of a cart chose, of those that are the holder's own and not archived.
--
-- @param cart_id: int
-- @param shipping_address_id: int
-- @param billing_address_id: int
-- @returns: CheckoutAddress
SELECT
    a.address_id,
    a.country_code,
    a.region
FROM carts AS c
INNER JOIN addresses AS a ON a.customer_id = c.customer_id
WHERE c.cart_id = :cart_id
    AND a.address_id IN (:shipping_address_id, :billing_address_id)
    AND a.archived_at IS NULL
ORDER BY a.address_id;

-- name: list_checkout_lines(cart_id)
-- The lines of a cart at their present prices, in the order in which they were added; a bundle as a line for each part.
--
-- @ties: a part's position is its own within its bundle, and a variant has none
-- @param cart_id: int
-- @returns: CheckoutLine
SELECT
    v.variant_id,
    v.product_id,
    v.sku,
    p.name,
    g.category_id,
    g.name AS category_name,
    v.price AS unit_price,
    ci.quantity * coalesce(bi.quantity, 1) AS quantity,
    v.is_active,
    p.status AS product_status,
    ci.bundle_id,
    b.sku AS bundle_sku,
    b.price AS bundle_price,
    b.is_active AS bundle_is_active,
    ci.quantity AS things,
    bi.position AS part_position,
    bi.quantity AS part_quantity,
    (
        SELECT count(*)
        FROM cart_items
        WHERE cart_id = :cart_id
    ) AS cart_things
FROM cart_items AS ci
LEFT JOIN bundles AS b ON b.bundle_id = ci.bundle_id
LEFT JOIN bundle_items AS bi ON bi.bundle_id = b.bundle_id
INNER JOIN product_variants AS v ON v.variant_id = coalesce(bi.variant_id, ci.variant_id)
INNER JOIN products AS p ON p.product_id = v.product_id
INNER JOIN categories AS g ON g.category_id = p.category_id
WHERE ci.cart_id = :cart_id
ORDER BY
    ci.cart_item_id,
    bi.position NULLS FIRST;

-- name: list_checkout_tax_rates(country_code, region, now)
-- The tax rates in force at a place.
--
-- @all: the rates in force at one place are a few, and all of them count
-- @param country_code: text
-- @param region: text
-- @param now: timestamp
-- @returns: CheckoutTaxRate
SELECT
    tax_rate_id,
    country_code,
    region,
    category_id,
    rate,
    valid_from
FROM tax_rates
WHERE country_code = :country_code
    AND region IN ('', :region)
    AND valid_from <= :now
    AND (valid_to IS NULL OR valid_to > :now)
ORDER BY tax_rate_id;

-- name: list_checkout_tax_rates_at_address(address_id, now)
-- The tax rates in force where an address lies.
--
-- @param address_id: int
-- @param now: timestamp
-- @returns: CheckoutTaxRate
SELECT
    t.tax_rate_id,
    t.country_code,
    t.region,
    t.category_id,
    t.rate,
    t.valid_from
FROM addresses AS a
INNER JOIN tax_rates AS t
    ON t.country_code = a.country_code
    AND t.region IN ('', a.region)
WHERE a.address_id = :address_id
    AND t.valid_from <= :now
    AND (t.valid_to IS NULL OR t.valid_to > :now)
ORDER BY t.tax_rate_id;
