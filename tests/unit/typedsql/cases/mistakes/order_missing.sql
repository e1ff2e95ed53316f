-- expect 2: the list comes in any order without ORDER BY
-- name: list_unordered(author_id)
-- The books of an author.
--
-- @param author_id: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id;
