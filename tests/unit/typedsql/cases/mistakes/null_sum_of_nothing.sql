-- expect 7: over no rows it is NULL
-- name: get_sold(book_id)^
-- How many were sold.
--
-- @param book_id: int
-- @returns: Total
SELECT CAST(sum(quantity) AS bigint) AS total
FROM sales
WHERE book_id = :book_id;
