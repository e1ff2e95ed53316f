-- What need not be paid for a line is no more than the line.

CREATE FUNCTION refuse_waived_beyond() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
DECLARE
    most money_amount;
BEGIN
    -- The lock first: what others waive meanwhile is seen by the next statement only.
    SELECT oi.line_total
    INTO most
    FROM order_items AS oi
    WHERE oi.order_item_id = NEW.order_item_id
    FOR NO KEY UPDATE;
    IF (SELECT sum(waived_amount) FROM order_item_cancellations WHERE order_item_id = NEW.order_item_id) > most THEN
        RAISE EXCEPTION 'lumia:order_item_cancellations_waived'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'order_item_cancellations_waived';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER order_item_cancellations_waived AFTER INSERT ON order_item_cancellations
FOR EACH ROW WHEN (NEW.waived_amount > 0) EXECUTE FUNCTION refuse_waived_beyond();
