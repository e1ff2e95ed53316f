-- expect postgresql 13: SQLite compares this text with the letters of a timestamp
-- name: list_it(max_rows)
-- Look something up.
--
-- @scan: a rare question
-- @param max_rows: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE added_at >= '2026-01-01'
ORDER BY book_id
LIMIT :max_rows;
