-- A unit is waived or refunded once.

-- How many units of each line are settled: waived before they were paid for, or refunded and not failed.
CREATE VIEW settled_units AS
SELECT
    oi.order_item_id,
    oi.quantity,
    coalesce((
        SELECT CAST(sum(c.quantity) AS bigint)
        FROM order_item_cancellations AS c
        WHERE c.order_item_id = oi.order_item_id
            AND c.waived_amount > 0
    ), 0) + coalesce((
        SELECT CAST(sum(s.quantity) AS bigint)
        FROM refund_items AS s
        INNER JOIN refunds AS r ON r.refund_id = s.refund_id
        WHERE s.order_item_id = oi.order_item_id
            AND r.status <> 'failed'
    ), 0) AS settled
FROM order_items AS oi;

CREATE FUNCTION refuse_settled_units() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
BEGIN
    -- The lock first: what others settle meanwhile is seen by the next statement only.
    PERFORM 1 FROM order_items WHERE order_item_id = NEW.order_item_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM settled_units WHERE order_item_id = NEW.order_item_id AND settled > quantity) THEN
        RAISE EXCEPTION 'lumia:refund_items_units'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_items_units';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER refund_items_units AFTER INSERT ON refund_items
FOR EACH ROW WHEN (NEW.quantity > 0) EXECUTE FUNCTION refuse_settled_units();
CREATE TRIGGER order_item_cancellations_units AFTER INSERT ON order_item_cancellations
FOR EACH ROW WHEN (NEW.waived_amount > 0) EXECUTE FUNCTION refuse_settled_units();

CREATE FUNCTION refuse_settled_units_of_refund() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
BEGIN
    PERFORM 1
    FROM order_items
    WHERE order_item_id IN (SELECT s.order_item_id FROM refund_items AS s WHERE s.refund_id = NEW.refund_id)
    ORDER BY order_item_id
    FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1
        FROM refund_items AS s
        INNER JOIN settled_units AS u ON u.order_item_id = s.order_item_id
        WHERE s.refund_id = NEW.refund_id
            AND u.settled > u.quantity
    ) THEN
        RAISE EXCEPTION 'lumia:refund_items_units'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'refund_items_units';
    END IF;
    RETURN NULL;
END
$$;

-- What failed and succeeds after all counts again.
CREATE TRIGGER refunds_units AFTER UPDATE OF status ON refunds
FOR EACH ROW WHEN (OLD.status = 'failed' AND NEW.status <> 'failed') EXECUTE FUNCTION refuse_settled_units_of_refund();
