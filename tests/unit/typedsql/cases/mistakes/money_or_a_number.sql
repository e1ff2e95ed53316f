-- expect postgresql 9: money and a plain number stand in one place
-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: BookMoney
SELECT
    book_id,
    coalesce(sale_price, 7) AS amount
FROM books
WHERE book_id = :book_id;
