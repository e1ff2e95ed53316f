-- name: list_running(book_id, max_rows)
-- A running sum sees its own row at least.
--
-- @param book_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    sale_id AS book_id,
    CAST(sum(quantity) OVER (ORDER BY sale_id) AS bigint) AS total
FROM sales
WHERE book_id = :book_id
ORDER BY sale_id
LIMIT :max_rows;
