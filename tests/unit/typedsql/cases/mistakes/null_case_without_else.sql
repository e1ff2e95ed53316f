-- expect 9: CASE without ELSE
-- name: get_long_book(book_id)^
-- A number, if the book is listed.
--
-- @param book_id: int
-- @returns: BookCount
SELECT
    book_id,
    CASE WHEN is_listed THEN book_id END AS total
FROM books
WHERE book_id = :book_id;
