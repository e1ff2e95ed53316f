-- name: get_product(product_id)^
-- One product by key.
--
-- @param product_id: int
-- @returns: Product
SELECT
    product_id,
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at
FROM products
WHERE product_id = :product_id;

-- name: get_product_by_slug(slug)^
-- One product by its slug.
--
-- @param slug: text
-- @returns: Product
SELECT
    product_id,
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at
FROM products
WHERE slug = :slug;

-- name: insert_product(public_id, category_id, slug, name, description, now)^
-- Add a product as a draft.
--
-- @param public_id: uuid
-- @param category_id: int
-- @param slug: text
-- @param name: text
-- @param description: text
-- @param now: timestamp
-- @returns: Product
INSERT INTO products (
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :category_id,
    :slug,
    :name,
    :description,
    'draft',
    :now,
    :now
)
RETURNING
    product_id,
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at;

-- name: list_products(category_id, status, price_from, price_to, in_stock, now, after_name, after_id, max_rows)
-- One page of products by key or by name; of a category with everything below it.
--
-- @scan: filters alone are tried along the key or the name, both indexed, until the page is full
-- @param category_id: int
-- @param status: enum:ProductStatus
-- @param price_from: money
-- @param price_to: money
-- @param in_stock: bool
-- @param now: timestamp
-- @param after_name: text
-- @param after_id: int
-- @param max_rows: int
-- @returns: Product
WITH RECURSIVE tree (category_id) AS ( --@if category_id
    SELECT category_id --@if category_id
    FROM categories --@if category_id
    WHERE category_id = :category_id --@if category_id
    UNION --@if category_id
    SELECT c.category_id --@if category_id
    FROM categories AS c --@if category_id
    INNER JOIN tree AS t ON c.parent_id = t.category_id --@if category_id
) --@if category_id

SELECT
    product_id,
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at
FROM products
WHERE TRUE
    AND category_id IN (SELECT t.category_id FROM tree AS t) --@if category_id
    AND status = :status --@if status
    AND ( --@if price_from
        SELECT min(v.price) --@if price_from
        FROM product_variants AS v --@if price_from
        WHERE v.product_id = products.product_id AND v.is_active --@if price_from
    ) >= :price_from --@if price_from
    AND ( --@if price_to
        SELECT min(v.price) --@if price_to
        FROM product_variants AS v --@if price_to
        WHERE v.product_id = products.product_id AND v.is_active --@if price_to
    ) <= :price_to --@if price_to
    AND :in_stock = EXISTS ( --@if in_stock, now
        SELECT 1 --@if in_stock, now
        FROM product_variants AS v --@if in_stock, now
        INNER JOIN sellable_stock AS s ON v.variant_id = s.variant_id --@if in_stock, now
        WHERE v.product_id = products.product_id AND v.is_active --@if in_stock, now
        GROUP BY v.variant_id --@if in_stock, now
        HAVING sum(s.available) > ( --@if in_stock, now
            SELECT coalesce(sum(r.quantity), 0) --@if in_stock, now
            FROM reservations AS r --@if in_stock, now
            INNER JOIN locations AS l ON r.location_id = l.location_id --@if in_stock, now
            WHERE r.variant_id = v.variant_id AND l.is_active AND r.expires_at > :now --@if in_stock, now
        ) --@if in_stock, now
    ) --@if in_stock, now
    AND product_id > :after_id --@if after_id for product_id
    AND product_id < :after_id --@if after_id for -product_id
    AND (name, product_id) > (:after_name, :after_id) --@if after_name, after_id for name
    AND (name, product_id) < (:after_name, :after_id) --@if after_name, after_id for -name
ORDER BY name, product_id --@order name|-name|product_id|-product_id
LIMIT :max_rows;

-- name: set_product_status(product_id, status, now)^
-- Move a product to a status.
--
-- @param product_id: int
-- @param status: enum:ProductStatus
-- @param now: timestamp
-- @returns: Product
UPDATE products
SET
    status = :status,
    updated_at = :now
WHERE product_id = :product_id
RETURNING
    product_id,
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at;

-- name: touch_product(product_id, now)^
-- Mark a product as changed, and keep others from changing its options and variants until the transaction ends.
--
-- @param product_id: int
-- @param now: timestamp
-- @returns: Product
UPDATE products
SET updated_at = :now
WHERE product_id = :product_id
RETURNING
    product_id,
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at;

-- name: touch_product_of_option(product_option_id, now)^
-- Mark the product of an option as changed, and keep others from changing it until the transaction ends.
--
-- @param product_option_id: int
-- @param now: timestamp
-- @returns: Product
UPDATE products
SET updated_at = :now
WHERE product_id = (
    SELECT o.product_id
    FROM product_options AS o
    WHERE o.product_option_id = :product_option_id
)
RETURNING
    product_id,
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at;

-- name: update_product(product_id, category_id, slug, name, description, now)^
-- Change the fields that are given; NULL leaves one as it is.
--
-- @param product_id: int
-- @param category_id: int?
-- @param slug: text?
-- @param name: text?
-- @param description: text?
-- @param now: timestamp
-- @returns: Product
UPDATE products
SET
    category_id = coalesce(:category_id, category_id),
    slug = coalesce(:slug, slug),
    name = coalesce(:name, name),
    description = coalesce(:description, description),
    updated_at = :now
WHERE product_id = :product_id
RETURNING
    product_id,
    public_id,
    category_id,
    slug,
    name,
    description,
    status,
    created_at,
    updated_at;
