-- name: delete_image(product_image_id)!
-- Remove an image.
--
-- @param product_image_id: int
-- @returns: int
DELETE FROM product_images
WHERE product_image_id = :product_image_id;

-- name: insert_image(product_id, variant_id, url, alt_text, position, now)^
-- Add an image to a product.
--
-- @param product_id: int
-- @param variant_id: int?
-- @param url: text
-- @param alt_text: text
-- @param position: int
-- @param now: timestamp
-- @returns: ProductImage
INSERT INTO product_images (
    product_id,
    variant_id,
    url,
    alt_text,
    position,
    created_at,
    updated_at
)
VALUES (
    :product_id,
    :variant_id,
    :url,
    :alt_text,
    :position,
    :now,
    :now
)
RETURNING
    product_image_id,
    product_id,
    variant_id,
    url,
    alt_text,
    position,
    created_at,
    updated_at;

-- name: list_images(product_id, max_rows)
-- The images of a product, in their order.
--
-- @param product_id: int
-- @param max_rows: int
-- @returns: ProductImage
SELECT
    product_image_id,
    product_id,
    variant_id,
    url,
    alt_text,
    position,
    created_at,
    updated_at
FROM product_images
WHERE product_id = :product_id
ORDER BY position
LIMIT :max_rows;

-- name: update_image(product_image_id, url, alt_text, sets_variant_id, variant_id, now)^
-- Change the fields that are given; NULL leaves one as it is, unless its sets_ flag says to write it.
--
-- @param product_image_id: int
-- @param url: text?
-- @param alt_text: text?
-- @param sets_variant_id: bool
-- @param variant_id: int?
-- @param now: timestamp
-- @returns: ProductImage
UPDATE product_images
SET
    url = coalesce(:url, url),
    alt_text = coalesce(:alt_text, alt_text),
    variant_id = CASE WHEN :sets_variant_id THEN :variant_id ELSE variant_id END,
    updated_at = :now
WHERE product_image_id = :product_image_id
RETURNING
    product_image_id,
    product_id,
    variant_id,
    url,
    alt_text,
    position,
    created_at,
    updated_at;
