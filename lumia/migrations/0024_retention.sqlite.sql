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
-- to the unit. Movements of an order that goes on stay as they are.
CREATE TRIGGER inventory_fold AFTER UPDATE OF folding_to ON inventory
WHEN NEW.folding_to IS NOT NULL
BEGIN
    UPDATE stock_movements
    SET
        kind = 'opening',
        order_item_id = NULL,
        actor = 'retention',
        (reason, on_hand_delta, allocated_delta, moved_at) = (
            SELECT
                'balance of ' || CAST(count(*) AS TEXT) || ' movements',
                sum(f.on_hand_delta),
                sum(f.allocated_delta),
                max(f.moved_at)
            FROM stock_movements_foldable AS f
            WHERE f.variant_id = NEW.variant_id
                AND f.location_id = NEW.location_id
                AND f.stock_movement_id <= NEW.folding_to
        )
    WHERE stock_movement_id = (
        SELECT max(f.stock_movement_id)
        FROM stock_movements_foldable AS f
        WHERE f.variant_id = NEW.variant_id
            AND f.location_id = NEW.location_id
            AND f.stock_movement_id <= NEW.folding_to
    );
    -- The row of the balance belongs to no order, so that it is the last of those that can be folded still.
    DELETE FROM stock_movements
    WHERE stock_movement_id IN (
        SELECT f.stock_movement_id
        FROM stock_movements_foldable AS f
        WHERE f.variant_id = NEW.variant_id
            AND f.location_id = NEW.location_id
            AND f.stock_movement_id < (
                SELECT max(l.stock_movement_id)
                FROM stock_movements_foldable AS l
                WHERE l.variant_id = NEW.variant_id
                    AND l.location_id = NEW.location_id
                    AND l.stock_movement_id <= NEW.folding_to
            )
    );
    UPDATE inventory
    SET folding_to = NULL
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id;
END;
