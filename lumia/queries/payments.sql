-- name: apply_event(payment_event_id, now)!
-- Write down that an event which waited has taken effect.
--
-- @param payment_event_id: int
-- @param now: timestamp
-- @returns: none
UPDATE payment_events
SET applied_at = :now
WHERE payment_event_id = :payment_event_id
    AND applied_at IS NULL;

-- name: get_event(provider, provider_event_id)^
-- What a provider told under a key of its own.
--
-- @param provider: text
-- @param provider_event_id: text
-- @returns: PaymentEvent
SELECT
    payment_event_id,
    payment_id,
    provider,
    provider_event_id,
    kind,
    amount,
    refund_reference,
    payload,
    occurred_at,
    applied_at,
    created_at
FROM payment_events
WHERE provider = :provider
    AND provider_event_id = :provider_event_id;

-- name: get_payment(payment_id)^
-- A payment's own row.
--
-- @param payment_id: int
-- @returns: Payment
SELECT
    payment_id,
    public_id,
    order_id,
    provider,
    provider_reference,
    method,
    card_brand,
    card_last4,
    amount,
    currency,
    status,
    capture_at,
    captured_amount,
    refunded_amount,
    created_at,
    updated_at
FROM payments
WHERE payment_id = :payment_id;

-- name: get_payment_by_reference(provider, provider_reference)^
-- The payment that a provider knows under a key of its own.
--
-- @param provider: text
-- @param provider_reference: text
-- @returns: Payment
SELECT
    payment_id,
    public_id,
    order_id,
    provider,
    provider_reference,
    method,
    card_brand,
    card_last4,
    amount,
    currency,
    status,
    capture_at,
    captured_amount,
    refunded_amount,
    created_at,
    updated_at
FROM payments
WHERE provider = :provider
    AND provider_reference = :provider_reference;

-- name: insert_events(payment_id, provider, provider_event_id, kind, amount, refund_reference, payload, occurred_at, applied_at, now)*!
-- Write down what happened to payments; the events' trigger brings each payment's row to where its events say it is.
--
-- @param payment_id: int
-- @param provider: text
-- @param provider_event_id: text
-- @param kind: enum:PaymentEventKind
-- @param amount: money?
-- @param refund_reference: text?
-- @param payload: text?
-- @param occurred_at: timestamp
-- @param applied_at: timestamp?
-- @param now: timestamp
-- @returns: none
INSERT INTO payment_events (
    payment_id,
    provider,
    provider_event_id,
    kind,
    amount,
    refund_reference,
    payload,
    occurred_at,
    applied_at,
    created_at
)
VALUES (
    :payment_id,
    :provider,
    :provider_event_id,
    :kind,
    :amount,
    :refund_reference,
    :payload,
    :occurred_at,
    :applied_at,
    :now
);

-- name: insert_payment(public_id, order_id, provider, provider_reference, method, card_brand, card_last4, amount, currency, capture_at, now)$
-- Write down that an order shall be paid; nothing of it has come in yet.
--
-- @param public_id: uuid
-- @param order_id: int
-- @param provider: text
-- @param provider_reference: text?
-- @param method: text
-- @param card_brand: text?
-- @param card_last4: text?
-- @param amount: money
-- @param currency: text
-- @param capture_at: enum:CaptureTime
-- @param now: timestamp
-- @returns: int
INSERT INTO payments (
    public_id,
    order_id,
    provider,
    provider_reference,
    method,
    card_brand,
    card_last4,
    amount,
    currency,
    status,
    capture_at,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :order_id,
    :provider,
    :provider_reference,
    :method,
    :card_brand,
    :card_last4,
    :amount,
    :currency,
    'pending',
    :capture_at,
    :now,
    :now
)
RETURNING payment_id;

-- name: list_events_of_payment(payment_id)
-- What was told about a payment, in the order of its arrival.
--
-- @all: a payment has few events
-- @param payment_id: int
-- @returns: PaymentEvent
SELECT
    payment_event_id,
    payment_id,
    provider,
    provider_event_id,
    kind,
    amount,
    refund_reference,
    payload,
    occurred_at,
    applied_at,
    created_at
FROM payment_events
WHERE payment_id = :payment_id
ORDER BY payment_event_id;

-- name: list_payments_of_order(order_id)
-- The payments of an order, oldest first.
--
-- @all: an order has few payments
-- @param order_id: int
-- @returns: Payment
SELECT
    payment_id,
    public_id,
    order_id,
    provider,
    provider_reference,
    method,
    card_brand,
    card_last4,
    amount,
    currency,
    status,
    capture_at,
    captured_amount,
    refunded_amount,
    created_at,
    updated_at
FROM payments
WHERE order_id = :order_id
ORDER BY payment_id;

-- name: list_waiting_events(payment_id)
-- The refunds' events that have not taken effect yet, in the order of their arrival.
--
-- @all: a payment has few events
-- @param payment_id: int
-- @returns: PaymentEvent
SELECT
    payment_event_id,
    payment_id,
    provider,
    provider_event_id,
    kind,
    amount,
    refund_reference,
    payload,
    occurred_at,
    applied_at,
    created_at
FROM payment_events
WHERE payment_id = :payment_id
    AND applied_at IS NULL
ORDER BY payment_event_id;

-- name: set_payment_reference(payment_id, provider_reference, now)!
-- Add the key that the provider knows a payment under; one that has a key keeps it.
--
-- @param payment_id: int
-- @param provider_reference: text
-- @param now: timestamp
-- @returns: none
UPDATE payments
SET
    provider_reference = :provider_reference,
    updated_at = :now
WHERE payment_id = :payment_id
    AND provider_reference IS NULL;
