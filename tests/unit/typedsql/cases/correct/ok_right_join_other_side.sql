-- name: list_shelves_of_books(after_id, max_rows)
-- The kept side of a RIGHT JOIN.
--
-- @scan: the shelves are few
-- @param after_id: int
-- @param max_rows: int
-- @returns: BookShelf
SELECT
    s.shelf_id AS book_id,
    s.label
FROM books AS b
RIGHT JOIN shelves AS s ON b.shelf_id = s.shelf_id
WHERE s.shelf_id > :after_id
GROUP BY
    s.shelf_id,
    s.label
ORDER BY s.shelf_id
LIMIT :max_rows;
