-- What retention may take away.

-- The movements that can be folded into a balance: those of no order, or of one that came to its end.
CREATE VIEW stock_movements_foldable AS
SELECT
    m.stock_movement_id,
    m.variant_id,
    m.location_id,
    m.on_hand_delta,
    m.allocated_delta,
    m.moved_at
FROM stock_movements AS m
WHERE m.order_item_id IS NULL
    OR EXISTS (
        SELECT 1
        FROM order_items AS i
        INNER JOIN orders AS o ON o.order_id = i.order_id
        WHERE i.order_item_id = m.order_item_id
            AND o.status IN ('delivered', 'cancelled', 'refunded')
    );

-- What a stock row's movements up to a number come to is kept in the last of them, and the others go: the balance stays
-- to the unit. Movements of an order that goes on stay as they are. The stock row is locked by the statement itself, so
-- that no movement of it is under way; which ones go is decided once, for an order may end meanwhile.
CREATE FUNCTION fold_stock_movements() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
DECLARE
    folded bigint[];
    on_hand_sum bigint;
    allocated_sum bigint;
    last_moved_at utc_timestamp;
BEGIN
    SELECT
        array_agg(f.stock_movement_id ORDER BY f.stock_movement_id),
        sum(f.on_hand_delta),
        sum(f.allocated_delta),
        max(f.moved_at)
    INTO folded, on_hand_sum, allocated_sum, last_moved_at
    FROM stock_movements_foldable AS f
    WHERE f.variant_id = NEW.variant_id
        AND f.location_id = NEW.location_id
        AND f.stock_movement_id <= NEW.folding_to;
    UPDATE stock_movements
    SET
        kind = 'opening',
        order_item_id = NULL,
        actor = 'retention',
        reason = 'balance of ' || CAST(cardinality(folded) AS text) || ' movements',
        on_hand_delta = on_hand_sum,
        allocated_delta = allocated_sum,
        moved_at = last_moved_at
    WHERE stock_movement_id = folded[cardinality(folded)];
    DELETE FROM stock_movements
    WHERE stock_movement_id = ANY(folded)
        AND stock_movement_id <> folded[cardinality(folded)];
    UPDATE inventory
    SET folding_to = NULL
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER inventory_fold AFTER UPDATE OF folding_to ON inventory
FOR EACH ROW WHEN (NEW.folding_to IS NOT NULL) EXECUTE FUNCTION fold_stock_movements();
