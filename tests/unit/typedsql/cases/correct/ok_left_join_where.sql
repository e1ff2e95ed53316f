-- name: list_placed_books(author_id, max_rows)
-- A LEFT JOIN that WHERE makes an inner one.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookShelf
SELECT
    b.book_id,
    s.label
FROM books AS b
LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id
WHERE b.author_id = :author_id
    AND s.label IS NOT NULL
ORDER BY b.book_id
LIMIT :max_rows;
