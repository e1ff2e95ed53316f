-- name: list_sales_of_book(book_id)
-- All children of one parent need no LIMIT.
--
-- @param book_id: int
-- @returns: BookCount
SELECT
    book_id,
    quantity AS total
FROM sales
WHERE book_id = :book_id
ORDER BY sale_id;
