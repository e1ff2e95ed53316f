-- expect 14: rows that tie in ORDER BY come in any order
-- name: list_by_isbn(author_id, max_rows)
-- The books of an author by number.
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
ORDER BY isbn NULLS LAST
LIMIT :max_rows;
