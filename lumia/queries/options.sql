-- name: insert_option(product_id, name, position, now)^
-- Add an option to a product.
--
-- @param product_id: int
-- @param name: text
-- @param position: int
-- @param now: timestamp
-- @returns: ProductOptionRow
INSERT INTO product_options (
    product_id,
    name,
    position,
    created_at,
    updated_at
)
VALUES (
    :product_id,
    :name,
    :position,
    :now,
    :now
)
RETURNING
    product_option_id,
    product_id,
    name,
    position,
    created_at,
    updated_at;

-- name: insert_option_value(product_option_id, product_id, value, position, now)^
-- Add one value to an option.
--
-- @param product_option_id: int
-- @param product_id: int
-- @param value: text
-- @param position: int
-- @param now: timestamp
-- @returns: OptionValue
INSERT INTO option_values (
    product_option_id,
    product_id,
    value,
    position,
    created_at,
    updated_at
)
VALUES (
    :product_option_id,
    :product_id,
    :value,
    :position,
    :now,
    :now
)
RETURNING
    option_value_id,
    product_option_id,
    product_id,
    value,
    position,
    created_at,
    updated_at;

-- name: insert_option_values(product_option_id, product_id, value, position, now)*!
-- Add values to an option.
--
-- @param product_option_id: int
-- @param product_id: int
-- @param value: text
-- @param position: int
-- @param now: timestamp
-- @returns: none
INSERT INTO option_values (
    product_option_id,
    product_id,
    value,
    position,
    created_at,
    updated_at
)
VALUES (
    :product_option_id,
    :product_id,
    :value,
    :position,
    :now,
    :now
);

-- name: list_option_values(product_id, max_rows)
-- The values of all options of a product, in their order.
--
-- @param product_id: int
-- @param max_rows: int
-- @returns: OptionValue
SELECT
    v.option_value_id,
    v.product_option_id,
    v.product_id,
    v.value,
    v.position,
    v.created_at,
    v.updated_at
FROM product_options AS o
INNER JOIN option_values AS v ON o.product_option_id = v.product_option_id AND o.product_id = v.product_id
WHERE o.product_id = :product_id
ORDER BY
    v.position,
    v.option_value_id
LIMIT :max_rows;

-- name: list_options(product_id, max_rows)
-- The options of a product, in their order.
--
-- @param product_id: int
-- @param max_rows: int
-- @returns: ProductOptionRow
SELECT
    product_option_id,
    product_id,
    name,
    position,
    created_at,
    updated_at
FROM product_options
WHERE product_id = :product_id
ORDER BY
    position,
    product_option_id
LIMIT :max_rows;

-- name: list_variant_option_values(product_id, max_rows)
-- Which values the variants of a product have.
--
-- @param product_id: int
-- @param max_rows: int
-- @returns: VariantOptionValue
SELECT
    x.variant_id,
    x.product_option_id,
    x.option_value_id
FROM product_variants AS v
INNER JOIN variant_option_values AS x ON v.variant_id = x.variant_id AND v.product_id = x.product_id
WHERE v.product_id = :product_id
ORDER BY
    x.variant_id,
    x.option_value_id
LIMIT :max_rows;
