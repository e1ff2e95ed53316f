-- expect 12: l is on the nullable side of a LEFT JOIN
-- expect 32: a scalar subquery may give no row
-- file: null_lateral.postgresql.sql
-- name: get_last_sale(book_id)^
-- How many were sold last.
--
-- @differs: LATERAL
-- @param book_id: int
-- @returns: BookCount
SELECT
    b.book_id,
    l.quantity AS total
FROM books AS b
LEFT JOIN LATERAL (
    SELECT x.quantity
    FROM sales AS x
    WHERE x.book_id = b.book_id
    ORDER BY x.sale_id DESC
    LIMIT 1
) AS l ON TRUE
WHERE b.book_id = :book_id;
-- file: null_lateral.sqlite.sql
-- name: get_last_sale(book_id)^
-- How many were sold last.
--
-- @differs: a subquery in place of LATERAL
-- @param book_id: int
-- @returns: BookCount
SELECT
    b.book_id,
    (
        SELECT x.quantity
        FROM sales AS x
        WHERE x.book_id = b.book_id
        ORDER BY x.sale_id DESC
        LIMIT 1
    ) AS total
FROM books AS b
WHERE b.book_id = :book_id;
