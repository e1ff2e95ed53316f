-- expect 14: books.isbn may be NULL
-- name: rename_book(book_id, title)^
-- Another title.
--
-- @param book_id: int
-- @param title: text
-- @returns: ListedBook
UPDATE books
SET title = :title
WHERE book_id = :book_id
    AND isbn IS NOT NULL
RETURNING
    book_id,
    isbn;
