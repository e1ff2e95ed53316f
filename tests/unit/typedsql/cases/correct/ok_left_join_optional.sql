-- name: list_maybe_placed(author_id, max_rows)
-- The left side decides the right one, so its key is enough to sort by.
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
ORDER BY b.book_id
LIMIT :max_rows;
