-- name: list_reviewed(author_id, max_rows)
-- Books that somebody reviewed.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: Book
SELECT
    b.book_id,
    b.title,
    b.price
FROM books AS b
WHERE b.author_id = :author_id
    AND EXISTS (
        SELECT 1
        FROM reviews AS r
        WHERE r.book_id = b.book_id
    )
ORDER BY b.book_id
LIMIT :max_rows;
