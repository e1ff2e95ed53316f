-- What a placed order may still change, and the history of its states.

CREATE TRIGGER orders_touch AFTER UPDATE ON orders
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE orders
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE order_id = NEW.order_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- What was agreed stays as it was: a refund or a return is a row of its own.
CREATE TRIGGER orders_frozen BEFORE UPDATE OF
public_id, order_number, origin, import_id, external_reference, customer_id, cart_id, currency, subtotal,
discount_total, shipping_total, tax_total, tax_included_total, total, placed_at, created_at ON orders
WHEN (
    OLD.public_id, OLD.order_number, OLD.origin, OLD.import_id, OLD.external_reference, OLD.customer_id, OLD.cart_id,
    OLD.currency, OLD.subtotal, OLD.discount_total, OLD.shipping_total, OLD.tax_total, OLD.tax_included_total,
    OLD.total, OLD.placed_at, OLD.created_at
) IS NOT (
    NEW.public_id, NEW.order_number, NEW.origin, NEW.import_id, NEW.external_reference, NEW.customer_id, NEW.cart_id,
    NEW.currency, NEW.subtotal, NEW.discount_total, NEW.shipping_total, NEW.tax_total, NEW.tax_included_total,
    NEW.total, NEW.placed_at, NEW.created_at
)
BEGIN
    SELECT RAISE(ABORT, 'lumia:orders_frozen');
END;

-- Only the quantities that were cancelled, shipped and returned may change.
CREATE TRIGGER order_items_frozen_update BEFORE UPDATE OF
order_item_id, order_id, customer_id, product_id, variant_id, bundle_id, position, sku, name, category_name, unit_price,
quantity, amount, discount, tax_rate, tax_reason, tax, tax_included, line_total, unit_share, odd_units, odd_share,
sold_at ON order_items
WHEN (
    OLD.order_item_id, OLD.order_id, OLD.customer_id, OLD.product_id, OLD.variant_id, OLD.bundle_id, OLD.position,
    OLD.sku, OLD.name, OLD.category_name, OLD.unit_price, OLD.quantity, OLD.amount, OLD.discount, OLD.tax_rate,
    OLD.tax_reason, OLD.tax, OLD.tax_included, OLD.line_total, OLD.unit_share, OLD.odd_units, OLD.odd_share,
    OLD.sold_at
) IS NOT (
    NEW.order_item_id, NEW.order_id, NEW.customer_id, NEW.product_id, NEW.variant_id, NEW.bundle_id, NEW.position,
    NEW.sku, NEW.name, NEW.category_name, NEW.unit_price, NEW.quantity, NEW.amount, NEW.discount, NEW.tax_rate,
    NEW.tax_reason, NEW.tax, NEW.tax_included, NEW.line_total, NEW.unit_share, NEW.odd_units, NEW.odd_share,
    NEW.sold_at
)
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_items_frozen');
END;

CREATE TRIGGER order_items_frozen_delete BEFORE DELETE ON order_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_items_frozen');
END;

-- INSERT OR REPLACE would delete the old row without a DELETE trigger.
CREATE TRIGGER order_items_frozen_replace BEFORE INSERT ON order_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_items_pkey')
    FROM order_items
    WHERE order_item_id = NEW.order_item_id;
    SELECT RAISE(ABORT, 'lumia:order_items_position_key')
    FROM order_items
    WHERE order_id = NEW.order_id
        AND position = NEW.position;
END;

-- What was promised where stays as it was; only what became of it may change.
CREATE TRIGGER order_allocations_frozen BEFORE UPDATE OF order_item_id, location_id, quantity ON order_allocations
WHEN (OLD.order_item_id, OLD.location_id, OLD.quantity) IS NOT (NEW.order_item_id, NEW.location_id, NEW.quantity)
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_allocations_frozen');
END;

-- The answer to a request is given once.
CREATE TRIGGER idempotency_keys_frozen BEFORE UPDATE OF
operation, scope, key, request_hash, result_id ON idempotency_keys
WHEN (OLD.operation, OLD.scope, OLD.key, OLD.request_hash) IS NOT (NEW.operation, NEW.scope, NEW.key, NEW.request_hash)
    OR (OLD.result_id IS NOT NULL AND NEW.result_id IS NOT OLD.result_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:idempotency_keys_frozen');
END;

-- Reads the step from the order itself, so that nobody can go round it. An imported order arrives in its last state;
-- the steps that led there are not known.
CREATE TRIGGER orders_status_insert AFTER INSERT ON orders
WHEN NEW.origin = 'live'
BEGIN
    INSERT INTO order_status_history (order_id, from_status, to_status, actor, reason, changed_at)
    VALUES (NEW.order_id, 'new', NEW.status, NEW.status_actor, NEW.status_reason, NEW.status_at);
END;

CREATE TRIGGER orders_status_update AFTER UPDATE OF status ON orders
WHEN NEW.status <> OLD.status
BEGIN
    INSERT INTO order_status_history (order_id, from_status, to_status, actor, reason, changed_at)
    VALUES (NEW.order_id, OLD.status, NEW.status, NEW.status_actor, NEW.status_reason, NEW.status_at);
END;

-- The steps of the life cycle are written by migrations; what happened once must stay legal.
CREATE TRIGGER order_status_transitions_append_only_update BEFORE UPDATE ON order_status_transitions
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_status_transitions_append_only');
END;

CREATE TRIGGER order_status_transitions_append_only_delete BEFORE DELETE ON order_status_transitions
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_status_transitions_append_only');
END;

-- The pairs' foreign key refuses the same, but SQLite does not say which key refused.
CREATE TRIGGER order_status_history_transition BEFORE INSERT ON order_status_history
WHEN NOT EXISTS (
    SELECT 1 FROM order_status_transitions WHERE from_status = NEW.from_status AND to_status = NEW.to_status
)
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_status_history_transition_fkey');
END;

-- The orders' triggers alone write here: a row leads from the last known state to the order's present one, as the order
-- tells it.
CREATE TRIGGER order_status_history_follows_order BEFORE INSERT ON order_status_history
WHEN EXISTS (
    SELECT 1
    FROM orders
    WHERE order_id = NEW.order_id
        AND (
            (status, status_actor, status_reason, status_at)
            IS NOT (NEW.to_status, NEW.actor, NEW.reason, NEW.changed_at)
            OR NEW.from_status <> coalesce(
                (
                    SELECT to_status
                    FROM order_status_history
                    WHERE order_id = NEW.order_id
                    ORDER BY order_status_history_id DESC
                    LIMIT 1
                ),
                CASE origin WHEN 'live' THEN 'new' ELSE NEW.from_status END
            )
        )
)
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_status_history_follows_order');
END;

CREATE TRIGGER order_status_history_append_only_update BEFORE UPDATE ON order_status_history
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_status_history_append_only');
END;

CREATE TRIGGER order_status_history_append_only_delete BEFORE DELETE ON order_status_history
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_status_history_append_only');
END;

-- INSERT OR REPLACE would delete the old row without a DELETE trigger.
CREATE TRIGGER order_status_history_append_only_replace BEFORE INSERT ON order_status_history
WHEN EXISTS (SELECT 1 FROM order_status_history WHERE order_status_history_id = NEW.order_status_history_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_status_history_pkey');
END;

-- Where a parcel went and to whom a bill was made out stays on record; only an erased customer's data may go.
CREATE TRIGGER addresses_used_immutable BEFORE UPDATE OF
recipient, company, line1, line2, city, region, postal_code, country_code, country_name, phone ON addresses
WHEN (
    OLD.recipient, OLD.company, OLD.line1, OLD.line2, OLD.city, OLD.region, OLD.postal_code, OLD.country_code,
    OLD.country_name, OLD.phone
) IS NOT (
    NEW.recipient, NEW.company, NEW.line1, NEW.line2, NEW.city, NEW.region, NEW.postal_code, NEW.country_code,
    NEW.country_name, NEW.phone
)
BEGIN
    SELECT RAISE(ABORT, 'lumia:addresses_used_immutable')
    FROM customers
    WHERE customer_id = OLD.customer_id
        AND erased_at IS NULL
        AND EXISTS (
            SELECT 1
            FROM orders
            WHERE customer_id = OLD.customer_id
                AND (shipping_address_id = OLD.address_id OR billing_address_id = OLD.address_id)
        );
END;
