-- name: deliver_shipment(shipment_id, now)*!
-- Write down that a shipment that was on its way has arrived.
--
-- @param shipment_id: int
-- @param now: timestamp
-- @returns: none
UPDATE shipments
SET
    delivered_at = :now,
    updated_at = :now
WHERE shipment_id = :shipment_id
    AND delivered_at IS NULL;

-- name: insert_shipment(public_id, order_id, location_id, carrier, tracking_number, actor, now)$
-- Write down that something leaves a location.
--
-- @param public_id: uuid
-- @param order_id: int
-- @param location_id: int
-- @param carrier: text
-- @param tracking_number: text?
-- @param actor: text
-- @param now: timestamp
-- @returns: int
INSERT INTO shipments (
    public_id,
    order_id,
    location_id,
    carrier,
    tracking_number,
    shipped_at,
    actor,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :order_id,
    :location_id,
    :carrier,
    :tracking_number,
    :now,
    :actor,
    :now,
    :now
)
RETURNING shipment_id;

-- name: insert_shipment_item(shipment_id, order_item_id, quantity)*!
-- Write down what a shipment holds.
--
-- @param shipment_id: int
-- @param order_item_id: int
-- @param quantity: int
-- @returns: none
INSERT INTO shipment_items (
    shipment_id,
    order_item_id,
    quantity
)
VALUES (
    :shipment_id,
    :order_item_id,
    :quantity
);

-- name: list_shipment_items(order_id)
-- What the shipments of an order hold.
--
-- @param order_id: int
-- @returns: ShipmentItem
SELECT
    si.shipment_id,
    si.order_item_id,
    si.quantity
FROM shipments AS s
INNER JOIN shipment_items AS si ON si.shipment_id = s.shipment_id
WHERE s.order_id = :order_id
ORDER BY
    si.shipment_id,
    si.order_item_id;

-- name: list_shipments(order_id)
-- The shipments of an order, oldest first.
--
-- @param order_id: int
-- @returns: ShipmentHead
SELECT
    shipment_id,
    public_id,
    order_id,
    location_id,
    carrier,
    tracking_number,
    shipped_at,
    delivered_at,
    actor,
    created_at,
    updated_at
FROM shipments
WHERE order_id = :order_id
ORDER BY shipment_id;
