-- name: advance_order(order_id, status, payment_status, fulfillment_status, is_covered, actor, reason, now)*!
-- Write where an order stands; who did it, why and when go with a step of its status.
--
-- @param order_id: int
-- @param status: enum:OrderStatus
-- @param payment_status: enum:PaymentStatus
-- @param fulfillment_status: enum:FulfillmentStatus
-- @param is_covered: bool
-- @param actor: text
-- @param reason: text
-- @param now: timestamp
-- @returns: none
UPDATE orders
SET
    status_actor = CASE WHEN status = :status THEN status_actor ELSE :actor END,
    status_reason = CASE WHEN status = :status THEN status_reason ELSE :reason END,
    status_at = CASE WHEN status = :status THEN status_at ELSE :now END,
    paid_at = CASE WHEN status = 'pending' AND :status = 'paid' THEN :now ELSE paid_at END,
    expires_at = CASE WHEN status = 'pending' AND :is_covered THEN NULL ELSE expires_at END,
    status = :status,
    payment_status = :payment_status,
    fulfillment_status = :fulfillment_status,
    version = version + 1,
    updated_at = :now
WHERE order_id = :order_id;

-- name: cancel_order(order_id, actor, reason, now)^
-- Cancel an order that this transaction has locked and may be cancelled.
--
-- @param order_id: int
-- @param actor: text
-- @param reason: text
-- @param now: timestamp
-- @returns: LockedOrder
UPDATE orders
SET
    status = 'cancelled',
    status_actor = :actor,
    status_reason = :reason,
    status_at = :now,
    expires_at = NULL,
    version = version + 1,
    updated_at = :now
WHERE order_id = :order_id
RETURNING
    order_id,
    public_id,
    customer_id,
    currency,
    origin,
    status,
    payment_status,
    fulfillment_status,
    total,
    expires_at,
    version;

-- name: expire_order(order_id, actor, reason, now)*!
-- Cancel an order that was not paid in time; no row when it was paid or cancelled meanwhile.
--
-- @param order_id: int
-- @param actor: text
-- @param reason: text
-- @param now: timestamp
-- @returns: int
UPDATE orders
SET
    status = 'cancelled',
    status_actor = :actor,
    status_reason = :reason,
    status_at = :now,
    expires_at = NULL,
    version = version + 1,
    updated_at = :now
WHERE order_id = :order_id
    AND status = 'pending'
    AND expires_at <= :now
    AND payment_status IN ('none', 'authorized', 'refunded', 'voided');

-- name: get_order(order_id)^
-- An order's own row.
--
-- @param order_id: int
-- @returns: OrderHead
SELECT
    order_id,
    public_id,
    order_number,
    invoice_number,
    origin,
    external_reference,
    customer_id,
    cart_id,
    currency,
    status,
    payment_status,
    fulfillment_status,
    subtotal,
    discount_total,
    shipping_total,
    tax_total,
    tax_included_total,
    total,
    shipping_method_code,
    shipping_address_id,
    billing_address_id,
    email,
    placed_at,
    expires_at,
    version
FROM orders
WHERE order_id = :order_id;

-- name: get_order_id_by_number(order_number)$
-- The key of the order with a number.
--
-- @param order_number: int
-- @returns: int?
SELECT order_id
FROM orders
WHERE order_number = :order_number;

-- name: get_order_id_by_public_id(public_id)$
-- The key of the order with a public id.
--
-- @param public_id: uuid
-- @returns: int?
SELECT order_id
FROM orders
WHERE public_id = :public_id;

-- name: list_order_addresses(order_id)
-- The one or two addresses of an order.
--
-- @param order_id: int
-- @returns: Address
SELECT
    a.address_id,
    a.customer_id,
    a.recipient,
    a.company,
    a.line1,
    a.line2,
    a.city,
    a.region,
    a.postal_code,
    a.country_code,
    a.country_name,
    a.phone,
    a.is_default_shipping,
    a.is_default_billing,
    a.archived_at,
    a.created_at,
    a.updated_at
FROM orders AS o
INNER JOIN addresses AS a ON a.address_id IN (o.shipping_address_id, o.billing_address_id)
WHERE o.order_id = :order_id
ORDER BY a.address_id;

-- name: list_order_allocations(order_id)
-- Which location sends how many units of each line of an order.
--
-- @param order_id: int
-- @returns: OrderAllocation
SELECT
    oa.order_item_id,
    oa.location_id,
    oa.quantity,
    oa.released_quantity,
    oa.shipped_quantity
FROM order_items AS oi
INNER JOIN order_allocations AS oa ON oa.order_item_id = oi.order_item_id
WHERE oi.order_id = :order_id
ORDER BY
    oa.order_item_id,
    oa.location_id;

-- name: list_order_history(order_id)
-- The steps of an order's life, oldest first.
--
-- @param order_id: int
-- @returns: OrderStep
SELECT
    order_status_history_id,
    from_status,
    to_status,
    actor,
    reason,
    changed_at
FROM order_status_history
WHERE order_id = :order_id
ORDER BY order_status_history_id;

-- name: list_order_items(order_id)
-- The lines of an order.
--
-- @param order_id: int
-- @returns: OrderItem
SELECT
    order_item_id,
    order_id,
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
    cancelled_quantity,
    shipped_quantity,
    returned_quantity,
    sold_at
FROM order_items
WHERE order_id = :order_id
ORDER BY position;

-- name: list_orders(customer_id, status, payment_status, placed_from, placed_to, after_placed_at, after_total, after_id, max_rows)
-- One page of orders, by time or by total.
--
-- @scan: a status alone is read along the time until the page is full, and an index on totals would slow checkouts
-- @param customer_id: int
-- @param status: enum:OrderStatus
-- @param payment_status: enum:PaymentStatus
-- @param placed_from: timestamp
-- @param placed_to: timestamp
-- @param after_placed_at: timestamp
-- @param after_total: money
-- @param after_id: int
-- @param max_rows: int
-- @returns: OrderSummary
SELECT
    order_id,
    public_id,
    order_number,
    customer_id,
    status,
    payment_status,
    fulfillment_status,
    currency,
    total,
    placed_at
FROM orders
WHERE TRUE
    AND customer_id = :customer_id --@if customer_id
    AND status = :status --@if status
    AND payment_status = :payment_status --@if payment_status
    AND placed_at >= :placed_from --@if placed_from
    AND placed_at < :placed_to --@if placed_to
    AND (placed_at, order_id) < (:after_placed_at, :after_id) --@if after_placed_at, after_id for -placed_at
    AND (placed_at, order_id) > (:after_placed_at, :after_id) --@if after_placed_at, after_id for placed_at
    AND (total, order_id) < (:after_total, :after_id) --@if after_total, after_id for -total
    AND (total, order_id) > (:after_total, :after_id) --@if after_total, after_id for total
ORDER BY placed_at DESC, order_id DESC --@order -placed_at|placed_at|-total|total
LIMIT :max_rows;

-- name: list_orders_of_customer(customer_id, before_id, max_rows)
-- One page of a customer's orders, newest first.
--
-- @param customer_id: int
-- @param before_id: int
-- @param max_rows: int
-- @returns: OrderSummary
SELECT
    order_id,
    public_id,
    order_number,
    customer_id,
    status,
    payment_status,
    fulfillment_status,
    currency,
    total,
    placed_at
FROM orders
WHERE customer_id = :customer_id
    AND order_id < :before_id
ORDER BY order_id DESC
LIMIT :max_rows;

-- name: pay_free_order(order_id, actor, now)!
-- Mark an order that costs nothing as paid.
--
-- @param order_id: int
-- @param actor: text
-- @param now: timestamp
-- @returns: none
UPDATE orders
SET
    status = 'paid',
    payment_status = 'paid',
    status_actor = :actor,
    status_reason = 'nothing to pay',
    status_at = :now,
    expires_at = NULL,
    paid_at = :now,
    version = version + 1,
    updated_at = :now
WHERE order_id = :order_id
    AND status = 'pending'
    AND total = 0;
