-- expect 10: division by zero is NULL on SQLite
-- name: list_shares(book_id, max_rows)
-- Stars by reader.
--
-- @param book_id: int
-- @param max_rows: int
-- @returns: MaybeCount
SELECT
    book_id,
    stars / reader_id AS total
FROM reviews
WHERE book_id = :book_id
ORDER BY reader_id
LIMIT :max_rows;
