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

-- name: list_products(category_id, status, after_id, max_rows)
-- One page of products; of a category with everything below it.
--
-- @scan: the products of one status alone are read along their key until the page is full
-- @param category_id: int
-- @param status: enum:ProductStatus
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
    AND product_id > :after_id --@if after_id for product_id
    AND product_id < :after_id --@if after_id for -product_id
ORDER BY product_id --@order product_id|-product_id
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
