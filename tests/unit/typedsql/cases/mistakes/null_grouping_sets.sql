-- expect 11: a grouping set leaves it NULL
-- file: null_grouping_sets.postgresql.sql
-- name: list_sales_cube(book_id)
-- Sales with their total.
--
-- @only postgresql: SQLite has no grouping sets
-- @ties: there is one total
-- @param book_id: int
-- @returns: BookCount
SELECT
    book_id,
    count(*) AS total
FROM sales
WHERE book_id = :book_id
GROUP BY GROUPING SETS ((book_id), ())
ORDER BY book_id NULLS LAST;
