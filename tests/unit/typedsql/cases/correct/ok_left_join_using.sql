-- name: list_left_using(book_id, max_rows)
-- The shared column is the left side's, and the whole key of the right side is shared.
--
-- @param book_id: int
-- @param max_rows: int
-- @returns: MaybeCount
SELECT
    book_id,
    r.stars AS total
FROM sales AS x
LEFT JOIN reviews AS r USING (book_id, reader_id)
WHERE x.book_id = :book_id
ORDER BY x.sale_id
LIMIT :max_rows;
