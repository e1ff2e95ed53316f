-- name: list_it(author_id)
-- Look something up.
--
-- @param author_id: int
-- @returns: BookCount
SELECT
    book_id,
    row_number() OVER (ORDER BY title, book_id) AS total
FROM books
WHERE author_id = :author_id
ORDER BY total;
