-- name: list_bought_and_reviewed(reader_id, max_rows)
-- INTERSECT gives rows of both.
--
-- @param reader_id: int
-- @param max_rows: int
-- @returns: Key
SELECT book_id
FROM sales
WHERE reader_id = :reader_id
INTERSECT
SELECT book_id
FROM reviews
WHERE reader_id = :reader_id
ORDER BY book_id
LIMIT :max_rows;
