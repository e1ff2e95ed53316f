-- name: get_length(book_id)^
-- A CASE with ELSE.
--
-- @param book_id: int
-- @returns: BookCount
SELECT
    book_id,
    CASE
        WHEN pages > 500 THEN 2
        WHEN pages > 100 THEN 1
        ELSE 0
    END AS total
FROM books
WHERE book_id = :book_id;
