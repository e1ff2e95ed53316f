-- What need not be paid for a line is no more than the line.

CREATE TRIGGER order_item_cancellations_waived AFTER INSERT ON order_item_cancellations
WHEN NEW.waived_amount > 0
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_item_cancellations_waived')
    FROM order_items AS oi
    WHERE oi.order_item_id = NEW.order_item_id
        AND oi.line_total < (
            SELECT sum(c.waived_amount) FROM order_item_cancellations AS c WHERE c.order_item_id = oi.order_item_id
        );
END;
