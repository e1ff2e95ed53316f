-- name: get_category(category_id)^
-- One category.
--
-- @param category_id: int
-- @returns: Category
SELECT
    category_id,
    parent_id,
    slug,
    name,
    position,
    created_at,
    updated_at
FROM categories
WHERE category_id = :category_id;

-- name: insert_category(parent_id, slug, name, position, now)^
-- Add a category.
--
-- @param parent_id: int?
-- @param slug: text
-- @param name: text
-- @param position: int
-- @param now: timestamp
-- @returns: Category
INSERT INTO categories (
    parent_id,
    slug,
    name,
    position,
    created_at,
    updated_at
)
VALUES (
    :parent_id,
    :slug,
    :name,
    :position,
    :now,
    :now
)
RETURNING
    category_id,
    parent_id,
    slug,
    name,
    position,
    created_at,
    updated_at;

-- name: list_categories(max_rows)
-- Every category, siblings in their order: the tree is small and always read whole.
--
-- @scan: the tree is read whole, and no index holds it in this order.
-- @param max_rows: int
-- @returns: Category
SELECT
    category_id,
    parent_id,
    slug,
    name,
    position,
    created_at,
    updated_at
FROM categories
ORDER BY
    position,
    category_id
LIMIT :max_rows;

-- name: list_descendants(category_id, max_rows)
-- A category and everything below it, siblings in their order.
--
-- @param category_id: int
-- @param max_rows: int
-- @returns: Category
WITH RECURSIVE tree (category_id) AS (
    SELECT category_id
    FROM categories
    WHERE category_id = :category_id
    UNION
    SELECT c.category_id
    FROM categories AS c
    INNER JOIN tree AS t ON c.parent_id = t.category_id
)

SELECT
    category_id,
    parent_id,
    slug,
    name,
    position,
    created_at,
    updated_at
FROM categories
WHERE category_id IN (SELECT t.category_id FROM tree AS t)
ORDER BY
    position,
    category_id
LIMIT :max_rows;

-- name: move_category(category_id, parent_id, position, now)^
-- Hang a category under another one, or at the top; a NULL position leaves it as it is.
--
-- @param category_id: int
-- @param parent_id: int?
-- @param position: int?
-- @param now: timestamp
-- @returns: Category
UPDATE categories
SET
    parent_id = :parent_id,
    position = coalesce(:position, position),
    updated_at = :now
WHERE category_id = :category_id
RETURNING
    category_id,
    parent_id,
    slug,
    name,
    position,
    created_at,
    updated_at;

-- name: rename_category(category_id, name, slug, now)^
-- Change name, slug or both; NULL leaves one as it is.
--
-- @param category_id: int
-- @param name: text?
-- @param slug: text?
-- @param now: timestamp
-- @returns: Category
UPDATE categories
SET
    name = coalesce(:name, name),
    slug = coalesce(:slug, slug),
    updated_at = :now
WHERE category_id = :category_id
RETURNING
    category_id,
    parent_id,
    slug,
    name,
    position,
    created_at,
    updated_at;
