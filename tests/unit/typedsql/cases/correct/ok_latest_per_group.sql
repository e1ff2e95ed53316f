-- name: list_last_sales(author_id, max_rows)
-- The first of each group: one row for each book.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
WITH ranked AS (
    SELECT
        x.book_id,
        x.quantity,
        row_number() OVER (PARTITION BY x.book_id ORDER BY x.sold_at DESC, x.sale_id DESC) AS place
    FROM sales AS x
    INNER JOIN books AS b ON b.book_id = x.book_id
    WHERE b.author_id = :author_id
)

SELECT
    r.book_id,
    r.quantity AS total
FROM ranked AS r
WHERE r.place = 1
ORDER BY r.book_id
LIMIT :max_rows;
