-- name: delete_account_tokens(customer_id)!
-- Delete the tokens that were mailed to a person.
--
-- @param customer_id: int
-- @returns: none
DELETE FROM account_tokens
WHERE customer_id = :customer_id;

-- name: delete_credentials(customer_id)!
-- Delete a person's password.
--
-- @param customer_id: int
-- @returns: none
DELETE FROM credentials
WHERE customer_id = :customer_id;

-- name: delete_guest_carts(email, email_key)!
-- Delete the carts that somebody left under this address, however it was spelt, and that became no order.
--
-- @scan: an erasure is rare, and an index of addresses would slow every guest's cart
-- @param email: text
-- @param email_key: text
-- @returns: none
DELETE FROM carts
WHERE (guest_email_key = :email_key OR guest_email = :email)
    AND status <> 'converted';

-- name: delete_keys(customer_id)!
-- Delete the idempotency keys of a person and of their orders: a client chose their text.
--
-- @scan: an erasure is rare, and keys are kept for a while only
-- @param customer_id: int
-- @returns: none
DELETE FROM idempotency_keys
WHERE scope = 'customer:' || CAST(:customer_id AS text)
    OR scope IN (
        SELECT 'order:' || CAST(o.order_id AS text) FROM orders AS o WHERE o.customer_id = :customer_id
    )
    OR scope IN (
        SELECT 'cart:' || CAST(o.cart_id AS text) FROM orders AS o WHERE o.customer_id = :customer_id
    )
    OR scope IN (
        SELECT 'payment:' || CAST(p.payment_id AS text)
        FROM payments AS p
        INNER JOIN orders AS o ON o.order_id = p.order_id
        WHERE o.customer_id = :customer_id
    );

-- name: delete_open_carts(customer_id)!
-- Delete a person's carts that became no order.
--
-- @param customer_id: int
-- @returns: none
DELETE FROM carts
WHERE customer_id = :customer_id
    AND status <> 'converted';

-- name: delete_sessions(customer_id)!
-- Delete a person's sessions.
--
-- @param customer_id: int
-- @returns: none
DELETE FROM sessions
WHERE customer_id = :customer_id;

-- name: delete_wishlists(customer_id)!
-- Delete a person's wishlists with what is on them.
--
-- @param customer_id: int
-- @returns: none
DELETE FROM wishlists
WHERE customer_id = :customer_id;

-- name: erase_acts(customer_id)!
-- Take a customer's name from what they did themselves.
--
-- @param customer_id: int
-- @returns: none
UPDATE audit_log
SET actor = 'erased'
WHERE actor_customer_id = :customer_id
    AND actor <> 'erased';

-- name: erase_addresses(customer_id, now)!
-- Overwrite a person's addresses but for the country, which taxes and reports go by.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: none
UPDATE addresses
SET
    recipient = 'erased',
    company = NULL,
    line1 = 'erased',
    line2 = NULL,
    city = 'erased',
    region = '',
    postal_code = '',
    phone = NULL,
    is_default_shipping = FALSE,
    is_default_billing = FALSE,
    archived_at = coalesce(archived_at, :now),
    updated_at = :now
WHERE customer_id = :customer_id;

-- name: erase_cancellations(customer_id)!
-- Empty the reasons of what a person cancelled.
--
-- @param customer_id: int
-- @returns: none
UPDATE order_item_cancellations
SET reason = ''
WHERE reason <> ''
    AND order_item_id IN (
        SELECT i.order_item_id
        FROM order_items AS i
        INNER JOIN orders AS o ON o.order_id = i.order_id
        WHERE o.customer_id = :customer_id
    );

-- name: erase_carts(customer_id)!
-- Empty the address that a guest gave, of the carts that orders came of.
--
-- @param customer_id: int
-- @returns: none
UPDATE carts
SET
    guest_email = NULL,
    guest_email_key = NULL
WHERE (guest_email IS NOT NULL OR guest_email_key IS NOT NULL)
    AND cart_id IN (
        SELECT k.cart_id FROM carts AS k WHERE k.customer_id = :customer_id
        UNION
        SELECT o.cart_id FROM orders AS o WHERE o.customer_id = :customer_id
    );

-- name: erase_customer(customer_id, email, now)!
-- Overwrite a person's profile; gives the key, and when it was first done.
--
-- @param customer_id: int
-- @param email: text
-- @param now: timestamp
-- @returns: none
UPDATE customers
SET
    email = :email,
    email_key = :email,
    first_name = '',
    last_name = '',
    phone = NULL,
    external_reference = NULL,
    is_active = FALSE,
    is_verified = FALSE,
    erased_at = coalesce(erased_at, :now),
    updated_at = :now
WHERE customer_id = :customer_id;

-- name: erase_order_steps(customer_id)!
-- Empty the reasons of the steps of a person's orders.
--
-- @param customer_id: int
-- @returns: none
UPDATE order_status_history
SET reason = ''
WHERE reason <> ''
    AND order_id IN (SELECT o.order_id FROM orders AS o WHERE o.customer_id = :customer_id);

-- name: erase_orders(customer_id, email, now)!
-- Overwrite the address of a person's orders, and the reason of their last step.
--
-- @param customer_id: int
-- @param email: text
-- @param now: timestamp
-- @returns: none
UPDATE orders
SET
    email = :email,
    status_reason = '',
    updated_at = :now
WHERE customer_id = :customer_id
    AND (email <> :email OR status_reason <> '');

-- name: erase_payment_events(customer_id)!
-- Empty what providers told about a person's payments beside the amounts.
--
-- @param customer_id: int
-- @returns: none
UPDATE payment_events
SET payload = NULL
WHERE payload IS NOT NULL
    AND payment_id IN (
        SELECT p.payment_id
        FROM payments AS p
        INNER JOIN orders AS o ON o.order_id = p.order_id
        WHERE o.customer_id = :customer_id
    );

-- name: erase_payments(customer_id, now)!
-- Empty the cards of a person's payments.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: none
UPDATE payments
SET
    card_brand = NULL,
    card_last4 = NULL,
    updated_at = :now
WHERE (card_brand IS NOT NULL OR card_last4 IS NOT NULL)
    AND order_id IN (SELECT o.order_id FROM orders AS o WHERE o.customer_id = :customer_id);

-- name: erase_redemptions(customer_id)!
-- Empty the address under which a person used coupons.
--
-- @param customer_id: int
-- @returns: none
UPDATE coupon_redemptions
SET email_key = NULL
WHERE email_key IS NOT NULL
    AND order_id IN (SELECT o.order_id FROM orders AS o WHERE o.customer_id = :customer_id);

-- name: erase_refunds(customer_id, now)!
-- Empty the reasons of a person's refunds.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: none
UPDATE refunds
SET
    reason = '',
    updated_at = :now
WHERE reason <> ''
    AND payment_id IN (
        SELECT p.payment_id
        FROM payments AS p
        INNER JOIN orders AS o ON o.order_id = p.order_id
        WHERE o.customer_id = :customer_id
    );

-- name: erase_return_notes(customer_id)!
-- Empty what the shop wrote down about a person's returns.
--
-- @param customer_id: int
-- @returns: none
UPDATE returns
SET note = ''
WHERE note <> ''
    AND order_id IN (SELECT o.order_id FROM orders AS o WHERE o.customer_id = :customer_id);

-- name: erase_return_reasons(customer_id)!
-- Empty why a person sent things back.
--
-- @param customer_id: int
-- @returns: none
UPDATE returns
SET reason = ''
WHERE reason <> ''
    AND order_id IN (SELECT o.order_id FROM orders AS o WHERE o.customer_id = :customer_id);

-- name: erase_reviews(customer_id, now)!
-- Empty the texts of a person's reviews; the ratings stay.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: none
UPDATE reviews
SET
    title = '',
    body = '',
    moderation_note = '',
    version = version + 1,
    updated_at = :now
WHERE customer_id = :customer_id
    AND (title <> '' OR body <> '' OR moderation_note <> '');

-- name: erase_shipments(customer_id, now)!
-- Empty the numbers under which carriers tell of a person's parcels.
--
-- @param customer_id: int
-- @param now: timestamp
-- @returns: none
UPDATE shipments
SET
    tracking_number = NULL,
    updated_at = :now
WHERE tracking_number IS NOT NULL
    AND order_id IN (SELECT o.order_id FROM orders AS o WHERE o.customer_id = :customer_id);

-- name: list_open_orders(customer_id)
-- The keys of a person's orders that are under way: not delivered, cancelled or refunded, or being returned.
--
-- @all: the orders of one person that are under way
-- @param customer_id: int
-- @returns: int
SELECT o.order_id
FROM orders AS o
WHERE o.customer_id = :customer_id
    AND o.origin = 'live'
    AND (
        o.status IN ('pending', 'paid', 'shipped')
        OR EXISTS (
            SELECT 1
            FROM returns AS r
            WHERE r.order_id = o.order_id
                AND r.status IN ('requested', 'approved')
        )
    )
ORDER BY o.order_id;
