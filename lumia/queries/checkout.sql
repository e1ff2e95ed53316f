-- name: convert_cart(cart_id, version, currency, prices_include_tax, shipping_method_id, shipping_price, shipping_free_from, now)!
-- Close a cart for its order; no row when the cart, the shop's settings or the delivery changed since they were read.
--
-- @param cart_id: int
-- @param version: int
-- @param currency: text
-- @param prices_include_tax: bool
-- @param shipping_method_id: int
-- @param shipping_price: money
-- @param shipping_free_from: money?
-- @param now: timestamp
-- @returns: int
UPDATE carts
SET
    status = 'converted',
    updated_at = :now
WHERE cart_id = :cart_id
    AND status = 'active'
    AND version = :version
    AND currency = :currency
    AND EXISTS (
        SELECT 1
        FROM shop_settings
        WHERE shop_settings_id = 1
            AND currency = :currency
            AND prices_include_tax = :prices_include_tax
    )
    AND EXISTS (
        SELECT 1
        FROM shipping_methods
        WHERE shipping_method_id = :shipping_method_id
            AND price = :shipping_price
            AND free_from IS NOT DISTINCT FROM :shipping_free_from
            AND is_active
    );

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

-- name: insert_allocation_movement(order_id, position, variant_id, location_id, quantity, actor, now)*!
-- Take units for one line from one stock row; no row when it, or all active locations together, cannot promise them.
-- The cart's own holds are dropped by now: all others count.
--
-- @param order_id: int
-- @param position: int
-- @param variant_id: int
-- @param location_id: int
-- @param quantity: int
-- @param actor: text
-- @param now: timestamp
-- @returns: int
INSERT INTO stock_movements (
    variant_id,
    location_id,
    kind,
    on_hand_delta,
    allocated_delta,
    order_item_id,
    reason,
    actor,
    moved_at
)
SELECT
    s.variant_id,
    s.location_id,
    'allocated',
    0,
    :quantity,
    oi.order_item_id,
    'order placed',
    :actor,
    :now
FROM order_items AS oi
INNER JOIN sellable_stock AS s
    ON s.variant_id = :variant_id
    AND s.location_id = :location_id
WHERE oi.order_id = :order_id
    AND oi.position = :position
    AND s.available - (
        SELECT CAST(coalesce(sum(r.quantity), 0) AS bigint)
        FROM reservations AS r
        WHERE r.variant_id = s.variant_id
            AND r.location_id = s.location_id
            AND r.expires_at > :now
    ) >= :quantity
    AND (
        SELECT CAST(sum(e.available - (
            SELECT coalesce(sum(r.quantity), 0)
            FROM reservations AS r
            WHERE r.variant_id = e.variant_id
                AND r.location_id = e.location_id
                AND r.expires_at > :now
        )) AS bigint)
        FROM sellable_stock AS e
        WHERE e.variant_id = :variant_id
    ) >= :quantity;

-- name: insert_order(order_number, public_id, customer_id, cart_id, currency, subtotal, discount_total, shipping_total, tax_total, tax_included_total, total, shipping_method_id, shipping_method_code, shipping_address_id, billing_address_id, email, actor, placed_at, expires_at)$
-- Write the row of a new order.
--
-- @param order_number: int
-- @param public_id: uuid
-- @param customer_id: int
-- @param cart_id: int
-- @param currency: text
-- @param subtotal: money
-- @param discount_total: money
-- @param shipping_total: money
-- @param tax_total: money
-- @param tax_included_total: money
-- @param total: money
-- @param shipping_method_id: int
-- @param shipping_method_code: text
-- @param shipping_address_id: int
-- @param billing_address_id: int
-- @param email: text
-- @param actor: text
-- @param placed_at: timestamp
-- @param expires_at: timestamp
-- @returns: int
INSERT INTO orders (
    public_id,
    order_number,
    origin,
    customer_id,
    cart_id,
    currency,
    status,
    payment_status,
    fulfillment_status,
    status_actor,
    status_reason,
    status_at,
    subtotal,
    discount_total,
    shipping_total,
    tax_total,
    tax_included_total,
    total,
    shipping_method_id,
    shipping_method_code,
    shipping_address_id,
    billing_address_id,
    email,
    placed_at,
    expires_at,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :order_number,
    'live',
    :customer_id,
    :cart_id,
    :currency,
    'pending',
    'none',
    'unfulfilled',
    :actor,
    '',
    :placed_at,
    :subtotal,
    :discount_total,
    :shipping_total,
    :tax_total,
    :tax_included_total,
    :total,
    :shipping_method_id,
    :shipping_method_code,
    :shipping_address_id,
    :billing_address_id,
    :email,
    :placed_at,
    :expires_at,
    :placed_at,
    :placed_at
)
RETURNING order_id;

-- name: insert_order_allocation(order_id, position, location_id, quantity)*!
-- Write down which location sends how many units of a new order's line.
--
-- @param order_id: int
-- @param position: int
-- @param location_id: int
-- @param quantity: int
-- @returns: none
INSERT INTO order_allocations (
    order_item_id,
    location_id,
    quantity
)
SELECT
    order_item_id,
    :location_id,
    :quantity
FROM order_items
WHERE order_id = :order_id
    AND position = :position;

-- name: insert_order_item(order_id, customer_id, position, product_id, variant_id, sku, name, category_name, unit_price, quantity, amount, discount, tax_rate, tax_reason, tax, tax_included, line_total, sold_at)*!
-- Write one line of a new order; no row when its variant has another price by now or is not for sale.
--
-- @param order_id: int
-- @param customer_id: int
-- @param position: int
-- @param product_id: int
-- @param variant_id: int
-- @param sku: text
-- @param name: text
-- @param category_name: text
-- @param unit_price: money
-- @param quantity: int
-- @param amount: money
-- @param discount: money
-- @param tax_rate: rate
-- @param tax_reason: text
-- @param tax: money
-- @param tax_included: money
-- @param line_total: money
-- @param sold_at: timestamp
-- @returns: int
INSERT INTO order_items (
    order_id,
    customer_id,
    product_id,
    variant_id,
    position,
    sku,
    name,
    category_name,
    unit_price,
    quantity,
    amount,
    discount,
    tax_rate,
    tax_reason,
    tax,
    tax_included,
    line_total,
    sold_at
)
SELECT
    :order_id,
    :customer_id,
    v.product_id,
    v.variant_id,
    :position,
    :sku,
    :name,
    :category_name,
    v.price,
    :quantity,
    :amount,
    :discount,
    :tax_rate,
    :tax_reason,
    :tax,
    :tax_included,
    :line_total,
    :sold_at
FROM product_variants AS v
INNER JOIN products AS p ON p.product_id = v.product_id
WHERE v.variant_id = :variant_id
    AND v.product_id = :product_id
    AND v.price = :unit_price
    AND v.is_active
    AND p.status = 'active';

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
-- The lines of a cart at their present prices, in the order in which they were added.
--
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
    ci.quantity,
    v.is_active,
    p.status AS product_status
FROM cart_items AS ci
INNER JOIN product_variants AS v ON v.variant_id = ci.variant_id
INNER JOIN products AS p ON p.product_id = v.product_id
INNER JOIN categories AS g ON g.category_id = p.category_id
WHERE ci.cart_id = :cart_id
ORDER BY ci.cart_item_id;

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
