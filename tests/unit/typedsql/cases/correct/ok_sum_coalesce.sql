-- name: get_sold_total(book_id)$
-- A sum that cannot be missing.
--
-- @param book_id: int
-- @returns: int
SELECT CAST(coalesce(sum(quantity), 0) AS bigint) AS quantity
FROM sales
WHERE book_id = :book_id;
