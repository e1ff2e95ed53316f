-- expect 15: NULL sorts first on SQLite and last on PostgreSQL
-- name: list_by_label(author_id, max_rows)
-- The books of an author by shelf.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: MaybeShelf
SELECT
    b.book_id,
    s.label
FROM books AS b
LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id
WHERE b.author_id = :author_id
ORDER BY
    s.label DESC,
    b.book_id
LIMIT :max_rows;
