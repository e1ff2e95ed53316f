-- The rules of refunds: what of them stays, which steps they take, and that they count in their payment.

-- The reason stays open to erasure: a person wrote it.
CREATE TRIGGER refunds_frozen BEFORE UPDATE OF
refund_id, public_id, payment_id, provider_reference, amount, actor, created_at ON refunds
FOR EACH ROW WHEN (
    (OLD.refund_id, OLD.public_id, OLD.payment_id, OLD.amount, OLD.actor, OLD.created_at)
    IS DISTINCT FROM (NEW.refund_id, NEW.public_id, NEW.payment_id, NEW.amount, NEW.actor, NEW.created_at)
    OR (OLD.provider_reference IS NOT NULL AND NEW.provider_reference IS DISTINCT FROM OLD.provider_reference)
) EXECUTE FUNCTION refuse_write('refunds_frozen');
CREATE TRIGGER refunds_frozen_delete BEFORE DELETE ON refunds
FOR EACH ROW EXECUTE FUNCTION refuse_write('refunds_frozen');

-- Money that went back weighs more than a failure, and nothing becomes open again.
CREATE TRIGGER refunds_steps BEFORE UPDATE OF status ON refunds
FOR EACH ROW WHEN (OLD.status <> NEW.status AND (OLD.status = 'succeeded' OR NEW.status = 'pending'))
EXECUTE FUNCTION refuse_write('refunds_steps');

-- Adds to what the row holds when its lock is given; the payment's CHECK then refuses more than was captured.
CREATE FUNCTION count_refund() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
BEGIN
    UPDATE payments
    SET
        refunded_amount = refunded_amount + CASE NEW.status WHEN 'failed' THEN -NEW.amount ELSE NEW.amount END,
        updated_at = greatest(updated_at, NEW.updated_at)
    WHERE payment_id = NEW.payment_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER refunds_count_insert AFTER INSERT ON refunds
FOR EACH ROW WHEN (NEW.status <> 'failed') EXECUTE FUNCTION count_refund();
CREATE TRIGGER refunds_count_update AFTER UPDATE OF status ON refunds
FOR EACH ROW WHEN ((OLD.status = 'failed') <> (NEW.status = 'failed')) EXECUTE FUNCTION count_refund();

-- A refund's lines are its order's, and no more than the refund itself.
CREATE FUNCTION refuse_foreign_refund_item() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
BEGIN
    -- The lock first: lines that others add to this refund meanwhile are seen by the next statement only.
    PERFORM 1 FROM refunds WHERE refund_id = NEW.refund_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1
        FROM refunds AS r
        INNER JOIN payments AS p ON r.payment_id = p.payment_id
        INNER JOIN order_items AS i ON i.order_item_id = NEW.order_item_id
        WHERE r.refund_id = NEW.refund_id
            AND (
                i.order_id <> p.order_id
                OR r.amount < (SELECT sum(s.amount) FROM refund_items AS s WHERE s.refund_id = r.refund_id)
            )
    ) THEN
        RAISE EXCEPTION 'lumia:refund_items_fit'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_items_fit';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER refund_items_fit AFTER INSERT ON refund_items
FOR EACH ROW EXECUTE FUNCTION refuse_foreign_refund_item();

CREATE TRIGGER refund_items_append_only_update BEFORE UPDATE ON refund_items
FOR EACH ROW EXECUTE FUNCTION refuse_write('refund_items_append_only');
CREATE TRIGGER refund_items_append_only_delete BEFORE DELETE ON refund_items
FOR EACH ROW EXECUTE FUNCTION refuse_write('refund_items_append_only');
CREATE TRIGGER refund_items_append_only_truncate BEFORE TRUNCATE ON refund_items
FOR EACH STATEMENT EXECUTE FUNCTION refuse_write('refund_items_append_only');
