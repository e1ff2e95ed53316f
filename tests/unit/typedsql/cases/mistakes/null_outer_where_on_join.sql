-- expect 10: s is on the nullable side of a LEFT JOIN
-- name: list_shelf_in_on(author_id, max_rows)
-- Where an author's books stand.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookShelf
SELECT
    b.book_id,
    s.label
FROM books AS b
LEFT JOIN shelves AS s
    ON b.shelf_id = s.shelf_id
    AND s.label IS NOT NULL
WHERE b.author_id = :author_id
ORDER BY b.book_id
LIMIT :max_rows;
