-- name: list_with_some_isbn(author_id, max_rows)
-- Each side of OR keeps NULL out.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: ListedBook
SELECT
    book_id,
    isbn
FROM books
WHERE author_id = :author_id
    AND (isbn = 'none' OR isbn > '978')
ORDER BY book_id
LIMIT :max_rows;
