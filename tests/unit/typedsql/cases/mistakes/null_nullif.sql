-- expect 9: nullif is NULL where both are equal
-- name: get_nullif(book_id)^
-- The author, unless it is the house.
--
-- @param book_id: int
-- @returns: BookCount
SELECT
    book_id,
    nullif(author_id, 1) AS total
FROM books
WHERE book_id = :book_id;
