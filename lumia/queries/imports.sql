-- name: count_imports(kind)$
-- How many imports of a kind there were.
--
-- @param kind: text
-- @returns: int
SELECT count(*) AS imports
FROM imports
WHERE kind = :kind;

-- name: get_category_id_by_slug(slug)$
-- The key of the category that imported products belong to.
--
-- @param slug: text
-- @returns: int?
SELECT category_id
FROM categories
WHERE slug = :slug;

-- name: get_import_by_content(kind, content_sha256)^
-- The import that brought a content before.
--
-- @param kind: text
-- @param content_sha256: bytes
-- @returns: ImportRecord
SELECT
    import_id,
    kind,
    preset,
    rows_read,
    rows_imported,
    rows_rejected,
    imported_at
FROM imports
WHERE kind = :kind
    AND content_sha256 = :content_sha256;

-- name: insert_import(kind, preset, content_sha256, rows_read, rows_imported, rows_rejected, now)$
-- Record an import; the same content is refused by its unique key.
--
-- @param kind: text
-- @param preset: text
-- @param content_sha256: bytes
-- @param rows_read: int
-- @param rows_imported: int
-- @param rows_rejected: int
-- @param now: timestamp
-- @returns: int
INSERT INTO imports (
    kind,
    preset,
    content_sha256,
    rows_read,
    rows_imported,
    rows_rejected,
    imported_at
)
VALUES (
    :kind,
    :preset,
    :content_sha256,
    :rows_read,
    :rows_imported,
    :rows_rejected,
    :now
)
RETURNING import_id;

-- name: list_imported_addresses()
-- The addresses that imports brought, of customers who have a number in their source.
--
-- @scan: an import compares its whole file with all of them
-- @all: an import compares its whole file with all of them
-- @returns: ImportedAddress
SELECT
    a.address_id,
    a.customer_id,
    a.country_name
FROM customers AS c
INNER JOIN addresses AS a ON c.customer_id = a.customer_id
WHERE c.external_reference IS NOT NULL
    AND (a.country_name IS NOT NULL OR a.country_code = 'ZZ')
    AND a.archived_at IS NULL
ORDER BY a.address_id;

-- name: list_imported_invoices(preset)
-- The invoice numbers that imports of a preset brought.
--
-- @scan: an import compares its whole file with all of them
-- @all: an import compares its whole file with all of them
-- @param preset: text
-- @returns: text
SELECT o.external_reference
FROM imports AS i
INNER JOIN orders AS o ON i.import_id = o.import_id
WHERE i.preset = :preset
    AND o.external_reference IS NOT NULL
ORDER BY o.order_id;

-- name: list_known_customers()
-- The customers who have a number in the system that an import came from.
--
-- @scan: an import compares its whole file with all of them
-- @all: an import compares its whole file with all of them
-- @returns: KnownCustomer
SELECT
    customer_id,
    email,
    external_reference
FROM customers
WHERE external_reference IS NOT NULL
ORDER BY customer_id;

-- name: list_known_variants()
-- Every variant with its SKU.
--
-- @scan: an import compares its whole file with all of them
-- @all: an import compares its whole file with all of them
-- @returns: KnownVariant
SELECT
    variant_id,
    product_id,
    sku
FROM product_variants
ORDER BY variant_id;
