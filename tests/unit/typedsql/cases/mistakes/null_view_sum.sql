-- expect 9: sales.discount may be NULL
-- name: get_total_discount(book_id)^
-- What was taken off.
--
-- @param book_id: int
-- @returns: BookMoney
SELECT
    book_id,
    discount AS amount
FROM book_totals
WHERE book_id = :book_id;
