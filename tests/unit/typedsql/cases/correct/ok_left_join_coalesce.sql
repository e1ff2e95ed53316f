-- name: get_label_or_none(book_id)^
-- A label, or a word in its place.
--
-- @param book_id: int
-- @returns: BookShelf
SELECT
    b.book_id,
    coalesce(s.label, 'nowhere') AS label
FROM books AS b
LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id
WHERE b.book_id = :book_id;
