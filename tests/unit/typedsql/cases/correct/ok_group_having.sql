-- name: list_well_sold(author_id, max_rows)
-- A count over the nullable side.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    count(x.sale_id) AS total
FROM books AS b
LEFT JOIN sales AS x ON x.book_id = b.book_id
WHERE b.author_id = :author_id
GROUP BY b.book_id
HAVING count(x.sale_id) > 1
ORDER BY b.book_id
LIMIT :max_rows;
