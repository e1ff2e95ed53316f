-- name: list_unreviewed(reader_id, max_rows)
-- EXCEPT gives rows of the first branch alone.
--
-- @param reader_id: int
-- @param max_rows: int
-- @returns: Key
SELECT book_id
FROM sales
WHERE reader_id = :reader_id
EXCEPT
SELECT book_id
FROM reviews
WHERE reader_id = :reader_id
ORDER BY book_id
LIMIT :max_rows;
