-- expect postgresql 14: labels sort in the enum's order
-- name: list_it(author_id)
-- Look something up.
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
    genre,
    book_id;
