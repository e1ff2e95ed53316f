-- name: delete_review(book_id, reader_id)^
-- The row that is gone.
--
-- @param book_id: int
-- @param reader_id: int
-- @returns: BookCount
DELETE FROM reviews
WHERE book_id = :book_id
    AND reader_id = :reader_id
RETURNING
    book_id,
    stars AS total;
