-- expect 12: NATURAL JOIN changes with the tables
-- name: list_natural(book_id, max_rows)
-- Stars beside sales.
--
-- @param book_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    x.book_id,
    r.stars AS total
FROM sales AS x
NATURAL JOIN reviews AS r
WHERE x.book_id = :book_id
ORDER BY x.sale_id
LIMIT :max_rows;
