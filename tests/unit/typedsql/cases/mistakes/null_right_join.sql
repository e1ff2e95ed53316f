-- expect 10: b is on the nullable side of a RIGHT JOIN
-- name: list_shelf_books(max_rows)
-- The books of each shelf.
--
-- @scan: every shelf is wanted
-- @param max_rows: int
-- @returns: BookShelf
SELECT
    s.shelf_id AS book_id,
    b.title AS label
FROM books AS b
RIGHT JOIN shelves AS s ON b.shelf_id = s.shelf_id
ORDER BY
    s.shelf_id,
    b.book_id NULLS LAST
LIMIT :max_rows;
