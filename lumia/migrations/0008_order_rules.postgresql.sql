-- What a placed order may still change, and the history of its states.

CREATE TRIGGER orders_touch BEFORE UPDATE ON orders
FOR EACH ROW WHEN (NEW.updated_at = OLD.updated_at) EXECUTE FUNCTION touch_updated_at();

-- What was agreed stays as it was: a refund or a return is a row of its own.
CREATE TRIGGER orders_frozen BEFORE UPDATE OF
public_id, order_number, origin, import_id, external_reference, customer_id, cart_id, currency, subtotal,
discount_total, shipping_total, tax_total, tax_included_total, total, placed_at, created_at ON orders
FOR EACH ROW WHEN (
    (
        OLD.public_id, OLD.order_number, OLD.origin, OLD.import_id, OLD.external_reference, OLD.customer_id,
        OLD.cart_id, OLD.currency, OLD.subtotal, OLD.discount_total, OLD.shipping_total, OLD.tax_total,
        OLD.tax_included_total, OLD.total, OLD.placed_at, OLD.created_at
    ) IS DISTINCT FROM (
        NEW.public_id, NEW.order_number, NEW.origin, NEW.import_id, NEW.external_reference, NEW.customer_id,
        NEW.cart_id, NEW.currency, NEW.subtotal, NEW.discount_total, NEW.shipping_total, NEW.tax_total,
        NEW.tax_included_total, NEW.total, NEW.placed_at, NEW.created_at
    )
) EXECUTE FUNCTION refuse_write('orders_frozen');

-- Only the quantities that were cancelled, shipped and returned may change.
CREATE TRIGGER order_items_frozen_update BEFORE UPDATE OF
order_item_id, order_id, customer_id, product_id, variant_id, bundle_id, position, sku, name, category_name, unit_price,
quantity, amount, discount, tax_rate, tax_reason, tax, tax_included, line_total, unit_share, odd_units, odd_share,
sold_at ON order_items
FOR EACH ROW WHEN (
    (
        OLD.order_item_id, OLD.order_id, OLD.customer_id, OLD.product_id, OLD.variant_id, OLD.bundle_id,
        OLD.position, OLD.sku, OLD.name, OLD.category_name, OLD.unit_price, OLD.quantity, OLD.amount, OLD.discount,
        OLD.tax_rate, OLD.tax_reason, OLD.tax, OLD.tax_included, OLD.line_total, OLD.unit_share, OLD.odd_units,
        OLD.odd_share, OLD.sold_at
    ) IS DISTINCT FROM (
        NEW.order_item_id, NEW.order_id, NEW.customer_id, NEW.product_id, NEW.variant_id, NEW.bundle_id,
        NEW.position, NEW.sku, NEW.name, NEW.category_name, NEW.unit_price, NEW.quantity, NEW.amount, NEW.discount,
        NEW.tax_rate, NEW.tax_reason, NEW.tax, NEW.tax_included, NEW.line_total, NEW.unit_share, NEW.odd_units,
        NEW.odd_share, NEW.sold_at
    )
) EXECUTE FUNCTION refuse_write('order_items_frozen');
CREATE TRIGGER order_items_frozen_delete BEFORE DELETE ON order_items
FOR EACH ROW EXECUTE FUNCTION refuse_write('order_items_frozen');

-- What was promised where stays as it was; only what became of it may change.
CREATE TRIGGER order_allocations_frozen BEFORE UPDATE OF order_item_id, location_id, quantity ON order_allocations
FOR EACH ROW WHEN (
    (OLD.order_item_id, OLD.location_id, OLD.quantity)
    IS DISTINCT FROM (NEW.order_item_id, NEW.location_id, NEW.quantity)
) EXECUTE FUNCTION refuse_write('order_allocations_frozen');

-- The answer to a request is given once.
CREATE TRIGGER idempotency_keys_frozen BEFORE UPDATE OF
operation, scope, key, request_hash, result_id ON idempotency_keys
FOR EACH ROW WHEN (
    (OLD.operation, OLD.scope, OLD.key, OLD.request_hash)
    IS DISTINCT FROM (NEW.operation, NEW.scope, NEW.key, NEW.request_hash)
    OR (OLD.result_id IS NOT NULL AND NEW.result_id IS DISTINCT FROM OLD.result_id)
) EXECUTE FUNCTION refuse_write('idempotency_keys_frozen');

-- Reads the step from the order itself, so that nobody can go round it; the pairs' foreign key refuses an illegal one.
CREATE FUNCTION write_order_status_history() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
BEGIN
    INSERT INTO order_status_history (order_id, from_status, to_status, actor, reason, changed_at)
    VALUES (
        NEW.order_id,
        CAST(CASE TG_OP WHEN 'INSERT' THEN 'new' ELSE CAST(OLD.status AS text) END AS order_status_from),
        NEW.status,
        NEW.status_actor,
        NEW.status_reason,
        NEW.status_at
    );
    RETURN NULL;
END
$$;

-- An imported order arrives in its last state; the steps that led there are not known.
CREATE TRIGGER orders_status_insert AFTER INSERT ON orders
FOR EACH ROW WHEN (NEW.origin = 'live') EXECUTE FUNCTION write_order_status_history();
CREATE TRIGGER orders_status_update AFTER UPDATE OF status ON orders
FOR EACH ROW WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION write_order_status_history();

-- The steps of the life cycle are written by migrations; what happened once must stay legal.
CREATE TRIGGER order_status_transitions_append_only_update BEFORE UPDATE ON order_status_transitions
FOR EACH ROW EXECUTE FUNCTION refuse_write('order_status_transitions_append_only');
CREATE TRIGGER order_status_transitions_append_only_delete BEFORE DELETE ON order_status_transitions
FOR EACH ROW EXECUTE FUNCTION refuse_write('order_status_transitions_append_only');

-- Depth 0 is a statement of a client: the orders' triggers alone write here.
CREATE TRIGGER order_status_history_follows_order BEFORE INSERT ON order_status_history
FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_write('order_status_history_follows_order');
CREATE TRIGGER order_status_history_append_only_update BEFORE UPDATE ON order_status_history
FOR EACH ROW EXECUTE FUNCTION refuse_write('order_status_history_append_only');
CREATE TRIGGER order_status_history_append_only_delete BEFORE DELETE ON order_status_history
FOR EACH ROW EXECUTE FUNCTION refuse_write('order_status_history_append_only');
CREATE TRIGGER order_status_history_append_only_truncate BEFORE TRUNCATE ON order_status_history
FOR EACH STATEMENT EXECUTE FUNCTION refuse_write('order_status_history_append_only');

-- Where a parcel went and to whom a bill was made out stays on record; only an erased customer's data may go.
CREATE FUNCTION refuse_used_address_change() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM orders
        WHERE customer_id = OLD.customer_id
            AND (shipping_address_id = OLD.address_id OR billing_address_id = OLD.address_id)
    ) AND NOT EXISTS (
        SELECT 1 FROM customers WHERE customer_id = OLD.customer_id AND erased_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'lumia:addresses_used_immutable'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'addresses_used_immutable';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER addresses_used_immutable BEFORE UPDATE OF
recipient, company, line1, line2, city, region, postal_code, country_code, country_name, phone ON addresses
FOR EACH ROW WHEN (
    (
        OLD.recipient, OLD.company, OLD.line1, OLD.line2, OLD.city, OLD.region, OLD.postal_code, OLD.country_code,
        OLD.country_name, OLD.phone
    ) IS DISTINCT FROM (
        NEW.recipient, NEW.company, NEW.line1, NEW.line2, NEW.city, NEW.region, NEW.postal_code, NEW.country_code,
        NEW.country_name, NEW.phone
    )
) EXECUTE FUNCTION refuse_used_address_change();
