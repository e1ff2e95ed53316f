-- expect 9: books.subtitle may be NULL
-- name: get_full_title(book_id)^
-- Title and subtitle.
--
-- @param book_id: int
-- @returns: BookShelf
SELECT
    book_id,
    title || subtitle AS label
FROM books
WHERE book_id = :book_id;
