-- name: list_books_with_isbn(after, max_rows)
-- A unique column that can be NULL, but not behind this comparison.
--
-- @param after: text
-- @param max_rows: int
-- @returns: ListedBook
SELECT
    book_id,
    isbn
FROM books
WHERE isbn > :after
ORDER BY isbn
LIMIT :max_rows;
