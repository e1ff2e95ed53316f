-- expect 10: books.pages may be NULL
-- name: get_pages_left(book_id, read)^
-- What is left to read.
--
-- @param book_id: int
-- @param read: int
-- @returns: BookCount
SELECT
    book_id,
    pages - :read AS total
FROM books
WHERE book_id = :book_id;
