-- name: get_totals(book_id)^
-- A grouped view has one row for each group.
--
-- @param book_id: int
-- @returns: BookCount
SELECT
    book_id,
    sales AS total
FROM book_totals
WHERE book_id = :book_id;
