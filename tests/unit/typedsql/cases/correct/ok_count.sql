-- name: count_books(author_id)$
-- A count of nothing is 0.
--
-- @param author_id: int
-- @returns: int
SELECT count(*) AS books
FROM books
WHERE author_id = :author_id;
