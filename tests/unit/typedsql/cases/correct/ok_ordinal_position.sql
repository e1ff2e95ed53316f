-- name: list_by_position(author_id, max_rows)
-- Sorted by the place of a column.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookAuthor
SELECT
    b.book_id,
    a.name AS author_name
FROM books AS b
INNER JOIN authors AS a ON a.author_id = b.author_id
WHERE b.author_id = :author_id
ORDER BY 1
LIMIT :max_rows;
