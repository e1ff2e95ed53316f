-- name: count_variants(product_id)$
-- How many variants a product has.
--
-- @param product_id: int
-- @returns: int
SELECT count(*) AS variants
FROM product_variants
WHERE product_id = :product_id;

-- name: get_variant(variant_id)^
-- One variant by key.
--
-- @param variant_id: int
-- @returns: Variant
SELECT
    variant_id,
    public_id,
    product_id,
    sku,
    price,
    compare_at_price,
    weight_grams,
    barcode,
    is_goods,
    is_active,
    created_at,
    updated_at
FROM product_variants
WHERE variant_id = :variant_id;

-- name: get_variant_by_sku(sku)^
-- One variant by its SKU, compared byte by byte.
--
-- @param sku: text
-- @returns: Variant
SELECT
    variant_id,
    public_id,
    product_id,
    sku,
    price,
    compare_at_price,
    weight_grams,
    barcode,
    is_goods,
    is_active,
    created_at,
    updated_at
FROM product_variants
WHERE sku = :sku;

-- name: insert_variants(public_id, product_id, sku, combination_key, price, compare_at_price, weight_grams, barcode, is_goods, is_active, now)*!
-- Add variants, each with the key of its combination.
--
-- @param public_id: uuid
-- @param product_id: int
-- @param sku: text
-- @param combination_key: text
-- @param price: money
-- @param compare_at_price: money?
-- @param weight_grams: int?
-- @param barcode: text?
-- @param is_goods: bool
-- @param is_active: bool
-- @param now: timestamp
-- @returns: none
INSERT INTO product_variants (
    public_id,
    product_id,
    sku,
    combination_key,
    price,
    compare_at_price,
    weight_grams,
    barcode,
    is_goods,
    is_active,
    created_at,
    updated_at
)
VALUES (
    :public_id,
    :product_id,
    :sku,
    :combination_key,
    :price,
    :compare_at_price,
    :weight_grams,
    :barcode,
    :is_goods,
    :is_active,
    :now,
    :now
);

-- name: list_combinations(product_id, max_rows)
-- Which combinations a product has variants for.
--
-- @param product_id: int
-- @param max_rows: int
-- @returns: VariantCombination
SELECT
    variant_id,
    combination_key
FROM product_variants
WHERE product_id = :product_id
ORDER BY variant_id
LIMIT :max_rows;

-- name: list_variants_with_stock(product_id, now, max_rows)
-- The variants of a product with what is available of each.
--
-- @param product_id: int
-- @param now: timestamp
-- @param max_rows: int
-- @returns: VariantStockRow
SELECT
    v.variant_id,
    v.public_id,
    v.product_id,
    v.sku,
    v.price,
    v.compare_at_price,
    v.weight_grams,
    v.barcode,
    v.is_goods,
    v.is_active,
    v.created_at,
    v.updated_at,
    (
        SELECT CAST(
            coalesce(
                sum(
                    s.available - (
                        SELECT coalesce(sum(r.quantity), 0)
                        FROM reservations AS r
                        WHERE r.variant_id = s.variant_id
                            AND r.location_id = s.location_id
                            AND r.expires_at > :now
                    )
                ),
                0
            ) AS bigint
        )
        FROM sellable_stock AS s
        WHERE s.variant_id = v.variant_id
    ) AS available
FROM product_variants AS v
WHERE v.product_id = :product_id
ORDER BY v.variant_id
LIMIT :max_rows;

-- name: set_variant_price(variant_id, price, now)^
-- Set what a variant costs from now on; a trigger writes the history.
--
-- @param variant_id: int
-- @param price: money
-- @param now: timestamp
-- @returns: Variant
UPDATE product_variants
SET
    price = :price,
    updated_at = :now
WHERE variant_id = :variant_id
RETURNING
    variant_id,
    public_id,
    product_id,
    sku,
    price,
    compare_at_price,
    weight_grams,
    barcode,
    is_goods,
    is_active,
    created_at,
    updated_at;

-- name: update_variant(variant_id, sku, sets_compare_at_price, compare_at_price, sets_weight_grams, weight_grams, sets_barcode, barcode, is_goods, is_active, now)^
-- Change the fields that are given; NULL leaves one as it is, unless its sets_ flag says to write it.
--
-- @param variant_id: int
-- @param sku: text?
-- @param sets_compare_at_price: bool
-- @param compare_at_price: money?
-- @param sets_weight_grams: bool
-- @param weight_grams: int?
-- @param sets_barcode: bool
-- @param barcode: text?
-- @param is_goods: bool?
-- @param is_active: bool?
-- @param now: timestamp
-- @returns: Variant
UPDATE product_variants
SET
    sku = coalesce(:sku, sku),
    compare_at_price = CASE WHEN :sets_compare_at_price THEN :compare_at_price ELSE compare_at_price END,
    weight_grams = CASE WHEN :sets_weight_grams THEN :weight_grams ELSE weight_grams END,
    barcode = CASE WHEN :sets_barcode THEN :barcode ELSE barcode END,
    is_goods = coalesce(:is_goods, is_goods),
    is_active = coalesce(:is_active, is_active),
    updated_at = :now
WHERE variant_id = :variant_id
RETURNING
    variant_id,
    public_id,
    product_id,
    sku,
    price,
    compare_at_price,
    weight_grams,
    barcode,
    is_goods,
    is_active,
    created_at,
    updated_at;
