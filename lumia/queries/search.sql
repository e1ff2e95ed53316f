-- name: list_search_texts(after_id, until_id)
-- The texts that some products are found by, each product's name first, then its options, values and SKUs.
--
-- @all: the texts of a batch of products, each of which has bounded ones
-- @ties: within a field the texts are put in the order of their places and keys
-- @param after_id: int
-- @param until_id: int
-- @returns: SearchText
WITH texts AS (
    SELECT
        product_id,
        CAST(0 AS bigint) AS field,
        CAST(0 AS bigint) AS place,
        product_id AS key,
        name AS text
    FROM products
    WHERE product_id > :after_id
        AND product_id <= :until_id
    UNION ALL
    SELECT
        product_id,
        CAST(1 AS bigint),
        position,
        product_option_id,
        name
    FROM product_options
    WHERE product_id > :after_id
        AND product_id <= :until_id
    UNION ALL
    SELECT
        w.product_id,
        CAST(2 AS bigint),
        w.position,
        w.option_value_id,
        w.value
    FROM product_options AS o
    INNER JOIN option_values AS w ON o.product_option_id = w.product_option_id
    WHERE o.product_id > :after_id
        AND o.product_id <= :until_id
    UNION ALL
    SELECT
        product_id,
        CAST(3 AS bigint),
        CAST(0 AS bigint),
        variant_id,
        sku
    FROM product_variants
    WHERE product_id > :after_id
        AND product_id <= :until_id
    UNION ALL
    SELECT
        product_id,
        CAST(4 AS bigint),
        CAST(0 AS bigint),
        product_id,
        description
    FROM products
    WHERE product_id > :after_id
        AND product_id <= :until_id
)

SELECT
    product_id,
    field,
    text
FROM texts
ORDER BY
    product_id,
    field,
    place,
    key;
