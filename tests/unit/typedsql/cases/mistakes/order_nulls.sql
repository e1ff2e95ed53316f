-- expect 15: NULL sorts first on SQLite and last on PostgreSQL
-- name: list_by_shelf(author_id, max_rows)
-- The books of an author by shelf.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id
ORDER BY
    shelf_id,
    book_id
LIMIT :max_rows;
