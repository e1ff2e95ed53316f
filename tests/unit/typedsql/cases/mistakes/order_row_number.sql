-- expect 9: get their row_number in any order
-- name: list_it(author_id)
-- Look something up.
--
-- @param author_id: int
-- @returns: BookCount
SELECT
    book_id,
    row_number() OVER (ORDER BY title) AS total
FROM books
WHERE author_id = :author_id
ORDER BY book_id;
