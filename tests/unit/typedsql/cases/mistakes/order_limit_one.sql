-- expect 13: rows that tie in ORDER BY come in any order
-- name: get_latest(author_id)^
-- The newest book of an author.
--
-- @param author_id: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id
ORDER BY added_at DESC
LIMIT 1;
