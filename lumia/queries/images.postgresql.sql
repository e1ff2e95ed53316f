-- name: rearrange_images(product_id, product_image_ids, first_position, now)!
-- Put the images of a product in the order of the list, one place each from the first on.
--
-- @differs: the keys and their places come from an array.
-- @param product_id: int
-- @param product_image_ids: int[]
-- @param first_position: int
-- @param now: timestamp
-- @returns: none
UPDATE product_images
SET
    position = :first_position + wanted.place - 1,
    updated_at = :now
FROM unnest(:product_image_ids) WITH ORDINALITY AS wanted (product_image_id, place)
WHERE product_images.product_image_id = wanted.product_image_id
    AND product_images.product_id = :product_id;
