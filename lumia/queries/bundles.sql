-- name: get_bundle(bundle_id)^
-- One bundle by key.
--
-- @param bundle_id: int
-- @returns: BundleRow
SELECT
    bundle_id,
    public_id,
    sku,
    slug,
    name,
    price,
    is_active,
    created_at,
    updated_at
FROM bundles
WHERE bundle_id = :bundle_id;

-- name: get_bundle_by_slug(slug)^
-- One bundle by its slug.
--
-- @param slug: text
-- @returns: BundleRow
SELECT
    bundle_id,
    public_id,
    sku,
    slug,
    name,
    price,
    is_active,
    created_at,
    updated_at
FROM bundles
WHERE slug = :slug;

-- name: insert_bundle(public_id, sku, slug, name, price, now)^
-- Add a bundle, on sale at once.
--
-- @param public_id: uuid
-- @param sku: text
-- @param slug: text
-- @param name: text
-- @param price: money
-- @param now: timestamp
-- @returns: BundleRow
INSERT INTO bundles (
    public_id,
    sku,
    slug,
    name,
    price,
    is_active,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :sku,
    :slug,
    :name,
    :price,
    TRUE,
    :now,
    :now
)
RETURNING
    bundle_id,
    public_id,
    sku,
    slug,
    name,
    price,
    is_active,
    created_at,
    updated_at;

-- name: insert_bundle_items(bundle_id, position, variant_id, quantity, now)*!
-- Add what a bundle is made of.
--
-- @param bundle_id: int
-- @param position: int
-- @param variant_id: int
-- @param quantity: int
-- @param now: timestamp
-- @returns: none
INSERT INTO bundle_items (
    bundle_id,
    position,
    variant_id,
    quantity,
    created_at,
    updated_at
)
VALUES (
    :bundle_id,
    :position,
    :variant_id,
    :quantity,
    :now,
    :now
);

-- name: list_bundle_parts(bundle_id, max_rows)
-- What a bundle is made of, with what each part costs by itself.
--
-- @param bundle_id: int
-- @param max_rows: int
-- @returns: BundlePart
SELECT
    i.bundle_id,
    i.position,
    i.variant_id,
    i.quantity,
    v.sku,
    v.price AS unit_price
FROM bundle_items AS i
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
WHERE i.bundle_id = :bundle_id
ORDER BY i.position
LIMIT :max_rows;

-- name: list_bundles(is_active, after_id, max_rows)
-- One page of bundles, oldest first.
--
-- @scan: bundles on sale alone are read along their key until the page is full
-- @param is_active: bool
-- @param after_id: int
-- @param max_rows: int
-- @returns: BundleRow
SELECT
    bundle_id,
    public_id,
    sku,
    slug,
    name,
    price,
    is_active,
    created_at,
    updated_at
FROM bundles
WHERE TRUE
    AND is_active = :is_active --@if is_active
    AND bundle_id > :after_id --@if after_id
ORDER BY bundle_id
LIMIT :max_rows;

-- name: list_parts_of_bundles(first_id, last_id, is_active, max_rows)
-- What the bundles between two keys are made of, with what each part costs by itself.
--
-- @param first_id: int
-- @param last_id: int
-- @param is_active: bool
-- @param max_rows: int
-- @returns: BundlePart
SELECT
    i.bundle_id,
    i.position,
    i.variant_id,
    i.quantity,
    v.sku,
    v.price AS unit_price
FROM bundles AS b
INNER JOIN bundle_items AS i ON b.bundle_id = i.bundle_id
INNER JOIN product_variants AS v ON i.variant_id = v.variant_id
WHERE b.bundle_id BETWEEN :first_id AND :last_id
    AND b.is_active = :is_active --@if is_active
ORDER BY
    i.bundle_id,
    i.position
LIMIT :max_rows;

-- name: set_bundle_activity(bundle_id, is_active, now)^
-- Put a bundle on sale, or take it off.
--
-- @param bundle_id: int
-- @param is_active: bool
-- @param now: timestamp
-- @returns: BundleRow
UPDATE bundles
SET
    is_active = :is_active,
    updated_at = :now
WHERE bundle_id = :bundle_id
RETURNING
    bundle_id,
    public_id,
    sku,
    slug,
    name,
    price,
    is_active,
    created_at,
    updated_at;

-- name: set_bundle_price(bundle_id, price, now)^
-- Set what a bundle costs from now on.
--
-- @param bundle_id: int
-- @param price: money
-- @param now: timestamp
-- @returns: BundleRow
UPDATE bundles
SET
    price = :price,
    updated_at = :now
WHERE bundle_id = :bundle_id
RETURNING
    bundle_id,
    public_id,
    sku,
    slug,
    name,
    price,
    is_active,
    created_at,
    updated_at;
