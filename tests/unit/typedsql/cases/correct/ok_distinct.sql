-- name: list_buyers(book_id, max_rows)
-- DISTINCT rows, each column sorted by.
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
ORDER BY
    r.reader_id,
    r.email NULLS LAST
LIMIT :max_rows;
