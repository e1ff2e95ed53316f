-- expect 10: the argument note may be None
-- name: get_note(book_id, note)^
-- A book with a remark.
--
-- @param book_id: int
-- @param note: text?
-- @returns: BookShelf
SELECT
    book_id,
    :note AS label
FROM books
WHERE book_id = :book_id;
