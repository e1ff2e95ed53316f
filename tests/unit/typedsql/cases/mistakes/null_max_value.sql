-- expect 7: return int?
-- name: get_last_sale_id(book_id)$
-- The last sale of a book.
--
-- @param book_id: int
-- @returns: int
SELECT max(sale_id) AS last_sale
FROM sales
WHERE book_id = :book_id;
