-- Stock on hold for carts.

-- A row is written once and never changes: reserving anew replaces it.
CREATE TABLE reservations (
    cart_id bigint NOT NULL,
    variant_id bigint NOT NULL,
    location_id bigint NOT NULL,
    quantity bigint NOT NULL,
    created_at utc_timestamp NOT NULL,
    -- From this instant on the row counts for nothing, whether or not it was swept away.
    expires_at utc_timestamp NOT NULL,
    CONSTRAINT reservations_pkey PRIMARY KEY (cart_id, variant_id, location_id),
    CONSTRAINT reservations_cart_id_fkey FOREIGN KEY (cart_id)
    REFERENCES carts (cart_id) ON DELETE CASCADE,
    CONSTRAINT reservations_inventory_fkey FOREIGN KEY (variant_id, location_id)
    REFERENCES inventory (variant_id, location_id) ON DELETE CASCADE,
    CONSTRAINT reservations_quantity_range CHECK (quantity BETWEEN 1 AND 1000000)
);

CREATE INDEX reservations_inventory_idx ON reservations (variant_id, location_id, expires_at);
CREATE INDEX reservations_expires_at_idx ON reservations (expires_at);

CREATE TRIGGER reservations_frozen BEFORE UPDATE ON reservations
FOR EACH ROW EXECUTE FUNCTION refuse_write('reservations_frozen');

CREATE FUNCTION refuse_overreservation() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
DECLARE
    room bigint;
BEGIN
    -- The lock first: what others put on hold before it was given is seen by the next statement only. A write, though
    -- nothing changes: whoever reads an older moment, at REPEATABLE READ, is turned away instead of promising it twice.
    UPDATE inventory
    SET backorder_limit = backorder_limit
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id
    RETURNING on_hand - allocated + backorder_limit INTO room;
    IF room < (
        SELECT sum(quantity)
        FROM reservations
        WHERE variant_id = NEW.variant_id
            AND location_id = NEW.location_id
            AND expires_at > NEW.created_at
    ) THEN
        RAISE EXCEPTION 'lumia:reservations_enough'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'reservations_enough';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER reservations_enough AFTER INSERT ON reservations
FOR EACH ROW EXECUTE FUNCTION refuse_overreservation();

-- As before, and what is on hold at the movement's own instant cannot be promised: an order drops its cart's holds first.
CREATE OR REPLACE FUNCTION apply_stock_movement() RETURNS trigger
LANGUAGE plpgsql
SECURITY INVOKER
SET search_path FROM CURRENT
AS $$
DECLARE
    room bigint;
BEGIN
    UPDATE inventory
    SET
        on_hand = on_hand + NEW.on_hand_delta,
        allocated = allocated + NEW.allocated_delta,
        last_movement_id = NEW.stock_movement_id,
        updated_at = NEW.moved_at
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id
    RETURNING on_hand - allocated + backorder_limit INTO room;
    -- Only a new promise is refused: damage found later leaves more allocated than there is, and must be recorded.
    IF NEW.kind = 'allocated' AND room < (
        SELECT coalesce(sum(quantity), 0)
        FROM reservations
        WHERE variant_id = NEW.variant_id
            AND location_id = NEW.location_id
            AND expires_at > NEW.moved_at
    ) THEN
        RAISE EXCEPTION 'lumia:inventory_enough'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'inventory_enough';
    END IF;
    RETURN NULL;
END
$$;

-- Those who look for abandoned carts read the open ones, not every cart that ever was.
CREATE INDEX carts_active_idx ON carts (cart_id) WHERE status = 'active';
