-- name: list_by_sale_price(author_id, max_rows)
-- Sorted by an expression that cannot be NULL.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookMoney
SELECT
    book_id,
    coalesce(sale_price, price) AS amount
FROM books
WHERE author_id = :author_id
ORDER BY
    amount,
    book_id
LIMIT :max_rows;
