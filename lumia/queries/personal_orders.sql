-- name: list_cancellations(customer_id)
-- What was taken off a person's orders, and why.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedCancellation
SELECT
    i.order_id,
    i.position,
    k.quantity,
    k.reason,
    k.cancelled_at
FROM order_item_cancellations AS k
INNER JOIN order_items AS i ON i.order_item_id = k.order_item_id
INNER JOIN orders AS o ON o.order_id = i.order_id
WHERE o.customer_id = :customer_id
ORDER BY k.order_item_cancellation_id;

-- name: list_order_items(customer_id)
-- The lines of a person's orders.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedOrderItem
SELECT
    order_id,
    position,
    sku,
    name,
    category_name,
    unit_price,
    quantity,
    amount,
    discount,
    tax_rate,
    tax,
    tax_included,
    line_total,
    cancelled_quantity,
    shipped_quantity,
    returned_quantity,
    sold_at
FROM order_items
WHERE order_id IN (SELECT o.order_id FROM orders AS o WHERE o.customer_id = :customer_id)
ORDER BY order_id, position;

-- name: list_order_steps(customer_id)
-- The steps of a person's orders.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedOrderStep
SELECT
    h.order_id,
    h.to_status,
    h.reason,
    h.changed_at
FROM order_status_history AS h
INNER JOIN orders AS o ON o.order_id = h.order_id
WHERE o.customer_id = :customer_id
ORDER BY h.order_status_history_id;

-- name: list_orders(customer_id)
-- A person's orders.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedOrder
SELECT
    order_id,
    public_id,
    order_number,
    invoice_number,
    external_reference,
    email,
    status,
    payment_status,
    fulfillment_status,
    status_reason,
    currency,
    subtotal,
    discount_total,
    shipping_total,
    tax_total,
    tax_included_total,
    total,
    shipping_method_code,
    shipping_address_id,
    billing_address_id,
    placed_at
FROM orders
WHERE customer_id = :customer_id
ORDER BY order_id;

-- name: list_payment_events(customer_id)
-- What providers told about a person's payments.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedPaymentEvent
SELECT
    p.order_id,
    e.provider,
    e.kind,
    e.amount,
    e.payload,
    e.occurred_at
FROM payment_events AS e
INNER JOIN payments AS p ON p.payment_id = e.payment_id
INNER JOIN orders AS o ON o.order_id = p.order_id
WHERE o.customer_id = :customer_id
ORDER BY e.payment_event_id;

-- name: list_payments(customer_id)
-- A person's payments; of a card no more than its last four digits.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedPayment
SELECT
    p.order_id,
    p.public_id,
    p.provider,
    p.method,
    p.card_brand,
    p.card_last4,
    p.amount,
    p.currency,
    p.status,
    p.captured_amount,
    p.refunded_amount,
    p.created_at
FROM payments AS p
INNER JOIN orders AS o ON o.order_id = p.order_id
WHERE o.customer_id = :customer_id
ORDER BY p.payment_id;

-- name: list_redemptions(customer_id)
-- The coupons that a person used.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedRedemption
SELECT
    r.order_id,
    c.code,
    r.email_key,
    r.amount,
    r.redeemed_at,
    r.freed_at
FROM coupon_redemptions AS r
INNER JOIN orders AS o ON o.order_id = r.order_id
INNER JOIN coupons AS c ON c.coupon_id = r.coupon_id
WHERE o.customer_id = :customer_id
ORDER BY r.coupon_redemption_id;

-- name: list_refunds(customer_id)
-- What was given back to a person.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedRefund
SELECT
    p.order_id,
    r.public_id,
    r.amount,
    r.status,
    r.reason,
    r.created_at
FROM refunds AS r
INNER JOIN payments AS p ON p.payment_id = r.payment_id
INNER JOIN orders AS o ON o.order_id = p.order_id
WHERE o.customer_id = :customer_id
ORDER BY r.refund_id;

-- name: list_return_items(customer_id)
-- The units that a person sent back.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedReturnItem
SELECT
    r.return_id,
    i.position,
    t.quantity,
    t.accepted_quantity,
    t.damaged_quantity
FROM return_items AS t
INNER JOIN returns AS r ON r.return_id = t.return_id
INNER JOIN orders AS o ON o.order_id = r.order_id
INNER JOIN order_items AS i ON i.order_item_id = t.order_item_id
WHERE o.customer_id = :customer_id
ORDER BY r.return_id, i.position, t.order_item_id;

-- name: list_returns(customer_id)
-- What a person sends back.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedReturn
SELECT
    r.return_id,
    r.order_id,
    r.public_id,
    r.status,
    r.reason,
    r.note,
    r.created_at
FROM returns AS r
INNER JOIN orders AS o ON o.order_id = r.order_id
WHERE o.customer_id = :customer_id
ORDER BY r.return_id;

-- name: list_shipments(customer_id)
-- What was sent to a person.
--
-- @all: the whole of one person's data is what is asked for
-- @param customer_id: int
-- @returns: ExportedShipment
SELECT
    s.order_id,
    s.public_id,
    s.carrier,
    s.tracking_number,
    s.shipped_at,
    s.delivered_at
FROM shipments AS s
INNER JOIN orders AS o ON o.order_id = s.order_id
WHERE o.customer_id = :customer_id
ORDER BY s.shipment_id;
