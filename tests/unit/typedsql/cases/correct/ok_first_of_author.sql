-- name: get_first_book(author_id)^
-- The first row of a total order.
--
-- @param author_id: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id
ORDER BY
    added_at,
    book_id
LIMIT 1;
