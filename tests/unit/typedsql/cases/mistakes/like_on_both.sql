-- expect 15: LIKE ignores the case of ASCII letters on SQLite only
-- name: list_titles_like(author_id, pattern, max_rows)
-- The books of an author by a pattern.
--
-- @param author_id: int
-- @param pattern: text
-- @param max_rows: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id
    AND title LIKE :pattern
ORDER BY book_id
LIMIT :max_rows;
