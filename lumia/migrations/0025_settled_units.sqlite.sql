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

CREATE TRIGGER refund_items_units AFTER INSERT ON refund_items
WHEN NEW.quantity > 0
BEGIN
    SELECT RAISE(ABORT, 'lumia:refund_items_units')
    FROM settled_units
    WHERE order_item_id = NEW.order_item_id
        AND settled > quantity;
END;

CREATE TRIGGER order_item_cancellations_units AFTER INSERT ON order_item_cancellations
WHEN NEW.waived_amount > 0
BEGIN
    SELECT RAISE(ABORT, 'lumia:refund_items_units')
    FROM settled_units
    WHERE order_item_id = NEW.order_item_id
        AND settled > quantity;
END;

-- What failed and succeeds after all counts again.
CREATE TRIGGER refunds_units AFTER UPDATE OF status ON refunds
WHEN OLD.status = 'failed' AND NEW.status <> 'failed'
BEGIN
    SELECT RAISE(ABORT, 'lumia:refund_items_units')
    FROM refund_items AS s
    INNER JOIN settled_units AS u ON u.order_item_id = s.order_item_id
    WHERE s.refund_id = NEW.refund_id
        AND u.settled > u.quantity;
END;
