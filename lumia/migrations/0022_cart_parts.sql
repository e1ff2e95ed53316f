-- What a cart wants of which variant: the one definition for whoever asks stock about a cart.

-- A variant is its own only part; a bundle wants so many units of each of its parts.
CREATE VIEW cart_parts AS
SELECT
    i.cart_item_id,
    i.cart_id,
    coalesce(p.variant_id, i.variant_id) AS variant_id,
    coalesce(p.quantity, 1) AS units,
    i.quantity * coalesce(p.quantity, 1) AS quantity
FROM cart_items AS i
LEFT JOIN bundle_items AS p ON i.bundle_id = p.bundle_id
WHERE i.bundle_id IS NULL OR p.bundle_id IS NOT NULL;
