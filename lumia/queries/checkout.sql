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

-- name: insert_order_item(order_id, customer_id, position, product_id, variant_id, bundle_id, sku, name, category_name, unit_price, quantity, amount, discount, tax_rate, tax_reason, tax, tax_included, line_total, unit_share, odd_units, odd_share, bundle_price, bundle_parts, part_position, part_quantity, sold_at)*!
-- Write one line of a new order; no row when its variant or its bundle has another price by now, is not for sale, or
-- the bundle is made of other things. A bundle of 0 is none.
--
-- @param order_id: int
-- @param customer_id: int
-- @param position: int
-- @param product_id: int
-- @param variant_id: int
-- @param bundle_id: int
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
-- @param unit_share: money
-- @param odd_units: int
-- @param odd_share: money
-- @param bundle_price: money
-- @param bundle_parts: int
-- @param part_position: int
-- @param part_quantity: int
-- @param sold_at: timestamp
-- @returns: int
INSERT INTO order_items (
    order_id,
    customer_id,
    product_id,
    variant_id,
    bundle_id,
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
    unit_share,
    odd_units,
    odd_share,
    sold_at
)
SELECT
    :order_id,
    :customer_id,
    v.product_id,
    v.variant_id,
    nullif(:bundle_id, 0),
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
    :unit_share,
    :odd_units,
    :odd_share,
    :sold_at
FROM product_variants AS v
INNER JOIN products AS p ON p.product_id = v.product_id
WHERE v.variant_id = :variant_id
    AND v.product_id = :product_id
    AND v.price = :unit_price
    AND v.is_active
    AND p.status = 'active'
    AND (
        :bundle_id = 0
        OR EXISTS (
            SELECT 1
            FROM bundles AS b
            INNER JOIN bundle_items AS bi
                ON bi.bundle_id = b.bundle_id
                AND bi.position = :part_position
            WHERE b.bundle_id = :bundle_id
                AND b.price = :bundle_price
                AND b.is_active
                AND bi.variant_id = :variant_id
                AND bi.quantity = :part_quantity
                AND :bundle_parts = (
                    SELECT count(*)
                    FROM bundle_items
                    WHERE bundle_id = :bundle_id
                )
        )
    );
