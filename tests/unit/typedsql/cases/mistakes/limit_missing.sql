-- expect 2: grows with books and has no LIMIT
-- name: list_since(added_from)
-- The books since a time.
--
-- @param added_from: timestamp
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE added_at >= :added_from
ORDER BY
    added_at,
    book_id;
