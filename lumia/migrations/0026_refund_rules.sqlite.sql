-- The rules of refunds: what of them stays, which steps they take, and that they count in their payment.

-- The reason stays open to erasure: a person wrote it.
CREATE TRIGGER refunds_frozen BEFORE UPDATE OF
refund_id, public_id, payment_id, provider_reference, amount, actor, created_at ON refunds
WHEN (OLD.refund_id, OLD.public_id, OLD.payment_id, OLD.amount, OLD.actor, OLD.created_at)
    IS NOT (NEW.refund_id, NEW.public_id, NEW.payment_id, NEW.amount, NEW.actor, NEW.created_at)
    OR (OLD.provider_reference IS NOT NULL AND NEW.provider_reference IS NOT OLD.provider_reference)
BEGIN
    SELECT RAISE(ABORT, 'lumia:refunds_frozen');
END;

CREATE TRIGGER refunds_frozen_delete BEFORE DELETE ON refunds
BEGIN
    SELECT RAISE(ABORT, 'lumia:refunds_frozen');
END;

CREATE TRIGGER refunds_frozen_replace BEFORE INSERT ON refunds
BEGIN
    SELECT RAISE(ABORT, 'lumia:refunds_pkey')
    FROM refunds
    WHERE refund_id = NEW.refund_id;
    SELECT RAISE(ABORT, 'lumia:refunds_public_id_key')
    FROM refunds
    WHERE public_id = NEW.public_id;
    SELECT RAISE(ABORT, 'lumia:refunds_provider_reference_key')
    FROM refunds
    WHERE payment_id = NEW.payment_id
        AND provider_reference = NEW.provider_reference;
END;

-- Money that went back weighs more than a failure, and nothing becomes open again.
CREATE TRIGGER refunds_steps BEFORE UPDATE OF status ON refunds
WHEN OLD.status <> NEW.status AND (OLD.status = 'succeeded' OR NEW.status = 'pending')
BEGIN
    SELECT RAISE(ABORT, 'lumia:refunds_steps');
END;

CREATE TRIGGER refunds_count_insert AFTER INSERT ON refunds
WHEN NEW.status <> 'failed'
BEGIN
    -- Refused here: a conflict clause of the statement would go round the CHECK.
    SELECT RAISE(ABORT, 'lumia:payments_refunded_within')
    FROM payments
    WHERE payment_id = NEW.payment_id
        AND refunded_amount + NEW.amount > captured_amount;
    UPDATE payments
    SET
        refunded_amount = refunded_amount + NEW.amount,
        updated_at = max(updated_at, NEW.updated_at)
    WHERE payment_id = NEW.payment_id;
END;

CREATE TRIGGER refunds_count_update AFTER UPDATE OF status ON refunds
WHEN (OLD.status = 'failed') <> (NEW.status = 'failed')
BEGIN
    SELECT RAISE(ABORT, 'lumia:payments_refunded_within')
    FROM payments
    WHERE payment_id = NEW.payment_id
        AND NEW.status <> 'failed'
        AND refunded_amount + NEW.amount > captured_amount;
    UPDATE payments
    SET
        refunded_amount = refunded_amount + CASE NEW.status WHEN 'failed' THEN -NEW.amount ELSE NEW.amount END,
        updated_at = max(updated_at, NEW.updated_at)
    WHERE payment_id = NEW.payment_id;
END;

-- A refund's lines are its order's, and no more than the refund itself.
CREATE TRIGGER refund_items_fit AFTER INSERT ON refund_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:refund_items_fit')
    FROM refunds AS r
    INNER JOIN payments AS p ON r.payment_id = p.payment_id
    INNER JOIN order_items AS i ON i.order_item_id = NEW.order_item_id
    WHERE r.refund_id = NEW.refund_id
        AND (
            i.order_id <> p.order_id
            OR r.amount < (SELECT sum(s.amount) FROM refund_items AS s WHERE s.refund_id = r.refund_id)
        );
END;

CREATE TRIGGER refund_items_append_only_update BEFORE UPDATE ON refund_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:refund_items_append_only');
END;

CREATE TRIGGER refund_items_append_only_delete BEFORE DELETE ON refund_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:refund_items_append_only');
END;

CREATE TRIGGER refund_items_append_only_replace BEFORE INSERT ON refund_items
WHEN EXISTS (SELECT 1 FROM refund_items WHERE refund_id = NEW.refund_id AND order_item_id = NEW.order_item_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:refund_items_pkey');
END;
