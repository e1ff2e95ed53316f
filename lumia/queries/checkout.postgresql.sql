-- name: next_order_number()$
-- The number of the next order.
--
-- @differs: a sequence, so that checkouts do not wait for each other; a rolled back order leaves a gap
-- @returns: int
SELECT nextval('order_number_seq') AS order_number;

-- name: place_order_at_once(cart_id, version, idempotency_key_id, currency, prices_include_tax, shipping_method_id, shipping_method_code, shipping_price, shipping_free_from, public_id, customer_id, shipping_address_id, billing_address_id, email, subtotal, discount_total, shipping_total, tax_total, tax_included_total, total, placed_at, expires_at, actor, event_kind, event_subject, event_payload, line_position, line_product_id, line_variant_id, line_bundle_id, line_sku, line_name, line_category_name, line_unit_price, line_quantity, line_amount, line_discount, line_tax_rate, line_tax_reason, line_tax, line_tax_included, line_line_total, line_unit_share, line_odd_units, line_odd_share, line_bundle_price, line_bundle_parts, line_part_position, line_part_quantity, fill_position, fill_variant_id, fill_location_id, fill_quantity)$
-- The guarded write of a checkout in one statement: everything is written, or nothing and no value comes back.
-- It runs after lock_stock_of_cart: only a statement that begins with the locks held sees what others committed.
--
-- @only postgresql: a CTE cannot write on SQLite, where the same steps run one by one
-- @param cart_id: int
-- @param version: int
-- @param idempotency_key_id: int
-- @param currency: text
-- @param prices_include_tax: bool
-- @param shipping_method_id: int
-- @param shipping_method_code: text
-- @param shipping_price: money
-- @param shipping_free_from: money?
-- @param public_id: uuid
-- @param customer_id: int
-- @param shipping_address_id: int
-- @param billing_address_id: int
-- @param email: text
-- @param subtotal: money
-- @param discount_total: money
-- @param shipping_total: money
-- @param tax_total: money
-- @param tax_included_total: money
-- @param total: money
-- @param placed_at: timestamp
-- @param expires_at: timestamp
-- @param actor: text
-- @param event_kind: text
-- @param event_subject: text
-- @param event_payload: text
-- @param line_position: int[]
-- @param line_product_id: int[]
-- @param line_variant_id: int[]
-- @param line_bundle_id: int[]
-- @param line_sku: text[]
-- @param line_name: text[]
-- @param line_category_name: text[]
-- @param line_unit_price: money[]
-- @param line_quantity: int[]
-- @param line_amount: money[]
-- @param line_discount: money[]
-- @param line_tax_rate: rate[]
-- @param line_tax_reason: text[]
-- @param line_tax: money[]
-- @param line_tax_included: money[]
-- @param line_line_total: money[]
-- @param line_unit_share: money[]
-- @param line_odd_units: int[]
-- @param line_odd_share: money[]
-- @param line_bundle_price: money[]
-- @param line_bundle_parts: int[]
-- @param line_part_position: int[]
-- @param line_part_quantity: int[]
-- @param fill_position: int[]
-- @param fill_variant_id: int[]
-- @param fill_location_id: int[]
-- @param fill_quantity: int[]
-- @returns: int?
WITH line AS (
    SELECT
        unnest(:line_position) AS position,
        unnest(:line_product_id) AS product_id,
        unnest(:line_variant_id) AS variant_id,
        unnest(:line_bundle_id) AS bundle_id,
        unnest(:line_sku) AS sku,
        unnest(:line_name) AS name,
        unnest(:line_category_name) AS category_name,
        unnest(:line_unit_price) AS unit_price,
        unnest(:line_quantity) AS quantity,
        unnest(:line_amount) AS amount,
        unnest(:line_discount) AS discount,
        unnest(:line_tax_rate) AS tax_rate,
        unnest(:line_tax_reason) AS tax_reason,
        unnest(:line_tax) AS tax,
        unnest(:line_tax_included) AS tax_included,
        unnest(:line_line_total) AS line_total,
        unnest(:line_unit_share) AS unit_share,
        unnest(:line_odd_units) AS odd_units,
        unnest(:line_odd_share) AS odd_share,
        unnest(:line_bundle_price) AS bundle_price,
        unnest(:line_bundle_parts) AS bundle_parts,
        unnest(:line_part_position) AS part_position,
        unnest(:line_part_quantity) AS part_quantity
),

fill AS (
    SELECT
        unnest(:fill_position) AS position,
        unnest(:fill_variant_id) AS variant_id,
        unnest(:fill_location_id) AS location_id,
        unnest(:fill_quantity) AS quantity
),

changed_line AS (
    SELECT line.position
    FROM line
    LEFT JOIN product_variants AS v ON v.variant_id = line.variant_id
    LEFT JOIN products AS p ON p.product_id = v.product_id
    WHERE (v.price = line.unit_price AND v.is_active AND p.status = 'active') IS NOT TRUE
),

-- A part of a bundle that has another price, or is made of other things.
changed_part AS (
    SELECT line.position
    FROM line
    LEFT JOIN bundles AS b ON b.bundle_id = line.bundle_id
    LEFT JOIN bundle_items AS bi
        ON bi.bundle_id = line.bundle_id
        AND bi.position = line.part_position
    WHERE line.bundle_id > 0
        AND (
            b.price = line.bundle_price
            AND b.is_active
            AND bi.variant_id = line.variant_id
            AND bi.quantity = line.part_quantity
            AND line.bundle_parts = (
                SELECT count(*)
                FROM bundle_items
                WHERE bundle_id = line.bundle_id
            )
        ) IS NOT TRUE
),

need AS (
    SELECT
        variant_id,
        location_id,
        sum(quantity) AS quantity
    FROM fill
    GROUP BY GROUPING SETS ((variant_id, location_id), (variant_id))
),

-- A stock row that cannot promise its share, or a variant of which all active locations together cannot.
short_stock AS (
    SELECT need.variant_id
    FROM need
    WHERE need.quantity > (
        SELECT coalesce(sum(s.available - (
            SELECT coalesce(sum(r.quantity), 0)
            FROM reservations AS r
            WHERE r.variant_id = s.variant_id
                AND r.location_id = s.location_id
                AND r.expires_at > :placed_at
                AND r.cart_id <> :cart_id
        )), 0)
        FROM sellable_stock AS s
        WHERE s.variant_id = need.variant_id
            AND (need.location_id IS NULL OR s.location_id = need.location_id)
    )
),

-- Everything below hangs on this row: a cart, price, setting or stock row that changed leaves nothing to write.
converted_cart AS (
    UPDATE carts
    SET
        status = 'converted',
        updated_at = :placed_at
    WHERE cart_id = :cart_id
        AND status = 'active'
        AND version = :version
        AND currency = :currency
        AND NOT EXISTS (SELECT 1 FROM changed_line)
        AND NOT EXISTS (SELECT 1 FROM changed_part)
        AND NOT EXISTS (SELECT 1 FROM short_stock)
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
        )
    RETURNING cart_id
),

-- Before the ledger's trigger looks, at the end of the statement: one's own hold never blocks.
dropped_hold AS (
    DELETE FROM reservations
    WHERE cart_id IN (SELECT cart_id FROM converted_cart)
),

new_order AS (
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
    SELECT
        :public_id,
        nextval('order_number_seq'),
        'live',
        :customer_id,
        cart_id,
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
    FROM converted_cart
    RETURNING order_id
),

new_item AS (
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
        new_order.order_id,
        :customer_id,
        line.product_id,
        line.variant_id,
        nullif(line.bundle_id, 0),
        line.position,
        line.sku,
        line.name,
        line.category_name,
        line.unit_price,
        line.quantity,
        line.amount,
        line.discount,
        line.tax_rate,
        line.tax_reason,
        line.tax,
        line.tax_included,
        line.line_total,
        line.unit_share,
        line.odd_units,
        line.odd_share,
        :placed_at
    FROM new_order
    CROSS JOIN line
    ORDER BY line.position
    RETURNING
        order_item_id,
        position
),

new_allocation AS (
    INSERT INTO order_allocations (
        order_item_id,
        location_id,
        quantity
    )
    SELECT
        new_item.order_item_id,
        fill.location_id,
        fill.quantity
    FROM new_item
    INNER JOIN fill ON fill.position = new_item.position
),

-- In ascending key order: the ledger's trigger updates the counters row by row.
new_movement AS (
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
        fill.variant_id,
        fill.location_id,
        'allocated',
        0,
        fill.quantity,
        new_item.order_item_id,
        'order placed',
        :actor,
        :placed_at
    FROM new_item
    INNER JOIN fill ON fill.position = new_item.position
    ORDER BY
        fill.variant_id,
        fill.location_id,
        fill.position
),

new_event AS (
    INSERT INTO outbox (
        kind,
        subject,
        payload,
        created_at
    )
    SELECT
        :event_kind,
        :event_subject,
        :event_payload,
        :placed_at
    FROM new_order
),

answer AS (
    UPDATE idempotency_keys
    SET result_id = new_order.order_id
    FROM new_order
    WHERE idempotency_key_id = :idempotency_key_id
)

SELECT order_id
FROM new_order;
