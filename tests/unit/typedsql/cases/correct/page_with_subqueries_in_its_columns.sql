-- name: get_it(max_rows)
-- Look something up.
--
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    (SELECT count(*) FROM sales AS s WHERE s.book_id = b.book_id) AS total
FROM books AS b
ORDER BY b.book_id
LIMIT :max_rows;
