-- expect 7: a branch of the UNION may give NULL
-- name: list_prices_of_book(book_id)
-- What a book cost and costs.
--
-- @param book_id: int
-- @returns: money
SELECT price AS amount
FROM books
WHERE book_id = :book_id
UNION
SELECT sale_price
FROM books
WHERE book_id = :book_id
ORDER BY amount NULLS LAST;
