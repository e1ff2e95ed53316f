-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: BookMoney
SELECT
    book_id,
    coalesce(sale_price, price, 0) * 2 AS amount
FROM books
WHERE book_id = :book_id
    AND price > 0;
