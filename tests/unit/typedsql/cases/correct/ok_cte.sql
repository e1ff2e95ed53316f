-- name: list_cte(author_id, max_rows)
-- A grouped CTE on the nullable side has one row for each book.
--
-- @scan: the sums are over all sales
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
WITH sold AS (
    SELECT
        x.book_id,
        count(*) AS total
    FROM sales AS x
    GROUP BY x.book_id
)

SELECT
    b.book_id,
    coalesce(s.total, 0) AS total
FROM books AS b
LEFT JOIN sold AS s ON s.book_id = b.book_id
WHERE b.author_id = :author_id
ORDER BY b.book_id
LIMIT :max_rows;
