-- name: list_with_sums(author_id, max_rows)
-- A subquery of one row with a sum that cannot be missing.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    (
        SELECT CAST(coalesce(sum(x.quantity), 0) AS bigint)
        FROM sales AS x
        WHERE x.book_id = b.book_id
    ) AS total
FROM books AS b
WHERE b.author_id = :author_id
ORDER BY b.book_id
LIMIT :max_rows;
