-- name: list_by_pages(author_id, max_rows)
-- A column that may be NULL, with its order stated.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: Book
SELECT
    book_id,
    title,
    price
FROM books
WHERE author_id = :author_id
ORDER BY
    pages DESC NULLS LAST,
    book_id DESC
LIMIT :max_rows;
