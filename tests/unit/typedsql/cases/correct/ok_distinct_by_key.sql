-- name: list_buyers_by_key(book_id, max_rows)
-- The key decides the rest of a DISTINCT row.
--
-- @param book_id: int
-- @param max_rows: int
-- @returns: MaybeReader
SELECT DISTINCT
    r.reader_id,
    r.email
FROM sales AS x
INNER JOIN readers AS r ON r.reader_id = x.reader_id
WHERE x.book_id = :book_id
ORDER BY r.reader_id
LIMIT :max_rows;
