-- expect 14: rows that tie in ORDER BY come in any order
-- name: list_by_title(author_id, max_rows)
-- The books of an author by title.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id
ORDER BY title
LIMIT :max_rows;
