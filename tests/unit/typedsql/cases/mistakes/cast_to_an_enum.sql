-- expect postgresql 13: CAST to genre makes a number of a text
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE book_id = :book_id
    AND genre = CAST('novel' AS genre);
