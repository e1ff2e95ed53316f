-- file: ok_lateral.postgresql.sql
-- name: list_newest_sales(author_id, max_rows)
-- The newest sale of each book.
--
-- @differs: LATERAL
-- @param author_id: int
-- @param max_rows: int
-- @returns: MaybeCount
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
WHERE b.author_id = :author_id
ORDER BY b.book_id
LIMIT :max_rows;
-- file: ok_lateral.sqlite.sql
-- name: list_newest_sales(author_id, max_rows)
-- The newest sale of each book.
--
-- @differs: a subquery in place of LATERAL
-- @param author_id: int
-- @param max_rows: int
-- @returns: MaybeCount
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
WHERE b.author_id = :author_id
ORDER BY b.book_id
LIMIT :max_rows;
