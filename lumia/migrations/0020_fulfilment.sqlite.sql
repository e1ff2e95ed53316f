-- What becomes of an order: cancelled units, shipments, returns and invoices, and where it stands as a whole.

-- Units of a line that will not be sent, each time that some were taken back.
CREATE TABLE order_item_cancellations (
    order_item_cancellation_id INTEGER NOT NULL,
    order_item_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    -- What need not be paid for them; zero where a refund was recorded instead, or the whole order was cancelled.
    waived_amount INTEGER NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    cancelled_at TEXT NOT NULL,
    CONSTRAINT order_item_cancellations_pkey PRIMARY KEY (order_item_cancellation_id AUTOINCREMENT),
    CONSTRAINT order_item_cancellations_order_item_id_fkey FOREIGN KEY (order_item_id)
    REFERENCES order_items (order_item_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT order_item_cancellations_waived_amount_type CHECK (
        waived_amount BETWEEN -999999999999999 AND 999999999999999
    ),
    CONSTRAINT order_item_cancellations_cancelled_at_type CHECK (
        cancelled_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND cancelled_at BETWEEN '1970' AND '9999'
        AND cancelled_at IS date(substr(cancelled_at, 1, 19), '+0 days') || substr(cancelled_at, 11)
    ),
    CONSTRAINT order_item_cancellations_quantity_range CHECK (quantity BETWEEN 1 AND 1000000),
    CONSTRAINT order_item_cancellations_waived_amount_range CHECK (waived_amount >= 0),
    CONSTRAINT order_item_cancellations_actor_length CHECK (actor <> '' AND substr(actor, 1, 100) = actor),
    CONSTRAINT order_item_cancellations_reason_length CHECK (substr(reason, 1, 500) = reason)
) STRICT;

CREATE INDEX order_item_cancellations_order_item_id_idx ON order_item_cancellations (order_item_id);

-- What left one location in one go.
CREATE TABLE shipments (
    shipment_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    order_id INTEGER NOT NULL,
    location_id INTEGER NOT NULL,
    carrier TEXT NOT NULL,
    tracking_number TEXT,
    shipped_at TEXT NOT NULL,
    delivered_at TEXT,
    -- Who sent it.
    actor TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT shipments_pkey PRIMARY KEY (shipment_id AUTOINCREMENT),
    CONSTRAINT shipments_public_id_key UNIQUE (public_id),
    CONSTRAINT shipments_order_id_fkey FOREIGN KEY (order_id)
    REFERENCES orders (order_id) ON DELETE RESTRICT,
    CONSTRAINT shipments_location_id_fkey FOREIGN KEY (location_id)
    REFERENCES locations (location_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT shipments_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT shipments_shipped_at_type CHECK (
        shipped_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND shipped_at BETWEEN '1970' AND '9999'
        AND shipped_at IS date(substr(shipped_at, 1, 19), '+0 days') || substr(shipped_at, 11)
    ),
    CONSTRAINT shipments_delivered_at_type CHECK (
        delivered_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z'
        AND delivered_at BETWEEN '1970' AND '9999'
        AND delivered_at IS date(substr(delivered_at, 1, 19), '+0 days') || substr(delivered_at, 11)
    ),
    CONSTRAINT shipments_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT shipments_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT shipments_carrier_length CHECK (carrier <> '' AND substr(carrier, 1, 100) = carrier),
    CONSTRAINT shipments_tracking_number_length CHECK (
        tracking_number <> '' AND substr(tracking_number, 1, 100) = tracking_number
    ),
    CONSTRAINT shipments_actor_length CHECK (actor <> '' AND substr(actor, 1, 100) = actor),
    CONSTRAINT shipments_delivered_later CHECK (delivered_at >= shipped_at)
) STRICT;

CREATE INDEX shipments_order_id_idx ON shipments (order_id);
CREATE INDEX shipments_location_id_idx ON shipments (location_id);

CREATE TABLE shipment_items (
    shipment_id INTEGER NOT NULL,
    order_item_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    CONSTRAINT shipment_items_pkey PRIMARY KEY (shipment_id, order_item_id),
    CONSTRAINT shipment_items_shipment_id_fkey FOREIGN KEY (shipment_id)
    REFERENCES shipments (shipment_id) ON DELETE RESTRICT,
    CONSTRAINT shipment_items_order_item_id_fkey FOREIGN KEY (order_item_id)
    REFERENCES order_items (order_item_id) ON DELETE RESTRICT,
    CONSTRAINT shipment_items_quantity_range CHECK (quantity BETWEEN 1 AND 1000000)
) STRICT, WITHOUT ROWID;

CREATE INDEX shipment_items_order_item_id_idx ON shipment_items (order_item_id);

-- What a customer sends back.
CREATE TABLE returns (
    return_id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    order_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    -- Why the customer sends it back.
    reason TEXT NOT NULL,
    -- Who made the step to the present status, and why.
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    -- Where it came in.
    location_id INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CONSTRAINT returns_pkey PRIMARY KEY (return_id AUTOINCREMENT),
    CONSTRAINT returns_public_id_key UNIQUE (public_id),
    CONSTRAINT returns_order_id_fkey FOREIGN KEY (order_id)
    REFERENCES orders (order_id) ON DELETE RESTRICT,
    CONSTRAINT returns_location_id_fkey FOREIGN KEY (location_id)
    REFERENCES locations (location_id) ON DELETE RESTRICT,
    -- Types first, as on PostgreSQL.
    CONSTRAINT returns_public_id_type CHECK (
        public_id GLOB '????????-????-????-????-????????????'
        AND public_id NOT GLOB '*[^-0-9a-f]*' AND substr(public_id, 1, 36) = public_id
        AND length(replace(public_id, '-', '')) = 32
    ),
    CONSTRAINT returns_status_type CHECK (status IN ('requested', 'approved', 'rejected', 'received')),
    CONSTRAINT returns_created_at_type CHECK (
        created_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND created_at BETWEEN '1970' AND '9999'
        AND created_at IS date(substr(created_at, 1, 19), '+0 days') || substr(created_at, 11)
    ),
    CONSTRAINT returns_updated_at_type CHECK (
        updated_at GLOB '????-??-??T??:??:??.[0-9][0-9][0-9][0-9][0-9][0-9]Z' AND updated_at BETWEEN '1970' AND '9999'
        AND updated_at IS date(substr(updated_at, 1, 19), '+0 days') || substr(updated_at, 11)
    ),
    CONSTRAINT returns_reason_length CHECK (substr(reason, 1, 500) = reason),
    CONSTRAINT returns_actor_length CHECK (actor <> '' AND substr(actor, 1, 100) = actor),
    CONSTRAINT returns_note_length CHECK (substr(note, 1, 500) = note),
    CONSTRAINT returns_received_somewhere CHECK ((status = 'received') = (location_id IS NOT NULL))
) STRICT;

CREATE INDEX returns_order_id_idx ON returns (order_id);
CREATE INDEX returns_location_id_idx ON returns (location_id) WHERE location_id IS NOT NULL;

CREATE TABLE return_items (
    return_id INTEGER NOT NULL,
    order_item_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    -- What came in: fit to be sold again, and not.
    accepted_quantity INTEGER NOT NULL DEFAULT 0,
    damaged_quantity INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT return_items_pkey PRIMARY KEY (return_id, order_item_id),
    CONSTRAINT return_items_return_id_fkey FOREIGN KEY (return_id)
    REFERENCES returns (return_id) ON DELETE RESTRICT,
    CONSTRAINT return_items_order_item_id_fkey FOREIGN KEY (order_item_id)
    REFERENCES order_items (order_item_id) ON DELETE RESTRICT,
    CONSTRAINT return_items_quantity_range CHECK (quantity BETWEEN 1 AND 1000000),
    CONSTRAINT return_items_received_fits CHECK (
        accepted_quantity >= 0 AND damaged_quantity >= 0 AND accepted_quantity + damaged_quantity <= quantity
    )
) STRICT, WITHOUT ROWID;

CREATE INDEX return_items_order_item_id_idx ON return_items (order_item_id);

-- One row: its lock is what keeps two invoices from one number, and a number from being left out.
CREATE TABLE invoice_counters (
    invoice_counter_id INTEGER NOT NULL,
    last_number INTEGER NOT NULL,
    CONSTRAINT invoice_counters_pkey PRIMARY KEY (invoice_counter_id),
    CONSTRAINT invoice_counters_one_row CHECK (invoice_counter_id = 1),
    CONSTRAINT invoice_counters_last_number_range CHECK (last_number >= 0)
) STRICT;

INSERT INTO invoice_counters (invoice_counter_id, last_number)
VALUES (1, 0);

-- An order is in it from its payment to its invoice: a checkout writes no entry.
CREATE INDEX orders_uninvoiced_idx ON orders (paid_at, order_id) WHERE paid_at IS NOT NULL AND invoice_number IS NULL;

-- An invoice keeps its number.
CREATE TRIGGER orders_invoice_final BEFORE UPDATE OF invoice_number ON orders
WHEN OLD.invoice_number IS NOT NULL AND NEW.invoice_number IS NOT OLD.invoice_number
BEGIN
    SELECT RAISE(ABORT, 'lumia:orders_invoice_final');
END;

CREATE TRIGGER order_item_cancellations_append_only_update BEFORE UPDATE ON order_item_cancellations
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_item_cancellations_append_only');
END;

CREATE TRIGGER order_item_cancellations_append_only_delete BEFORE DELETE ON order_item_cancellations
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_item_cancellations_append_only');
END;

-- INSERT OR REPLACE would delete the old row without a DELETE trigger.
CREATE TRIGGER order_item_cancellations_append_only_replace BEFORE INSERT ON order_item_cancellations
WHEN EXISTS (
        SELECT 1 FROM order_item_cancellations WHERE order_item_cancellation_id = NEW.order_item_cancellation_id
    )
BEGIN
    SELECT RAISE(ABORT, 'lumia:order_item_cancellations_pkey');
END;

CREATE TRIGGER shipments_touch AFTER UPDATE ON shipments
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE shipments
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE shipment_id = NEW.shipment_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

-- What left, when and where from stays as it was; it arrives once. The carrier's number may be corrected.
CREATE TRIGGER shipments_frozen BEFORE UPDATE OF
shipment_id, public_id, order_id, location_id, shipped_at, actor, delivered_at,
created_at ON shipments
WHEN (OLD.shipment_id, OLD.public_id, OLD.order_id, OLD.location_id, OLD.shipped_at, OLD.actor, OLD.created_at)
    IS NOT (NEW.shipment_id, NEW.public_id, NEW.order_id, NEW.location_id, NEW.shipped_at, NEW.actor, NEW.created_at)
    OR (OLD.delivered_at IS NOT NULL AND NEW.delivered_at IS NOT OLD.delivered_at)
BEGIN
    SELECT RAISE(ABORT, 'lumia:shipments_frozen');
END;

CREATE TRIGGER shipment_items_frozen_update BEFORE UPDATE ON shipment_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:shipment_items_frozen');
END;

CREATE TRIGGER shipment_items_frozen_delete BEFORE DELETE ON shipment_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:shipment_items_frozen');
END;

CREATE TRIGGER shipment_items_frozen_replace BEFORE INSERT ON shipment_items
WHEN EXISTS (SELECT 1 FROM shipment_items WHERE shipment_id = NEW.shipment_id AND order_item_id = NEW.order_item_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:shipment_items_pkey');
END;

CREATE TRIGGER returns_touch AFTER UPDATE ON returns
WHEN NEW.updated_at = OLD.updated_at
BEGIN
    UPDATE returns
    SET updated_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')
    WHERE return_id = NEW.return_id
        AND updated_at < strftime('%Y-%m-%dT%H:%M:%f000Z', 'now');
END;

CREATE TRIGGER returns_frozen BEFORE UPDATE OF return_id, public_id, order_id, reason, created_at ON returns
WHEN (OLD.return_id, OLD.public_id, OLD.order_id, OLD.reason, OLD.created_at)
    IS NOT (NEW.return_id, NEW.public_id, NEW.order_id, NEW.reason, NEW.created_at)
BEGIN
    SELECT RAISE(ABORT, 'lumia:returns_frozen');
END;

-- Asked for, agreed to or not, and received once it was agreed to; nothing leads on from there.
CREATE TRIGGER returns_transition BEFORE UPDATE OF status ON returns
WHEN NEW.status <> OLD.status AND NOT (
        (OLD.status = 'requested' AND NEW.status IN ('approved', 'rejected'))
        OR (OLD.status = 'approved' AND NEW.status IN ('rejected', 'received'))
    )
BEGIN
    SELECT RAISE(ABORT, 'lumia:returns_transition');
END;

-- What was asked for stays as it was, and what came in is written once.
CREATE TRIGGER return_items_frozen_update BEFORE UPDATE ON return_items
WHEN (OLD.return_id, OLD.order_item_id, OLD.quantity)
    IS NOT (NEW.return_id, NEW.order_item_id, NEW.quantity)
    OR OLD.accepted_quantity + OLD.damaged_quantity > 0
BEGIN
    SELECT RAISE(ABORT, 'lumia:return_items_frozen');
END;

CREATE TRIGGER return_items_frozen_delete BEFORE DELETE ON return_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:return_items_frozen');
END;

CREATE TRIGGER return_items_frozen_replace BEFORE INSERT ON return_items
WHEN EXISTS (SELECT 1 FROM return_items WHERE return_id = NEW.return_id AND order_item_id = NEW.order_item_id)
BEGIN
    SELECT RAISE(ABORT, 'lumia:return_items_pkey');
END;

-- A line of another order is none of its business.
CREATE TRIGGER shipment_items_order BEFORE INSERT ON shipment_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:shipment_items_order')
    FROM shipments AS p
    INNER JOIN order_items AS oi ON oi.order_item_id = NEW.order_item_id
    WHERE p.shipment_id = NEW.shipment_id
        AND p.order_id <> oi.order_id;
END;

-- A line of another order is none of its business.
CREATE TRIGGER return_items_order BEFORE INSERT ON return_items
BEGIN
    SELECT RAISE(ABORT, 'lumia:return_items_order')
    FROM returns AS p
    INNER JOIN order_items AS oi ON oi.order_item_id = NEW.order_item_id
    WHERE p.return_id = NEW.return_id
        AND p.order_id <> oi.order_id;
END;

-- The one definition of where a live order stands, from its children: the steps write it, and a check proves it.
CREATE VIEW order_states AS
SELECT
    facts.order_id,
    CASE
        WHEN facts.captured > 0 AND facts.refunded = facts.captured THEN 'refunded'
        WHEN facts.refunded > 0 THEN 'partially_refunded'
        WHEN facts.captured >= facts.due THEN 'paid'
        WHEN facts.captured > 0 THEN 'partially_paid'
        WHEN facts.authorized > 0 THEN 'authorized'
        WHEN facts.voided > 0 AND facts.undecided = 0 THEN 'voided'
        ELSE 'none'
    END AS payment_status,
    CASE
        WHEN facts.shipped = 0 THEN 'unfulfilled'
        WHEN facts.delivered = facts.shipped AND facts.shipped = facts.kept THEN 'delivered'
        WHEN facts.delivered > 0 THEN 'partially_delivered'
        WHEN facts.shipped = facts.kept THEN 'shipped'
        ELSE 'partially_shipped'
    END AS fulfillment_status,
    CASE
        WHEN facts.status IN ('cancelled', 'refunded') THEN CAST(facts.status AS text)
        -- Only money that is back counts: a refund that was asked for may fail.
        WHEN facts.captured > 0 AND facts.given_back = facts.captured AND facts.status <> 'pending' THEN 'refunded'
        WHEN facts.delivered = facts.shipped AND facts.shipped = facts.kept AND facts.kept > 0 THEN 'delivered'
        WHEN facts.shipped > 0 THEN 'shipped'
        -- What went back does not pay an order; one that was paid stays paid.
        WHEN facts.captured - facts.refunded >= facts.due THEN 'paid'
        WHEN facts.status = 'paid' AND facts.captured >= facts.due THEN 'paid'
        ELSE 'pending'
    END AS status,
    -- Nobody needs to hurry any more: what is due came in, or comes in when the goods leave.
    facts.captured - facts.refunded + facts.promised >= facts.due AS is_covered,
    -- Above zero where more came in than was asked for.
    facts.captured - facts.refunded - facts.due AS surplus
FROM (
    SELECT
        o.order_id,
        o.status,
        o.total - coalesce((
            SELECT sum(c.waived_amount)
            FROM order_items AS oi
            INNER JOIN order_item_cancellations AS c ON c.order_item_id = oi.order_item_id
            WHERE oi.order_id = o.order_id
        ), 0) AS due,
        coalesce((SELECT sum(p.captured_amount) FROM payments AS p WHERE p.order_id = o.order_id), 0) AS captured,
        coalesce((SELECT sum(p.refunded_amount) FROM payments AS p WHERE p.order_id = o.order_id), 0) AS refunded,
        coalesce((
            SELECT sum(r.amount)
            FROM payments AS p
            INNER JOIN refunds AS r ON r.payment_id = p.payment_id
            WHERE p.order_id = o.order_id
                AND r.status = 'succeeded'
        ), 0) AS given_back,
        coalesce((
            SELECT sum(p.amount)
            FROM payments AS p
            WHERE p.order_id = o.order_id
                AND p.status = 'authorized'
                AND p.capture_at = 'shipment'
        ), 0) AS promised,
        (
            SELECT count(*) FROM payments AS p WHERE p.order_id = o.order_id AND p.status = 'authorized'
        ) AS authorized,
        (SELECT count(*) FROM payments AS p WHERE p.order_id = o.order_id AND p.status = 'voided') AS voided,
        (
            SELECT count(*)
            FROM payments AS p
            WHERE p.order_id = o.order_id
                AND p.status NOT IN ('voided', 'failed')
        ) AS undecided,
        (SELECT sum(oi.quantity - oi.cancelled_quantity) FROM order_items AS oi WHERE oi.order_id = o.order_id) AS kept,
        (SELECT sum(oi.shipped_quantity) FROM order_items AS oi WHERE oi.order_id = o.order_id) AS shipped,
        coalesce((
            SELECT sum(si.quantity)
            FROM shipments AS s
            INNER JOIN shipment_items AS si ON si.shipment_id = s.shipment_id
            WHERE s.order_id = o.order_id
                AND s.delivered_at IS NOT NULL
        ), 0) AS delivered
    FROM orders AS o
    WHERE o.origin = 'live'
) AS facts;
