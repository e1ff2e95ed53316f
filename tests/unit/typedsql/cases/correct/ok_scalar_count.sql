-- name: list_with_counts(author_id, max_rows)
-- A subquery that counts always gives its row.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    (SELECT count(*) FROM sales AS x WHERE x.book_id = b.book_id) AS total
FROM books AS b
WHERE b.author_id = :author_id
ORDER BY b.book_id
LIMIT :max_rows;
