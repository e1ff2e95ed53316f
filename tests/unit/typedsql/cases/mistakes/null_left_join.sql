-- expect 9: s is on the nullable side of a LEFT JOIN
-- name: get_book_shelf(book_id)^
-- Where a book stands.
--
-- @param book_id: int
-- @returns: BookShelf
SELECT
    b.book_id,
    s.label
FROM books AS b
LEFT JOIN shelves AS s ON b.shelf_id = s.shelf_id
WHERE b.book_id = :book_id;
