-- expect 10: its FILTER may let none pass
-- name: list_big_sales(author_id, max_rows)
-- Large sales of an author's books.
--
-- @param author_id: int
-- @param max_rows: int
-- @returns: BookCount
SELECT
    b.book_id,
    CAST(sum(x.quantity) FILTER (WHERE x.quantity > 9) AS bigint) AS total
FROM books AS b
INNER JOIN sales AS x ON x.book_id = b.book_id
WHERE b.author_id = :author_id
GROUP BY b.book_id
ORDER BY b.book_id
LIMIT :max_rows;
