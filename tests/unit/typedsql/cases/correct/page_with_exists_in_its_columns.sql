-- name: get_it(max_rows)
-- Look something up.
--
-- @param max_rows: int
-- @returns: BookShelf
SELECT
    b.book_id,
    CASE WHEN EXISTS (SELECT 1 FROM sales AS s WHERE s.book_id = b.book_id) THEN 'sold' ELSE 'new' END AS label
FROM books AS b
ORDER BY b.book_id
LIMIT :max_rows;
