-- name: get_sold_or_none(book_id)^
-- A sum that may be missing, and says so.
--
-- @param book_id: int
-- @returns: MaybeTotal
SELECT CAST(sum(quantity) AS bigint) AS total
FROM sales
WHERE book_id = :book_id;
