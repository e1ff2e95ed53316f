-- name: list_it(author_id)
-- Look something up.
--
-- @param author_id: int
-- @returns: BookCount
SELECT
    book_id,
    rank() OVER (ORDER BY pages NULLS LAST) AS total
FROM books
WHERE author_id = :author_id
ORDER BY book_id;
