-- name: get_it(book_id)^
-- Look something up.
--
-- @param book_id: int
-- @returns: BookMoney
SELECT
    book_id,
    sum(quantity * amount) AS amount
FROM sales
WHERE book_id = :book_id
GROUP BY book_id;
