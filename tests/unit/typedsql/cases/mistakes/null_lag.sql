-- expect 10: may find no row in its window
-- name: list_gaps(book_id, max_rows)
-- Each sale with the one before.
--
-- @param book_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    sale_id AS book_id,
    lag(quantity) OVER (ORDER BY sale_id) AS total
FROM sales
WHERE book_id = :book_id
ORDER BY sale_id
LIMIT :max_rows;
