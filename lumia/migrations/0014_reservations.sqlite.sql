-- Stock on hold for carts.

-- A row is written once and never changes: reserving anew replaces it.
CREATE TABLE reservations (
    cart_id INTEGER NOT NULL,
    variant_id INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    -- From this instant on the row counts for nothing, whether or not it was swept away.
    expires_at TEXT NOT NULL,
    CONSTRAINT reservations_pkey PRIMARY KEY (cart_id, variant_id, location_id),
    CONSTRAINT reservations_cart_id_fkey FOREIGN KEY (cart_id)
    REFERENCES carts (cart_id) ON DELETE CASCADE,
    CONSTRAINT reservations_inventory_fkey FOREIGN KEY (variant_id, location_id)
    REFERENCES inventory (variant_id, location_id) ON DELETE CASCADE,
    -- Types first, as on PostgreSQL.
    CONSTRAINT reservations_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT reservations_expires_at_type CHECK (
        expires_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND expires_at BETWEEN '1970' AND '9999'
        AND expires_at IS date(substr(expires_at, 1, 19), '+0 days') || substr(expires_at, 11)
    ),
    CONSTRAINT reservations_quantity_range CHECK (quantity BETWEEN 1 AND 1000000)
) STRICT, WITHOUT ROWID;

CREATE INDEX reservations_inventory_idx ON reservations (variant_id, location_id, expires_at);
CREATE INDEX reservations_expires_at_idx ON reservations (expires_at);

CREATE TRIGGER reservations_frozen BEFORE UPDATE ON reservations
BEGIN
    SELECT RAISE(ABORT, 'lumia:reservations_frozen');
END;

CREATE TRIGGER reservations_enough AFTER INSERT ON reservations
BEGIN
    SELECT RAISE(ABORT, 'lumia:reservations_enough')
    FROM inventory
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id
        AND on_hand - allocated + backorder_limit < (
            SELECT sum(quantity)
            FROM reservations
            WHERE variant_id = NEW.variant_id
                AND location_id = NEW.location_id
                AND expires_at > NEW.created_at
        );
END;

-- As before, and what is on hold at the movement's own instant cannot be promised: an order drops its cart's holds first.
DROP TRIGGER stock_movements_apply;

CREATE TRIGGER stock_movements_apply AFTER INSERT ON stock_movements
BEGIN
    SELECT CASE
        WHEN on_hand + NEW.on_hand_delta < 0 THEN RAISE(ABORT, 'lumia:inventory_on_hand_not_negative')
        WHEN on_hand + NEW.on_hand_delta > 1000000000 THEN RAISE(ABORT, 'lumia:inventory_on_hand_limit')
        WHEN allocated + NEW.allocated_delta < 0 THEN RAISE(ABORT, 'lumia:inventory_allocated_not_negative')
        WHEN allocated + NEW.allocated_delta > 1000000000 THEN RAISE(ABORT, 'lumia:inventory_allocated_limit')
        -- Only a new promise is refused: damage found later leaves more allocated than there is, and must be recorded.
        WHEN NEW.kind = 'allocated' AND on_hand - allocated - NEW.allocated_delta + backorder_limit < reserved
            THEN RAISE(ABORT, 'lumia:inventory_enough')
    END
    FROM (
        SELECT
            i.on_hand,
            i.allocated,
            i.backorder_limit,
            (
                SELECT coalesce(sum(r.quantity), 0)
                FROM reservations AS r
                WHERE r.variant_id = i.variant_id
                    AND r.location_id = i.location_id
                    AND r.expires_at > NEW.moved_at
            ) AS reserved
        FROM inventory AS i
        WHERE i.variant_id = NEW.variant_id
            AND i.location_id = NEW.location_id
    );
    UPDATE inventory
    SET
        on_hand = on_hand + NEW.on_hand_delta,
        allocated = allocated + NEW.allocated_delta,
        last_movement_id = NEW.stock_movement_id,
        updated_at = NEW.moved_at
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id;
END;

-- Those who look for abandoned carts read the open ones, not every cart that ever was.
CREATE INDEX carts_active_idx ON carts (cart_id) WHERE status = 'active';
