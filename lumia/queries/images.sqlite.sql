-- name: rearrange_images(product_id, product_image_ids, first_position, now)!
-- Put the images of a product in the order of the list, one place each from the first on.
--
-- @differs: the keys and their places come from a JSON array.
-- @param product_id: int
-- @param product_image_ids: int[]
-- @param first_position: int
-- @param now: timestamp
-- @returns: none
UPDATE product_images
SET
    position = :first_position + wanted.key,
    updated_at = :now
FROM json_each(:product_image_ids) AS wanted
WHERE product_images.product_image_id = wanted.value
    AND product_images.product_id = :product_id;
