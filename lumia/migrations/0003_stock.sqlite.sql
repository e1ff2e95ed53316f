-- Locations, inventory counters and the ledger that is their only writer.

CREATE TABLE locations (
    location_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- Orders are filled from the lowest priority number first, ties by location_id.
    priority INTEGER NOT NULL,
    is_active INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT locations_pkey PRIMARY KEY (location_id AUTOINCREMENT),
    CONSTRAINT locations_name_key UNIQUE (name),
    -- Types first, as on PostgreSQL.
    CONSTRAINT locations_is_active_type CHECK (is_active IN (0, 1)),
    CONSTRAINT locations_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT locations_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT locations_name_length CHECK (name <> '' AND substr(name, 1, 100) = name),
    CONSTRAINT locations_priority_range CHECK (priority BETWEEN 0 AND 1000000)
) STRICT;

CREATE TRIGGER locations_touch AFTER UPDATE ON locations
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE locations
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE location_id = NEW.location_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TABLE inventory (
    variant_id INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    on_hand INTEGER NOT NULL DEFAULT 0,
    allocated INTEGER NOT NULL DEFAULT 0,
    reorder_point INTEGER NOT NULL DEFAULT 0,
    backorder_limit INTEGER NOT NULL DEFAULT 0,
    -- The ledger row that wrote the counters last: a change of a counter must name the row that it comes from.
    last_movement_id INTEGER,
    -- Writing a movement's number here folds the ledger up to it into one opening row; by the end of the statement it
    -- is NULL again.
    folding_to INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT inventory_pkey PRIMARY KEY (variant_id, location_id),
    -- A row that no movement ever touched goes with its variant; the ledger's own key refuses otherwise.
    CONSTRAINT inventory_variant_id_fkey FOREIGN KEY (variant_id)
    REFERENCES product_variants (variant_id) ON DELETE CASCADE,
    CONSTRAINT inventory_location_id_fkey FOREIGN KEY (location_id)
    REFERENCES locations (location_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT inventory_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT inventory_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT inventory_on_hand_not_negative CHECK (on_hand >= 0),
    CONSTRAINT inventory_on_hand_limit CHECK (on_hand <= 1000000000),
    CONSTRAINT inventory_allocated_not_negative CHECK (allocated >= 0),
    CONSTRAINT inventory_allocated_limit CHECK (allocated <= 1000000000),
    CONSTRAINT inventory_reorder_point_range CHECK (reorder_point BETWEEN 0 AND 1000000000),
    CONSTRAINT inventory_backorder_limit_range CHECK (backorder_limit BETWEEN 0 AND 1000000000)
) STRICT, WITHOUT ROWID;

CREATE INDEX inventory_location_id_idx ON inventory (location_id);

CREATE TABLE stock_movements (
    stock_movement_id INTEGER NOT NULL,
    variant_id INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    on_hand_delta INTEGER NOT NULL,
    allocated_delta INTEGER NOT NULL,
    order_item_id INTEGER,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    moved_at TEXT NOT NULL,
    CONSTRAINT stock_movements_pkey PRIMARY KEY (stock_movement_id AUTOINCREMENT),
    CONSTRAINT stock_movements_inventory_fkey FOREIGN KEY (variant_id, location_id)
    REFERENCES inventory (variant_id, location_id) ON DELETE RESTRICT,
    CONSTRAINT stock_movements_order_item_id_fkey FOREIGN KEY (order_item_id)
    REFERENCES order_items (order_item_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT stock_movements_kind_type CHECK (
        kind IN (
            'opening', 'received', 'allocated', 'released', 'shipped', 'returned', 'adjusted', 'damaged', 'transferred'
        )
    ),
    CONSTRAINT stock_movements_moved_at_type CHECK (
        moved_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND moved_at BETWEEN '1970' AND '9999'
        AND moved_at IS date(substr(moved_at, 1, 19), '+0 days') || substr(moved_at, 11)
    ),
    CONSTRAINT stock_movements_reason_length CHECK (substr(reason, 1, 500) = reason),
    CONSTRAINT stock_movements_actor_length CHECK (actor <> '' AND substr(actor, 1, 100) = actor),
    CONSTRAINT stock_movements_deltas_range CHECK (
        on_hand_delta BETWEEN -1000000000 AND 1000000000
        AND allocated_delta BETWEEN -1000000000 AND 1000000000
    ),
    -- What each kind may do to the two counters.
    CONSTRAINT stock_movements_kind_deltas CHECK (
        CASE kind
            WHEN 'opening' THEN on_hand_delta >= 0 AND allocated_delta >= 0
            WHEN 'received' THEN on_hand_delta > 0 AND allocated_delta = 0
            WHEN 'allocated' THEN on_hand_delta = 0 AND allocated_delta > 0
            WHEN 'released' THEN on_hand_delta = 0 AND allocated_delta < 0
            WHEN 'shipped' THEN on_hand_delta < 0 AND allocated_delta = on_hand_delta
            WHEN 'returned' THEN on_hand_delta > 0 AND allocated_delta = 0
            WHEN 'adjusted' THEN on_hand_delta <> 0 AND allocated_delta = 0
            WHEN 'damaged' THEN on_hand_delta < 0 AND allocated_delta = 0
            WHEN 'transferred' THEN on_hand_delta <> 0 AND allocated_delta = 0
            ELSE FALSE
        END
    )
) STRICT;

CREATE INDEX stock_movements_inventory_idx ON stock_movements (variant_id, location_id, stock_movement_id);
CREATE INDEX stock_movements_order_item_id_idx ON stock_movements (order_item_id) WHERE order_item_id IS NOT NULL;

-- The ledger dates the row itself: updated_at is the last movement's instant.

-- A movement is the only way to change a counter, and it is applied once, in the statement that writes it. What the
-- counters cannot take is refused before they are touched: INSERT OR IGNORE would skip them and keep the movement.
CREATE TRIGGER stock_movements_apply AFTER INSERT ON stock_movements
BEGIN
    SELECT CASE
        WHEN on_hand + NEW.on_hand_delta < 0 THEN RAISE(ABORT, 'lumia:inventory_on_hand_not_negative')
        WHEN on_hand + NEW.on_hand_delta > 1000000000 THEN RAISE(ABORT, 'lumia:inventory_on_hand_limit')
        WHEN allocated + NEW.allocated_delta < 0 THEN RAISE(ABORT, 'lumia:inventory_allocated_not_negative')
        WHEN allocated + NEW.allocated_delta > 1000000000 THEN RAISE(ABORT, 'lumia:inventory_allocated_limit')
        -- Only a new promise is refused: damage found later leaves more allocated than there is, and must be recorded.
        WHEN NEW.kind = 'allocated' AND allocated + NEW.allocated_delta > on_hand + backorder_limit
            THEN RAISE(ABORT, 'lumia:inventory_enough')
    END
    FROM inventory
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id;
    UPDATE inventory
    SET
        on_hand = on_hand + NEW.on_hand_delta,
        allocated = allocated + NEW.allocated_delta,
        last_movement_id = NEW.stock_movement_id,
        updated_at = NEW.moved_at
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id;
END;

-- The folding alone passes, for it alone runs while folding_to is set.
CREATE TRIGGER stock_movements_append_only_update BEFORE UPDATE ON stock_movements
BEGIN
    SELECT RAISE(ABORT, 'lumia:stock_movements_append_only')
    WHERE NOT EXISTS (
        SELECT 1
        FROM inventory
        WHERE variant_id = OLD.variant_id
            AND location_id = OLD.location_id
            AND folding_to >= OLD.stock_movement_id
    );
END;

CREATE TRIGGER stock_movements_append_only_delete BEFORE DELETE ON stock_movements
BEGIN
    SELECT RAISE(ABORT, 'lumia:stock_movements_append_only')
    WHERE NOT EXISTS (
        SELECT 1
        FROM inventory
        WHERE variant_id = OLD.variant_id
            AND location_id = OLD.location_id
            AND folding_to >= OLD.stock_movement_id
    );
END;

-- INSERT OR REPLACE would delete the old row without a DELETE trigger.
CREATE TRIGGER stock_movements_append_only_replace BEFORE INSERT ON stock_movements
WHEN EXISTS (SELECT 1 FROM stock_movements WHERE stock_movement_id = NEW.stock_movement_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:stock_movements_pkey');
END;

CREATE TRIGGER inventory_starts_empty BEFORE INSERT ON inventory
WHEN NEW.on_hand <> 0 OR NEW.allocated <> 0 OR NEW.last_movement_id IS NOT NULL OR NEW.folding_to IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'lumia:inventory_starts_empty');
END;

-- A movement with a later number than the last one and with this very change is the one being written: every earlier
-- one was applied when it was written, naming it again is a replay.
CREATE TRIGGER inventory_ledger_only BEFORE UPDATE OF on_hand, allocated, last_movement_id ON inventory
WHEN (NEW.on_hand, NEW.allocated, NEW.last_movement_id) IS NOT (OLD.on_hand, OLD.allocated, OLD.last_movement_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:inventory_ledger_only')
    WHERE coalesce(NEW.last_movement_id <= OLD.last_movement_id, NEW.last_movement_id IS NULL)
        OR NOT EXISTS (
            SELECT 1
            FROM stock_movements
            WHERE stock_movement_id = NEW.last_movement_id
                AND variant_id = NEW.variant_id
                AND location_id = NEW.location_id
                AND on_hand_delta = NEW.on_hand - OLD.on_hand
                AND allocated_delta = NEW.allocated - OLD.allocated
        );
END;

-- The ledger dates the row itself: updated_at is the last movement's instant.
CREATE TRIGGER inventory_touch AFTER UPDATE ON inventory
WHEN NEW.updated_at = OLD.updated_at
    AND NEW.last_movement_id IS OLD.last_movement_id
    AND NEW.folding_to IS OLD.folding_to
BEGIN
    UPDATE inventory
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE variant_id = NEW.variant_id
        AND location_id = NEW.location_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;
