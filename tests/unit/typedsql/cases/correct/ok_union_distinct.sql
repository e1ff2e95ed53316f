-- name: list_touched_books(reader_id, max_rows)
-- UNION leaves no two equal rows.
--
-- @param reader_id: int
-- @param max_rows: int
-- @returns: Key
SELECT book_id
FROM reviews
WHERE reader_id = :reader_id
UNION
SELECT book_id
FROM sales
WHERE reader_id = :reader_id
ORDER BY book_id
LIMIT :max_rows;
