-- expect 10: s is on the nullable side of a FULL JOIN
-- name: list_books_and_shelves(max_rows)
-- Every book and every shelf.
--
-- @scan: all of both are wanted
-- @param max_rows: int
-- @returns: BookShelf
SELECT
    coalesce(b.book_id, 0) AS book_id,
    s.label
FROM books AS b
FULL JOIN shelves AS s ON b.shelf_id = s.shelf_id
ORDER BY
    b.book_id NULLS LAST,
    s.shelf_id NULLS LAST
LIMIT :max_rows;
