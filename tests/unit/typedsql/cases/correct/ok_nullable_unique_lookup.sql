-- name: get_by_isbn(isbn)^
-- One row at most, and the column is what it is compared with.
--
-- @param isbn: text
-- @returns: ListedBook
SELECT
    book_id,
    isbn
FROM books
WHERE isbn = :isbn;
