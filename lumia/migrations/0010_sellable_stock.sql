-- What can be sold from each stock row: the one definition of `available`; whoever asks adds up the rows of a variant.

-- A negative row owes more than it can ever give: stock was found missing after it had been promised.
CREATE VIEW sellable_stock AS
SELECT
    i.variant_id,
    i.location_id,
    l.priority,
    i.on_hand - i.allocated + i.backorder_limit AS available
FROM inventory AS i
INNER JOIN locations AS l ON i.location_id = l.location_id
WHERE l.is_active;
